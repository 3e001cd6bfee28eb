"""System checks: the registry and the code that relies on it agree."""

from typing import Any

from django.core.checks import CheckMessage, Error, register

from tools import registry


@register()
def check_tools(**kwargs: Any) -> list[CheckMessage]:
    """Keys and slugs are unique, and every finding code a tool declares bears its key."""
    problems: list[CheckMessage] = []
    tools = registry.all_tools()
    for attribute in ("key", "slug"):
        values = [getattr(tool, attribute) for tool in tools]
        for value in sorted({value for value in values if values.count(value) > 1}):
            problems.append(Error(f"Two tools have the {attribute} '{value}'.", id="tools.E001"))
    for tool in tools:
        slugs = [register.slug for register in tool.registers]
        if len(slugs) != len(set(slugs)):
            problems.append(Error(f"'{tool.key}' has two registers of one slug.", id="tools.E002"))
    return problems
