"""From the desk of one seat, every address of it is tried with what belongs to a neighbour and to the house: whatever
is there is answered as if it were not, and nothing of it changes. The house's own clerks see no seat's people.
"""

import io
import re
from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.db.models import Q
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from accounts.models import OutboxMessage, TextMessage
from accounts.phones import phones_of
from jht import exports
from jht.models import (
    AuditRecord,
    Claim,
    ClaimDocument,
    ClaimStep,
    Contribution,
    Employer,
    Entry,
    ImportJob,
    Membership,
    MergeRequest,
    Participant,
    Removal,
)
from portal import cast, casting
from portal.training.seats import exercises, seating
from tests.portal.training.conftest import TODAY, person
from tests.portal.training.test_clerk_seat import at_the_desk, company, listed

NOBODY = 9_000_000_000  # a key that no row has
ROWS = (Participant, Employer, Membership, Contribution, Entry, Claim, MergeRequest, ImportJob)
FOREIGN_KEYS = (("membership", "participant"), ("membership", "employer"), ("contribution", "membership"),
                ("entry", "membership"), ("participant", "user"))  # fmt: skip


@pytest.fixture
def house(demo):
    """A few people of the house with all that can be worked on, and a file that its clerk has brought in."""
    people = [one for one in cast.PEOPLE if one.slug in ("budi", "siti", "ratna")]
    _, siti, _ = casting.make_people(people, cast.CLAIMS, TODAY)
    first, second, third = siti.memberships.order_by("start")
    MergeRequest.objects.create(participant=siti, target=third, asked_on=TODAY).sources.set([first, second])
    clerk = get_user_model().objects.create_user("petugas@latih.test", "x", is_staff=True)
    clerk.groups.add(Group.objects.get(name="Petugas"))
    ImportJob.objects.create(kind="contributions", file_name="rumah.csv", file_hash="r", created_at=timezone.now(),
                             created_by=clerk, marked_copy=b"rahasia")  # fmt: skip
    browser = Client()
    browser.force_login(clerk)
    return browser


@pytest.fixture
def neighbour(real_clock, house, sit):
    """Another seat's desk, with a file and a line in the trail."""
    browser = at_the_desk(sit("Bela"))
    ImportJob.objects.create(kind="contributions", file_name="bela.csv", file_hash="b", created_at=timezone.now(),
                             created_by=browser.seat.clerk, marked_copy=b"rahasia")  # fmt: skip
    browser.get(f"/petugas/jht/participant/{person(browser.seat, 'budi').participant.pk}/change/")
    return browser


@pytest.fixture
def desk(neighbour, sit):
    return at_the_desk(sit("Andi"))


def patterns(resolver, before=""):
    for entry in resolver.url_patterns:
        path = before + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from patterns(entry, path)
        elif isinstance(entry, URLPattern):
            yield path


def desk_patterns() -> list[str]:
    return [path for path in patterns(get_resolver()) if path.startswith("petugas/") and "autocomplete" not in path]


def foreign(model, desk):
    """The rows of the neighbour and of the house: everything that is not this seat's."""
    own = desk.seat.people.values("participant")
    if model is Employer:
        return Employer.objects.exclude(pk__in=desk.seat.employers.values("employer"))
    if model is ImportJob:
        return ImportJob.objects.exclude(created_by=desk.seat.clerk)
    if model is AuditRecord:
        return AuditRecord.objects.exclude(participant_id_was__in=own).exclude(actor=desk.seat.clerk)
    path = {Participant: "pk", Membership: "participant", MergeRequest: "participant"}.get(model)
    return model.objects.exclude(**{f"{path or 'membership__participant'}__in": own})


def keys_for(path: str, desk) -> list[int]:
    """Of the kind of row that this address is about: some of the neighbour's and some of the house's."""
    named = path.removeprefix("petugas/").partition("/")[2].partition("/")[0]
    for model in (*ROWS, AuditRecord):
        if model._meta.model_name == named:
            keys = list(foreign(model, desk).order_by("pk").values_list("pk", flat=True))
            return [*keys[:2], *keys[-2:]]
    return [1]


def filled(path: str, key: int) -> str:
    path = re.sub(r"\(\?P<\w+>[^)]*\)|[\^$]|\\Z", "1", path) if "(?P" in path else path
    for name, value in (("kind", "contributions"), ("extension", "csv"), ("object_id", key), ("pk", key)):
        path = re.sub(rf"<(?:\w+:)?{name}>", str(value), path)
    return "/" + re.sub(r"<(?:\w+:)?\w+>", str(key), path)


