"""Who may open the pages of this room."""

from collections.abc import Callable
from functools import wraps
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

RIGHT = "portal.add_classroom"  # given to the role Pelatih

View = Callable[..., HttpResponse]


def demo_only(view: View) -> View:
    """The page exists only in a demo."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if not settings.DEMO:
            raise Http404
        return view(request, *args, **kwargs)

    return wrapped


def seated(view: View) -> View:
    """Only from a seat; everybody else is asked for the code of the class."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        return view(request, *args, **kwargs) if request.seat else redirect("class")

    return demo_only(wrapped)


def trainers_only(view: View) -> View:
    """For everybody else who is signed in there is nothing here."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if not request.user.is_authenticated:
            return redirect_to_login(_page_of(request))
        if not is_trainer(request.user):
            raise Http404
        return view(request, *args, **kwargs)

    return demo_only(wrapped)


def _page_of(request: HttpRequest) -> str:
    """Where to go on after a login: what was pressed is not done by it, so to the page that the button stood on."""
    if request.method in ("GET", "HEAD"):
        return request.path
    messages.warning(request, "Login Anda sudah berakhir, jadi tombol tadi tidak dijalankan. Login, lalu tekan lagi.")
    page = urlsplit(request.headers.get("Referer", ""))
    return page.path if page.netloc == request.get_host() and page.path.startswith("/pelatih/") else "/pelatih/"


def is_trainer(user) -> bool:
    return settings.DEMO and user.is_staff and user.has_perm(RIGHT)
