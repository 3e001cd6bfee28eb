from typing import Any

from django.core.management.base import BaseCommand

from projects.models import Project
from projects.services import rebuild_permissions


class Command(BaseCommand):
    help = (
        "Write what everybody may do on every project again, from their roles and the policy. "
        "Run it after a new version of Veikart has changed the policy. Safe to run at any time."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        count = 0
        for project in Project.objects.select_related("organisation").order_by("pk"):
            rebuild_permissions(project=project)
            count += 1
        self.stdout.write(f"Projects whose permissions were written: {count}")
