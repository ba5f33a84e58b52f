"""What 2757 answers. No public source quotes a real reply: every sentence here is ours (docs/sms.md).

One text for somebody else's KPJ and for one that does not exist; numbers of cards are masked; a NIK is never repeated.
"""

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta

from django.db import connection

from accounts import limits
from accounts.texts import MARK
from jht.identity import NIK_PATTERN, NikFault, judge_nik, same_name
from jht.models import Entry, Membership
from jht.rules import round_rupiah
from portal.models import SmsRegistration
from portal.reach import may_ask, may_fit
from portal.sms.language import AskBalance, NotUnderstood, Register, presentable, understand

FORMAT = "DAFTAR SALDO#NIK#TGL-BLN-TAHUN#NOMOR KPJ"
EXAMPLE = "Contoh: DAFTAR SALDO#4971011503880001#15-03-1988#49000000011"  # Budi of the cast

NOT_UNDERSTOOD = {
    "empty": "SMS ini kosong. Ketik SALDO lalu nomor KPJ, misalnya SALDO 49000000011",
    "word": f"Kata tidak dikenal. Ketik {FORMAT}, atau SALDO lalu nomor KPJ, misalnya SALDO 49000000011",
    "separator": f"Sesudah SALDO dan antara isian harus ada tanda #. {EXAMPLE}",
    "nik": f"NIK belum ada. {EXAMPLE}",
    "date": f"Tanggal lahir belum ada, atau bukan tanggal di kalender (tahun empat angka). {EXAMPLE}",
    "date_order": f"Tanggal lahir ditulis tanggal-bulan-tahun. {EXAMPLE}",
    "which": "Nomor KPJ belum ada. Ketik SALDO lalu nomor KPJ, misalnya SALDO 49000000011",
    "kpj": f"Nomor KPJ belum ada. {EXAMPLE}",
    "email": f"E-mail tidak lengkap. Tulis seperti nama@latih.test, atau hapus. {EXAMPLE}",
    "emails": f"Tulis satu e-mail saja. {EXAMPLE}",
    "order": f"Urutan isian keliru: NIK, tanggal lahir, nomor KPJ. {EXAMPLE}",
}
NIK_FAULTS = {
    "digits": "NIK harus 16 angka.",
    "prefix": "NIK itu tampak sungguhan: ditolak dan tidak disimpan. Pakai NIK latihan (49...).",
    "regency": "Angka ke-3 dan 4 NIK (kabupaten/kota) tidak ada.",
    "district": "Angka ke-5 dan 6 NIK (kecamatan) tidak ada.",
    "day": "NIK itu mustahil: angka ke-7 dan 8 (tanggal lahir) tidak ada.",
    "month": "NIK itu mustahil: angka ke-9 dan 10 (bulan lahir) harus 01 sampai 12.",
    "serial": "Empat angka terakhir NIK mulai dari 0001.",
}
KPJ_SHAPE = re.compile(r"[0-9]{11}")  # of these ours begin with 49; any other is simply not registered
KPJ_FAULT = "Nomor KPJ harus 11 angka."
KPJ_UNKNOWN = f"Nomor KPJ tidak terdaftar. Periksa kartu peserta Anda. {EXAMPLE}"
NO_MATCH = f"Data tidak sesuai: NIK, tanggal lahir, KPJ (dan nama) harus sama dengan data peserta. {EXAMPLE}"
NOT_REGISTERED = f"Nomor HP ini belum terdaftar untuk KPJ itu. Daftar dahulu. {EXAMPLE}"
TOO_OFTEN = "Terlalu banyak SMS dari nomor ini. {wait}"

FROM_NUMBER = limits.Limit("sms-from-number", 30, timedelta(minutes=10))
WRONG_FROM_NUMBER = limits.Limit("sms-wrong-from-number", 10, timedelta(hours=1))


def answer(phone: str, text: str, at: datetime, on: date) -> str:
    """The answer to a text from `phone`, in GSM characters, beginning with the simulation mark."""
    allowed = limits.hit(FROM_NUMBER.scope, phone, FROM_NUMBER.most, FROM_NUMBER.window, at)
    if not allowed.allowed:
        return MARK + TOO_OFTEN.format(wait=limits.wait(allowed.retry_at, at))
    try:
        asked = understand(text)
    except NotUnderstood as fault:
        return MARK + NOT_UNDERSTOOD[fault.what]
    if isinstance(asked, AskBalance):
        return MARK + _balance(phone, asked.kpj, on)
    return MARK + _register(phone, asked, at)


