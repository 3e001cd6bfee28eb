"""What the worker does on its own. Each task calls one function and holds no rule."""

from celery import shared_task
from django.utils import timezone

from worksheets.erasing import erase_perished


# Whoever comes a day late need not come: the next one does the same.
@shared_task(ignore_result=True, expires=20 * 3600)
def erase_perished_answers() -> None:
    erase_perished(timezone.localdate())
