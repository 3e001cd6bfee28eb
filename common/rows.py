"""Rows that several people edit: a version number, and a claim on it before each write."""

from django.db import models
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from common.outcomes import StaleRow


class VersionedRow(models.Model):
    """Adds ``row_version``, which grows by one with each saved change."""

    row_version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        abstract = True

    def claim(self) -> None:
        """Take the next version, inside the caller's transaction.

        Raises :class:`StaleRow` when the stored row is no longer the one that was read. The
        conditional update is what makes this safe: ``select_for_update`` does nothing on SQLite.
        """
        claimed = (
            type(self)
            ._base_manager.filter(pk=self.pk, row_version=self.row_version)
            .update(row_version=F("row_version") + 1)
        )
        if not claimed:
            raise StaleRow(
                _("Somebody else saved this while you were writing. Look at both and save again.")
            )
        self.row_version += 1
