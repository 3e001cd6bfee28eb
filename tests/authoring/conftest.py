"""An administrator of the whole installation, and drafts to write on."""

import pytest

from accounts.services import create_person
from methodology import services
from methodology.models import VersionDocument


@pytest.fixture
def root_user(municipality):
    """Looks after what all organisations share; belongs to one like anybody."""
    user = create_person(
        organisation=municipality.organisation, email="rot@rot.test", name="Rut Rot", actor=None
    )
    user.is_superuser = True
    user.language = "en"
    user.save()
    return user


@pytest.fixture
def own_draft(ks_version, municipality):
    """The municipality's own copy of the method, as a draft."""
    return services.copy_to_organisation(
        version=ks_version,
        key="fjordvik-metode",
        organisation=municipality.organisation,
        actor=municipality.admin,
    )


@pytest.fixture
def admin_client(municipality, client_for):
    return client_for(municipality.admin)


@pytest.fixture
def stored():
    """The content of a version as it is stored now."""
    return lambda version: VersionDocument.objects.get(pk=version.pk).content
