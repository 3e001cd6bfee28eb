import pytest

from accounts.models import Organisation, Unit, User
from accounts.policy import OrganisationRole
from accounts.services import create_organisation, create_person, save_unit

PASSWORD = "veikart-demo"


@pytest.fixture(autouse=True)
def _quick_passwords(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def organisation(db) -> Organisation:
    return create_organisation(name="Fjordvik kommune", document_language="nb")


@pytest.fixture
def administrator(organisation) -> User:
    """Alice looks after people and units."""
    return create_person(
        organisation=organisation,
        email="alice@fjordvik.test",
        name="Alice Aas",
        roles=[OrganisationRole.ADMINISTRATOR],
        actor=None,
        password=PASSWORD,
    )


@pytest.fixture
def colleague(organisation, administrator) -> User:
    """Bob works in the same organisation and has no role in it."""
    return create_person(
        organisation=organisation,
        email="bob@fjordvik.test",
        name="Bob Berg",
        actor=None,
        password=PASSWORD,
    )


@pytest.fixture
def neighbour(db) -> User:
    """Nora is administrator of another organisation."""
    elsewhere = create_organisation(name="Nabodal kommune", document_language="nb")
    return create_person(
        organisation=elsewhere,
        email="nora@nabodal.test",
        name="Nora Nes",
        roles=[OrganisationRole.ADMINISTRATOR],
        actor=None,
        password=PASSWORD,
    )


@pytest.fixture
def unit(organisation, administrator) -> Unit:
    return save_unit(unit=Unit(organisation=organisation, name="Helse"), actor=administrator)


@pytest.fixture
def as_administrator(client, administrator):
    client.force_login(administrator)
    return client
