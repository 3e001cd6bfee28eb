"""Every text of the interface is translated, with its placeholders."""

import re

import pytest
from django.conf import settings

from common import catalogues

PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]")


def keys(catalog):
    return {(message.context, str(message.id)) for message in catalog if message.id}


@pytest.fixture(scope="module")
def collected():
    return catalogues.collect(settings.BASE_DIR)


def test_texts_are_found_in_code_and_templates(collected):
    found = {str(message.id) for message in collected}
    assert {"Go to the content", "Project leader"} <= found
    assert len(found) > 300


@pytest.mark.parametrize("language", catalogues.LANGUAGES)
def test_the_catalogue_holds_exactly_the_texts_of_the_interface(language, collected):
    assert keys(catalogues.read(settings.BASE_DIR, language)) == keys(collected)


@pytest.mark.parametrize("language", catalogues.LANGUAGES)
def test_every_text_is_translated(language):
    assert catalogues.untranslated(catalogues.read(settings.BASE_DIR, language)) == []


@pytest.mark.parametrize("language", catalogues.LANGUAGES)
def test_translations_keep_their_placeholders(language):
    wrong = []
    for message in catalogues.read(settings.BASE_DIR, language):
        if not message.id:
            continue
        ids = message.id if isinstance(message.id, tuple | list) else (message.id,)
        strings = message.string if isinstance(message.string, tuple | list) else (message.string,)
        wanted = set(PLACEHOLDER.findall(ids[-1]))
        wrong += [text for text in strings if set(PLACEHOLDER.findall(text)) - wanted]
        if not set(PLACEHOLDER.findall(strings[-1])) >= wanted:
            wrong.append(strings[-1])
    assert wrong == []


def test_no_translation_function_goes_by_another_name():
    """The collector knows ``_`` and Django's own names; anything else would stay untranslated."""
    alias = re.compile(r"import \w*gettext\w* as (?!_$)\w+", re.MULTILINE)
    assert [
        str(path.relative_to(settings.BASE_DIR))
        for folder in catalogues.FOLDERS
        for path in (settings.BASE_DIR / folder).rglob("*.py")
        if alias.search(path.read_text(encoding="utf-8"))
    ] == []


# Words that only a neighbour's language has.
STRANGERS = {
    "nb": r"ikkje|kven|och|inte|projekt\w*",
    "nn": r"ikke|hvem|hvordan|och|inte|projekt\w*",
    "sv": r"ikke|ikkje|hvem|kven|prosjekt\w*|og|beslutning\w*",
}


@pytest.mark.parametrize("language", catalogues.LANGUAGES)
def test_no_catalogue_speaks_its_neighbours_language(language):
    strange = re.compile(rf"\b({STRANGERS[language]})\b", re.IGNORECASE)
    assert [
        str(message.string)
        for message in catalogues.read(settings.BASE_DIR, language)
        if message.id and strange.search(str(message.string))
    ] == []
