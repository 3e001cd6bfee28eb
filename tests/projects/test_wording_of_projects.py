"""Guidance speaks to the project's organisation, whoever reads it."""

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from accounts.middleware import LanguageMiddleware
from accounts.policy import ProjectRole
from common import wording
from common.wording import Country, OrganisationKind, Wording
from projects.access import open_project
from projects.services import add_member

SWEDISH_REGION = Wording(Country.SWEDEN, OrganisationKind.REGION)
NORWEGIAN_MUNICIPALITY = Wording(Country.NORWAY, OrganisationKind.MUNICIPALITY)


@pytest.fixture
def swedish_neighbour(neighbour):
    organisation = neighbour.organisation
    organisation.country, organisation.kind = "se", "region"
    organisation.save()
    return neighbour


def wordings_of(user, view) -> list[Wording]:
    """What ``view`` collects in a request of ``user``."""
    seen = []

    def answer(request):
        view(request, seen)
        return HttpResponse()

    request = RequestFactory().get("/")
    request.user = user
    LanguageMiddleware(answer)(request)
    return seen


def test_a_page_speaks_to_the_readers_organisation(swedish_neighbour):
    assert wordings_of(
        swedish_neighbour.leader, lambda request, seen: seen.append(wording.current())
    ) == [SWEDISH_REGION]


def test_a_projects_page_speaks_to_the_projects_organisation(
    project, municipality, swedish_neighbour
):
    guest = swedish_neighbour.leader
    add_member(project=project, user=guest, role=ProjectRole.READER, actor=municipality.leader)

    def view(request, seen):
        seen.append(wording.current())
        open_project(request.user, project.pk)
        seen.append(wording.current())

    assert wordings_of(guest, view) == [SWEDISH_REGION, NORWEGIAN_MUNICIPALITY]
    assert wording.current() == NORWEGIAN_MUNICIPALITY


def test_outside_of_a_request_opening_a_project_leaves_no_wording_behind(
    project, municipality, swedish_neighbour
):
    project.organisation.kind = "region"
    project.organisation.save()
    open_project(municipality.leader, project.pk)
    assert wording.current() == NORWEGIAN_MUNICIPALITY
