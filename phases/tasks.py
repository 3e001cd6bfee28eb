"""What the worker does on its own. Each task calls one function and holds no rule."""

from celery import shared_task

from phases.proving import report_broken


# Whoever comes a day late need not come: the next one does the same.
@shared_task(ignore_result=True, expires=20 * 3600)
def verify_decisions() -> None:
    report_broken()
