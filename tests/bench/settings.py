"""The site as it is, with two empty views beside it to compare with."""

from portal.settings import *  # noqa: F403

ROOT_URLCONF = "tests.bench.urls"
