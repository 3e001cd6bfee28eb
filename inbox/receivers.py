from typing import Any

from django.dispatch import receiver

from inbox.tasks import enqueue_due_mails
from phases.signals import gate_changed


@receiver(gate_changed, dispatch_uid="inbox.gate_changed")
def look_for_due_mails(**_kwargs: Any) -> None:
    """Tell the worker to look now rather than at the next round. After the commit."""
    enqueue_due_mails()
