"""The faults that may disturb a seat on purpose: what each is and what calls it up. Data; the handbook prints it.

What they do stands in portal/training/trouble/interference.py and nowhere else.
"""

from dataclasses import dataclass, field

WEB, APP, SMS = "web", "app", "sms"
CHANNELS = {WEB: "Portal web", APP: "Saku Latih", SMS: "SMS 2757"}
PARAMETER = "gangguan"  # ?gangguan=<id> behind any address of a seat calls a fault up …
NONE = "tidak-ada"  # … and this ends whatever the seat has called up


@dataclass(frozen=True)
class Page:
    """The refusal that a fault shows instead of a page; `{pukul}` is when it ends. `texts`: what 2757 answers."""

    status: int
    title: str
    text: str
    steps: tuple[str, ...]
    texts: str = ""


@dataclass(frozen=True)
class FaultKind:
    """One fault.

    `what`: one sentence for the trainer; `seen`: what the trainee meets, in which words; `way_out`: what helps.
    `minutes`: how long it waits for its victim, or lasts; `uses`: how often it acts, None for as long as it lasts.
    `tag`: whether an e-mail address name+<id>@latih.test calls it up; `values`: other magic values, each in a sentence.
    """

    id: str
    name: str
    what: str
    seen: str
    way_out: str
    channels: tuple[str, ...]
    minutes: int
    uses: int | None
    tag: bool = True
    values: tuple[str, ...] = ()
    page: Page | None = field(default=None, repr=False)

    @property
    def magic(self) -> tuple[str, ...]:
        """What a trainee can type to call it up."""
        tagged = (f"nama+{self.id}@latih.test",) if self.tag else ()
        return (f"?{PARAMETER}={self.id}", *tagged, *self.values)

    @property
    def times(self) -> str:
        """How often it acts, in words; empty for as long as it lasts."""
        return "" if self.uses is None else "sekali" if self.uses == 1 else f"{self.uses} kali"

    @property
    def length(self) -> str:
        """How long and how often, in words."""
        lasts = f"{self.minutes} menit"
        return f"{self.times}, menunggu paling lama {lasts}" if self.uses else f"selama {lasts}"


