"""Which mails were sent. What is due is worked out from the gates themselves (``inbox.due``)."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import User


class NoticeKind(models.TextChoices):
    """What a mail is about. Only ``DIGEST`` is the person's to choose."""

    DECIDE = "decide", "decide"
    REMIND = "remind", "remind"
    ACTED = "acted", "acted"
    DIGEST = "digest", "digest"


class Notice(models.Model):
    """One mail to one person about one thing, named by ``key``: sent once.

    Whoever sends claims the row first. A claim lasts until ``next_try_at``; then somebody else may
    try. ``is_empty``: there was nothing to say, so nothing was sent.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=10, choices=NoticeKind)
    key = models.CharField(max_length=60)
    attempts = models.PositiveSmallIntegerField(default=0)
    claimed_at = models.DateTimeField(default=timezone.now)
    next_try_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    is_empty = models.BooleanField(default=False)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["user", "kind", "key"], name="notice_sent_once"),
            models.CheckConstraint(
                condition=Q(sent_at__isnull=True) | Q(is_empty=False),
                name="notice_empty_is_not_sent",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.kind} {self.key}"

    @property
    def is_settled(self) -> bool:
        return self.sent_at is not None or self.is_empty
