#!/usr/bin/env python
"""Django's command line for this site."""

import os
import sys

if sys.version_info < (3, 11):  # noqa: UP036 (the sentence for those who have an older one)
    sys.exit("Portal Latih memerlukan Python 3.11 atau lebih baru; ini Python %d.%d." % sys.version_info[:2])  # noqa: UP031


def main():
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    try:
        from django.core.management import execute_from_command_line
    except ImportError:
        sys.exit("Pustaka yang diperlukan belum terpasang. Jalankan: make demo (atau: uv run manage.py demo)")
    if sys.argv[1:2] == ["demo"]:
        from portal import launch

        launch.prepare(sys.argv[2:], os.environ)
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
