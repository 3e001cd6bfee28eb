import datetime
import secrets

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import Language, User
from common.pdf import PdfUnavailable
from phases.models import GateDecision
from projects.models import Project
from reports.enums import FROM_RECORDS, PRINTOUTS, FailureCode, JobStatus, JobStep, ReportKind

ATTEMPTS = 3
KEPT_FOR = datetime.timedelta(days=30)
# After this long in the queue a page says that nothing seems to take reports out of it.
PATIENCE = datetime.timedelta(seconds=15)


def report_path(_job: "ReportJob", name: str) -> str:
    """A name that nobody can guess, in a folder that no address leads to."""
    return f"reports/{secrets.token_hex(20)}.{name.rsplit('.', 1)[-1]}"


class ReportJob(models.Model):
    """An ordered report: this row is the truth about it, whatever the queue believes.

    ``attempt`` grows with each claim and fences off a worker that was given up and comes back;
    after ``attempts_allowed`` of them an abandoned job fails. ``tool_key`` is the tool that a
    printout shows, and ``tool_title`` what it was called when it was ordered, in the report's
    language; other reports have neither. ``decision`` is the decision that a decision record or an
    archive package is about, and ``decision_title`` what its gate was called; an archive package
    without one holds all the records of its project.
    """

    kind = models.CharField(_("report"), max_length=20, choices=ReportKind)
    tool_key = models.CharField(max_length=80, blank=True)
    tool_title = models.CharField(max_length=200, blank=True)
    decision = models.ForeignKey(
        GateDecision, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decision_title = models.CharField(max_length=200, blank=True)
    # Of an archive package: files that records name and that are gone, or altered.
    files_missing = models.PositiveIntegerField(default=0)
    language = models.CharField(_("language"), max_length=2, choices=Language)
    requested_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    status = models.CharField(max_length=10, choices=JobStatus, default=JobStatus.QUEUED)
    step = models.CharField(max_length=10, choices=JobStep, blank=True)
    steps_done = models.PositiveSmallIntegerField(default=0)
    steps_total = models.PositiveSmallIntegerField(default=len(JobStep))
    attempt = models.PositiveIntegerField(default=0)
    attempts_allowed = models.PositiveIntegerField(default=ATTEMPTS)
    failure = models.CharField(max_length=20, choices=FailureCode, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    queued_at = models.DateTimeField(default=timezone.now)
    started_at = models.DateTimeField(null=True, blank=True)
    heartbeat_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    # The moment the projects were read: what changed later is not in the report.
    data_as_of = models.DateTimeField(null=True, blank=True)
    file = models.FileField(upload_to=report_path, max_length=120, blank=True)
    file_name = models.CharField(max_length=150, blank=True)
    file_size = models.PositiveBigIntegerField(default=0)
    expires_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at", "-pk"]
        indexes = [
            models.Index(fields=["requested_by", "-created_at"], name="report_job_by_person"),
            models.Index(fields=["status", "queued_at"], name="report_job_by_status"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=(
                    Q(
                        status="done",
                        data_as_of__isnull=False,
                        expires_at__isnull=False,
                        finished_at__isnull=False,
                    )
                    & ~Q(file="")
                )
                | (~Q(status="done") & Q(file="")),
                name="report_job_has_a_file_when_done",
                violation_error_message=_("A report that is ready has a file."),
            ),
            models.CheckConstraint(
                condition=(Q(status="failed") & ~Q(failure=""))
                | (~Q(status="failed") & Q(failure="")),
                name="report_job_says_why_it_failed",
                violation_error_message=_("A report that could not be made says why."),
            ),
            models.CheckConstraint(
                condition=~Q(status="running")
                | Q(started_at__isnull=False, heartbeat_at__isnull=False, attempt__gt=0),
                name="report_job_running_was_claimed",
                violation_error_message=_("A report is made by a worker that has claimed it."),
            ),
            models.CheckConstraint(
                condition=Q(steps_done__lte=F("steps_total")),
                name="report_job_steps_within_total",
                violation_error_message=_("No more steps can be done than there are."),
            ),
            models.CheckConstraint(
                condition=(
                    Q(kind__in=[kind.value for kind in PRINTOUTS])
                    & ~Q(tool_key="")
                    & ~Q(tool_title="")
                )
                | (~Q(kind__in=[kind.value for kind in PRINTOUTS]) & Q(tool_key="", tool_title="")),
                name="report_job_names_what_it_prints",
                violation_error_message=_(
                    "A printout names its worksheet, and no other report does."
                ),
            ),
            models.CheckConstraint(
                condition=Q(kind="decision_record", decision__isnull=False)
                | Q(kind="archive")
                | (
                    ~Q(kind__in=[kind.value for kind in FROM_RECORDS])
                    & Q(decision__isnull=True, decision_title="")
                ),
                name="report_job_names_its_decision",
                violation_error_message=_(
                    "A decision record names its decision, and a report about projects does not."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk}: {self.kind} {self.status}"

    @property
    def kind_member(self) -> ReportKind:
        return ReportKind(self.kind)

    @property
    def status_member(self) -> JobStatus:
        return JobStatus(self.status)

    @property
    def what(self) -> str:
        """What was ordered, for lists: it begins with what the worksheet or the gate was called,
        where it is about one."""
        kind = str(self.kind_member.label)
        title = self.tool_title or self.decision_title
        return f"{title} · {kind}" if title else kind

    @property
    def is_queued(self) -> bool:
        return self.status == JobStatus.QUEUED

    @property
    def is_done(self) -> bool:
        return self.status == JobStatus.DONE

    @property
    def is_under_way(self) -> bool:
        return self.status in (JobStatus.QUEUED, JobStatus.RUNNING)

    @property
    def can_be_made_again(self) -> bool:
        return self.status in (JobStatus.FAILED, JobStatus.CANCELLED, JobStatus.EXPIRED)

    @property
    def has_waited_long(self) -> bool:
        return self.is_queued and timezone.now() - self.queued_at > PATIENCE

    @property
    def step_label(self) -> str | Promise:
        return JobStep(self.step).label if self.step else ""

    @property
    def failure_sentence(self) -> str | Promise:
        """Why it could not be made; for missing libraries also what to install."""
        if self.failure == FailureCode.PDF_UNAVAILABLE:
            return str(PdfUnavailable())
        return FailureCode(self.failure).label if self.failure else ""


class ReportedProject(models.Model):
    """A project in a report, with its name as it was when the report was ordered.

    The name is kept so that somebody who has lost access learns nothing new from the list of own
    reports.
    """

    job = models.ForeignKey(ReportJob, on_delete=models.CASCADE, related_name="reported")
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=150)

    class Meta:
        ordering = ["job", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["job", "project"],
                name="reported_project_once",
                violation_error_message=_("The project is already in the report."),
            ),
        ]

    def __str__(self) -> str:
        return self.name
