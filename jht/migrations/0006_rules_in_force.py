"""The rules in force as data: regulations with their days, what each asks for each reason, figures.

Every row names its source; what no public source confirms is marked as a practice figure (docs/aturan.md).
"""

from datetime import date
from decimal import Decimal

from django.db import migrations

EVER = date(1977, 1, 1)  # the programme's first year: figures whose first day is not known count for every day

CARD = "Kartu peserta (contoh)"
IDENTITY = "KTP atau bukti identitas lain (contoh)"
BANK = "Buku tabungan atas nama peserta (contoh)"
PAPERS = {
    "retired": [],
    "retired_by_agreement": ["Perjanjian kerja atau peraturan perusahaan (contoh)"],
    "contract_ended": ["Perjanjian kerja waktu tertentu (contoh)"],
    "stopped": ["Surat pernyataan berhenti berusaha (contoh)"],
    "resigned": ["Keterangan pengunduran diri dari pemberi kerja (contoh)"],
    "dismissed": ["Surat pemutusan hubungan kerja (contoh)"],
    "left_country": ["Surat pernyataan tidak bekerja lagi di Indonesia (contoh)", "Paspor (contoh)"],
    "disabled": ["Surat keterangan dokter (contoh)"],
    "died": ["Surat keterangan kematian (contoh)", "Surat keterangan ahli waris (contoh)"],
    "partial_10": ["Surat keterangan aktif bekerja (contoh)"],
    "partial_30": ["Dokumen perumahan (contoh)"],
}

REGULATIONS = [
    {
        "code": "permenaker-4-2022",
        "title": "Permenaker 4/2022",
        "valid_from": date(2022, 4, 26),
        "valid_until": None,
        "source": "Berita Negara 2022 Nomor 451, ditetapkan 26 April 2022; diberitakan hukumonline.com dan inews.id",
        "note": (
            "Mencabut Permenaker 19/2015 dan Permenaker 2/2022. Masih berlaku. "
            "Bahwa ia berlaku pada hari penetapannya sendiri adalah kesimpulan kami."
        ),
        "is_training": False,
    },
    {
        "code": "permenaker-2-2022",
        "title": "Permenaker 2/2022",
        "valid_from": None,
        "valid_until": None,
        "source": "Diundangkan 4 Februari 2022, Pasal 15: berlaku sesudah tiga bulan; diberitakan medcom.id, Kompas.com",
        "note": (
            "Tidak pernah berlaku: seharusnya sejak 4 Mei 2022, tetapi diganti pada 26 April 2022. "
            "Banyak berita masih mengutipnya."
        ),
        "is_training": False,
    },
    {
        "code": "permenaker-19-2015",
        "title": "Permenaker 19/2015",
        "valid_from": date(2015, 9, 1),
        "valid_until": date(2022, 4, 25),
        "source": "Pelaksanaan PP 60/2015, sejak 1 September 2015; diberitakan suara.com, detik.com",
        "note": "Berlaku sampai digantikan oleh Permenaker 4/2022.",
        "is_training": False,
    },
]

# What differs from the fields' defaults: not ended, no age, no wait, no years, 100 %.
WAIT = {"needs_ended": True, "wait_months": 1}
AGE = {"needs_ended": False, "min_age": 56}
AT_ONCE = {"needs_ended": False}
PARTS = {
    "partial_10": {"needs_ended": False, "min_years": 10, "max_percent": 10, "article": "PP 46/2015"},
    "partial_30": {"needs_ended": False, "min_years": 10, "max_percent": 30, "article": "PP 46/2015"},
}
RULES = {
    "permenaker-4-2022": {
        "retired": {**AGE, "article": "Pasal 6 ayat (1)"},
        "retired_by_agreement": {"needs_ended": True, "article": "Pasal 6 ayat (1)"},
        "contract_ended": {"needs_ended": True, "article": "Pasal 6 ayat (2)"},
        "stopped": {"needs_ended": True, "article": "Pasal 6 ayat (2)"},
        "resigned": {**WAIT, "article": "Pasal 8"},
        "dismissed": WAIT,
        "left_country": AT_ONCE,
        "disabled": AT_ONCE,
        "died": AT_ONCE,
        **PARTS,
    },
    "permenaker-2-2022": {
        "retired": AGE,
        "resigned": {"needs_ended": True, "min_age": 56, "article": "Pasal 5"},
        "dismissed": {"needs_ended": True, "min_age": 56, "article": "Pasal 5"},
        "left_country": {**AT_ONCE, "article": "Pasal 4 ayat (2)"},
        "disabled": {**AT_ONCE, "article": "Pasal 2 huruf b"},
        "died": {**AT_ONCE, "article": "Pasal 2 huruf c"},
        **PARTS,
    },
    "permenaker-19-2015": {
        "retired": AGE,
        "resigned": WAIT,
        "dismissed": WAIT,
        "left_country": {**AT_ONCE, "is_training": True},
        "disabled": {**AT_ONCE, "is_training": True},
        "died": {**AT_ONCE, "is_training": True},
        **PARTS,
    },
}

