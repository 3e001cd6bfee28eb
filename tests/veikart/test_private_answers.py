from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

NOT_KEPT = "max-age=0, no-cache, no-store, must-revalidate, private"


def kept(response: Any) -> str:
    return response.headers.get("Cache-Control", "")


@pytest.mark.parametrize(
    ("name", "status"),
    [("phases:project", 200), ("projects:team", 200), ("projects:edit", 403)],
)
def test_what_a_signed_in_person_is_shown_is_kept_nowhere(
    municipality: Any, project: Any, client_for: Any, name: str, status: int
) -> None:
    response = client_for(municipality.reader).get(reverse(name, args=[project.pk]))
    assert (response.status_code, kept(response)) == (status, NOT_KEPT)


def test_neither_is_an_export_nor_the_answer_that_a_project_does_not_exist(
    municipality: Any, neighbour: Any, project: Any, client_for: Any
) -> None:
    export = reverse("tools:export", args=[project.pk, "gevinster", "gevinster"])
    assert [
        (response.status_code, kept(response))
        for response in (
            client_for(municipality.reader).get(export),
            client_for(neighbour.leader).get(export),
        )
    ] == [(200, NOT_KEPT), (404, NOT_KEPT)]


def test_neither_is_the_answer_to_signing_out(municipality: Any, client_for: Any) -> None:
    client: Client = client_for(municipality.reader)
    assert kept(client.post(reverse("accounts:logout"))) == NOT_KEPT
