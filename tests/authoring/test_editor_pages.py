"""The editor's pages: the tree, the parts and their forms."""

import pytest
from django.urls import reverse

STEP = "phases/anchoring/steps/establish-ownership"
KEY = "fjordvik-metode"


def draft_url(name, *args):
    return reverse(f"authoring:{name}", args=[KEY, *args])


def sent(response, **changes):
    """What a browser sends back from the part's form, with some fields changed."""
    form = response.context["form"]
    data = {}
    for bound in form:
        value = bound.value()
        if value is None or value is False:
            continue
        data[bound.html_name] = "on" if value is True else value
    return {**data, **changes}


@pytest.fixture
def step_key(own_draft, stored):
    return stored(own_draft)["phases"][0]["steps"][0]["key"]


@pytest.fixture
def step_url(step_key):
    return draft_url("part", f"phases/anchoring/steps/{step_key}")


def all_urls(content):
    from methodology.parts import all_parts

    kinds = {}
    for node in all_parts(content):
        kinds.setdefault(node.kind, node)
    return {kind: "/".join(node.address) for kind, node in kinds.items() if node.address}


def test_every_kind_of_part_has_a_page_whose_form_saves_what_it_shows(
    own_draft, admin_client, stored
):
    before = stored(own_draft)
    for address in all_urls(before).values():
        url = draft_url("part", address)
        page = admin_client.get(url)
        assert page.status_code == 200
        answer = admin_client.post(url, sent(page))
        assert answer.status_code == 302, answer.context["form"].errors
    assert stored(own_draft) == before
