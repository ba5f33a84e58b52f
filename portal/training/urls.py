"""Addresses of classes and seats. All are 404 outside a demo."""

from django.urls import path

from portal.training import views, views_trainer

urlpatterns = [
    path("kelas/", views.enter, name="class"),
    path("kelas/jam/", views.turn_clock, name="seat_clock"),
    path("kelas/ulangi/", views.begin_again, name="seat_reset"),
    path("kelas/keluar/", views.leave, name="seat_leave"),
    path("kelas/<str:code>/", views.enter, name="class_by_code"),
    path("pelatih/", views_trainer.classes, name="trainer"),
    path("pelatih/<int:pk>/", views_trainer.classroom, name="trainer_class"),
    path("pelatih/<int:pk>/kartu/", views_trainer.sheet, name="trainer_sheet"),
    path("pelatih/<int:pk>/jam/", views_trainer.turn_class_clock, name="trainer_clock"),
    path("pelatih/<int:pk>/ulangi/", views_trainer.reset_room, name="trainer_reset"),
    path("pelatih/<int:pk>/kursi/", views_trainer.add_seats, name="trainer_add_seats"),
    path("pelatih/<int:pk>/akhiri/", views_trainer.end_class, name="trainer_end"),
    path("pelatih/<int:pk>/kursi/<int:number>/jam/", views_trainer.turn_seat_clock, name="trainer_seat_clock"),
    path("pelatih/<int:pk>/kursi/<int:number>/ulangi/", views_trainer.reset_seat, name="trainer_seat_reset"),
]
