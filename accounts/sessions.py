"""Django's sessions in the database, read and written with fewer statements.

A session is found by a statement that is written only once (accounts/prepared.py). A new key, which every login gets,
reaches the database together with what the login puts into the session, and not before it in a row of its own.
"""

from django.contrib.sessions.backends import db
from django.contrib.sessions.backends.base import VALID_KEY_CHARS
from django.contrib.sessions.models import Session
from django.db import connection, transaction
from django.utils import timezone
from django.utils.crypto import get_random_string

from accounts.prepared import Prepared

LIVING = Prepared(
    lambda: Session.objects.filter(session_key="").filter(expire_date__gt=timezone.now()).values_list("session_data")
)


class SessionStore(db.SessionStore):
    is_unwritten = False  # has a key, but no row yet
    stored: tuple[str, bytes] | None = None  # the key and the content of the row this object has written

    def load(self) -> dict:
        """What is stored under the key; a key that is unknown or has expired is forgotten."""
        found = LIVING.ask(self.session_key, connection.ops.adapt_datetimefield_value(timezone.now()))
        if found is None:
            self._session_key = None
            return {}
        return self.decode(found[0])

    def cycle_key(self) -> None:
        """A new key for the same content; the row comes with the next `save`, which refuses a key that exists."""
        data, old_key = self._session, self.session_key
        self._session_key, self._session_cache = self._get_new_session_key(), data
        self.is_unwritten = self.modified = True
        if old_key:
            self.delete(old_key)

    def _get_new_session_key(self) -> str:
        """Not looked up first: 36^32 keys do not collide, and the primary key would refuse the second."""
        return get_random_string(32, VALID_KEY_CHARS)

    def save(self, must_create: bool = False) -> None:
        """Write the session, unless this very object has already written just this."""
        if self.session_key is None:
            self.create()
            return
        must_create = must_create or self.is_unwritten
        state = self.session_key, self.serializer().dumps(self._get_session(no_load=must_create))
        if must_create or state != self.stored:
            super().save(must_create=must_create)
            self.is_unwritten = False
            transaction.on_commit(lambda: setattr(self, "stored", state))  # what is rolled back was not written
