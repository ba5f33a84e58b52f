"""The account pages under Indonesian paths, with the names allauth reverses. Only what exists here."""

from allauth.account import views as allauth_views
from django.urls import path

from accounts import devices, views
from accounts.views import page

urlpatterns = [
    path("login/", page(views.LoginView.as_view()), name="account_login"),
    path("daftar/", page(views.SignupView.as_view()), name="account_signup"),
    path("kode/", views.code, name="account_email_verification_sent"),
    path("kata-sandi/lupa/", page(views.ResetView.as_view()), name="account_reset_password"),
    path("kata-sandi/lupa/kode/", page(views.ResetCodeView.as_view()), name="account_confirm_password_reset_code"),
    path("kata-sandi/lupa/baru/", page(views.NewPasswordView.as_view()), name="account_complete_password_reset"),
    path(
        "kata-sandi/lupa/selesai/",
        allauth_views.password_reset_from_key_done,
        name="account_password_reset_completed",
    ),
    path("kata-sandi/ubah/", page(views.ChangePasswordView.as_view()), name="account_change_password"),
    path("kata-sandi/buat/", page(views.SetPasswordView.as_view()), name="account_set_password"),
    path("email/", page(views.EmailView.as_view()), name="account_email"),
    path("konfirmasi/", page(views.ReauthenticateView.as_view()), name="account_reauthenticate"),
    path("perangkat/", devices.devices, name="usersessions_list"),
    path("keluar/", allauth_views.logout, name="account_logout"),
    path("nonaktif/", allauth_views.account_inactive, name="account_inactive"),
    path("captcha/", views.captcha_challenge, name="captcha_challenge"),
]
