"""The table of contents of the site."""

from django.contrib import admin
from django.urls import include, path

from portal import views

urlpatterns = [
    path("", views.home, name="home"),
    path("akun/", include("accounts.urls")),
    path("jht/", include("jht.urls")),
    path("petugas/", admin.site.urls),
    path("kotak-masuk/", views.mailbox, name="mailbox"),
    path("kotak-masuk/<int:pk>/", views.mailbox_message, name="mailbox_message"),
    path("ketentuan/", views.terms, name="terms"),
    path("health/", views.health, name="health"),
    path("robots.txt", views.robots, name="robots"),
]

handler400 = "portal.views.bad_request"
handler403 = "portal.views.forbidden"
handler404 = "portal.views.not_found"
handler500 = "portal.views.server_error"
