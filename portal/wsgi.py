"""The site as a WSGI application, for any WSGI server."""

import os

from django.core.wsgi import get_wsgi_application
from django.utils.http import parse_header_parameters

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
site = get_wsgi_application()


def application(environ, start_response):
    """The site; a content type that Django cannot even parse is renamed, so that RefuseMalformed refuses it.

    Django parses it before any middleware runs, and the server would answer 500.
    """
    try:
        parse_header_parameters(environ.get("CONTENT_TYPE", ""))
    except (ValueError, LookupError):
        environ["CONTENT_TYPE"] = "application/x-unreadable"
    return site(environ, start_response)
