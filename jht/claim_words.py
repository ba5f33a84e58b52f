"""What a participant is told about a claim: the sentence of each refusal, of each step, and what comes next."""

from dataclasses import dataclass
from datetime import date

from jht.models import Claim, Reason
from jht.words import day_name

Status, Refusal = Claim.Status, Claim.Refusal

# What is wrong or true, then what to do. One sentence-pair a category: pages, mails and the desk take it from here.
REFUSALS: dict[str, str] = {
    Refusal.STILL_ACTIVE: (
        "Kepesertaan Anda masih tercatat aktif, padahal sebab klaim ini menuntut kepesertaan yang sudah berakhir. "
        "Minta perusahaan melaporkan hari terakhir Anda bekerja, lalu ajukan lagi."
    ),
    Refusal.WAITING: (
        "Masa tunggu satu bulan sejak kepesertaan berakhir belum lewat. Saldo Anda tetap berkembang; ajukan lagi "
        "setelah masa tunggu lewat."
    ),
    Refusal.NOT_ENTITLED: (
        "Syarat sebab klaim yang Anda pilih tidak terpenuhi. Periksa syaratnya pada halaman Pengajuan Klaim, lalu "
        "pilih sebab yang sesuai."
    ),
    Refusal.ABOVE_LIMIT: (
        "Saldo Anda melebihi batas klaim lewat portal. Datanglah ke kantor cabang dengan dokumen asli; haknya sama, "
        "hanya pintunya berbeda."
    ),
    Refusal.DOCUMENTS: (
        "Dokumen tidak lengkap atau tidak terbaca. Siapkan setiap dokumen dalam daftar dengan tulisan yang terbaca, "
        "lalu ajukan lagi."
    ),
    Refusal.DATA_DIFFERS: (
        "Data tidak sesuai: data pada dokumen berbeda dari data kepesertaan Anda. Minta petugas memperbaiki data yang "
        "keliru dengan menunjukkan KTP dan kartu keluarga, lalu ajukan lagi."
    ),
    Refusal.BANK: (
        "Rekening yang Anda isi bukan atas nama Anda. Klaim hanya dibayarkan ke rekening peserta sendiri; ajukan lagi "
        "dengan rekening itu."
    ),
    Refusal.ARREARS: (
        "Perusahaan masih menunggak iuran Anda, jadi saldonya belum lengkap. Tanyakan kepada bagian personalia kapan "
        "iuran dibayar; setelah itu ajukan lagi, supaya Anda menerima seluruhnya."
    ),
    Refusal.ALREADY_PAID: (
        "Saldo ini sudah pernah dibayarkan. Tanggal dan jumlahnya ada pada rincian saldo; jika Anda tidak menerimanya, "
        "hubungi petugas."
    ),
    Refusal.OTHER: "Klaim ini belum dapat disetujui. Bacalah keterangan petugas, lalu ajukan lagi bila sudah sesuai.",
}

# Reasons that the participant's own account cannot give, and the way instead.
AT_BRANCH_ONLY: dict[str, str] = {
    Reason.DIED: (
        "Diajukan ahli waris di kantor cabang, dengan surat keterangan kematian dan surat keterangan ahli waris; tidak "
        "lewat akun peserta sendiri."
    ),
}
BRING_PROOF = (
    "Tanggal lahir Anda berbeda dari tanggal dalam NIK. Itu dapat terjadi tanpa kecurangan; siapkan KTP dan kartu "
    "keluarga (contoh), sebab petugas mencocokkannya."
)

# What the timeline says under the name of each step when nobody wrote anything more.
STEPS: dict[str, str] = {
    Status.SUBMITTED: "Klaim diterima dan menunggu pemeriksaan petugas.",
    Status.INCOMPLETE: "Petugas meminta Anda melengkapi klaim ini.",
    Status.APPROVED: "Klaim disetujui dan menunggu pembayaran.",
    Status.PAID: "Klaim dibayarkan ke rekening Anda.",
    Status.REFUSED: "Klaim ditolak.",
    Status.CANCELLED: "Anda membatalkan klaim ini.",
}
COMPLETED = "Kelengkapan diterima dan menunggu pemeriksaan petugas."

_NEXT: dict[str, str] = {
    Status.SUBMITTED: (
        "Petugas memeriksa klaim Anda. Bila berkasnya lengkap, klaim dibayar paling lambat {by}, {days} hari kerja "
        "sejak berkas itu kami terima."
    ),
    Status.INCOMPLETE: "Lengkapi yang diminta petugas. Waktu {days} hari kerja baru dihitung sejak berkas lengkap.",
    Status.APPROVED: (
        "Tidak ada yang perlu Anda lakukan. Dibayar paling lambat {by}, {days} hari kerja sejak berkas lengkap."
    ),
    Status.PAID: "Selesai. Uangnya sudah dikirim ke rekening Anda; catatannya ada pada rincian saldo.",
    Status.REFUSED: "Perbaiki yang disebut di atas, lalu ajukan klaim baru. Saldo Anda tidak berkurang.",
    Status.CANCELLED: "Tidak ada. Saldo Anda tidak berkurang, dan Anda boleh mengajukan klaim baru.",
}


@dataclass(frozen=True)
class Progress:
    """A status as a badge and what the participant does next."""

    level: str  # ok, warn or off
    icon: str
    next_step: str


def progress(claim: Claim, paid_within_days: int, pay_by: date | None) -> Progress:
    """What the tracking page says about a claim's status; `pay_by`: until when it is paid in time, while it waits."""
    level, icon = {
        Status.INCOMPLETE: ("warn", "warn"),
        Status.APPROVED: ("ok", "check"),
        Status.PAID: ("ok", "check"),
        Status.REFUSED: ("off", "error"),
        Status.CANCELLED: ("off", "pause"),
    }.get(claim.status, ("off", "clock"))
    words = _NEXT[claim.status].format(days=paid_within_days, by=day_name(pay_by) if pay_by else "")
    return Progress(level, icon, words)
