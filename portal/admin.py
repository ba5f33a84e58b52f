"""Where Django looks for the desk's pages of this app."""

from portal.sms import admin as _sms  # noqa: F401 (registers)
from portal.training.scripts import admin_scenarios as _scenarios  # noqa: F401 (registers)
