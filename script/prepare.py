"""Brings the database of a development machine up to date: tables, methods, demo data.

One process instead of three ``manage.py`` commands, because starting Django is most of the time
that they take; a second ``script/server`` should be there in seconds.
"""

import os
import sys
from pathlib import Path

COMMANDS: tuple[tuple[str, dict[str, int]], ...] = (
    ("migrate", {"verbosity": 0}),
    ("load_methods", {}),
    ("load_demo", {}),
)


def main() -> int:
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "veikart.settings")
    import django
    from django.core.management import CommandError, call_command
    from django.core.management.base import SystemCheckError

    django.setup()
    for name, options in COMMANDS:
        try:
            call_command(name, **options)
        except (CommandError, SystemCheckError) as error:
            sys.stderr.write(f"{error}\nStopped: manage.py {name} could not do its work.\n")
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
