from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "portal"
    verbose_name = "Portal Latih"

    def ready(self) -> None:
        from portal import checks  # noqa: F401 (registers the host name check)
