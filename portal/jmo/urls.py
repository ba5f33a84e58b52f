"""The app's own pages. Those it shares with the web (jht.urls) stand beside them, under /jmo/layanan/."""

from django.urls import path

from accounts.views import page
from portal.jmo import join, shell, views, views_profile

app_name = "jmo"
urlpatterns = [
    path("", views.home, name="home"),
    path("masuk/", page(views.AppLoginView.as_view()), name="login"),
    path("keluar/", views.AppLogoutView.as_view(), name="logout"),
    path("daftar/", join.register, name="register"),
    path("daftar/belum/", join.not_yet, name="register_not_yet"),
    path("daftar/selesai/", join.done, name="register_done"),
    path("daftar/<slug:slug>/", join.step, name="register_step"),
    path("jht/", views.programme, name="programme"),
    path("saldo/", views.choose, name="choose"),
    path("saldo/<str:kpj>/", views.balance, name="balance"),
    path("profil/", views_profile.profile, name="profile"),
    path("profil/ubah/", views_profile.change, name="profile_change"),
    path("profil/data/", views_profile.confirm_data, name="data"),
    path("profil/data/wajah/", views_profile.face, name="face"),
    path("manifest.webmanifest", shell.manifest, name="manifest"),
    path("sw.js", shell.worker, name="worker"),
    path("luring/", shell.offline, name="offline"),
]
