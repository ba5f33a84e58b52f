"""Which kata sandi is good enough: long and not common. No rules about capitals, digits or symbols.

Source: NIST SP 800-63B-4, OWASP ASVS 5.0 (6.2).
"""

from functools import cache
from pathlib import Path

from django.core.exceptions import ValidationError

AT_LEAST, AT_LEAST_STAFF, AT_MOST = 8, 15, 128  # characters
COMMON = Path(__file__).with_name("common_passwords.txt")
OURS = ("portallatih", "latihportal", "saldojht", "lihatsaldojht", "jaminanharitua", "bpjsketenagakerjaan", "simulasi")
RUNS = ("abcdefghijklmnopqrstuvwxyz", "01234567890123456789", "qwertyuiopasdfghjklzxcvbnm", "1qaz2wsx3edc4rfv5tgb6yhn")


class LengthValidator:
    """Participants 8, staff 15; at most 128, and what is longer is refused rather than cut."""

    def validate(self, password: str, user=None) -> None:
        least = AT_LEAST_STAFF if getattr(user, "is_staff", False) else AT_LEAST
        if len(password) < least:
            message = (
                "Kata sandi ini %(length)d karakter; paling sedikit %(least)d. "
                "Tambah panjangnya, misalnya dengan beberapa kata sekaligus."
            )
            raise ValidationError(message, "too_short", {"length": len(password), "least": least})
        if len(password) > AT_MOST:
            message = (
                "Kata sandi ini %(length)d karakter; paling banyak %(most)d. "
                "Kami tidak memotongnya diam-diam: pendekkan sendiri, lalu coba lagi."
            )
            raise ValidationError(message, "too_long", {"length": len(password), "most": AT_MOST})

    def get_help_text(self) -> str:
        return (
            f"Paling sedikit {AT_LEAST} karakter (petugas {AT_LEAST_STAFF}), paling banyak {AT_MOST}. "
            "Beberapa kata yang hanya Anda tahu sudah cukup; boleh ditempel dari pengelola kata sandi."
        )


class CommonPasswordValidator:
    """Refuses what guessers try first: known lists, keyboard rows, repetitions, our own words, one's own e-mail."""

    def validate(self, password: str, user=None) -> None:
        if is_common(password):
            message = (
                "Kata sandi ini termasuk yang paling dulu dicoba orang lain. "
                "Pilih yang tidak ada dalam daftar umum, misalnya beberapa kata yang tidak berhubungan."
            )
            raise ValidationError(message, "too_common")
        local_part = (getattr(user, "email", "") or "").partition("@")[0].casefold()
        if len(local_part) >= 4 and local_part in password.casefold() and len(password) < len(local_part) + 8:
            message = "Kata sandi ini memuat e-mail Anda dan mudah ditebak. Pilih yang tidak berhubungan dengan Anda."
            raise ValidationError(message, "too_similar")

    def get_help_text(self) -> str:
        return "Kata sandi yang umum dipakai orang tidak diterima."


def is_common(password: str) -> bool:
    """
    >>> is_common("Password123"), is_common("saldojht2026"), is_common("abcabcabc"), is_common("qwertyuiop")
    (True, True, True, True)
    >>> is_common("gelas kuda awan")
    False
    """
    if len(password) > AT_MOST:
        return False  # refused for its length; what follows takes time in proportion to the square of it
    word = "".join(password.casefold().split())
    stem = word.strip("0123456789!?.,*#@_-$%&+=")
    if word in common() or stem in common() or any(stem == ours for ours in OURS):
        return True
    if any(word in run or word in run[::-1] for run in RUNS):
        return True
    # The same few characters over and over: "aaaaaaaa", "abcabcabc", "passwordpassword".
    return any(word[size:] == word[:-size] for size in range(1, len(word) // 2 + 1))


@cache
def common() -> frozenset[str]:
    return frozenset(COMMON.read_text("utf-8").split())
