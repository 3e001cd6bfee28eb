"""The guide to adding a tool names things that are there."""

import importlib
import re
from pathlib import Path
from typing import Any

from django.conf import settings

from tools.contract import Register, Tool

GUIDE = (settings.BASE_DIR / "docs" / "adding-a-tool.md").read_text()


def _found(dotted: str) -> Any:
    module, _dot, name = dotted.rpartition(".")
    return getattr(importlib.import_module(module), name)


def test_every_name_in_the_guide_exists() -> None:
    dotted = set(re.findall(r"`((?:tests\.)?tools\.\w+\.\w+)`", GUIDE))
    paths = set(re.findall(r"`((?:tools|tests|veikart)/[\w/]+\.py)`", GUIDE))

    assert {"tools.contract.Register", "tools.forms.RowForm"} <= dotted
    assert all(_found(name) for name in dotted)
    assert [path for path in sorted(paths) if not Path(settings.BASE_DIR, path).is_file()] == []


def test_every_member_of_the_contract_is_in_the_guide() -> None:
    members = {
        name for name in (*vars(Tool), *Tool.__annotations__) if not name.startswith("_")
    } - {"register"}
    optional = {"permission", "is_reordered"}

    assert sorted(name for name in members | optional if f"`{name}" not in GUIDE) == ["registers"]
    assert optional <= set(Register.__annotations__)


def test_the_guide_counts_its_steps() -> None:
    assert re.findall(r"^(\d)\. ", GUIDE, re.MULTILINE) == list("1234567")
    assert "## The seven steps" in GUIDE
