"""What a text to 2757 was answered with, as a check may ask for it. Of the text itself only how it begins is kept."""

import re

from accounts.models import TextMessage
from accounts.texts import MARK
from portal.training.models import Seat
from portal.training.runs.judging import words_of
from portal.training.runs.whose import whose

KPJ = re.compile(r"(?<!\d)49\d{9}(?!\d)")
LOST = TextMessage.State.LOST
# What our answers say (portal/sms/answers.py) when they refuse, and the word for why; the first that fits. Whatever
# else is answered is a yes. That these words are theirs is a test: the rooms do not import each other.
REFUSALS = (
    ("Nomor KPJ tidak terdaftar.", "tidak-terdaftar"),
    ("Data tidak sesuai:", "tidak-sesuai"),
    ("Nomor HP ini belum terdaftar", "hp-belum-terdaftar"),
    ("Terlalu banyak SMS", "terkunci"),
    ("NIK itu tampak sungguhan", "nik-sungguhan"),
    ("NIK itu mustahil", "nik"),
    ("NIK harus 16 angka.", "nik"),
    ("NIK (kabupaten/kota) tidak ada.", "nik"),
    ("NIK (kecamatan) tidak ada.", "nik"),
    ("Empat angka terakhir NIK", "nik"),
    ("NIK belum ada.", "nik"),
    ("Tanggal lahir belum ada", "tanggal"),
    ("Tanggal lahir ditulis", "tanggal"),
    ("Nomor KPJ belum ada.", "kpj"),
    ("Nomor KPJ harus 11 angka.", "kpj"),
    ("SMS ini kosong.", "format-sms"),
    ("Kata tidak dikenal.", "format-sms"),
    ("Antara isian harus ada tanda #.", "format-sms"),
    ("E-mail tidak lengkap.", "format-sms"),
    ("Urutan isian keliru:", "format-sms"),
)


def of_text(seat: Seat, text: str) -> tuple[str, dict]:
    """The result and the detail of an act `sms`. One query.

    An answer that is lost was never read: such a text ends as `galat`. Answers hold no code and mask every number.
    """
    detail: dict = {"kata": words_of(text), "lewat": "sms"}
    if named := KPJ.search(text):
        detail["kpj"] = whose(seat, named[0])
    answer = TextMessage.objects.filter(phone__startswith=seat.phone_stem, direction=TextMessage.Direction.OUT, code="")
    found = answer.order_by("-pk").values_list("text", "state").first()
    if found is None or found[1] == LOST:
        return "galat", detail
    detail["dijawab"] = found[0].removeprefix(MARK)
    reasons = [reason for sentence, reason in REFUSALS if sentence in detail["dijawab"]]
    return ("ditolak", detail | {"sebab": reasons[:1]}) if reasons else ("berhasil", detail)
