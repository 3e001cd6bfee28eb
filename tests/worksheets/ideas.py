"""A worksheet of ideas, out of which projects may grow."""

from typing import Any

from accounts.models import User
from projects.models import Project
from tests.worksheets.helpers import worksheet_of
from tests.worksheets.method import SLOTS
from worksheets.services import save_sheet_row

IDEA = "a1b2c3d4e5f6"
EMPTY_IDEA = "0011223344ff"


def _said(words: str) -> dict[str, str]:
    return {"nb": words, "nn": words, "sv": words, "en": words}


IDEAS: dict[str, Any] = {
    "key": "ideas",
    "title": _said("Ideas"),
    "sections": [
        {
            "key": "all",
            "title": _said("All"),
            "fields": [
                {
                    "key": "list",
                    "kind": "rows",
                    "label": _said("Ideas"),
                    "singular": _said("idea"),
                    "row_label": "idea",
                    "starts_project": "idea",
                    "columns": [
                        {"key": "idea", "kind": "short_text", "label": _said("Idea")},
                        {"key": "whose", "kind": "short_text", "label": _said("Whose")},
                    ],
                }
            ],
        }
    ],
}
IDEAS_SLOT = {**SLOTS[0], "key": "ideas", "tool": "ideas", "worksheet": "ideas"}


def write_idea(project: Project, actor: User, row_id: str, **changes: Any) -> None:
    save_sheet_row(
        project=project,
        worksheet=worksheet_of(project, "ideas"),
        field_key="list",
        row_id=row_id,
        changes=changes,
        is_new=True,
        actor=actor,
    )
