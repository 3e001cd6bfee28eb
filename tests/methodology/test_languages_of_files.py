"""The languages of method files: which may be left out, and what each then needs."""

import re

from methodology.files import read_version
from tests.methodology.full_method import P1, M, messages_of, sheet_folder

__all__ = ["sheet_folder"]


def test_a_language_may_be_left_out(root, sheet_folder):
    languages = "  nn: {coverage: titles, origin: Written for a test.}\n"
    for path in sheet_folder.glob("*.yaml"):
        text = re.sub(r" nn: [^,}]*,", "", path.read_text(encoding="utf-8").replace(languages, ""))
        path.write_text(text, encoding="utf-8")

    content = read_version(sheet_folder).content

    assert sorted(content["languages"]) == ["en", "nb", "sv"]
    assert content["title"] == {"nb": "Liten metode", "sv": "Liten metod", "en": "Small method"}


def test_a_text_in_a_language_that_was_left_out_is_refused(root, sheet_folder):
    languages = "  nn: {coverage: titles, origin: Written for a test.}\n"
    text = (root / M).read_text(encoding="utf-8").replace(languages, "")
    (root / M).write_text(text, encoding="utf-8")

    assert messages_of(sheet_folder)[0] == (
        f'{M}:9: title: unknown language "nn" (expected nb, sv or en)'
    )


def test_origins_may_be_told_per_language(root, sheet_folder):
    text = (root / M).read_text(encoding="utf-8")
    (root / M).write_text(
        text.replace(
            "nb: {coverage: complete, origin: Written for a test.}",
            "nb: {coverage: complete, origin: {nb: Skrevet., nn: Skrive., sv: Skrivet., en: W.}}",
        ),
        encoding="utf-8",
    )

    origin = read_version(sheet_folder).content["languages"]["nb"]["origin"]

    assert origin == {"nb": "Skrevet.", "nn": "Skrive.", "sv": "Skrivet.", "en": "W."}


def test_the_default_language_needs_every_text(root, sheet_folder):
    text = (root / P1).read_text(encoding="utf-8")
    (root / P1).write_text(text.replace("{nb: Alle., sv: Alla.}", "{sv: Alla.}"), encoding="utf-8")

    assert messages_of(sheet_folder) == [f"{P1}:22: phase.steps[1].who: no text in nb"]
