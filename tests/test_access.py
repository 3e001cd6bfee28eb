"""Walks every route as every person and compares with the access matrix."""

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.access_matrix import DENIED, HIDDEN, IN, LOGIN, MATRIX, NOT_OFFERED, PEOPLE


def routes(patterns, namespace="") -> Iterator[str]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from routes(pattern.url_patterns, inner)
        elif isinstance(pattern, URLPattern):
            yield f"{namespace}{pattern.name}"


ROUTES = sorted({name for name in routes(get_resolver().url_patterns) if name != "components"})


def test_every_route_stands_in_the_matrix_and_nothing_else_does():
    assert sorted(MATRIX) == ROUTES


def answer(response) -> str:
    if response.status_code in (301, 302) and response.url.startswith(reverse("accounts:login")):
        return LOGIN
    return {403: DENIED, 404: HIDDEN, 405: NOT_OFFERED}.get(response.status_code, IN)


def answers(client_of, method, address) -> dict[str, str]:
    found = {}
    for who in PEOPLE:
        with transaction.atomic():
            response = getattr(client_of(who), method)(address)
            if response.streaming:
                # Read to its end: closing it half-way would close the test's connection too.
                b"".join(response.streaming_content)
            found[who] = answer(response)
            transaction.set_rollback(True)
    return found


@pytest.fixture
def client_of(municipality, neighbour, client_for):
    def client_of(who: str) -> Client:
        if who == "anonymous":
            return Client()
        if who == "neighbour":
            return client_for(neighbour.leader)
        return client_for(getattr(municipality, who))

    return client_of


@pytest.mark.parametrize("name", ROUTES)
def test_a_route_answers_as_the_matrix_says(name, world, client_of):
    route = MATRIX[name]
    address = route.address(name, world)
    assert answers(client_of, "get", address) == route.get
    assert answers(client_of, "post", address) == route.post


def test_debug_pages_are_not_part_of_the_product():
    assert settings.DEBUG is False