def secrets_of(desk) -> set[str]:
    """What may be read at no other desk: numbers of people, companies and claims, accounts."""
    claims = foreign(Claim, desk).values_list("number", flat=True)
    seats_own = Employer.objects.filter(npp__startswith="L49").exclude(npp__in=cast.COMPANIES)
    companies = seats_own.exclude(pk=company(desk.seat).pk).values_list("npp", flat=True)
    people = foreign(Participant, desk)
    accounts = people.filter(user__isnull=False).values_list("user__email", flat=True)
    return {
        *claims, *companies, *accounts, "rumah.csv", "bela.csv", "rahasia", "petugas@latih.test",
        *foreign(Membership, desk).values_list("kpj", flat=True), *(one.identity for one in people),
    }  # fmt: skip


def rows_of_others(desk) -> list:
    """Everything that must stay as it is."""
    kept = [list(foreign(model, desk).order_by("pk").values_list()) for model in ROWS]
    claims = foreign(Claim, desk).values("pk")
    return [
        *kept,
        list(ClaimStep.objects.filter(claim__in=claims).order_by("pk").values_list()),
        list(ClaimDocument.objects.filter(claim__in=claims).order_by("pk").values_list()),
        foreign(AuditRecord, desk).count(),
    ]


def body(response) -> str:
    raw = b"".join(response) if response.streaming else response.content
    return raw.decode("latin-1")


def same_answer(one, other, key: int) -> bool:
    """Whether a row of somebody else is answered as one that does not exist."""
    places = [answer.get("Location", "").replace(str(which), "#") for answer, which in ((one, key), (other, NOBODY))]
    return one.status_code == other.status_code and places[0] == places[1]


TYPED = {
    "post": "yes", "name": "Diubah", "npp": "L49UBAH1", "city": "", "start": "01-01-2020", "reason": "Salah",
    "confirm": "on", "tolak-refusal": "other", "tolak-message": "Tidak", "tolak-answer": "Tidak",
    "minta-message": "Lengkapi", "amount": "100", "kind": "contributions",
}  # fmt: skip


def test_no_address_of_the_desk_shows_or_changes_what_is_not_the_seats(desk):
    hidden, before = secrets_of(desk), rows_of_others(desk)
    tried = 0

    for pattern in desk_patterns():
        if "logout" in pattern:
            continue
        nothing = filled(pattern, NOBODY)
        for key in keys_for(pattern, desk):
            path = filled(pattern, key)
            response, posted = desk.get(path), desk.post(path, TYPED)
            text = body(response) + body(posted)
            found = [secret for secret in hidden if secret in text]
            assert not found or "/templat/" in path, f"{path} shows {found}"  # a template has its printed examples
            assert response.status_code < 500 and posted.status_code < 500, path
            if str(key) in path and path != nothing:
                assert same_answer(response, desk.get(nothing), key), path
                assert same_answer(posted, desk.post(nothing, TYPED), key), path
            tried += 1

    assert tried > 150
    assert rows_of_others(desk) == before


def test_no_list_filter_search_or_download_finds_them(desk):
    hidden = secrets_of(desk)
    named = Q(participant__name__startswith="Budi") | Q(participant__name__startswith="Wulan")
    theirs = list(foreign(Membership, desk).filter(named))
    asked = [text for row in theirs for text in (row.kpj, row.participant.identity, row.participant.name)]
    asked += [company_.npp for company_ in foreign(Employer, desk)]

    for page in (model._meta.model_name for model in ROWS):
        for text in asked:
            for query in (f"q={text}", f"perusahaan={text}"):
                for path in (f"/petugas/jht/{page}/?{query}", f"/petugas/jht/{page}/unduh/csv/?{query}"):
                    text_shown = body(desk.get(path)).replace(text, "")
                    assert not [secret for secret in hidden if secret in text_shown], path
    for row in theirs:
        for number in (row.kpj, row.participant.identity, row.participant_id):
            assert listed(desk, f"auditrecord/?peserta={number}") == []
    for extension in exports.FORMATS:
        whole = body(desk.get(f"/petugas/jht/membership/unduh/{extension}/"))
        assert not [secret for secret in hidden if secret in whole]


@pytest.mark.parametrize("model, field", FOREIGN_KEYS)
def test_no_choice_offers_them(desk, model, field):
    hidden = secrets_of(desk)
    answer = desk.get(f"/petugas/autocomplete/?app_label=jht&model_name={model}&field_name={field}&term=4")

    assert not [secret for secret in hidden if secret in answer.text]


