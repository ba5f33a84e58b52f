"""The words of scenario files: what a seat can be seen doing, where, and how it ended. One meaning a word.

Screens, checks, the editor and the handbook read these lists; a word that is not here is a fault in a scenario.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Page:
    """A page as scenarios name it. `views`: names of its views on the web (or the desk), in the app, or both.

    `opens`: the view that `buka` leads to on the web, and in the app when `lewat: app` is meant; "" where a page is
    reached only by its buttons. `about`: what its address names, "kpj" or nothing.
    """

    word: str
    title: str
    views: tuple[str, ...]
    about: str = ""
    meaning: str = ""

    @property
    def web(self) -> str:
        """The view that `buka` opens; "" when the page exists only in the app."""
        return next((view for view in self.views if not view.startswith("jmo")), "")

    @property
    def app(self) -> str:
        """The same in the app; "" when it exists only on the web."""
        return next((view for view in self.views if view.startswith("jmo")), "")


def _shared(word: str, title: str, name: str, about: str = "", *more: str) -> Page:
    """A page that web and app share."""
    return Page(word, title, (f"jht:{name}", f"jmo-jht:{name}", *more), about)


def _desk(word: str, title: str, *names: str) -> Page:
    return Page(word, title, tuple(f"admin:{name}" for name in names))


def _rows(word: str, title: str, model: str) -> Page:
    """The list of one kind of row at the desk and the page of one row."""
    return _desk(word, title, *(f"{model}_{ending}" for ending in ("changelist", "add", "change", "history")))


JOIN_STEPS = {
    "peserta": "Apakah sudah peserta",
    "jenis": "Jenis kepesertaan",
    "kewarganegaraan": "Kewarganegaraan",
    "data": "Lengkapi data diri",
    "email": "E-mail",
    "kode-email": "Kode dari e-mail",
    "handphone": "Nomor handphone",
    "kode-sms": "Kode dari SMS",
    "kata-sandi": "Buat kata sandi",
    "setuju": "Syarat dan ketentuan",
}
JOIN = "jmo:register_step"  # one view for all steps; the address says which

_PAGES = (
    # Into an account
    Page("login", "Login", ("account_login", "jmo:login")),
    Page("daftar", "Buat Akun Baru", ("account_signup",)),
    Page("kode", "Kode dari e-mail", ("account_email_verification_sent",)),
    Page("lupa", "Lupa kata sandi", ("account_reset_password",)),
    Page("lupa-kode", "Kode untuk kata sandi baru", ("account_confirm_password_reset_code",)),
    Page("sandi-baru", "Kata sandi baru", ("account_complete_password_reset",)),
    Page("ubah-sandi", "Ubah kata sandi", ("account_change_password", "account_set_password")),
    Page("ubah-email", "Ubah e-mail", ("account_email",)),
    Page("konfirmasi-sandi", "Kata sandi diminta sekali lagi", ("account_reauthenticate",)),
    Page("perangkat", "Perangkat yang masuk", ("usersessions_list",)),
    Page("keluar", "Keluar", ("account_logout", "jmo:logout", "admin:logout")),
    Page("layanan", "Layanan, atau Beranda aplikasi", ("home", "jmo:home")),
    Page("ketentuan", "Ketentuan simulasi", ("terms",)),
    # The balance
    _shared("hubungkan", "Hubungkan kepesertaan", "link"),
    _shared("tambah-kpj", "Tambah KPJ", "add"),
    _shared("saldo", "Lihat Saldo JHT", "balance"),
    Page("pilih-kpj", "Pilih KPJ (aplikasi)", ("jmo:choose",)),
    Page("saldo-kpj", "Saldo satu KPJ (aplikasi)", ("jmo:balance",), "kpj"),
    _shared("rincian", "Rincian saldo satu KPJ", "statement", "kpj"),
    _shared("mengapa", "Mengapa hasilnya sekian", "why", "kpj"),
    _shared("unduh", "Unduh rincian", "download", "kpj"),
    _shared("tunggakan", "Iuran yang belum dibayar", "arrears", "kpj"),
    _shared("kartu", "Kartu Digital", "cards"),
    _shared("kartu-kpj", "Kartu Digital satu KPJ", "card", "kpj"),
    Page("periksa-kartu", "Pemeriksaan kartu lewat kode QR", ("card_check",)),
    # Simulations
    _shared("simulasi", "Simulasi", "simulation"),
    _shared("simulasi-tabungan", "Simulasi tabungan", "simulation-savings"),
    _shared("simulasi-klaim", "Simulasi klaim", "simulation-claim"),
    # Claims
    _shared("klaim", "Pengajuan Klaim", "claim_start"),
    _shared("klaim-periksa", "Klaim: pemeriksaan", "claim_check", "kpj"),
    _shared("klaim-sebab", "Klaim: sebab", "claim_reason", "kpj"),
    _shared("klaim-jumlah", "Klaim: jumlah", "claim_amount", "kpj"),
    _shared("klaim-dokumen", "Klaim: dokumen", "claim_documents", "kpj"),
    _shared("klaim-rekening", "Klaim: rekening", "claim_account", "kpj"),
    _shared("klaim-konfirmasi", "Klaim: konfirmasi", "claim_confirm", "kpj"),
    _shared("lacak", "Tracking Klaim", "tracking"),
    _shared("lacak-klaim", "Tracking satu klaim", "tracked"),
    _shared("klaim-lengkapi", "Lengkapi klaim", "claim_complete"),
    _shared("klaim-batalkan", "Batalkan klaim", "claim_cancel"),
    _shared("amalgamasi", "Amalgamasi", "merge"),
    # The app alone
    Page("jmo", "Jaminan Hari Tua di aplikasi", ("jmo:programme",)),
    Page("jmo-daftar", "Buat Akun di aplikasi", ("jmo:register",)),
    *(Page(f"jmo-daftar-{slug}", f"Buat Akun: {title}", (JOIN,)) for slug, title in JOIN_STEPS.items()),
    Page("jmo-daftar-belum", "Buat Akun: belum peserta", ("jmo:register_not_yet",)),
    Page("jmo-daftar-selesai", "Buat Akun: selesai", ("jmo:register_done",)),
    Page("profil", "Profil Saya", ("jmo:profile",)),
    Page("ubah-profil", "Ubah Profil", ("jmo:profile_change",)),
    Page("pengkinian", "Pengkinian Data", ("jmo:data",)),
    Page("pengkinian-wajah", "Pengkinian Data: gambar wajah", ("jmo:face",)),
    # What stands on the desk of a trainee
    Page("kotak-masuk", "Kotak Masuk", ("mailbox",)),
    Page("surat", "Satu surat", ("mailbox_message",)),
    Page("telepon", "Telepon", ("phone", "phone_device")),
    Page("kursi", "Kursi dan kelas", ("class", "class_by_code")),
    Page("latihan", "Daftar latihan", ("scenarios",)),
    # The clerk's desk
    _desk("meja", "Meja Petugas", "index"),
    _rows("meja-peserta", "Meja: peserta", "jht_participant"),
    _rows("meja-kepesertaan", "Meja: kepesertaan", "jht_membership"),
    _rows("meja-pemberi-kerja", "Meja: pemberi kerja", "jht_employer"),
    _desk("meja-iuran-bulan", "Meja: iuran sebulan", "jht_employer_month"),
    _desk("meja-tunggakan", "Meja: tunggakan", "jht_employer_arrears", "jht_employer_arrears_report"),
    _rows("meja-iuran", "Meja: iuran", "jht_contribution"),
    _desk("meja-iuran-batalkan", "Meja: batalkan iuran", "jht_contribution_cancel"),
    _rows("meja-buku-besar", "Meja: buku besar dan koreksi", "jht_entry"),
    _desk("meja-impor", "Meja: impor", "jht_importjob_changelist", "jht_importjob_change", "jht_importjob_history"),
    _desk("meja-impor-unggah", "Meja: unggah berkas impor", "jht_importjob_add"),
    _desk("meja-impor-tulis", "Meja: tulis hasil impor", "jht_importjob_write"),
    _desk("meja-impor-batal", "Meja: batalkan impor", "jht_importjob_cancel"),
    _desk("meja-impor-ulang", "Meja: ulangi impor", "jht_importjob_repeat"),
    _desk("meja-impor-salinan", "Meja: salinan berkas dengan tanda salah", "jht_importjob_marked"),
    _desk("meja-impor-templat", "Meja: contoh berkas impor", "jht_importjob_template"),
    _desk("meja-klaim", "Meja: klaim", "jht_claim_changelist", "jht_claim_change", "jht_claim_history"),
    _desk("meja-klaim-baru", "Meja: klaim di loket", "jht_claim_add"),
    _desk("meja-klaim-lengkapi", "Meja: minta kelengkapan klaim", "jht_claim_lengkapi"),
    _desk("meja-klaim-setujui", "Meja: setujui klaim", "jht_claim_setujui"),
    _desk("meja-klaim-tolak", "Meja: tolak klaim", "jht_claim_tolak"),
    _desk("meja-klaim-bayar", "Meja: bayar klaim", "jht_claim_bayar"),
    _rows("meja-amalgamasi", "Meja: amalgamasi", "jht_mergerequest"),
    _desk("meja-amalgamasi-gabungkan", "Meja: gabungkan KPJ", "jht_mergerequest_gabungkan"),
    _desk("meja-amalgamasi-tolak", "Meja: tolak amalgamasi", "jht_mergerequest_tolak"),
)
# Buttons that mean something else than the page on which they stand: by page and the posted `action`.
BUTTONS = {
    ("kode", "resend"): "kode-minta-lagi",
    ("kode", "change"): "kode-ganti-alamat",
    ("jmo-daftar-kode-email", "resend"): "jmo-daftar-kode-email-minta-lagi",
    ("jmo-daftar-kode-sms", "resend"): "jmo-daftar-kode-sms-minta-lagi",
}
_BUTTONS = (
    Page("kode-minta-lagi", "Kode dari e-mail: minta kode baru", ()),
    Page("kode-ganti-alamat", "Kode dari e-mail: ganti alamat", ()),
    Page("jmo-daftar-kode-email-minta-lagi", "Buat Akun: minta kode e-mail baru", ()),
    Page("jmo-daftar-kode-sms-minta-lagi", "Buat Akun: minta kode SMS baru", ()),
)
PAGES = {page.word: page for page in (*_PAGES, *_BUTTONS)}
_BY_VIEW = {view: page.word for page in _PAGES for view in page.views if view != JOIN}
ASKED_BY_ADDRESS = ("simulasi-tabungan", "simulasi-klaim")  # forms sent by GET: with a query they count as `kirim`


def word_of(view_name: str, slug: str = "") -> str:
    """The word of a page; "" for what no scenario speaks of. `slug`: the step of Buat Akun in the app.

    >>> word_of("jmo-jht:balance"), word_of("jmo:register_step", "kode-sms"), word_of("captcha_challenge")
    ('saldo', 'jmo-daftar-kode-sms', '')
    """
    word = f"jmo-daftar-{slug}" if view_name == JOIN else _BY_VIEW.get(view_name, "")
    return word if word in PAGES else ""


ACTS = {
    "buka": "Sebuah halaman dibuka dan tampil.",
    "kirim": "Sebuah formulir dikirim.",
    "sms": "Sebuah SMS dikirim ke 2757; ditulis kata awalnya: DAFTAR SALDO, SALDO, KODE (enam angka), atau LAIN.",
    "jawab": "Sebuah pertanyaan latihan dijawab.",
    "umpan": "Tautan penipuan dalam surat atau SMS latihan: dibuka, atau diisi.",
    "keadaan": "Sesuatu sudah nyata dalam data kursi, siapa pun yang melakukannya.",
    "salah_satu": "Salah satu dari beberapa syarat terpenuhi.",
    "semua": "Semua syarat terpenuhi, dengan urutan bebas.",
}
# What is recorded beside the acts that conditions ask for; the board and the debrief count them.
RECORDED = {
    "mulai": "Latihan dimulai.",
    "petunjuk": "Petunjuk diminta, atau diberikan pelatih.",
    "gangguan": "Gangguan terjadi.",
    "selesai": "Latihan berakhir.",
}
QUALIFIERS = {
    "hasil": "Bagaimana akhirnya: berhasil, ditolak, tidak-ada, atau galat.",
    "sebab": "Sebab penolakan, satu kata atau daftar kata.",
    "sebagai": "Siapa yang sedang masuk: nama peran, kartu, petugas, atau tamu.",
    "kpj": "Milik siapa KPJ yang disebut: nama peran, atau lain (bukan milik yang masuk; lewat SMS bukan milik peran). "
    "Untuk orang dengan beberapa KPJ boleh satu saja, misalnya siti.kpj2; nomornya seperti pada {siti.kpj2}.",
    "lewat": "Saluran: web, app, atau sms.",
    "dijawab": "Potongan kalimat dalam jawaban 2757.",
    "menurut": "Peraturan yang dipakai Simulasi klaim, satu kata atau daftar kata; semuanya dalam satu simulasi.",
    "boleh": "Sebab klaim yang menurut Simulasi klaim boleh diajukan, paling lambat pada hari di kursi.",
    "kali": "Berapa kali dalam latihan ini; tanpa ini, sekali.",
    "orang": "Tentang siapa sebuah keadaan.",
}
RESULTS = {
    "berhasil": "Halaman tampil, atau isian diterima.",
    "ditolak": "Isian tidak diterima; sebabnya tertulis di halaman.",
    "tidak-ada": "Halaman tidak ada, atau milik orang lain.",
    "galat": "Halaman gagal karena gangguan.",
}
CHANNELS = {"web": "Situs.", "app": "Aplikasi.", "sms": "SMS ke 2757."}
BAITS = {"dibuka": "Tautan penipuan dibuka.", "diisi": "Data diberikan di halaman penipuan."}
WHO = {
    "kartu": "Akun yang dibuat sendiri, dengan kartu latihan.",
    "petugas": "Petugas meja kursi ini.",
    "tamu": "Belum masuk.",
}
# What Simulasi klaim tells. A regulation counts for a day on which it was in force; one that never was, for any.
REGULATIONS = {
    "permenaker-4-2022": "Permenaker 4/2022, sejak 26 April 2022.",
    "permenaker-2-2022": "Permenaker 2/2022, yang tidak pernah berlaku.",
    "permenaker-19-2015": "Permenaker 19/2015, sampai 25 April 2022.",
}
CLAIM_REASONS = {
    "usia-56": "Usia pensiun 56 tahun.",
    "usia-perjanjian": "Usia pensiun menurut perjanjian perusahaan.",
    "kontrak-berakhir": "Perjanjian kerja waktu tertentu berakhir.",
    "berhenti": "Berhenti sebagai peserta Bukan Penerima Upah.",
    "mengundurkan-diri": "Mengundurkan diri.",
    "phk": "Pemutusan hubungan kerja.",
    "meninggalkan-indonesia": "Meninggalkan Indonesia untuk selamanya.",
    "cacat-total": "Cacat total tetap.",
    "meninggal": "Meninggal dunia.",
    "sebagian-10": "Sebagian, paling banyak 10 %.",
    "sebagian-30": "Sebagian, paling banyak 30 % untuk perumahan.",
}
SMS_WORDS = ("DAFTAR SALDO", "DAFTAR", "SALDO", "KODE", "LAIN")

REASONS = {
    "kosong": "Ada isian wajib yang kosong atau belum dipilih.",
    "kata-sandi": "E-mail atau kata sandi tidak cocok.",
    "captcha": "“Saya bukan robot” belum dicentang atau tidak cocok.",
    "captcha-kedaluwarsa": "Centang “Saya bukan robot” sudah lewat sepuluh menit.",
    "terkunci": "Terlalu sering dicoba; dikunci sebentar.",
    "email": "E-mail tidak lengkap, terlalu panjang, atau sudah dipakai.",
    "persetujuan": "Persetujuan belum dicentang.",
    "sandi-lemah": "Kata sandi baru terlalu pendek atau mudah ditebak.",
    "sandi-beda": "Kedua kata sandi tidak sama.",
    "kode-salah": "Kode tidak cocok.",
    "kode-lama": "Kode sudah diganti dengan yang lebih baru.",
    "kode-kedaluwarsa": "Kode sudah lewat waktunya.",
    "kode-terpakai": "Kode sudah dipakai, atau lima kali salah.",
    "tidak-sesuai": "Data tidak sesuai.",
    "tidak-terdaftar": "Nomor KPJ tidak terdaftar.",
    "nik": "NIK tidak mungkin: jumlah angka, tanggal, atau daerahnya.",
    "nik-sungguhan": "NIK tampak sungguhan; ditolak dan tidak disimpan.",
    "paspor": "Nomor paspor bukan nomor latihan.",
    "kpj": "Nomor KPJ tidak berbentuk 11 angka berawalan 49.",
    "tanggal": "Tanggal tidak terbaca, atau urutannya keliru.",
    "bulan": "Bulan iuran tidak terbaca, atau di luar kepesertaan.",
    "jumlah": "Jumlah rupiah tidak terbaca, atau melebihi yang boleh.",
    "hp-belum-terdaftar": "Nomor telepon belum didaftarkan untuk KPJ itu (SMS).",
    "format-sms": "Susunan SMS tidak dikenal: kata awal, tanda #, atau urutannya.",
    "nomor-hp": "Nomor handphone bukan nomor latihan.",
    "pilihan": "Pilihan tidak ada dalam daftar.",
    "kewarganegaraan": "Kewarganegaraan dan jenis kepesertaan tidak cocok.",
    "gambar": "Gambar wajah tidak jelas.",
    "belum-dikinikan": "Data belum dikinikan di aplikasi.",
    "masih-aktif": "Kepesertaan masih aktif.",
    "masa-tunggu": "Masa tunggu belum lewat.",
    "syarat": "Syarat sebab klaim belum terpenuhi.",
    "di-atas-batas": "Saldo melebihi batas saluran ini.",
    "dokumen": "Dokumen belum lengkap, tidak terbaca, atau bukan contoh dari sini.",
    "rekening": "Rekening bukan nomor latihan, atau bukan atas nama peserta.",
    "sudah-dibayar": "Sudah pernah dibayarkan.",
    "hanya-cabang": "Hanya dapat diurus di kantor cabang.",
    "jakon": "Peserta Jakon, tanpa JHT.",
    "sudah-diminta": "Permintaan sebelumnya masih diproses.",
    "tidak-dapat-digabung": "KPJ tidak dapat digabung.",
    "sudah-tercatat": "Sudah tercatat sebelumnya.",
    "sudah-diputus": "Sudah diputus sebelumnya.",
    "keterangan": "Alasan atau keterangan belum ditulis.",
    "berkas": "Berkas tidak dapat dibaca, atau isinya salah.",
    "belum-masuk": "Belum login, jadi diminta login dahulu.",
    "pesan": "Ditolak dengan pesan di atas halaman.",
    "lain": "Sebab lain.",
}

FACTS = {
    "akun-dibuat": "Di kursi ini ada akun yang dibuat sendiri.",
    "terhubung": "Akun orang ini terhubung dengan kepesertaannya.",
    "kpj-ditambah": "Semua KPJ orang ini sudah ada pada akunnya.",
    "sandi-diganti": "Kata sandi orang ini bukan lagi kata sandi kursi.",
    "hp-terdaftar": "Sebuah nomor telepon kursi terdaftar di 2757 untuk KPJ orang ini.",
    "klaim-diajukan": "Orang ini mengajukan klaim sejak latihan dimulai.",
    "klaim-dilengkapi": "Sebuah klaim orang ini dilengkapi setelah diminta petugas.",
    "klaim-disetujui": "Sebuah klaim orang ini disetujui atau dibayar sejak latihan dimulai.",
    "klaim-ditolak": "Sebuah klaim orang ini ditolak sejak latihan dimulai.",
    "klaim-dibatalkan": "Sebuah klaim orang ini dibatalkan sejak latihan dimulai.",
    "tiga-klaim-diputus": "Petugas kursi memutus sedikitnya tiga klaim: disetujui, ditolak, atau diminta dilengkapi.",
    "amalgamasi-diminta": "Orang ini meminta amalgamasi sejak latihan dimulai.",
    "kpj-digabung": "KPJ orang ini sudah digabung oleh petugas.",
    "pemberi-kerja-baru": "Petugas kursi ini menambah pemberi kerja sejak latihan dimulai.",
    "iuran-bulan-lengkap": "Iuran bulan terakhir yang jatuh tempo tercatat untuk semua pekerja pemberi kerja kursi.",
    "impor-selesai": "Sebuah impor di kursi ini selesai ditulis sejak latihan dimulai.",
    "data-dikinikan": "Orang ini mengkinikan datanya di aplikasi.",
}
