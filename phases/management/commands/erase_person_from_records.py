"""Takes a person out of gate records, on their own or the organisation's request."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import translation

from accounts.models import User
from common.outcomes import Refusal
from phases.services.erasing import erase_person


class Command(BaseCommand):
    help = (
        "Take a person's name and account away from every gate record, for good. The records and "
        "their chain stand; pages say that a person was erased. Texts in which somebody wrote the "
        "name are not changed: they are part of the records."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email", help="e-mail address of the person")
        parser.add_argument(
            "--by", required=True, help="e-mail address of the administrator who answers for it"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        with translation.override("en"):
            try:
                count = erase_person(user=_person(options["email"]), actor=_person(options["by"]))
            except Refusal as refusal:
                raise CommandError(str(refusal)) from refusal
        self.stdout.write(f"Erased from gate records: {count}.")


def _person(email: str) -> User:
    user = User.objects.filter(email__iexact=email.strip()).first()
    if user is None:
        raise CommandError(f"Nobody has the address {email}.")
    return user
