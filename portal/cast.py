"""The invented people: who they are, what happened to them, what was paid. Pure data, the same every time.

Days are told relative to the day of seeding, so that "resigned ten days ago" is true whenever a class begins.
Nobody here exists: every NIK and KPJ begins with 49, every e-mail ends in latih.test.
"""

from collections.abc import Iterator
from datetime import date

from portal.cast_types import Claimed, Company, Job, Person, Staff

COMPANIES = {
    company.npp: company
    for company in (
        Company("L4900001", "PT Kopi Tamaran Nusa", "Latihan Utara"),
        Company("L4900002", "PT Garmen Sekar Rekaan", "Latihan Selatan"),
        Company("L4900003", "CV Bengkel Roda Contoh", "Latihan Timur"),
        Company("L4900004", "PT Logistik Layar Simulasi", "Latihan Barat"),
        Company("L4900005", "PT Bangun Peraga Utama", "Latihan Utara"),
        Company("L4900006", "PT Percetakan Pelatih Mandiri", "Latihan Selatan"),
    )
}


PEOPLE = (
    Person(
        "budi",
        "Budi Santoso",
        "satu KPJ",
        "Sebelas tahun bekerja di satu perusahaan. Kasus paling sederhana: satu KPJ, satu saldo.",
        (Job("49000000011", "PU", 132, 3_600_000, "L4900001", 250_000),),
        born=date(1988, 3, 15),
        serial=1,
    ),
    Person(
        "siti",
        "Siti Aminah Rekawati",
        "tiga KPJ",
        "Tiga kali pindah kerja, tiga KPJ. Saldonya terpisah dan perlu dijumlahkan.",
        (
            Job("49000000029", "PU", 120, 2_900_000, "L4900002", 150_000, ended_days_ago=2190),
            Job("49000000037", "PU", 70, 3_800_000, "L4900003", 200_000, ended_days_ago=900),
            Job("49000000045", "PU", 28, 5_000_000, "L4900004", 300_000),
        ),
        is_woman=True,
        born=date(1991, 8, 4),
        serial=2,
    ),
    Person(
        "joko",
        "Joko Prayitno",
        "BPU",
        "Pedagang bakso yang membayar iurannya sendiri setiap bulan (Bukan Penerima Upah).",
        (Job("49000000052", "BPU", 40, 3_200_000, yearly_raise=400_000),),
        born=date(1985, 12, 1),
        serial=3,
    ),
    Person(
        "dewi",
        "Dewi Anggraini Sulastri",
        "PMI",
        "Pekerja migran yang menabung Rp200.000 sebulan dari luar negeri.",
        (Job("49000000060", "PMI", 26, 200_000),),
        is_woman=True,
        born=date(1994, 5, 20),
        serial=4,
    ),
    Person(
        "slamet",
        "Slamet Mulyono Tukangan",
        "Jakon",
        "Tukang bangunan. Jakon melindungi dari kecelakaan dan kematian, tetapi tidak mempunyai JHT.",
        (Job("49000000078", "JAKON", 9, 0, "L4900005"),),
        born=date(1979, 10, 9),
        serial=5,
    ),
    Person(
        "rina",
        "Rina Kartikasari",
        "iuran menunggak",
        "Upahnya dipotong tiap bulan, tetapi perusahaannya sudah empat bulan tidak membayar iuran.",
        (Job("49000000086", "PU", 50, 4_200_000, "L4900003", 150_000, unpaid_months=4),),
        is_woman=True,
        born=date(1992, 2, 11),
        serial=6,
    ),
    Person(
        "agus",
        "Agus Hermanto",
        "upah dilaporkan kurang",
        "Upah sebenarnya Rp6.500.000, tetapi perusahaan melaporkan Rp3.000.000. Saldonya lebih kecil dari seharusnya.",
        (Job("49000000094", "PU", 60, 3_000_000, "L4900006"),),
        born=date(1987, 7, 30),
        serial=7,
        wage_is_told=True,
    ),
    Person(
        "maya",
        "Maya Puspitasari",
        "berhenti 10 hari lalu",
        "Mengundurkan diri sepuluh hari yang lalu dan bertanya kapan boleh mengajukan klaim.",
        (Job("49000000102", "PU", 38, 4_800_000, "L4900001", 200_000, ended_days_ago=10),),
        is_woman=True,
        born=date(1996, 11, 23),
        serial=8,
    ),
    Person(
        "hendra",
        "Hendra Wibisana",
        "55 tahun 11 bulan",
        "Sebulan lagi berumur 56 tahun, usia pensiun untuk JHT.",
        (Job("49000000110", "PU", 131, 5_500_000, "L4900004", 350_000),),
        born_months_ago=55 * 12 + 11,
        serial=9,
    ),
    Person(
        "ratna",
        "Ratna Wulandari",
        "sepuluh tahun",
        "Sepuluh tahun dan sebulan menjadi peserta: mulai boleh mengambil sebagian.",
        (Job("49000000128", "PU", 121, 4_000_000, "L4900002", 200_000),),  # so the claim of two days ago was allowed
        is_woman=True,
        born=date(1984, 4, 2),
        serial=10,
    ),
    Person(
        "tono",
        "Tono Sugiarto",
        "sudah klaim",
        "Sudah menerima seluruh JHT-nya setahun yang lalu. Saldonya Rp0.",
        (Job("49000000136", "PU", 75, 3_500_000, "L4900006", 150_000, ended_days_ago=430, claimed_days_ago=365),),
        born=date(1982, 9, 18),
        serial=11,
    ),
    Person(
        "lestari",
        "Lestari Handayani",
        "NIK dan tanggal lahir berbeda",
        "Tanggal lahirnya pernah diperbaiki, tetapi NIK tidak diterbitkan ulang. Keduanya berbeda tanpa kecurangan.",
        (Job("49000000144", "PU", 44, 3_900_000, "L4900001", 150_000),),
        is_woman=True,
        born=date(1993, 6, 21),
        nik_born=date(1993, 6, 12),
        serial=12,
    ),
    Person(
        "bayu",
        "Bayu Nugraha",
        "masih tercatat aktif",
        "Berhenti enam bulan lalu, tetapi perusahaan belum melaporkannya: di sini ia masih tercatat aktif.",
        (Job("49000000151", "PU", 57, 4_400_000, "L4900005", 200_000, unpaid_months=6),),
        born=date(1990, 1, 27),
        serial=13,
    ),
    Person(
        "ajeng",
        "Raden Ajeng Kusumaningtyas Widyastuti Prawirodirdjo",
        "saldo besar",
        "Manajer dengan saldo ratusan juta rupiah dan nama yang panjang.",
        (Job("49000000169", "PU", 132, 28_000_000, "L4900004", 3_000_000),),
        is_woman=True,
        born=date(1978, 12, 31),
        serial=14,
    ),
    Person(
        "fajar",
        "Fajar Ramadani",
        "belum terhubung",
        "Baru punya akun. Langkah berikutnya: menghubungkan kepesertaan dengan data pada kartu pesertanya.",
        (Job("49000000177", "PU", 14, 4_100_000, "L4900003", 100_000),),
        born=date(1999, 3, 8),
        serial=15,
        is_linked=False,
    ),
    Person(
        "wati",
        "Wati Purnamasari",
        "boleh klaim",
        "Mengundurkan diri dua bulan lebih yang lalu dan saldonya di bawah batas: klaim lewat portal dapat diajukan.",
        (Job("49000000185", "PU", 34, 4_000_000, "L4900002", 150_000, ended_days_ago=75),),
        is_woman=True,
        born=date(1995, 10, 14),
        serial=16,
        has_updated=True,
    ),
    Person(
        "intan",
        "Intan Permatasari",
        "KPJ baru belum ditambahkan",
        "Pindah kerja setahun lalu. KPJ barunya, 49000000201, belum ditambahkan, jadi saldo itu tidak tampak.",
        (
            Job("49000000193", "PU", 60, 4_200_000, "L4900001", 200_000, ended_days_ago=400),
            Job("49000000201", "PU", 12, 5_600_000, "L4900004", 200_000, is_unadded=True),
        ),
        is_woman=True,
        born=date(1993, 9, 5),
        serial=17,
    ),
    Person(
        "yanti",
        "Yanti Maryani Rekawati",
        "sebagian lewat portal",
        "Penjahit, lebih dari sepuluh tahun membayar sendiri. Saldonya di bawah batas: sebagian dapat diambil di sini.",
        (Job("49000000227", "BPU", 126, 2_500_000),),
        is_woman=True,
        born=date(1986, 6, 8),
        serial=19,
    ),
    Person(
        "emma",
        "Emma Contohsson",
        "WNA",
        "Warga negara asing yang bekerja di sini. Dikenali dengan paspor, karena tidak mempunyai NIK.",
        (Job("49000000219", "PU", 30, 9_000_000, "L4900004", 400_000),),
        is_woman=True,
        born=date(1989, 4, 24),
        serial=18,
        passport="X49000018",
    ),
)


