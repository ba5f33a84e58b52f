"""Codes of the errors that forms show, as the words of portal/training/scripts/vocabulary.py."""

# A code means something else in some fields: those come first; "" stands for all other codes of the field.
_OF_FIELD = {
    "captcha": {"expired": "captcha-kedaluwarsa", "": "captcha"},
    "code": {
        "shape": "kode-salah",
        "wrong": "kode-salah",
        "old": "kode-lama",
        "expired": "kode-kedaluwarsa",
        "used": "kode-terpakai",
        "worn": "kode-terpakai",
    },
    "email": {"invalid": "email", "duplicate": "email", "unique": "email"},
    "login": {"invalid": "email"},
    "kpj": {"required": "kosong", "unknown": "tidak-terdaftar"},
    "consent": {"required": "persetujuan"},
    "confirm": {"required": "persetujuan"},
    "agreed": {"required": "persetujuan"},
    "right": {"required": "persetujuan"},
    "file": {"": "berkas"},
    "amount": {"required": "kosong", "": "jumlah"},
    "wage": {"required": "kosong", "": "jumlah"},
    "month": {"recorded": "sudah-tercatat", "required": "kosong", "": "bulan"},
    "bulan": {"required": "kosong", "": "bulan"},
}
_BY_CODE = {
    "required": "kosong",
    "blank": "kosong",
    "null": "kosong",
    "missing": "dokumen",
    "email_password_mismatch": "kata-sandi",
    "incorrect_password": "kata-sandi",
    "enter_current_password": "kata-sandi",
    "invalid_login": "kata-sandi",
    "limited": "terkunci",
    "locked": "terkunci",
    "too_many_login_attempts": "terkunci",
    "long": "email",
    "letters": "email",
    "email_taken": "email",
    "duplicate_email": "email",
    "too_short": "sandi-lemah",
    "too_long": "sandi-lemah",
    "too_common": "sandi-lemah",
    "too_similar": "sandi-lemah",
    "mismatch": "sandi-beda",
    "shared": "lain",
    "no_match": "tidak-sesuai",
    "data_differs": "tidak-sesuai",
    "not_yours": "tidak-terdaftar",
    "unknown": "tidak-terdaftar",
    "nik_prefix": "nik-sungguhan",
    "real_nik": "nik-sungguhan",
    "passport": "paspor",
    "kpj": "kpj",
    "invalid": "tanggal",
    "range": "tanggal",
    "future": "tanggal",
    "month": "bulan",
    "too_early": "bulan",
    "outside": "bulan",
    "rupiah": "jumlah",
    "too_much": "jumlah",
    "above_share": "jumlah",
    "above_balance": "jumlah",
    "zero": "jumlah",
    "no_contribution": "jumlah",
    "not_training": "nomor-hp",
    "invalid_choice": "pilihan",
    "invalid_pk_value": "pilihan",
    "pmi_is_a_citizen": "kewarganegaraan",
    "unclear": "gambar",
    "not_updated": "belum-dikinikan",
    "still_active": "masih-aktif",
    "waiting": "masa-tunggu",
    "not_entitled": "syarat",
    "not_met": "syarat",
    "above_limit": "di-atas-batas",
    "documents": "dokumen",
    "not_ours": "dokumen",
    "too_large": "dokumen",
    "bank": "rekening",
    "number": "rekening",
    "arrears": "syarat",
    "already_paid": "sudah-dibayar",
    "branch_only": "hanya-cabang",
    "no_jht": "jakon",
    "already_asked": "sudah-diminta",
    "not_mergeable": "tidak-dapat-digabung",
    "merged": "tidak-dapat-digabung",
    "recorded": "sudah-tercatat",
    "unique": "sudah-tercatat",
    "unique_together": "sudah-tercatat",
    "decided": "sudah-diputus",
    "not_approved": "sudah-diputus",
    "no_message": "keterangan",
    "no_reason": "keterangan",
    "no_refusal": "keterangan",
    "size": "berkas",
}


def reason_of(field: str, code: str | None) -> str:
    """The word for an error that a form showed; "lain" for one without a word of its own.

    >>> reason_of("code", "expired"), reason_of("captcha", "expired"), reason_of("nik", "nik_day")
    ('kode-kedaluwarsa', 'captcha-kedaluwarsa', 'nik')
    """
    of_field = _OF_FIELD.get(field, {})
    code = code or ""
    if code in of_field:
        return of_field[code]
    if "" in of_field:
        return _BY_CODE[code] if code in ("limited", "nik_prefix", "real_nik", "no_jht") else of_field[""]
    if code in _BY_CODE:
        return _BY_CODE[code]
    return "nik" if code.startswith("nik_") else "lain"
