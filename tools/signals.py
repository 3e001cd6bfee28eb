"""What tools tell the rest of the house."""

from django.dispatch import Signal

# Sent with ``project_id`` in the transaction in which a tool erases perishable values because
# their date has come. A receiver that fails stops the erasure, which is then done the next time.
values_perished = Signal()
