import io
import re

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from accounts.models import Organisation, User
from accounts.policy import OrganisationRole
from accounts.selectors import organisation_roles
from accounts.services import create_organisation
from common.wording import Country, OrganisationKind, Wording


def run(name="Fjordvik kommune", email="sjef@fjordvik.test", **options) -> str:
    out = io.StringIO()
    call_command(
        "create_organisation",
        name,
        administrator_email=email,
        administrator_name="Siv Sjef",
        stdout=out,
        **options,
    )
    return out.getvalue()


def test_the_first_administrator_gets_a_link_that_works(client, db):
    printed = run(language="nn", base_url="https://veikart.fjordvik.test/")
    person = User.objects.get(email="sjef@fjordvik.test")
    assert (person.organisation.name, person.organisation.document_language) == (
        "Fjordvik kommune",
        "nn",
    )
    assert organisation_roles(person) == {OrganisationRole.ADMINISTRATOR}
    link = re.search(r"https://veikart\.fjordvik\.test(/\S+)", printed).group(1)
    page = client.get(link, follow=True)
    assert page.context["validlink"] is True
    words = {"new_password1": "havre-trapp-sykkel", "new_password2": "havre-trapp-sykkel"}
    assert client.post(page.redirect_chain[-1][0], words).url == reverse("start")
    assert client.get(reverse("accounts:people")).status_code == 200


def test_country_and_kind_choose_the_wording(db):
    run()
    run("Region Skogsbygd", "chef@skogsbygd.test", language="sv", country="se", kind="region")
    assert [organisation.wording for organisation in Organisation.objects.order_by("name")] == [
        Wording(Country.NORWAY, OrganisationKind.MUNICIPALITY),
        Wording(Country.SWEDEN, OrganisationKind.REGION),
    ]


def test_a_password_can_come_from_a_file(db, tmp_path):
    file = tmp_path / "password"
    file.write_text("havre-trapp-sykkel\n", encoding="utf-8")
    printed = run(password_file=file)
    assert "havre" not in printed
    assert "passord/velg" not in printed
    assert User.objects.get().check_password("havre-trapp-sykkel")


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (None, "cannot be read"),
        (b"", "is empty"),
        (b"\nsecond line", "is empty"),
        (b"\xff\xfe", "cannot be read"),
        (b"short", "too short"),
    ],
)
def test_a_password_that_cannot_be_used_creates_nothing(db, tmp_path, content, sentence):
    file = tmp_path / "password"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(CommandError, match=sentence):
        run(password_file=file)
    assert (Organisation.objects.count(), User.objects.count()) == (0, 0)


@pytest.mark.parametrize(
    ("name", "email", "sentence"),
    [
        ("FJORDVIK kommune", "ny@fjordvik.test", "already an organisation called"),
        ("Ny kommune", "SJEF@fjordvik.test", "already has the e-mail address"),
        ("Ny kommune", "no address", "email: "),
        ("", "ny@fjordvik.test", "name: "),
        ("x" * 151, "ny@fjordvik.test", "name: "),
    ],
)
def test_what_exists_or_is_wrong_is_refused_in_one_sentence(db, name, email, sentence):
    run()
    with pytest.raises(CommandError, match=sentence):
        run(name, email)
    assert (Organisation.objects.count(), User.objects.count()) == (1, 1)


def test_two_long_names_do_not_meet_in_their_groups(db):
    names = [f"{'x' * 149}{number}" for number in (1, 2)]
    groups = {
        organisation.readers_group_id
        for organisation in (create_organisation(name=n, document_language="nb") for n in names)
    }
    assert len(groups) == 2
