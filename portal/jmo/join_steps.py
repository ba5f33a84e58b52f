"""The questions of Buat Akun in the app: what each asks, what it makes of the answer."""

from dataclasses import asdict
from datetime import date

from allauth.account.internal.flows.signup import complete_signup
from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.generic.edit import FormView

from accounts import limits, outbox, signup
from accounts.forms import CodeForm, SignupEmailForm, TextCodeForm
from accounts.phones import phones_of
from jht import linking
from jht.models import Segment
from portal.jmo.join_forms import (
    CITIZEN,
    FOREIGNER,
    AgreeForm,
    ChoiceForm,
    OriginForm,
    PasswordForm,
    PersonForm,
    PhoneForm,
)
from portal.jmo.join_state import ANSWERED_BY, KEY, Answers, steps
from portal.practice import join_card


class StepView(FormView):
    """What every question has: its place, the way back, and on to the next one."""

    template_name = "jmo/join_step.html"
    http_method_names = ["get", "head", "post"]
    title = ""
    lede = ""
    button = "Selanjutnya"
    keeps: tuple[str, ...] = ()  # what was typed is still there when one comes back, sent or not
    slug = ""  # given by `step`
    answers: Answers = None  # likewise

    def get_context_data(self, **kwargs) -> dict:
        order = steps()
        place = order.index(self.slug)
        return super().get_context_data(**kwargs) | {
            "title": self.title,
            "lede": self.lede,
            "button": self.button,
            "places": range(1, len(order) + 1),
            "number": place + 1,
            "of": len(order),
            "before": self.before(),
            "keeps": self.keeps,
            "after": reverse("jmo:register_step", args=order[place + 1 : place + 2]) if place + 1 < len(order) else "",
            "answers": self.answers,
        }

    def post(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if self.keeps:
            form = self.get_form()  # which does not show a real person's number again
            typed = {name: form[name].value() or "" for name in self.keeps if name in form.fields}
            self.answers.draft(self.slug, {name: text for name, text in typed.items() if text})
        if "kembali" in request.POST:
            return redirect(self.before())
        return super().post(request, *args, **kwargs)

    def before(self) -> str:
        place = steps().index(self.slug)
        return reverse("jmo:register_step", args=[steps()[place - 1]]) if place else reverse("jmo:home")

    def on(self) -> HttpResponse:
        order = steps()
        if self.keeps:
            self.answers.draft(self.slug, {})  # accepted: from now on it is shown as it was understood
        return redirect("jmo:register_step", order[order.index(self.slug) + 1])


class ChoiceView(StepView):
    template_name = "jmo/join_choice.html"
    form_class: type[ChoiceForm] = ChoiceForm
    choices: tuple[tuple[str, str], ...]
    notes: dict[str, str] = {}

    def get_form_kwargs(self) -> dict:
        return super().get_form_kwargs() | {"choices": self.choices, "label": self.title, "notes": self.notes}

    def get_initial(self) -> dict:
        return {"answer": self.answers.get(ANSWERED_BY[self.slug])}


class MemberView(ChoiceView):
    title = "Apakah Anda sudah menjadi peserta?"
    lede = "Peserta mempunyai nomor KPJ, 11 angka pada kartu peserta."
    choices = (("ya", "Ya, saya sudah daftar"), ("belum", "Belum"))

    def form_valid(self, form: ChoiceForm) -> HttpResponse:
        if form.cleaned_data["answer"] == "belum":
            return redirect("jmo:register_not_yet")
        self.answers.note(member="ya")
        return self.on()


class OriginView(ChoiceView):
    """One of the two questions of which each limits the other. Another answer asks for the data to be judged anew."""

    form_class = OriginForm
    other = ""

    def get_form_kwargs(self) -> dict:
        return super().get_form_kwargs() | {"other": self.answers.get(self.other)}

    def form_valid(self, form: OriginForm) -> HttpResponse:
        name, answer = ANSWERED_BY[self.slug], form.cleaned_data["answer"]
        if self.answers.get(name) != answer:
            self.answers.forget("fits")
        self.answers.note(**{name: answer})
        return self.on()


class SegmentView(OriginView):
    title = "Pilih jenis kepesertaan"
    choices = tuple((one.value, f"{one.label} ({one.value})") for one in (Segment.PU, Segment.BPU, Segment.PMI))
    notes = {
        "PU": "Bekerja dengan upah. Perusahaan membayarkan iuran setiap bulan.",
        "BPU": "Bekerja sendiri, misalnya berdagang. Anda membayar iuran sendiri menurut penghasilan.",
        "PMI": "Bekerja di luar negeri. Anda memilih sendiri besar iurannya. Hanya untuk WNI.",
    }
    other = "citizenship"


class CitizenshipView(OriginView):
    title = "Pilih kewarganegaraan"
    choices = (
        (CITIZEN, f"Warga Negara Indonesia ({CITIZEN})"),
        (FOREIGNER, f"Warga Negara Asing ({FOREIGNER})"),
    )
    notes = {
        CITIZEN: "Dikenali dengan NIK.",
        FOREIGNER: "Dikenali dengan nomor paspor. SMS ke 2757 meminta NIK, jadi saldo dilihat di aplikasi dan portal.",
    }
    other = "segment"


class PersonView(StepView):
    template_name = "jmo/join_person.html"
    keeps = ("name", "birth_date", "nik", "passport", "kpj")
    title = "Lengkapi data diri"
    lede = "Isi persis seperti pada kartu peserta Anda."
    form_class = PersonForm

    def get_form_kwargs(self) -> dict:
        chosen = {"segment": self.answers["segment"], "citizenship": self.answers["citizenship"]}
        return super().get_form_kwargs() | {"request": self.request, **chosen}

    def get_initial(self) -> dict:
        typed = dict(self.answers.get("person", {}))
        if typed:
            typed["birth_date"] = date.fromisoformat(typed["birth_date"])
        return typed | self.answers.drafted(self.slug)

    def form_valid(self, form: PersonForm) -> HttpResponse:
        person = form.cleaned_data | {"birth_date": form.cleaned_data["birth_date"].isoformat()}
        self.answers.note(person=person, fits=True)
        return self.on()

    def get_context_data(self, **kwargs) -> dict:
        is_foreign = self.answers["citizenship"] == FOREIGNER
        key = outbox.claim_inbox(self.request)
        card = join_card(self.answers["segment"], is_foreign=is_foreign, key=key)
        return super().get_context_data(**kwargs) | {"card": card}


class EmailView(StepView):
    template_name = "jmo/join_email.html"
    keeps = ("email",)
    title = "E-mail Anda"
    lede = "Kami mengirim kode enam angka ke alamat ini."
    form_class = SignupEmailForm
    button = "Kirim kode"

    def get_form_kwargs(self) -> dict:
        return super().get_form_kwargs() | {"request": self.request}

    def get_initial(self) -> dict:
        return {"email": self.answers.get("signup", {}).get("email", "")} | self.answers.drafted(self.slug)

    def form_valid(self, form: SignupEmailForm) -> HttpResponse:
        pending = signup.begin(self.request, form.cleaned_data["email"], None, "", self.request.now)
        keep_mail(self.answers, pending)
        return self.on()


def keep_mail(answers: Answers, pending: signup.PendingSignup) -> None:
    """The sign-up is ours alone: the web's page for codes must not make an account without a kata sandi of it."""
    answers.session.pop(signup.SESSION_KEY, None)
    answers.forget("email_is_proved")
    answers.note(signup=asdict(pending))


class CodeView(StepView):
    """Six digits that came by mail or by text; or another six."""

    template_name = "jmo/join_code.html"
    title = "Masukkan kode"

    def pending(self) -> signup.Awaited:
        raise NotImplementedError

    def to(self) -> str:
        """Where the code went."""
        raise NotImplementedError

    def renew(self, pending: signup.Awaited) -> None:
        raise NotImplementedError

    def get_form_kwargs(self) -> dict:
        pending = self.pending()
        return super().get_form_kwargs() | {
            "request": self.request,
            "email": self.to(),
            "code_id": pending.code_id,
            "expected": pending.code,
            "earlier": pending.earlier,
            "expired": pending.code_expired(self.request.now),
        }

    def get_context_data(self, **kwargs) -> dict:
        is_proved = bool(self.answers.get(ANSWERED_BY[self.slug]))
        return super().get_context_data(**kwargs) | {"to": self.to(), "is_proved": is_proved, "by": self.slug}

    def post(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if self.answers.get(ANSWERED_BY[self.slug]):
            return self.on()  # proved before: a repeated click
        if request.POST.get("action") != "resend":
            return super().post(request, *args, **kwargs)
        try:
            self.renew(self.pending())
        except ValidationError as error:
            messages.error(request, error.message)
        else:
            messages.success(request, "Kode baru sudah dikirim. Kode yang lama tidak berlaku lagi.")
        return redirect("jmo:register_step", self.slug)

    def form_valid(self, form: CodeForm) -> HttpResponse:
        self.answers.note(**{ANSWERED_BY[self.slug]: True})
        return self.on()


class MailCodeView(CodeView):
    form_class = CodeForm

    def pending(self) -> signup.PendingSignup:
        return self.answers.pending_mail()

    def to(self) -> str:
        return self.answers["signup"]["email"]

    def renew(self, pending: signup.PendingSignup) -> None:
        signup.resend(self.request, pending, self.request.now)
        keep_mail(self.answers, pending)


class TextCodeView(CodeView):
    form_class = TextCodeForm

    def pending(self) -> signup.PendingPhone:
        return self.answers.pending_text()

    def to(self) -> str:
        return self.answers["phone"]["number"]

    def renew(self, pending: signup.PendingPhone) -> None:
        signup.resend_phone(pending, self.request.now)
        self.answers.note(phone=asdict(pending))


class PhoneView(StepView):
    template_name = "jmo/join_phone.html"
    keeps = ("phone",)
    title = "Nomor handphone"
    lede = "Kami mengirim kode enam angka lewat SMS ke nomor ini."
    form_class = PhoneForm
    button = "Kirim kode"

    def get_form_kwargs(self) -> dict:
        return super().get_form_kwargs() | {"request": self.request}

    def get_initial(self) -> dict:
        return {"phone": self.answers.get("phone", {}).get("number", "")} | self.answers.drafted(self.slug)

    def get_context_data(self, **kwargs) -> dict:
        phones = phones_of(outbox.claim_inbox(self.request)) if settings.DEMO else []
        return super().get_context_data(**kwargs) | {"phones": phones}

    def form_valid(self, form: PhoneForm) -> HttpResponse:
        try:
            pending = signup.begin_phone(form.cleaned_data["phone"], self.request.now)
        except ValidationError as error:
            form.add_error("phone", error)
            return self.form_invalid(form)
        self.answers.forget("phone_is_proved")
        self.answers.note(phone=asdict(pending))
        return self.on()


class PasswordView(StepView):
    template_name = "jmo/join_password.html"
    title = "Buat kata sandi"
    lede = "Untuk login di aplikasi ini dan di portal web."
    form_class = PasswordForm

    def get_form_kwargs(self) -> dict:
        return super().get_form_kwargs() | {"email": self.answers["signup"]["email"]}

    def form_valid(self, form: PasswordForm) -> HttpResponse:
        self.answers.note(password=make_password(form.cleaned_data["password1"]))
        return self.on()


class AgreeView(StepView):
    template_name = "jmo/join_agree.html"
    title = "Syarat dan ketentuan"
    form_class = AgreeForm
    button = "Setuju"

    def form_valid(self, form: forms.Form) -> HttpResponse:
        """The account, its phone and its KPJ, all or nothing, and once however often the button is pressed."""
        pending = self.answers.pending_mail()
        pending.password = self.answers["password"]
        who, phone = self.answers.identity(), self.answers["phone"]["number"]
        try:
            with transaction.atomic():
                if not limits.use_once("jmo-join", pending.id, signup.WAITS, self.request.now):
                    messages.info(self.request, "Akun Anda sudah jadi. Login dengan e-mail dan kata sandi Anda.")
                    return redirect("jmo:login")
                user = signup.finish(self.request, pending, phone=phone)
                try:
                    linking.link_participant(user, who, self.request.now)
                except linking.NoMatch:  # somebody linked this person since the data were judged
                    messages.warning(self.request, "Peserta itu baru saja terhubung dengan akun lain.")
                del self.request.session[KEY]
                return complete_signup(self.request, user=user, redirect_url=reverse("jmo:register_done"))
        except signup.AlreadyThere:
            self.answers.forget("signup", "email_is_proved")
            messages.error(self.request, "Alamat ini sudah punya akun. Login, atau minta kata sandi baru.")
            return redirect("jmo:login")


VIEWS = {
    "peserta": MemberView,
    "jenis": SegmentView,
    "kewarganegaraan": CitizenshipView,
    "data": PersonView,
    "email": EmailView,
    "kode-email": MailCodeView,
    "handphone": PhoneView,
    "kode-sms": TextCodeView,
    "kata-sandi": PasswordView,
    "setuju": AgreeView,
}
