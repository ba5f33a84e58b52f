"""What a text to 2757 was answered with, as a check may ask for it. Of the text itself only how it begins is kept."""

import re

from accounts.models import TextMessage
from accounts.texts import MARK
from portal.training.models import Seat
from portal.training.runs.judging import words_of
from portal.training.runs.whose import held

KPJ = re.compile(r"(?<!\d)49\d{9}(?!\d)")
BETWEEN = re.compile(r"(?<=\d)[ .-]+(?=\d)")  # what may stand between the digits of a number
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
    ("Sesudah SALDO dan antara isian harus ada tanda #.", "format-sms"),
    ("E-mail tidak lengkap.", "format-sms"),
    ("Tulis satu e-mail saja.", "format-sms"),
    ("Urutan isian keliru:", "format-sms"),
)


def of_text(seat: Seat, text: str) -> tuple[str, dict]:
    """The result and the detail of an act `sms`. One query.

    An answer that is lost was never read: such a text ends as `galat`. Answers hold no code and mask every number. What
    was answered stands behind the text itself; should the text be the newest, nothing was.
    """
    detail: dict = {"kata": words_of(text)}
    if named := KPJ.findall(BETWEEN.sub("", text)):
        detail |= held(seat, named[-1])
    texts = TextMessage.objects.filter(phone__startswith=seat.phone_stem, code="").order_by("-pk")
    newest = texts.values_list("direction", "text", "state").first()
    if newest is None or newest[0] == TextMessage.Direction.IN or newest[2] == LOST:
        return "galat", detail
    detail["dijawab"] = newest[1].removeprefix(MARK)
    reasons = [reason for sentence, reason in REFUSALS if sentence in detail["dijawab"]]
    return ("ditolak", detail | {"sebab": reasons[:1]}) if reasons else ("berhasil", detail)
