import pytest

from common import wording
from common.wording import Country, OrganisationKind, Wording, expand_terms

NORWEGIAN_MUNICIPALITY = Wording(Country.NORWAY, OrganisationKind.MUNICIPALITY)
SWEDISH_REGION = Wording(Country.SWEDEN, OrganisationKind.REGION)
DANISH_PROVIDER = Wording(Country.DENMARK, OrganisationKind.CARE_PROVIDER)


@pytest.mark.parametrize(
    ("kind", "language", "one", "the", "its"),
    [
        ("municipality", "nb", "kommune", "kommunen", "kommunens"),
        ("municipality", "nn", "kommune", "kommunen", "kommunens"),
        ("municipality", "sv", "kommun", "kommunen", "kommunens"),
        ("municipality", "en", "municipality", "the municipality", "the municipality's"),
        ("region", "nb", "region", "regionen", "regionens"),
        ("region", "nn", "region", "regionen", "regionens"),
        ("region", "sv", "region", "regionen", "regionens"),
        ("region", "en", "region", "the region", "the region's"),
        (
            "care_provider",
            "nb",
            "omsorgsleverandør",
            "omsorgsleverandøren",
            "omsorgsleverandørens",
        ),
        (
            "care_provider",
            "nn",
            "omsorgsleverandør",
            "omsorgsleverandøren",
            "omsorgsleverandørens",
        ),
        ("care_provider", "sv", "vårdgivare", "vårdgivaren", "vårdgivarens"),
        ("care_provider", "en", "care provider", "the care provider", "the care provider's"),
    ],
)
def test_each_kind_has_its_words_in_each_language(kind, language, one, the, its):
    def capital(words):
        return words[0].upper() + words[1:]

    with wording.override(Wording(Country.NORWAY, OrganisationKind(kind))):
        assert [expand_terms(f"{{{term}}}", language) for term in wording.TERMS] == [
            one,
            the,
            its,
            capital(one),
            capital(the),
            capital(its),
        ]


def test_terms_are_expanded_inside_a_text_and_other_braces_are_left_alone():
    text = "{The_organisation} og {the_organisation_s} planer, {annet}, { organisation } og {}"
    assert expand_terms(text, "nb") == (
        "Kommunen og kommunens planer, {annet}, { organisation } og {}"
    )


def test_a_language_without_words_of_its_own_gets_english_ones():
    assert expand_terms("{organisation}", "fi") == "municipality"


def test_without_an_organisation_it_is_a_norwegian_municipality():
    assert wording.current() == NORWEGIAN_MUNICIPALITY


def test_an_override_ends_also_when_something_goes_wrong():
    def go_wrong():
        with wording.override(DANISH_PROVIDER):
            raise ZeroDivisionError

    with wording.override(SWEDISH_REGION):
        with pytest.raises(ZeroDivisionError):
            go_wrong()
        assert wording.current() == SWEDISH_REGION
    assert wording.current() == NORWEGIAN_MUNICIPALITY


def test_activating_lasts_as_long_as_the_override_around_it():
    with wording.override(SWEDISH_REGION):
        wording.activate(DANISH_PROVIDER)
        assert wording.current() == DANISH_PROVIDER
    assert wording.current() == NORWEGIAN_MUNICIPALITY


def test_activating_outside_of_an_override_leaves_nothing_behind():
    wording.activate(DANISH_PROVIDER)
    assert wording.current() == NORWEGIAN_MUNICIPALITY


def test_the_wording_is_looked_up_once_and_only_when_it_is_asked_for():
    asked = []

    def look_up():
        asked.append(1)
        return SWEDISH_REGION

    with wording.override(look_up):
        assert expand_terms("Uten ord i klammer", "nb") == "Uten ord i klammer"
        assert asked == []
        assert [wording.current(), wording.current(), asked] == [
            SWEDISH_REGION,
            SWEDISH_REGION,
            [1],
        ]