def masked(kpj: str) -> str:
    """A KPJ of which only the end can be read: *******0011."""
    return "*" * (len(kpj) - 4) + kpj[-4:]


# The ORM takes four times as long to say this; each text asks it (docs/sms.md#kecepatan).
ASKED = ["id", "kpj", "segment", "merged_into_id"]
MAY_ASK = """
    SELECT jht_membership.id, kpj, segment, merged_into_id FROM jht_membership
    JOIN portal_smsregistration ON membership_id = jht_membership.id WHERE kpj = %s AND phone = %s
"""


def _balance(phone: str, kpj: str, on: date) -> str:
    if not KPJ_SHAPE.fullmatch(kpj):
        return f"{KPJ_FAULT} Ketik SALDO lalu nomor KPJ, misalnya SALDO 49000000011"
    with connection.cursor() as cursor:
        cursor.execute(MAY_ASK, [kpj, phone])
        found = cursor.fetchone()
    if found is None:
        return NOT_REGISTERED
    membership = Membership.from_db(connection.alias, ASKED, found)
    if not membership.has_jht:
        return f"KPJ {masked(kpj)}: peserta Jakon terlindung dari kecelakaan kerja dan kematian, tanpa saldo JHT."
    balance = membership.balance(on)
    if not balance:
        return f"Saldo JHT KPJ {masked(kpj)} Rp0. {_why_nothing(membership, on)}"
    rupiah = f"{round_rupiah(balance):,}".replace(",", ".")
    return f"Saldo JHT KPJ {masked(kpj)} sampai {on:%d-%m-%Y} Rp{rupiah}. Rincian ada di Portal Latih."


def _why_nothing(membership: Membership, on: date) -> str:
    paid_on = (
        membership.entries.filter(kind=Entry.Kind.WITHDRAWAL, date__lte=on)
        .order_by("-date").values_list("date", flat=True).first()
    )  # fmt: skip
    if membership.merged_into_id:
        return "KPJ ini sudah digabung ke KPJ Anda yang lain."
    return f"Klaim sudah dibayarkan pada {paid_on:%d-%m-%Y}." if paid_on else "Belum ada iuran yang tercatat."


def _register(phone: str, asked: Register, at: datetime) -> str:
    problems = list(_problems(asked))
    if problems:
        return " ".join([*problems, EXAMPLE])
    tries = limits.hit(WRONG_FROM_NUMBER.scope, phone, WRONG_FROM_NUMBER.most, WRONG_FROM_NUMBER.window, at)
    if not tries.allowed:
        return TOO_OFTEN.format(wait=limits.wait(tries.retry_at, at))
    membership = Membership.objects.select_related("participant").filter(kpj=asked.kpj).first()
    if membership is None or not may_ask(phone, membership):
        return KPJ_UNKNOWN
    person = membership.participant
    same = person.nik == asked.nik and person.birth_date == asked.birth_date
    if not same or (asked.name and not same_name(person.name, asked.name)) or not may_fit():
        return NO_MATCH
    limits.Spent(((WRONG_FROM_NUMBER.scope, phone),)).give_back()
    _, is_new = SmsRegistration.objects.get_or_create(
        phone=phone,
        membership=membership,
        defaults={"email": asked.email if presentable(asked.email) == asked.email else "", "at": at},
    )
    word = "sekarang" if is_new else "sudah"
    return f"Nomor HP ini {word} terdaftar untuk KPJ {masked(asked.kpj)}. Ketik SALDO lalu nomor KPJ Anda."


def _problems(asked: Register) -> Iterator[str]:
    """What is wrong with the numbers. An impossible number is nobody's, so its fault is named before its prefix."""
    try:
        if NIK_PATTERN.fullmatch(asked.nik):
            judge_nik("49" + asked.nik[2:])
        judge_nik(asked.nik)
    except NikFault as fault:
        yield NIK_FAULTS[fault.part]
    if not KPJ_SHAPE.fullmatch(asked.kpj):
        yield KPJ_FAULT