def test_no_form_takes_them(desk):
    before, own = rows_of_others(desk), person(desk.seat, "joko").participant
    for row in (foreign(Membership, desk).order_by("pk").first(), foreign(Membership, desk).order_by("pk").last()):
        for page in ("contribution", "entry"):
            assert row.kpj not in desk.get(f"/petugas/jht/{page}/add/?membership={row.pk}").text
        money = {"membership": row.pk, "month": "02-2026", "wage": "3000000", "paid_on": "10-03-2026"}
        assert "tidak ada dalam daftar" in desk.post("/petugas/jht/contribution/add/", money).text
        correction = {"membership": row.pk, "amount": "1000", "reason": "Salah", "form_key": "a" * 22}
        assert "tidak ada dalam daftar" in desk.post("/petugas/jht/entry/add/", correction).text
        kpj = {"participant": row.participant_id, "kpj": "49799999991", "segment": "BPU", "start": "01-02-2026"}
        assert "tidak ada dalam daftar" in desk.post("/petugas/jht/membership/add/", kpj).text
        claim = {"kpj": row.kpj, "reason": "resigned", "bank": "Bank Latihan Utara", "number": "49000000", "name": "X"}
        assert "tidak terdaftar" in desk.post("/petugas/jht/claim/add/", claim).text
    for employer in foreign(Employer, desk):
        kpj = {"participant": own.pk, "kpj": "49799999992", "segment": "PU", "start": "01-02-2026"}
        kpj["employer"] = employer.pk
        assert "tidak ada dalam daftar" in desk.post("/petugas/jht/membership/add/", kpj).text

    assert not Membership.objects.filter(kpj__startswith="497999").exists()
    assert rows_of_others(desk) == before


def brought_in(desk, kind: str, text: str) -> ImportJob:
    file = io.BytesIO(text.encode())
    file.name = f"{kind}.csv"
    desk.post("/petugas/jht/importjob/add/", {"kind": kind, "file": file})
    return ImportJob.objects.latest("pk")


def test_no_file_reaches_them(desk, neighbour):
    theirs, own = company(neighbour.seat), company(desk.seat)
    worker, mine = theirs.memberships.first(), own.memberships.first()
    house = Membership.objects.get(kpj="49000000011")
    joko = person(desk.seat, "joko").participant
    months = "Nomor KPJ;Bulan;Upah;Tanggal bayar\n" + "".join(
        f"{kpj};01-2026;3000000;10-02-2026\n" for kpj in (worker.kpj, house.kpj, mine.kpj)
    )
    memberships = (
        "NIK;Nomor KPJ;Segmen;NPP;Mulai\n"
        f"{joko.nik};49799999991;PU;{theirs.npp};01-02-2026\n"
        f"{worker.participant.nik};49799999992;PU;{own.npp};01-02-2026\n"
        f"{house.participant.nik};49799999993;BPU;;01-02-2026\n"
    )
    companies = f"NPP;Nama perusahaan;Kota\n{theirs.npp};{theirs.name};{theirs.city}\n"
    nobody = f"NIK;Nama;Tanggal lahir\n{worker.participant.nik};{worker.participant.name};01-01-1990\n"

    def problems(kind: str, text: str) -> list[tuple[int, str]]:
        job = brought_in(desk, kind, text)
        assert job.fault_count == len(job.faults) and job.rows_known == 0
        return [(fault["row"], fault["problem"]) for fault in job.faults]

    assert problems("contributions", months) == [
        (2, f"KPJ {worker.kpj} tidak ada."), (3, f"KPJ {house.kpj} tidak ada."),
    ]  # fmt: skip
    assert [row for row, problem in problems("memberships", memberships) if "ini tidak ada" in problem] == [2, 3, 4]
    assert [problem for _, problem in problems("employers", companies)] == [
        "NPP ini sudah dipakai perusahaan lain. Periksa nomornya."
    ]
    assert len(problems("participants", nobody)) == 1


def test_the_same_file_of_a_neighbour_is_no_answer_to_mine(desk, neighbour):
    text = "Nomor KPJ;Bulan;Upah;Tanggal bayar\n49000000011;01-2026;3000000;10-02-2026\n"
    job = brought_in(neighbour, "contributions", text)
    ImportJob.objects.filter(pk=job.pk).update(state=ImportJob.State.DONE, ended_at=timezone.now())

    assert brought_in(desk, "contributions", text).state == ImportJob.State.REHEARSED


def test_a_clock_turned_ahead_ends_no_import_of_another(desk, neighbour):
    running = ImportJob.objects.get(file_name="bela.csv")
    ImportJob.objects.filter(pk=running.pk).update(state="writing", heartbeat_at=timezone.now())
    desk.post("/kelas/jam/", {"ke": "akhir-tahun"})
    desk.get("/petugas/jht/importjob/")

    running.refresh_from_db()
    assert running.state == "writing" and running.marked_copy is not None


# --- The house -----------------------------------------------------------------------------------------------
def names_of_seats() -> set[str]:
    return set(Membership.objects.filter(kpj__startswith="497").values_list("kpj", flat=True))


