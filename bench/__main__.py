"""Runs every measurement: ``python -m bench``, or ``python -m bench --rounds 20``."""

import argparse
import os
import sys
import tempfile


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--rounds", type=int, default=10, help="how often; the best one counts")
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory(prefix="veikart-bench-") as folder:
        # A database of its own: nothing that is here is read or written.
        os.environ.update(
            VEIKART_VAR_DIR=folder,
            DATABASE_URL=f"sqlite:///{folder}/bench.sqlite3",
            DJANGO_SETTINGS_MODULE="veikart.settings",
        )
        import django

        django.setup()
        from django.core.management import call_command

        from bench import gates, methods
        from bench.timing import table

        call_command("migrate", verbosity=0)
        print(table([*methods.measure(rounds), *gates.measure(rounds)]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
