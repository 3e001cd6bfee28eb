import pytest
from django.urls import reverse

from accounts.models import Organisation
from accounts.services import create_organisation
from audit.models import AuditEvent
from common.wording import Country, OrganisationKind, Wording

PAGE = "/organisasjon/opplysninger/"
CHANGED = {
    "name": "Region Fjordvik",
    "document_language": "sv",
    "country": "se",
    "kind": "region",
}


def facts(organisation: Organisation) -> dict[str, str]:
    organisation.refresh_from_db()
    return {field: getattr(organisation, field) for field in CHANGED}


def events() -> list[tuple[object, dict[str, object]]]:
    return list(
        AuditEvent.objects.filter(action="organisation.updated").values_list("actor", "details")
    )


def test_an_organisation_is_a_norwegian_municipality_unless_told(organisation):
    assert organisation.wording == Wording(Country.NORWAY, OrganisationKind.MUNICIPALITY)


@pytest.mark.parametrize("wrong", [{"country": "xx"}, {"kind": "hotel"}])
def test_an_organisation_of_an_unknown_country_or_kind_is_refused(db, wrong):
    with pytest.raises(Exception, match="is not a valid choice"):
        create_organisation(name="X", document_language="nb", **wrong)
    assert Organisation.objects.count() == 0


def test_the_page_shows_what_is_said_about_the_organisation(as_administrator):
    form = as_administrator.get(PAGE).context["form"]
    assert {name: form[name].value() for name in CHANGED} == {
        "name": "Fjordvik kommune",
        "document_language": "nb",
        "country": "no",
        "kind": "municipality",
    }


def test_other_pages_of_the_organisation_lead_there(as_administrator):
    assert PAGE in as_administrator.get(reverse("accounts:people")).content.decode()


def test_the_administrator_changes_the_organisation(as_administrator, administrator, organisation):
    response = as_administrator.post(PAGE, CHANGED)
    assert (response.status_code, response.url) == (302, PAGE)
    assert facts(organisation) == CHANGED
    assert organisation.wording == Wording(Country.SWEDEN, OrganisationKind.REGION)
    assert events() == [
        (administrator.pk, {"changed": ["country", "document_language", "kind", "name"]})
    ]


def test_saving_without_a_change_leaves_no_trace(as_administrator, organisation):
    as_administrator.post(PAGE, facts(organisation))
    assert events() == []


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"name": ""}, ["name"]),
        ({"name": "x" * 151}, ["name"]),
        ({"name": "nabodal KOMMUNE"}, ["__all__"]),
        ({"document_language": "fi"}, ["document_language"]),
        ({"country": "de"}, ["country"]),
        ({"country": ""}, ["country"]),
        ({"kind": "hotel"}, ["kind"]),
    ],
)
def test_wrong_facts_are_refused_and_what_was_typed_stays(
    as_administrator, organisation, neighbour, fields, wrong
):
    before = facts(organisation)
    response = as_administrator.post(PAGE, {**CHANGED, **fields})
    form = response.context["form"]
    assert (response.status_code, list(form.errors)) == (200, wrong)
    assert {name: form[name].value() for name in CHANGED} == {**CHANGED, **fields}
    assert (facts(organisation), events()) == (before, [])
    assert "Fjordvik kommune" in response.content.decode()


def test_only_administrators_of_the_organisation_reach_the_page(
    client, colleague, neighbour, organisation
):
    before = facts(organisation)
    client.force_login(colleague)
    assert (client.get(PAGE).status_code, client.post(PAGE, CHANGED).status_code) == (403, 403)
    client.force_login(neighbour)
    client.post(PAGE, CHANGED)
    assert facts(organisation) == before
    assert facts(neighbour.organisation) == CHANGED
