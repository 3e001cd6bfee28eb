from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import translation

from accounts.models import Language, Organisation, User
from accounts.policy import OrganisationRole
from accounts.services import (
    create_organisation,
    create_person,
    link_lifetime_days,
    password_link,
)
from common.wording import Country, OrganisationKind


class Command(BaseCommand):
    help = "Create an organisation and its first administrator: the first real start."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", help="the organisation's name, such as 'Fjordvik kommune'")
        parser.add_argument("--administrator-email", required=True)
        parser.add_argument("--administrator-name", required=True)
        parser.add_argument(
            "--language",
            choices=Language.values,
            default=Language.BOKMAL.value,
            help="the language of records and reports (default: %(default)s)",
        )
        parser.add_argument(
            "--country",
            choices=Country.values,
            default=Country.NORWAY.value,
            help="chooses national links in the guidance (default: %(default)s)",
        )
        parser.add_argument(
            "--kind",
            choices=OrganisationKind.values,
            default=OrganisationKind.MUNICIPALITY.value,
            help="chooses what the guidance calls the organisation (default: %(default)s)",
        )
        parser.add_argument(
            "--password-file",
            type=Path,
            help="a file whose first line is the administrator's password; "
            "without it, a link for choosing one is printed",
        )
        parser.add_argument(
            "--base-url",
            default="http://127.0.0.1:8000",
            help="where people reach Veikart, for the link (default: %(default)s)",
        )

    def handle(self, **options: Any) -> None:
        with translation.override("en"):
            user = self._create(options)
            self.stdout.write(
                self.style.SUCCESS(
                    f"Created {options['name']} with the administrator {user.email}."
                )
            )
            if options["password_file"] is None:
                link = password_link(user=user, base_url=options["base_url"])
                days = link_lifetime_days()
                self.stdout.write(f"Choose a password within {days} days, once, here:\n{link}")

    def _create(self, options: dict[str, Any]) -> User:
        """The organisation and its administrator, both or neither."""
        name = options["name"].strip()
        email = options["administrator_email"].strip()
        if Organisation.objects.filter(name__iexact=name).exists():
            raise CommandError(f"There is already an organisation called {name}.")
        if User.objects.filter(email__iexact=email).exists():
            raise CommandError(f"Somebody already has the e-mail address {email}.")
        password = _read_password(options["password_file"])
        try:
            with transaction.atomic():
                organisation = create_organisation(
                    name=name,
                    document_language=options["language"],
                    country=options["country"],
                    kind=options["kind"],
                )
                user = create_person(
                    organisation=organisation,
                    email=email,
                    name=options["administrator_name"].strip(),
                    roles=[OrganisationRole.ADMINISTRATOR],
                    actor=None,
                    password=password,
                )
                if password is not None:
                    validate_password(password, user)
        except ValidationError as error:
            raise CommandError(_sentences(error)) from error
        return user


def _read_password(file: Path | None) -> str | None:
    if file is None:
        return None
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(f"The password file {file} cannot be read: {error}") from error
    if not lines or not lines[0]:
        raise CommandError(f"The first line of the password file {file} is empty.")
    return lines[0]


def _sentences(error: ValidationError) -> str:
    if not hasattr(error, "error_dict"):
        return " ".join(error.messages)
    return " ".join(
        f"{field}: {sentence}"
        for field, messages in error.message_dict.items()
        for sentence in messages
    )