CLAIMS = (
    Claimed("49000000128", "partial_10", "submitted", filed_days_ago=2),  # Ratna
    Claimed(
        "49000000169",  # Ajeng
        "partial_10",
        "incomplete",
        filed_days_ago=6,
        decided_days_ago=4,
        message="KTP yang dilampirkan tidak terbaca. Lampirkan lagi yang jelas.",
        paper="KTP",
    ),
    Claimed(
        "49000000110",  # Hendra
        "partial_30",
        "refused",
        filed_days_ago=20,
        decided_days_ago=17,
        message="Yang dilampirkan struk belanja, bukan dokumen perumahan.",
        paper="perumahan",
    ),
    Claimed("49000000136", "resigned", "paid", filed_days_ago=368, decided_days_ago=365),  # Tono
)

STAFF = (
    Staff("petugas", "Petugas Latihan", "Memasukkan data di meja petugas.", "clerk", "Petugas"),
    Staff(
        "pelatih",
        "Pelatih Latihan",
        "Meja petugas, akun peserta, dan surat yang ditangkap.",
        "trainer",
        "Pelatih",
    ),
)

# Cards for those who make an account of their own: participants whom nobody has linked yet.
_FIRST = (
    "Andi", "Bunga", "Cahya", "Dimas", "Endang", "Farid", "Gita", "Hasan", "Indah", "Jamal",
    "Kirana", "Lukman", "Mega", "Nanda", "Oki", "Putri", "Rizal", "Sari", "Teguh", "Utami",
)  # fmt: skip
_WOMEN = {"Bunga", "Endang", "Gita", "Indah", "Kirana", "Mega", "Putri", "Sari", "Utami"}
_LAST = ("Rekaman", "Contohwati", "Peragawan")
PRACTICE_TAG = "kartu latihan"


