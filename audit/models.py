from django.conf import settings
from django.db import models


class AuditEvent(models.Model):
    """Who did what, when, to what. Written in the same transaction as the write itself.

    Projects and organisations are named by number: this app stands below them. ``details`` holds
    codes, numbers and names of changed fields, never free text that somebody wrote.
    """

    at = models.DateTimeField(auto_now_add=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    action = models.CharField(max_length=60)
    organisation_number = models.BigIntegerField(null=True)
    project_number = models.BigIntegerField(null=True)
    target_type = models.CharField(max_length=60)
    target_number = models.BigIntegerField(null=True)
    details = models.JSONField(default=dict)

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [
            models.Index(fields=["project_number", "-at"], name="audit_by_project"),
            models.Index(fields=["organisation_number", "-at"], name="audit_by_organisation"),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.target_type} {self.target_number}"
