from django.urls import path

from jht import views

app_name = "jht"
urlpatterns = [
    path("", views.balance, name="balance"),
    path("hubungkan/", views.link, name="link"),
    path("<str:kpj>/", views.membership_statement, name="statement"),
]
