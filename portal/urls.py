"""The table of contents of the site."""

from django.contrib import admin
from django.urls import include, path

from jht.views_card import card_check
from portal import views
from portal.sms import entrance
from portal.sms import views as sms

urlpatterns = [
    path("", views.home, name="home"),
    path("akun/", include("accounts.urls")),
    path("jht/", include("jht.urls")),
    path("jmo/layanan/", include("jht.urls", namespace="jmo-jht")),
    path("jmo/", include("portal.jmo.urls")),
    path("kartu/<str:token>/", card_check, name="card_check"),
    path("petugas/", admin.site.urls),
    path("kotak-masuk/", views.mailbox, name="mailbox"),
    path("kotak-masuk/<int:pk>/", views.mailbox_message, name="mailbox_message"),
    path("telepon/", sms.phone, name="phone"),
    path("telepon/alat/", sms.device, name="phone_device"),
    path("telepon/percakapan/", sms.talk, name="phone_talk"),
    path("sms/masuk", entrance.kannel, name="sms_kannel"),
    path("sms/masuk.json", entrance.signed, name="sms_signed"),
    path("", include("portal.training.urls")),
    path("ketentuan/", views.terms, name="terms"),
    path("health/", views.health, name="health"),
    path("robots.txt", views.robots, name="robots"),
]

handler400 = "portal.views.bad_request"
handler403 = "portal.views.forbidden"
handler404 = "portal.views.not_found"
handler500 = "portal.views.server_error"
