from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Tags, Warning, register

from common.staticfiles import missing_node_files


@register(Tags.staticfiles)
def installed_npm_files(**_kwargs: Any) -> list[CheckMessage]:
    """Say which command to run when a file that the pages need is not installed.

    A warning, not an error: after ``collectstatic`` a server runs well without ``node_modules``.
    """
    missing = missing_node_files()
    if not missing or (settings.STATIC_ROOT and (settings.STATIC_ROOT / "npm").is_dir()):
        return []
    return [
        Warning(
            f"Files for the interface are missing: {missing[0]} and {len(missing) - 1} more.",
            hint="Run script/bootstrap (or: npm ci --ignore-scripts).",
            id="common.W001",
        )
    ]