def practice_people() -> Iterator[Person]:
    """Sixty participants with a card and no account, enough for a class of forty with room for mistakes."""
    for number in range(60):
        first, last = _FIRST[number % 20], _LAST[number // 20]
        yield Person(
            slug=f"kartu-{number + 1:02}",
            name=f"{first} {last}",
            tag=PRACTICE_TAG,
            story="Peserta untuk akun yang Anda buat sendiri.",
            jobs=(
                Job(
                    kpj=f"4910000{number + 1:04}",
                    segment="PU",
                    months_ago=6 + number % 30,
                    wage=3_000_000 + 50_000 * number,
                    npp=f"L490000{1 + number % 6}",
                    yearly_raise=100_000,
                ),
            ),
            is_woman=first in _WOMEN,
            born=date(1980 + number % 20, 1 + number % 12, 1 + number % 28),
            serial=100 + number,
            is_linked=False,
        )


# The same for those who are not wage earners with a NIK: by segment and passport, how many.
_OTHERS = (("BPU", False, 12), ("PMI", False, 12), ("PU", True, 12), ("BPU", True, 6))
_FOREIGN = ("Anna", "Boris", "Clara", "Diego", "Elena", "Felix", "Greta", "Hugo", "Irina", "Jonas", "Karin", "Lars")


def other_practice_people() -> Iterator[Person]:
    """BPU, PMI and foreigners with a card and no account, for Buat Akun in the app."""
    number = 0
    for segment, is_foreign, many in _OTHERS:
        for turn in range(many):
            number += 1
            first = _FOREIGN[turn] if is_foreign else _FIRST[turn]
            wage = {"PMI": 200_000, "BPU": 2_500_000, "PU": 7_000_000}[segment]
            job = Job(
                kpj=f"4920000{number:04}",
                segment=segment,
                months_ago=4 + turn % 6,
                wage=wage,
                npp="L4900002" if segment == "PU" else None,
            )
            yield Person(
                slug=f"kartu-lain-{number:02}",
                name=f"{first} {'Peragasson' if is_foreign else 'Rekaningrat'}",
                tag=PRACTICE_TAG,
                story="Peserta untuk akun yang Anda buat di aplikasi.",
                jobs=(job,),
                is_woman=first in _WOMEN,
                born=date(1979 + number % 20, 1 + number % 12, 1 + number % 28),
                serial=200 + number,
                is_linked=False,
                passport=f"X49{200 + number:06}" if is_foreign else None,
            )


# Percent a year. 2016-2020 are published (docs/aturan.md#tingkat); all others are practice figures.
PUBLISHED_RATES = {2016: "7.19", 2017: "7.82", 2018: "6.26", 2019: "6.06", 2020: "5.63"}
PRACTICE_RATE = "5.50"
