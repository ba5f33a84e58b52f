"""Accounts and the outbox at the clerk's desk."""

from allauth.account import admin as _allauth_admin  # noqa: F401 (registers what is taken out below)
from allauth.account.models import EmailAddress
from allauth.usersessions import admin as _usersessions_admin  # noqa: F401
from allauth.usersessions.models import UserSession
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.http import HttpRequest

from accounts.models import OutboxMessage, TextMessage, User

# Addresses follow the account below, devices have their own page; allauth's search there asks for a user name.
admin.site.unregister([EmailAddress, UserSession])


class NewUserForm(AdminUserCreationForm):
    class Meta:
        model = User
        fields = ("email",)
        field_classes = {}

    def clean_email(self) -> str:
        return self.cleaned_data["email"].lower()


class UserForm(UserChangeForm):
    class Meta:
        model = User
        fields = "__all__"
        field_classes = {}

    def clean_email(self) -> str:
        return self.cleaned_data["email"].lower()


@admin.register(User)
class UserAdmin(DjangoUserAdmin):
    form, add_form = UserForm, NewUserForm
    list_display = ["email", "is_active", "is_staff", "is_shared", "date_joined", "last_login"]
    list_filter = ["is_active", "is_staff", "is_shared", "groups"]
    search_fields = ["email"]
    ordering = ["email"]
    readonly_fields = ["date_joined", "last_login"]
    filter_horizontal = ["groups", "user_permissions"]
    fieldsets = [
        (None, {"fields": ["email", "password"]}),
        ("Peran", {"fields": ["is_active", "is_shared", "is_staff", "is_superuser", "groups", "user_permissions"]}),
        ("Waktu", {"fields": ["date_joined", "last_login"]}),
    ]
    add_fieldsets = [(None, {"classes": ["wide"], "fields": ["email", "usable_password", "password1", "password2"]})]

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> list[str]:
        """Who may open which doors is decided by superusers alone."""
        doors = ["is_shared", "is_staff", "is_superuser", "groups", "user_permissions"]
        roles = [] if request.user.is_superuser else doors
        return [*super().get_readonly_fields(request, obj), *roles]

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """A trainer takes over no account of staff and no shared one; one's own has its pages under Akun."""
        if obj and (obj.is_staff or obj.is_shared) and not request.user.is_superuser:
            return False
        return super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Staff are made inactive, not deleted: the trail of what they did would go with them."""
        return obj is not None and not obj.is_staff and super().has_delete_permission(request, obj)

    def save_model(self, request: HttpRequest, obj: User, form, change: bool) -> None:
        """The person at the desk vouches for the address. Whoever becomes staff needs a longer kata sandi."""
        if change and obj.is_staff and "is_staff" in form.changed_data:
            obj.set_unusable_password()
            messages.warning(request, "Akun ini menjadi petugas. Atur kata sandi barunya, sedikitnya 15 karakter.")
        super().save_model(request, obj, form, change)
        obj.confirm_address()


class LookedAt(admin.ModelAdmin):
    """Nobody writes, changes or deletes these by hand."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj=None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj=None) -> bool:
        return False


@admin.register(OutboxMessage)
class OutboxMessageAdmin(LookedAt):
    """That a mail was written, to whom and whether it went out. What it says, its code above all, is its reader's."""

    exclude = ["body", "code", "inbox_key"]
    list_display = ["created_at", "to", "subject", "state", "tries"]
    list_filter = ["state"]
    search_fields = ["to", "subject"]
    date_hierarchy = "created_at"


@admin.register(TextMessage)
class TextMessageAdmin(LookedAt):
    """Which texts came and went. What we wrote, a code perhaps, is its reader's; what came to 2757 may be looked at."""

    fields = ["arrives_at", "phone", "direction", "asked", "state", "tries", "next_try_at", "last_error"]
    list_display = ["arrives_at", "phone", "direction", "asked", "state"]
    list_filter = ["direction", "state"]
    search_fields = ["phone"]
    search_help_text = "Cari nomor telepon"
    date_hierarchy = "arrives_at"
    show_full_result_count = False

    @admin.display(description="isi SMS masuk")
    def asked(self, message: TextMessage) -> str | None:
        return message.text if message.direction == TextMessage.Direction.IN else None
