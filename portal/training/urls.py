"""Addresses of classes and seats. All are 404 outside a demo."""

from django.urls import path, register_converter
from django.urls.converters import IntConverter

from portal.training.pages import (
    views,
    views_board,
    views_clerk,
    views_debrief,
    views_explorer,
    views_faults,
    views_run,
    views_snapshots,
    views_telling,
    views_trainer,
)


class KeyConverter(IntConverter):
    """A number that fits a key or a seat of the database; longer ones are no address."""

    regex = "[0-9]{1,18}"


register_converter(KeyConverter, "key")

urlpatterns = [
    path("kelas/", views.enter, name="class"),
    path("kelas/jam/", views.turn_clock, name="seat_clock"),
    path("kelas/ulangi/", views.begin_again, name="seat_reset"),
    path("kelas/keluar/", views.leave, name="seat_leave"),
    path("kelas/kabar/", views_telling.bell, name="seat_bell"),
    path("kelas/pesan/", views_telling.news, name="seat_news"),
    path("kelas/pesan/dibaca/", views_telling.put_away, name="seat_read"),
    path("kelas/lihat/", views_telling.look, name="seat_look"),
    path("kelas/sertifikat.pdf", views_debrief.own_certificate, name="seat_certificate"),
    path("kelas/latihan/", views_run.scenarios, name="scenarios"),
    path("kelas/latihan/panel/", views_run.panel, name="run_panel"),
    path("kelas/latihan/peragaan/", views_run.showing, name="run_showing"),
    path("kelas/latihan/petunjuk/", views_run.hint, name="run_hint"),
    path("kelas/latihan/jawab/", views_run.answer, name="run_answer"),
    path("kelas/latihan/berhenti/", views_run.stop, name="run_stop"),
    path("kelas/latihan/hasil/<key:pk>/", views_run.result, name="run_result"),
    path("kelas/latihan/<slug:slug>/", views_run.scenario, name="scenario"),
    path("kelas/umpan/<str:token>/", views_run.bait, name="bait"),
    path("kelas/petugas/", views_clerk.sign_in_as_clerk, name="seat_clerk"),
    path("kelas/berkas/<str:name>", views_clerk.download, name="seat_file"),
    path("kelas/titik/", views_snapshots.keep, name="seat_keep"),
    path("kelas/titik/<key:pk>/kembali/", views_snapshots.come_back, name="seat_come_back"),
    path("kelas/titik/<key:pk>/hapus/", views_snapshots.throw_away, name="seat_throw_away"),
    path("kelas/<str:code>/", views.enter, name="class_by_code"),
    path("pelatih/", views_trainer.classes, name="trainer"),
    path("pelatih/keadaan/", views_explorer.index, name="trainer_states"),
    path("pelatih/keadaan/<slug:code>/", views_explorer.state, name="trainer_state"),
    path("pelatih/keadaan/<slug:code>/tampilan/", views_explorer.picture, name="trainer_state_picture"),
    path("pelatih/<key:pk>/", views_trainer.classroom, name="trainer_class"),
    path("pelatih/<key:pk>/kartu/", views_trainer.sheet, name="trainer_sheet"),
    path("pelatih/<key:pk>/jam/", views_trainer.turn_class_clock, name="trainer_clock"),
    path("pelatih/<key:pk>/ulangi/", views_trainer.reset_room, name="trainer_reset"),
    path("pelatih/<key:pk>/kursi/", views_trainer.add_seats, name="trainer_add_seats"),
    path("pelatih/<key:pk>/titik/", views_snapshots.keep_room, name="trainer_keep"),
    path("pelatih/<key:pk>/titik/kembali/", views_snapshots.room_comes_back, name="trainer_come_back"),
    path("pelatih/<key:pk>/titik/hapus/", views_snapshots.room_throws_away, name="trainer_throw_away"),
    path("pelatih/<key:pk>/akhiri/", views_trainer.end_class, name="trainer_end"),
    path("pelatih/<key:pk>/gangguan/", views_faults.throw, name="trainer_throw"),
    path("pelatih/<key:pk>/gangguan/akhiri/", views_faults.end, name="trainer_end_fault"),
    path("pelatih/<key:pk>/kursi/<key:number>/gangguan/", views_faults.throw, name="trainer_throw_seat"),
    path("pelatih/<key:pk>/kursi/<key:number>/jam/", views_trainer.turn_seat_clock, name="trainer_seat_clock"),
    path("pelatih/<key:pk>/kursi/<key:number>/ulangi/", views_trainer.reset_seat, name="trainer_seat_reset"),
    path("pelatih/<key:pk>/papan/", views_board.show, name="trainer_board"),
    path("pelatih/<key:pk>/papan/isi/", views_board.rows, name="trainer_board_rows"),
    path("pelatih/<key:pk>/papan/<key:number>/", views_board.one_seat, name="trainer_board_seat"),
    path("pelatih/<key:pk>/layar/", views_board.screen, name="trainer_screen"),
    path("pelatih/<key:pk>/layar/isi/", views_board.screen_rows, name="trainer_screen_rows"),
    path("pelatih/<key:pk>/pesan/", views_board.say, name="trainer_say"),
    path("pelatih/<key:pk>/kursi/<key:number>/pesan/", views_board.say, name="trainer_say_seat"),
    path("pelatih/<key:pk>/kursi/<key:number>/petunjuk/", views_board.hint, name="trainer_hint"),
    path("pelatih/<key:pk>/kursi/<key:number>/lihat/", views_board.ask_to_look, name="trainer_ask_look"),
    path("pelatih/<key:pk>/lihat/<key:number>/", views_board.look, name="trainer_look"),
    path("pelatih/<key:pk>/lihat/<key:number>/halaman/", views_board.looked_at, name="trainer_looked_at"),
    path("pelatih/<key:pk>/bahas/", views_debrief.room, name="trainer_debrief"),
    path("pelatih/<key:pk>/bahas.csv", views_debrief.as_csv, name="trainer_debrief_csv"),
    path("pelatih/<key:pk>/bahas.json", views_debrief.as_xapi, name="trainer_debrief_xapi"),
    path("pelatih/<key:pk>/bahas/lrs/", views_debrief.to_lrs, name="trainer_debrief_lrs"),
    path("pelatih/<key:pk>/bahas/sertifikat.pdf", views_debrief.certificates, name="trainer_certificates"),
    path("pelatih/<key:pk>/bahas/<key:number>/", views_debrief.one_seat, name="trainer_debrief_seat"),
    path("pelatih/<key:pk>/bahas/<key:number>/sertifikat.pdf", views_debrief.certificates, name="trainer_certificate"),
]
