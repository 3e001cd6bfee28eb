"""What others may want to know about a project's gates. Notification only: nothing that must be
true hangs on a receiver."""

from django.db import transaction
from django.dispatch import Signal

# Sent with ``project_id`` after something at a gate was stored for good.
gate_changed = Signal()


def announce(project_id: int) -> None:
    """Send :data:`gate_changed` when the transaction is through. A receiver that fails stops
    nobody."""
    transaction.on_commit(
        lambda: gate_changed.send_robust(sender=None, project_id=project_id), robust=True
    )