def test_the_lists_of_the_house_are_the_houses(house, desk):
    assert {row.nik for row in listed(house, "participant/")} == set(
        foreign(Participant, desk).filter(nik__startswith="497101").values_list("nik", flat=True)
    )
    assert len(listed(house, "claim/")) == 1
    assert len(listed(house, "mergerequest/")) == 1
    assert {row.npp for row in listed(house, "employer/")} == cast.COMPANIES.keys()
    assert [row.file_name for row in listed(house, "importjob/")] == ["rumah.csv"]
    for page in ("membership", "contribution", "entry", "auditrecord"):
        assert not [kpj for kpj in names_of_seats() if kpj in house.get(f"/petugas/jht/{page}/").text]


def test_what_a_reset_and_the_end_of_a_class_leave_behind_is_none_of_the_house(house, desk):
    company_ = company(desk.seat)
    desk.post(f"/petugas/jht/employer/{company_.pk}/change/", {"npp": company_.npp, "name": "CV Lain", "city": ""})
    desk.post("/kelas/ulangi/")
    seating.end(desk.seat.classroom, timezone.now() - timedelta(days=8))
    seating.sweep(timezone.now())
    written = AuditRecord.objects.exclude(participant_id_was__in=Participant.objects.values("pk"))
    removals = Removal.objects.count()
    boss = Group.objects.get(name="Pelatih").user_set.create(email="kepala@latih.test", is_staff=True)
    house.force_login(boss)

    assert written.count() > 100 and removals > 100
    assert {row.participant_id_was for row in listed(house, "auditrecord/")} <= {
        *Participant.objects.values_list("pk", flat=True), None,
    }  # fmt: skip
    assert not [row for row in listed(house, "auditrecord/") if row.label.startswith("CV")]
    assert listed(house, "removal/") == []


def test_a_month_and_the_arrears_of_a_company_of_the_house_are_of_its_own_workers(house, desk):
    coffee = Employer.objects.get(npp="L4900001")
    lines = house.get(f"/petugas/jht/employer/{coffee.pk}/iuran-sebulan/").context["lines"]
    theirs = person(desk.seat, "maya").participant.memberships.get()
    rina = person(desk.seat, "rina").participant.memberships.get()
    typed = {f"m{theirs.pk}-take": "on", f"m{theirs.pk}-wage": "5000000"}
    before = theirs.contributions.count()
    month = f"/petugas/jht/employer/{coffee.pk}/iuran-sebulan/?bulan=02-2026&dibayar=10-03-2026"
    house.post(month, typed)

    assert [line.form.membership.kpj for line in lines] == ["49000000011"]
    assert theirs.contributions.count() == before
    assert rina.employer.name not in house.get("/petugas/jht/employer/tunggakan/").text
    assert rina.kpj not in house.get(f"/petugas/jht/employer/{rina.employer_id}/tunggakan/").text


def test_the_accounts_and_mails_that_a_trainer_looks_at_are_the_houses(house, desk, trainer):
    for key, name in ((desk.seat.inbox_key, "kursi"), ("", "rumah")):
        OutboxMessage.objects.create(to=f"{name}@latih.test", subject=name, inbox_key=key)
    for number in (phones_of(desk.seat.inbox_key)[0].number, "08490000000001"):
        TextMessage.objects.create(phone=number, direction="in", text="halo", arrives_at=timezone.now())

    assert {row.email for row in trainer.get("/petugas/accounts/user/").context["cl"].result_list} == {
        "petugas@latih.test", "guru@latih.test",
    }  # fmt: skip
    assert [row.subject for row in trainer.get("/petugas/accounts/outboxmessage/").context["cl"].result_list] == [
        "rumah"
    ]
    assert [row.phone for row in trainer.get("/petugas/accounts/textmessage/").context["cl"].result_list] == [
        "08490000000001"
    ]


def test_a_superuser_sees_everybody(desk, admin_client):
    wulan = person(desk.seat, exercises.MERGED).participant

    assert wulan in listed(admin_client, f"participant/?q={wulan.nik}")


def test_the_scope_costs_no_query(desk, house, django_assert_max_num_queries):
    """Session, user, seat and clock come first; the list itself is asked as ever, whoever looks."""
    asked = {}
    for name, browser in (("seat", desk), ("house", house)):
        for page in ("participant", "membership", "contribution", "claim"):
            browser.get(f"/petugas/jht/{page}/")
            with django_assert_max_num_queries(14) as queries:
                browser.get(f"/petugas/jht/{page}/")
            asked[name, page] = sum("jht_" in query["sql"] for query in queries.captured_queries)

    assert all(asked["seat", page] == asked["house", page] for page in ("participant", "membership", "contribution"))
