"""The site as a WSGI application, for any WSGI server."""

import os

import django
from django.core.exceptions import SuspiciousOperation
from django.core.handlers.wsgi import WSGIHandler, WSGIRequest

from portal.refusals import UNREADABLE


class Request(WSGIRequest):
    """Django parses the content type, and with a charset also the query, before any middleware runs.

    What it cannot parse would be a 500 from the server. Here it is marked, and RefuseMalformed refuses it.
    """

    def _set_content_type_params(self, meta):
        try:
            super()._set_content_type_params(meta)
        except (ValueError, LookupError, SuspiciousOperation):
            self.content_type, self.content_params, self._encoding = UNREADABLE, {}, None


class Handler(WSGIHandler):
    request_class = Request


os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
django.setup(set_prefix=False)
application = Handler()
