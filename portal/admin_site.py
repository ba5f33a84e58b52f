"""The clerk's desk: Django's admin in our clothes, behind our own door."""

from django.contrib import admin
from django.contrib.admin.apps import AdminConfig
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.contrib.auth import logout
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.views.decorators.http import require_POST

# The order of a clerk's day: the people, then the money, then what happened. Anything else follows.
DAY = (
    "Claim", "MergeRequest", "Participant", "Membership", "Employer", "Contribution", "ImportJob", "Entry", "Rate",
    "Regulation", "ReasonRule", "Figure", "LinkAttempt", "Removal", "AuditRecord",
)  # fmt: skip


MY_LATEST = 10  # lines of the trail on the first page


class Choices(AutocompleteJsonView):
    """A row reads in the list of choices as its page says: a KPJ with its person and company, not a bare number."""

    def serialize_result(self, obj, to_field_name: str) -> dict[str, str]:
        label = getattr(self.model_admin, "choice_label", str)
        return {"id": str(getattr(obj, to_field_name)), "text": label(obj)}


class DeskConfig(AdminConfig):
    default_site = "portal.admin_site.Desk"


class Desk(admin.AdminSite):
    """Has no login form of its own: everybody comes through the one that has the captcha and the limits."""

    site_title = "Meja Petugas"
    site_header = "Meja Petugas"
    index_title = "Data peserta dan iuran"
    site_url = "/"
    empty_value_display = "–"

    def register(self, model_or_iterable, admin_class=None, **options):
        """Every page of the desk writes to the one trail and keeps to the scope, also those that know nothing of it."""
        from jht.admin.traced import Traced  # not before the models are there

        admin_class = admin_class or admin.ModelAdmin
        if not issubclass(admin_class, Traced):
            admin_class = type(admin_class.__name__, (Traced, admin_class), {"__module__": admin_class.__module__})
        super().register(model_or_iterable, admin_class, **options)

    def index(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        """With what this person did last; having looked is not among it."""
        from jht.models import AuditRecord

        mine = AuditRecord.objects.filter(actor=request.user.pk).exclude(act=AuditRecord.Act.LOOKED)
        return super().index(request, {"mine": mine.order_by("-pk")[:MY_LATEST], **(extra_context or {})})

    def login(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        """To the site's login page and back here; someone signed in who is no clerk is refused."""
        if request.user.is_authenticated and not self.has_permission(request):
            raise PermissionDenied
        there = request.GET.get("next", "")
        if not url_has_allowed_host_and_scheme(there, allowed_hosts=None):
            there = reverse("admin:index")
        if self.has_permission(request):
            return redirect(there)
        return redirect(f"{reverse('account_login')}?{urlencode({'next': there})}")

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[dict]:
        """What this person may open, in the order of the day."""
        apps = super().get_app_list(request, app_label)
        place = {name: number for number, name in enumerate(DAY)}
        for app in apps:
            for model in app["models"]:
                if model["object_name"] == "AuditRecord":
                    model["name"] = "Jejak petugas"
            app["models"].sort(key=lambda model: place.get(model["object_name"], len(DAY)))
        return sorted(apps, key=lambda app: place.get(app["models"][0]["object_name"], len(DAY)))

    def autocomplete_view(self, request: HttpRequest) -> HttpResponse:
        return Choices.as_view(admin_site=self)(request)

    def logout(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        return leave(request)

    def password_change(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        return redirect("account_change_password")

    def password_change_done(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        return redirect("admin:index")


@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    logout(request)
    return redirect("account_login")
