"""A trainee's way to the desk: the login page filled in for the clerk of the seat, and the files of the exercises."""

from django.contrib.auth import logout
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_POST, require_safe

from portal.training.doors import seated
from portal.training.seats import clerks, files


@seated
@require_POST
def sign_in_as_clerk(request: HttpRequest) -> HttpResponse:
    """Masuk sebagai petugas kursi: whoever is signed in is signed out, and the login page leads to the desk."""
    if request.user.is_authenticated and request.user.pk == request.seat.clerk_id:
        return redirect("admin:index")
    logout(request)
    filled_in = urlencode({"sebagai": clerks.SLUG, "next": reverse("admin:index")})
    return redirect(f"{reverse('account_login')}?{filled_in}")


@seated
@require_safe
def download(request: HttpRequest, name: str) -> HttpResponse:
    """A file for the desk of this seat, with the numbers of its own people."""
    found = files.content_of(request.seat, name)
    if found is None:
        raise Http404
    data, media_type = found
    return HttpResponse(
        data, content_type=media_type, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )
