from django.apps import AppConfig
from django.conf import settings
from django.core.signals import request_started


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = "Akun"

    def ready(self) -> None:
        if settings.EMAIL_URL:
            from accounts import delivery

            request_started.connect(delivery.courier.start_with_first_request, dispatch_uid="outbox")
        if settings.SMS_URL:
            from accounts import gateway

            request_started.connect(gateway.courier.start_with_first_request, dispatch_uid="texts")
