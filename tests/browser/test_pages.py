"""Every page, looked at by axe and with a ruler: both colour schemes, phone and desktop."""

import pytest

from tests.access_matrix import IN, MATRIX

# No page of their own: they answer with a file or lead on at once.
NO_PAGE = {
    "healthz",
    "readyz",
    "authoring:download",
    "phases:evidence",
    "phases:condition_evidence",
    "tools:export",
    "reports:download",
    "worksheets:picture",
}
PAGES = sorted(
    name for name, route in MATRIX.items() if name not in NO_PAGE and IN in set(route.get.values())
)
SIZES = [(1280, "light"), (1280, "dark"), (320, "light"), (320, "dark")]


def reader_of(name):
    """Somebody who may open the page; the signed-out pages are read signed out."""
    answers = MATRIX[name].get
    return next(who for who in ("anonymous", "leader", "admin", "manager") if answers[who] == IN)


@pytest.mark.parametrize("who", ["anonymous", "leader", "admin", "manager"])
def test_pages_have_no_faults_that_axe_or_a_ruler_finds(
    who, world, municipality, page_for, audit_page
):
    names = [name for name in PAGES if reader_of(name) == who]
    page = page_for(None if who == "anonymous" else getattr(municipality, who))
    faults = {}
    for name in names:
        route = MATRIX[name]
        page.set_viewport_size({"width": 1280, "height": 900})
        page.goto(route.address(name, world))
        for width, scheme in SIZES:
            page.set_viewport_size({"width": width, "height": 900})
            page.emulate_media(color_scheme=scheme)
            found = audit_page(page)
            if found:
                faults[f"{name} {width} {scheme}"] = found
    assert faults == {}