# (upper end of the monthly income, contribution a month) in rupiah; 0: all above.
BPU_BANDS = [
    (1_099_000, 20_000), (1_299_000, 24_000), (1_599_000, 29_000), (1_899_000, 35_000), (2_399_000, 43_000),
    (2_899_000, 53_000), (3_499_000, 64_000), (3_999_000, 75_000), (4_599_000, 86_000), (5_299_000, 99_000),
    (5_999_000, 113_000), (6_899_000, 129_000), (7_999_000, 149_000), (8_899_000, 169_000), (9_999_000, 189_000),
    (11_299_000, 213_000), (12_799_000, 241_000), (14_599_000, 274_000), (16_599_000, 312_000), (18_599_000, 352_000),
    (20_699_000, 393_000), (0, 414_000),
]  # fmt: skip
BPU_PUBLISHED = (20_000, 414_000)
PMI_AMOUNTS = (50_000, 100_000, 200_000, 300_000, 400_000, 500_000, 600_000)
OLD_BRACKETS = [(50_000_000, 5), (250_000_000, 15), (500_000_000, 25), (0, 30)]
BRACKETS = [(60_000_000, 5), (250_000_000, 15), (500_000_000, 25), (5_000_000_000, 30), (0, 35)]

TAX = "PPh 21 final atas JHT; nama aturan (PP 68/2009, PMK 16/PMK.03/2010) dan tanggal mulainya belum dikonfirmasi"
TAX_SINCE = date(2009, 11, 16)
BANDS = "Golongan penghasilan BPU, PP 46/2015 (letaknya belum dikonfirmasi)"
LIMIT = "Pengumuman batas klaim aplikasi, diberitakan okezone.com dan tribunnews.com"
FIGURES = [  # kind, threshold, value, since, source, is a practice figure
    ("app_limit", 0, 10_000_000, EVER, f"{LIMIT}; sejak kapan tidak ditemukan", False),
    ("app_limit", 0, 15_000_000, date(2025, 5, 1), LIMIT, False),
    ("tax_free", 0, 50_000_000, TAX_SINCE, TAX, False),
    ("tax_percent", 0, 5, TAX_SINCE, TAX, False),
    ("tax_without_npwp", 0, 20, TAX_SINCE, "Aturan PPh 21 bagi penerima tanpa NPWP", False),
    *[("tax_bracket", upper, rate, date(2009, 1, 1), "UU 36/2008 Pasal 17", False) for upper, rate in OLD_BRACKETS],
    *[("tax_bracket", upper, rate, date(2022, 1, 1), "UU 7/2021 (HPP)", False) for upper, rate in BRACKETS],
    ("fine_percent", 0, 2, EVER, "PP 46/2015 (pasalnya belum dikonfirmasi): denda 2 % sebulan", False),
    ("due_day", 0, 15, EVER, "PP 46/2015 (pasalnya belum dikonfirmasi): paling lambat tanggal 15", False),
    ("paid_within_days", 0, 5, EVER, "Permenaker 4/2022, 5 hari kerja", False),
    *[("bpu_band", upper, amount, EVER, BANDS, amount not in BPU_PUBLISHED) for upper, amount in BPU_BANDS],
    *[("pmi_amount", amount, amount, EVER, "Permenaker 4/2023", False) for amount in PMI_AMOUNTS],
]


def write(apps, schema_editor):
    alias = schema_editor.connection.alias
    Regulation, ReasonRule, Figure = (apps.get_model("jht", name) for name in ("Regulation", "ReasonRule", "Figure"))
    for fields in REGULATIONS:
        regulation = Regulation.objects.using(alias).create(**fields)
        ReasonRule.objects.using(alias).bulk_create(
            ReasonRule(
                regulation=regulation,
                reason=reason,
                documents="\n".join([CARD, IDENTITY, *PAPERS[reason], BANK]),
                **asked,
            )
            for reason, asked in RULES[fields["code"]].items()
        )
    Figure.objects.using(alias).bulk_create(
        Figure(kind=kind, threshold=upper, value=Decimal(value), valid_from=since, source=source, is_training=training)
        for kind, upper, value, since, source, training in FIGURES
    )


def clear(apps, schema_editor):
    """Back to empty tables: without these rows nothing can be judged, so nothing of a trainer's own is worth keeping."""
    for name in ("ReasonRule", "Regulation", "Figure"):
        apps.get_model("jht", name).objects.using(schema_editor.connection.alias).all().delete()


class Migration(migrations.Migration):
    dependencies = [("jht", "0005_guards")]
    operations = [migrations.RunPython(write, clear)]