FAULTS: dict[str, FaultKind] = {
    kind.id: kind
    for kind in (
        FaultKind(
            "surat-terlambat",
            "Surat terlambat",
            "Surat berikutnya dari situs tiba dua menit terlambat.",
            "Kotak Masuk kosong; surat yang ditunggu muncul setelah dua menit.",
            "Menunggu, lalu memuat ulang Kotak Masuk. Meminta kode baru membuat kode yang lama tidak berlaku.",
            (WEB, APP),
            minutes=15,
            uses=1,
        ),
        FaultKind(
            "surat-hilang",
            "Surat hilang",
            "Surat berikutnya dari situs tidak pernah tiba.",
            "Kotak Masuk tetap kosong.",
            "Memeriksa ejaan alamat, lalu meminta kode baru.",
            (WEB, APP),
            minutes=15,
            uses=1,
        ),
        FaultKind(
            "kode-kedaluwarsa",
            "Kode kedaluwarsa",
            "Kode berikutnya yang diketik sudah lewat 15 menit.",
            "“Kode itu benar, tetapi sudah lewat 15 menit dan tidak berlaku lagi. Minta kode baru.”",
            "Meminta kode baru, lalu mengetik yang terbaru.",
            (WEB, APP),
            minutes=30,
            uses=1,
        ),
        FaultKind(
            "sms-terlambat",
            "SMS terlambat",
            "SMS berikutnya ke telepon di kursi tiba dua menit terlambat.",
            "Telepon diam; jawaban 2757 atau kode muncul setelah dua menit.",
            "Menunggu, tidak mengirim berkali-kali: setiap SMS ditarik biaya.",
            (APP, SMS),
            minutes=15,
            uses=1,
            tag=False,
            values=("Nomor telepon berakhiran 902: setiap SMS dua menit terlambat.",),
        ),
        FaultKind(
            "sms-hilang",
            "SMS hilang",
            "SMS berikutnya ke telepon di kursi tidak pernah tiba.",
            "Telepon tetap diam.",
            "Memeriksa nomor, lalu mengirim sekali lagi atau meminta kode baru.",
            (APP, SMS),
            minutes=15,
            uses=1,
            tag=False,
            values=("Nomor telepon berakhiran 901: tidak pernah menerima SMS.",),
        ),
        FaultKind(
            "captcha-gagal",
            "Captcha gagal",
            "Centang “Saya bukan robot” berikutnya ditolak sekali.",
            "“Pemeriksaan ‘Saya bukan robot’ tidak cocok. Muat ulang halaman, lalu centang sekali lagi.”",
            "Mencentang sekali lagi, lalu mengirim.",
            (WEB, APP),
            minutes=15,
            uses=1,
        ),
        FaultKind(
            "akun-terkunci",
            "Akun terkunci",
            "Akun yang dipakai login berikutnya terkunci, seperti setelah sepuluh kali salah kata sandi.",
            "“Kata sandi untuk akun ini sudah terlalu sering salah, jadi kami menguncinya sebentar.”",
            "Menunggu sampai pukul yang tertulis, atau Lupa kata sandi.",
            (WEB, APP),
            minutes=15,
            uses=None,
        ),
        FaultKind(
            "data-tidak-sesuai",
            "Data tidak sesuai",
            "Data diri berikutnya yang dicocokkan ditolak, walau benar.",
            "“Data tidak sesuai.” pada Hubungkan kepesertaan, Lengkapi data diri, dan DAFTAR SALDO.",
            "Mencocokkan setiap isian dengan kartu, lalu mencoba sekali lagi; bila tetap, ke kantor cabang.",
            (WEB, APP, SMS),
            minutes=15,
            uses=1,
            values=("Tanggal lahir yang bukan pada kartu: selalu tidak sesuai.",),
        ),
        FaultKind(
            "kpj-tidak-terdaftar",
            "Nomor KPJ tidak terdaftar",
            "Nomor KPJ berikutnya yang ditambahkan atau didaftarkan tidak dikenal, walau benar.",
            "“Nomor KPJ tidak terdaftar …” pada Tambah KPJ dan DAFTAR SALDO.",
            "Memeriksa sebelas angkanya pada kartu; bila benar, bertanya kepada pemberi kerja.",
            (WEB, APP, SMS),
            minutes=15,
            uses=1,
            values=("KPJ 49999999999: tidak pernah terdaftar.",),
        ),
        FaultKind(
            "saldo-tidak-tersedia",
            "Saldo tidak tersedia",
            "Saldo tidak dapat ditampilkan; halaman lain tetap jalan.",
            "“Saldo belum dapat ditampilkan” pada halaman saldo, rincian, dan unduhan; kalimat yang sama lewat SMS.",
            "Mencoba lagi beberapa menit kemudian. Saldonya tidak berubah.",
            (WEB, APP, SMS),
            minutes=5,
            uses=None,
            tag=False,
            page=Page(
                503,
                "Saldo belum dapat ditampilkan",
                "Data saldo sedang tidak dapat dibaca. Saldo dan iuran Anda tidak berubah karenanya.",
                ("Coba lagi sesudah pukul {pukul}.", "Bila mendesak, tanyakan kepada petugas di kantor cabang."),
                "Saldo belum dapat ditampilkan. Saldo Anda tidak berubah. Coba lagi sesudah pukul {pukul}.",
            ),
        ),
        FaultKind(
            "halaman-lambat",
            "Halaman lambat",
            "Setiap halaman datang sekitar lima detik terlambat.",
            "Peramban terus memuat; halaman datang setelah sekitar lima detik.",
            "Menunggu. Menekan tombol berkali-kali tidak mempercepat.",
            (WEB, APP),
            minutes=5,
            uses=None,
            tag=False,
        ),
        FaultKind(
            "galat-500",
            "Galat 500",
            "Halaman berikutnya gagal karena kesalahan di pihak situs.",
            "“Ada yang salah pada situs ini”, galat 500.",
            "Memuat ulang sekali, dan mencatat apa yang sedang dikerjakan.",
            (WEB, APP),
            minutes=10,
            uses=1,
            page=Page(
                500,
                "Ada yang salah pada situs ini",
                "Kesalahannya di pihak kami, bukan pada isian Anda. Yang sudah dijawab berhasil tetap tersimpan.",
                (
                    "Tunggu sebentar, lalu muat ulang halaman ini.",
                    "Jika berulang, catat apa yang sedang Anda kerjakan dan beri tahu petugas.",
                ),
            ),
        ),
        FaultKind(
            "pemeliharaan",
            "Pemeliharaan",
            "Seluruh situs menampilkan halaman pemeliharaan.",
            "“Situs sedang dalam pemeliharaan”, dengan pukul berapa dapat dicoba lagi.",
            "Mencoba lagi sesudah pukul yang tertulis, atau memakai jalur lain di kantor cabang.",
            (WEB, APP, SMS),
            minutes=3,
            uses=None,
            page=Page(
                503,
                "Situs sedang dalam pemeliharaan",
                "Kami sedang merawat sistem. Data Anda aman dan tidak berubah.",
                ("Coba lagi sesudah pukul {pukul}.", "Jangan menekan muat ulang terus-menerus."),
                "Layanan sedang dalam pemeliharaan. Coba lagi sesudah pukul {pukul}.",
            ),
        ),
        FaultKind(
            "sesi-berakhir",
            "Sesi berakhir",
            "Sesi login berakhir pada halaman berikutnya.",
            "Halaman Login, lalu kembali ke halaman yang dituju.",
            "Login sekali lagi. Isian yang belum dikirim perlu diisi ulang.",
            (WEB, APP),
            minutes=15,
            uses=1,
            tag=False,
        ),
        FaultKind(
            "layanan-sibuk",
            "Layanan sibuk",
            "Tiga permintaan berikutnya dijawab bahwa layanan sedang sibuk.",
            "“Layanan sedang sibuk”; setelah tiga kali, halaman datang lagi.",
            "Menunggu sebentar sebelum mencoba lagi.",
            (WEB, APP, SMS),
            minutes=10,
            uses=3,
            page=Page(
                503,
                "Layanan sedang sibuk",
                "Permintaan sedang sangat banyak. Isian Anda tidak salah, tetapi belum tersimpan.",
                ("Tunggu setengah menit, lalu coba lagi.",),
                "Layanan sedang sibuk. Coba lagi sebentar lagi.",
            ),
        ),
    )
}
