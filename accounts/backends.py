"""allauth's check of e-mail and kata sandi; who comes back with a session is found by a prepared statement."""

from allauth.account.auth_backends import AuthenticationBackend
from django.db import DEFAULT_DB_ALIAS

from accounts.models import User
from accounts.prepared import Prepared

COLUMNS = [field.attname for field in User._meta.concrete_fields]
BY_KEY = Prepared(lambda: User.objects.filter(pk=0).order_by())


class Backend(AuthenticationBackend):
    def get_user(self, user_id: int) -> User | None:
        """The user of a session, unless the account is closed."""
        row = BY_KEY.ask(user_id)
        user = row and User.from_db(DEFAULT_DB_ALIAS, COLUMNS, row)
        return user if user and self.user_can_authenticate(user) else None
