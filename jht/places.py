"""Where a page of ours is being shown. The site mounts jht.urls more than once: for the web and for the app."""

from django.http import HttpRequest, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse

from jht.models import Claim


def there(request: HttpRequest, name: str, *args: str) -> str:
    """The address of the page `name` ("jht:…") within the face, web or app, in which this request came."""
    return reverse(name, args=args, current_app=request.resolver_match.namespace)


def goto(request: HttpRequest, name: str, *args: str) -> HttpResponseRedirect:
    """On to that page, without leaving the face."""
    return redirect(there(request, name, *args))


def channel(request: HttpRequest) -> str:
    """Through which channel a claim comes: the web is where jht.urls stand under their own name."""
    match = request.resolver_match
    return Claim.Channel.WEB if match.namespace == match.app_name else Claim.Channel.APP
