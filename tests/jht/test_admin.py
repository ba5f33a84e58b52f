"""The clerk's desk: people and companies, lists, searches, who may do what."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from jht import actions, trail
from jht.models import AuditRecord, Employer, Entry, LinkAttempt, Membership, Participant, Rate, Removal
from tests.jht.factories import make_employer, make_membership, make_participant, pay, training_kpj, training_nik

pytestmark = pytest.mark.django_db
LISTS = ["participant", "employer", "membership", "contribution", "rate", "entry", "linkattempt", "removal"]
REAL_NIK = "3174" + "015503900001"  # the prefix of a real province


def membership_inline(**fields):
    rows = [fields] if fields else []
    data = {"memberships-TOTAL_FORMS": len(rows), "memberships-INITIAL_FORMS": 0}
    for number, row in enumerate(rows):
        data |= {f"memberships-{number}-{name}": value for name, value in row.items()}
    return data


def test_a_participant_and_the_first_kpj_are_entered_on_one_page(desk, clerk):
    company = make_employer()
    kpj = training_kpj()
    typed = {"nik": training_nik(date(1990, 3, 15)), "name": "Siti Rekaan", "birth_date": "15-03-1990"}
    inline = membership_inline(kpj=kpj, segment="PU", employer=company.pk, start="01-02-2020")

    response = desk.post("/petugas/jht/participant/add/", typed | inline)

    assert response.status_code == 302
    siti = Participant.objects.get(name="Siti Rekaan")
    assert siti.birth_date == date(1990, 3, 15)
    assert siti.memberships.get().kpj == kpj
    assert AuditRecord.objects.get(actor=clerk, act="entered").label == f"Siti Rekaan · {siti.nik}"


def test_a_real_nik_is_refused_and_neither_shown_nor_kept(desk, caplog):
    typed = {"nik": REAL_NIK, "name": "Siti Rekaan", "birth_date": "15-03-1990"}

    response = desk.post("/petugas/jht/participant/add/", typed | membership_inline())

    assert "tampak seperti NIK sungguhan" in response.text
    assert "Siti Rekaan" in response.text
    assert REAL_NIK not in response.text + caplog.text
    assert not Participant.objects.exists()


def test_a_real_nik_in_any_other_field_is_refused_too(desk):
    response = desk.post("/petugas/jht/employer/add/", {"npp": "L4900001", "name": f"PT {REAL_NIK}", "city": "Bogor"})

    assert "tampak seperti NIK sungguhan" in response.text
    assert REAL_NIK not in response.text
    assert 'value="Bogor"' in response.text
    assert not Employer.objects.exists()


@pytest.mark.parametrize("page", ["participant", "membership", "contribution", "entry", "employer"])
def test_a_real_nik_in_the_search_box_goes_no_further(desk, page):
    response = desk.get(f"/petugas/jht/{page}/", {"q": REAL_NIK}, follow=True)

    assert "tampak seperti NIK sungguhan" in response.text
    assert REAL_NIK not in response.text
    assert response.request["QUERY_STRING"] == ""


def test_a_birth_date_other_than_the_niks_is_pointed_out_and_saved(desk):
    typed = {"nik": training_nik(date(1990, 3, 15)), "name": "Siti Rekaan", "birth_date": "16-03-1990"}

    response = desk.post("/petugas/jht/participant/add/", typed | membership_inline(), follow=True)

    assert "Tanggal lahir berbeda dari tanggal dalam NIK" in response.text
    assert Participant.objects.exists()


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"birth_date": "31-02-1990"}, "tidak ada dalam kalender"),
        ({"birth_date": "03-15-1990"}, "Periksa urutannya"),
        ({"birth_date": "15-03-90"}, "Tahun pada tanggal ditulis dengan empat angka"),
        ({"birth_date": "kemarin"}, "Tanggal ditulis hari-bulan-tahun"),
        ({"birth_date": "01-01-9999"}, "Tanggal lahir berada antara"),
        ({"nik": "49abc"}, "NIK terdiri dari 16 angka"),
        ({"nik": "9" * 5000}, "NIK"),
        ({"name": ""}, "Nama lengkap masih kosong"),
        ({"name": "x" * 5000}, "120"),
        ({"user": "abc"}, None),
    ],
)
def test_rubbish_about_a_participant_gets_a_sentence_and_keeps_the_rest(desk, typed, sentence):
    good = {"nik": training_nik(), "name": "Siti Rekaan", "birth_date": "15-03-1990"}

    response = desk.post("/petugas/jht/participant/add/", good | typed | membership_inline())

    if sentence is None:  # a clerk does not choose accounts, so what is posted there counts for nothing
        assert Participant.objects.get().user is None
        return
    assert response.status_code == 200
    assert sentence in response.text
    for name, value in (good | typed).items():
        if name != "nik" or len(value) < 20:
            assert f'value="{value}"' in response.text or not value


@pytest.mark.parametrize(
    "typed",
    [
        {"participant": "abc"},
        {"participant": "9" * 30},
        {"employer": "9" * 19},
        {"segment": "XYZ"},
        {"start": "2020-99-99"},
        {"end": "01-01-2019"},
        {"kpj": "12345678901"},
        {"employer": ""},
    ],
)
def test_rubbish_about_a_membership_is_a_sentence_and_not_an_error(desk, typed):
    good = {
        "participant": make_participant().pk,
        "kpj": training_kpj(),
        "segment": "PU",
        "employer": make_employer().pk,
        "start": "01-02-2020",
        "end": "",
    }

    response = desk.post("/petugas/jht/membership/add/", good | typed)

    assert response.status_code == 200
    assert "errorlist" in response.text
    assert not Membership.objects.exists()


def test_rubbish_prefilled_through_the_address_leaves_the_choice_empty(desk):
    for page in ("membership/add/?participant=abc", "contribution/add/?membership=abc", "entry/add/?membership=9e9"):
        assert desk.get(f"/petugas/jht/{page}").status_code == 200


@pytest.mark.parametrize(("path", "kind"), [("name", "participant"), ("nik", "participant"), ("kpj", "participant")])
def test_participants_are_found_by_name_nik_and_kpj(desk, path, kind):
    wanted = make_membership(make_participant("Wanted Person"))
    make_membership(make_participant("Orang Lain"))
    number = {"name": "wanted", "nik": wanted.participant.nik, "kpj": wanted.kpj}[path]

    response = desk.get(f"/petugas/jht/{kind}/", {"q": number})

    assert "Wanted Person" in response.text
    assert "Orang Lain" not in response.text


@pytest.mark.parametrize("page", ["membership", "contribution", "entry"])
@pytest.mark.parametrize("by", ["name", "nik", "kpj", "npp", "company"])
def test_rows_of_a_membership_are_found_by_every_number(desk, page, by):
    wanted = make_membership(make_participant("Wanted Person"), make_employer("PT Dicari"))
    other = make_membership(make_participant("Orang Lain"))
    for membership in (wanted, other):
        pay(membership, date(2024, 1, 1))
    term = {
        "name": "wanted",
        "nik": wanted.participant.nik,
        "kpj": f"{wanted.kpj[:3]} {wanted.kpj[3:]}",
        "npp": wanted.employer.npp,
        "company": "dicari",
    }[by]

    response = desk.get(f"/petugas/jht/{page}/", {"q": term})

    assert "Wanted Person" in response.text
    assert "Orang Lain" not in response.text


@pytest.mark.parametrize(
    ("page", "query", "found"),
    [
        ("membership", "keadaan=aktif", {"Bekerja"}),
        ("membership", "keadaan=nonaktif", {"Selesai", "Mandiri"}),
        ("membership", "segment__exact=BPU", {"Mandiri"}),
        ("membership", "perusahaan=batik", {"Selesai"}),
        ("participant", "kepesertaan=aktif", {"Bekerja"}),
        ("participant", "kepesertaan=nonaktif", {"Selesai", "Mandiri", "Tanpa"}),
        ("participant", "kepesertaan=kosong", {"Tanpa"}),
        ("participant", "kepesertaan=BPU", {"Mandiri"}),
        ("participant", "akun=ada", set()),
        ("contribution", "perusahaan=batik", {"Selesai"}),
        ("contribution", "tahun=2024", {"Bekerja", "Selesai"}),
        ("contribution", "keadaan=batal", set()),
        ("entry", "kind__exact=correction", set()),
    ],
)
def test_filters_leave_what_they_say(desk, page, query, found):
    make_participant("Tanpa")
    running = make_membership(make_participant("Bekerja"))
    ended = make_membership(make_participant("Selesai"), make_employer("PT Batik"), end=date(2024, 6, 30))
    make_membership(make_participant("Mandiri"), segment="BPU", end=date(2024, 6, 30))
    for membership in (running, ended):
        pay(membership, date(2024, 1, 1))

    text = desk.get(f"/petugas/jht/{page}/?{query}").text

    assert {name for name in ("Bekerja", "Selesai", "Mandiri", "Tanpa") if f">{name}</" in text} == found


RUBBISH = [
    "q=%25%27%22%5C&p=zzz",
    "q=" + "a" * 5000,
    "p=99999999999999999999",
    "p=-1",
    "o=zzz.9.-9.999999",
    "all=&p=2",
    "e=1",
    "segment__exact=%22",
    "membership__segment__exact=zzz",
    "membership__id__exact=abc",
    "membership__id__exact=99999999999999999999999999",
    "participant__id__exact=99999999999999999999999999",
    "id__exact=99999999999999999999999999",
    "start__gte=31-02-2026",
    "month__year=abc",
    "keadaan=zzz&tahun=zzzz&kepesertaan=zzz&akun=9",
    "tahun=9999999999999999",
    "perusahaan=%27%3B--&kind__exact=%00"[:-3],
    "user__password__startswith=a",
    "_popup=1&_to_field=zzz",
    "_changelist_filters=zzz%3D%26",
    "credited_on__isempty=zzz&is_training__exact=zzz",
    "matched__exact=zzz",
    "action_flag__exact=zzz&user__id__exact=zzz&content_type__id__exact=99999999999999999999999",
]


@pytest.mark.parametrize("query", RUBBISH)
def test_rubbish_in_the_address_of_a_list_is_never_an_error(client, boss, query):
    client.force_login(boss)
    pay(make_membership(), date(2024, 1, 1))
    for page in [*(f"jht/{name}" for name in LISTS), "jht/auditrecord"]:
        response = client.get(f"/petugas/{page}/?{query}", follow=True)
        assert response.status_code in (200, 400), page
        assert "Galat basis data" not in response.text


@pytest.mark.parametrize("pk", ["abc", "0", "9" * 30, "1_27", "%00"[:-2] + "25"])
@pytest.mark.parametrize("tail", ["change/", "history/", "delete/"])
def test_rubbish_in_the_address_of_a_row_is_never_an_error(client, boss, pk, tail):
    client.force_login(boss)
    for page in LISTS:
        assert client.get(f"/petugas/jht/{page}/{pk}/{tail}", follow=True).status_code in (200, 403, 404), page


def fill(rows: int, user) -> None:
    company = make_employer()
    people = Participant.objects.bulk_create(
        Participant(nik=training_nik(), name=f"Orang {number}", birth_date=date(1990, 3, 15)) for number in range(rows)
    )
    memberships = Membership.objects.bulk_create(
        Membership(participant=person, employer=company, kpj=training_kpj(), segment="PU", start=date(2020, 1, 1))
        for person in people
    )
    actions.record_contributions(
        actions.wage_payment(membership, date(2024, 1, 1), 5_000_000, date(2024, 2, 1)) for membership in memberships
    )
    Employer.objects.bulk_create(Employer(npp=f"Z{number:07}", name=f"PT {number}") for number in range(rows))
    now = "2026-01-01T00:00Z"
    LinkAttempt.objects.bulk_create(LinkAttempt(user=user, at=now, matched=False) for _ in range(rows))
    Removal.objects.bulk_create(
        Removal(participant_id_was=10**9 + number, reason="contoh", at=now, removed_by=user) for number in range(rows)
    )
    Rate.objects.bulk_create(
        (Rate(year=2000 + number % 100, percent=5, source="contoh") for number in range(rows)), ignore_conflicts=True
    )
    trail.note_many(AuditRecord.Act.CHANGED, [people[0]] * rows, user, "contoh")


def queries(client, address: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


def test_a_list_costs_the_same_queries_at_ten_rows_and_at_a_thousand(client, boss):
    client.force_login(boss)
    pages = [f"/petugas/jht/{page}/{tail}" for page in LISTS for tail in ("", "?q=a", "?o=1", "?p=1")]
    pages += ["/petugas/jht/auditrecord/", "/petugas/"]
    fill(10, boss)
    client.get("/petugas/")
    few = {page: queries(client, page) for page in pages}
    Employer.objects.exclude(memberships__isnull=False).delete()
    Removal.objects.all().delete()
    fill(1_000, boss)
    many = {page: queries(client, page) for page in pages}

    assert many == few
    assert max(many.values()) <= 12


def test_a_member_of_forty_years_opens_with_the_queries_of_a_new_one(desk):
    new, old = make_membership(start=date(1985, 1, 1)), make_membership(start=date(1985, 1, 1))
    pay(new, date(2024, 1, 1))
    months = [date(1985 + number // 12, number % 12 + 1, 1) for number in range(480)]
    actions.record_contributions([actions.wage_payment(old, month, 5_000_000, month) for month in months])
    desk.get(f"/petugas/jht/membership/{new.pk}/change/")

    addresses = [f"/petugas/jht/membership/{row.pk}/change/" for row in (new, old)]
    assert len({queries(desk, address) for address in addresses}) == 1
    people = [f"/petugas/jht/participant/{row.participant_id}/change/" for row in (new, old)]
    assert len({queries(desk, address) for address in people}) == 1
    assert desk.get(addresses[1]).text.count("iuran Des 2024") == 1
    assert "iuran Jan 1985" not in desk.get(addresses[1]).text


def test_a_membership_with_a_ledger_keeps_its_person_number_segment_and_company(desk):
    membership = make_membership()
    pay(membership, date(2024, 1, 1))
    typed = {"kpj": training_kpj(), "segment": "JAKON", "start": "01-01-2020", "end": "31-12-2025"}

    response = desk.post(f"/petugas/jht/membership/{membership.pk}/change/", typed)

    kept = Membership.objects.get(pk=membership.pk)
    assert response.status_code == 302
    assert (kept.kpj, kept.segment, kept.end) == (membership.kpj, "PU", date(2025, 12, 31))


def test_choices_say_whose_kpj_it_is(desk):
    membership = make_membership(make_participant("Budi Latihan"), make_employer("PT Rekaan Jaya"))
    where = {"app_label": "jht", "model_name": "entry", "field_name": "membership", "term": "budi"}

    found = desk.get("/petugas/autocomplete/", where).json()["results"]

    assert found == [{"id": str(membership.pk), "text": f"{membership.kpj} · Budi Latihan · PT Rekaan Jaya"}]


def test_nobody_deletes_a_participant_with_a_kpj_the_ordinary_way(client, boss):
    client.force_login(boss)
    membership = make_membership()
    pay(membership, date(2024, 1, 1))

    for page, row in (("participant", membership.participant), ("membership", membership)):
        assert client.post(f"/petugas/jht/{page}/{row.pk}/delete/", {"post": "yes"}).status_code == 403
    assert Entry.objects.exists()


def test_a_removal_needs_a_reason_and_a_tick_and_leaves_a_record(client, boss):
    client.force_login(boss)
    person = make_membership(make_participant("Budi Latihan")).participant
    pay(person.memberships.get(), date(2024, 1, 1))
    address = f"/petugas/jht/participant/{person.pk}/hapus-rekaan/"

    refused = client.post(address, {"reason": "Kelas selesai"})
    assert "Penghapusan belum disetujui" in refused.text
    assert "Kelas selesai" in refused.text
    response = client.post(address, {"reason": "Kelas selesai", "confirm": "on"}, follow=True)

    assert "sudah dihapus" in response.text
    assert not Participant.objects.exists()
    assert not Entry.objects.exists()
    assert Removal.objects.get().removed_by == boss
    assert "Kelas selesai" in AuditRecord.objects.get(act="removed").told


def test_a_clerk_does_not_remove_people(desk):
    person = make_participant()
    assert "Hapus peserta rekaan" not in desk.get(f"/petugas/jht/participant/{person.pk}/change/").text
    assert desk.get(f"/petugas/jht/participant/{person.pk}/hapus-rekaan/").status_code == 403


def test_what_a_clerk_did_is_on_the_trail(desk, clerk):
    company = make_employer("PT Lama")
    desk.post(f"/petugas/jht/employer/{company.pk}/change/", {"npp": company.npp, "name": "PT Baru", "city": ""})

    trail = desk.get("/petugas/jht/auditrecord/").text
    history = desk.get(f"/petugas/jht/employer/{company.pk}/history/", follow=True).text

    assert clerk.email in trail
    assert f"PT Baru · {company.npp}" in trail
    assert clerk.email in history
