"""One page for every refusal: what happened, what is true, what to do.

These pages are drawn without the request, the session or the database: any of them may be what failed.
"""

from django.http import HttpResponse
from django.template import loader
from django.utils.html import format_html

UNREADABLE = "application/x-unreadable"  # how portal.wsgi marks a content type that Django cannot parse
RETRY_AFTER = 10  # seconds; an outage heals within 15 once its cause is gone

WORDS = {
    400: (
        "Permintaan tidak terbaca",
        "Alamat atau isi yang dikirim rusak di jalan. Kembali ke halaman sebelumnya, muat ulang, lalu coba lagi.",
    ),
    403: (
        "Halaman ini bukan untuk akun Anda",
        "Akun yang Anda pakai tidak berhak membuka halaman ini. Kembali ke beranda, atau masuk dengan akun lain.",
    ),
    404: (
        "Halaman tidak ditemukan",
        "Alamat ini tidak ada, atau bukan milik akun Anda. Periksa alamatnya, atau mulai lagi dari beranda.",
    ),
    405: (
        "Cara membuka halaman ini tidak dikenal",
        "Halaman di sini dibuka dari tautan dan dikirim dengan tombol. Mulai lagi dari beranda.",
    ),
    413: (
        "Isian terlalu besar",
        "Yang dikirim melebihi 1 MB, lebih besar daripada formulir mana pun di sini. Perpendek, lalu kirim lagi.",
    ),
    415: (
        "Jenis isian tidak diterima",
        "Situs ini hanya menerima formulir dari halamannya sendiri, dengan huruf UTF-8. Isi lagi formulirnya di sini.",
    ),
    421: (
        "Alamat ini menyerupai situs resmi",
        "Portal Latih adalah simulasi dan menolak tampil di alamat yang mirip situs BPJS Ketenagakerjaan. "
        "Jika Anda sampai di sini dari sebuah tautan, jangan isi data apa pun: tautan itu mungkin penipuan.",
    ),
    429: (
        "Terlalu sering mencoba",
        "Percobaan sudah terlalu banyak. Tunggu beberapa menit, lalu coba lagi.",
    ),
    500: (
        "Ada yang salah pada situs ini",
        "Kesalahannya di pihak kami, bukan pada isian Anda. Coba lagi sebentar; jika berulang, beri tahu pelatih Anda.",
    ),
    503: (
        "Layanan sedang terganggu",
        "Penyimpanan data sedang tidak dapat dihubungi. Yang belum dijawab berhasil, belum tersimpan. "
        "Tunggu beberapa detik, lalu muat ulang halaman ini.",
    ),
}

BARE = """<!doctype html>
<html lang="id">
<head><meta charset="utf-8"><meta name="robots" content="noindex, nofollow"><title>{title}</title></head>
<body><p><strong>SIMULASI — bukan situs resmi</strong></p><h1>{title}</h1><p>{text}</p></body></html>
"""


def refusal(status: int, headers: dict[str, str] | None = None, template: str = "", home: str = "/") -> HttpResponse:
    """The page for `status`, which leads on to `home`; bare, if even our own clothes cannot be fetched (no templates,
    no static files)."""
    title, text = WORDS[status]
    try:
        page = loader.select_template([template or f"{status}.html", "error.html"])
        body = page.render({"status": status, "title": title, "text": text, "home": home})
    except Exception:  # whatever is broken, the person still gets the sentence
        body = format_html(BARE, title=title, text=text)
    response = HttpResponse(body, status=status, headers={"Cache-Control": "no-store", **(headers or {})})
    response.headers["Content-Length"] = str(len(response.content))
    response._has_been_logged = True  # Django would log it once more, with a trace
    return response


def outage() -> HttpResponse:
    """503: what we need to answer is away; the browser or the person comes back in a moment."""
    return refusal(503, {"Retry-After": str(RETRY_AFTER)})
