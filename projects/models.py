from typing import Self

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from guardian.models import GroupObjectPermissionBase, UserObjectPermissionBase

from accounts.models import Language, Organisation, Unit, User
from accounts.policy import APPOINTED_ROLES, ProjectPermission, ProjectRole
from common.rows import VersionedRow
from methodology.models import MethodVersion, OverlayVersion
from projects.enums import OriginKind, ProjectStatus, ProposalStatus, Uncertainty


class ProjectQuerySet(models.QuerySet):
    def with_method(self) -> Self:
        """With all that ``projects.method.catalogue_of_project`` goes by, in the same query."""
        return self.select_related("method_version__method", "overlay_version__organisation").defer(
            "overlay_version__content"
        )

    def visible_to(
        self, user: User, permission: ProjectPermission = ProjectPermission.VIEW
    ) -> Self:
        """The projects on which ``user`` has ``permission``: the only filter for lists.

        One query. Global permissions and superusers do not count: access is a role in the project
        or in its organisation.
        """
        if not user.is_authenticated or not user.is_active:
            return self.none()
        own = ProjectUserObjectPermission.objects.filter(user=user, permission__codename=permission)
        through_groups = ProjectGroupObjectPermission.objects.filter(
            group__user=user, permission__codename=permission
        )
        return self.filter(
            Q(pk__in=own.values("content_object_id"))
            | Q(pk__in=through_groups.values("content_object_id"))
        )


class Project(VersionedRow):
    """One innovation project. Its walk through the method is kept by ``phases``."""

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="projects", editable=False
    )
    unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, related_name="projects", verbose_name=_("unit")
    )
    name = models.CharField(_("name"), max_length=150)
    problem = models.TextField(
        _("problem"),
        max_length=5000,
        help_text=_("Who has the problem, how big is it, since when? No solution here."),
    )
    goal = models.TextField(
        _("goal"),
        max_length=5000,
        help_text=_("What shall be better, for whom, and how will you see it?"),
    )
    case_number = models.CharField(
        _("case number"),
        max_length=40,
        blank=True,
        help_text=_("The number in the archive, such as 2026/1482."),
    )
    document_language = models.CharField(
        _("document language"),
        max_length=2,
        choices=Language,
        help_text=_("The language of the project's records and reports."),
    )
    method_version = models.ForeignKey(
        MethodVersion,
        on_delete=models.PROTECT,
        related_name="projects",
        verbose_name=_("method"),
    )
    # What the organisation has adjusted in the method, as it was when the project took it.
    overlay_version = models.ForeignKey(
        OverlayVersion,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="projects",
        editable=False,
    )
    starts_on = models.DateField(_("start date"))
    ends_on = models.DateField(_("planned end date"), null=True, blank=True)
    # Size, uncertainty and interest decide who decides at the gates.
    budget = models.DecimalField(
        _("budget"),
        max_digits=14,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
        help_text=_("What the project may cost in all. Leave it empty while it is not known."),
    )
    uncertainty = models.CharField(
        _("uncertainty"),
        max_length=10,
        choices=Uncertainty,
        blank=True,
        help_text=_("How sure are you that it can be done, and that it gives what you hope?"),
    )
    has_public_interest = models.BooleanField(
        _("the public interest is high"),
        default=False,
        help_text=_("Politicians, newspapers or many inhabitants follow it."),
    )
    status = models.CharField(
        max_length=10, choices=ProjectStatus, default=ProjectStatus.ACTIVE, editable=False
    )
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", editable=False)

    objects = ProjectQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        default_permissions = ()
        permissions = ProjectPermission.choices
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="project_ends_after_start",
                violation_error_message=_("The end date must not be before the start date."),
            )
        ]

    def __str__(self) -> str:
        return self.name


class ProjectOrigin(models.Model):
    """The project that a project grew out of. ``place`` is the address of the tool or the key of
    the step, ``row`` names the row in it, and ``words`` keeps what it said at the time."""

    project = models.OneToOneField(
        Project, on_delete=models.CASCADE, primary_key=True, related_name="origin"
    )
    source = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="offspring")
    kind = models.CharField(max_length=5, choices=OriginKind)
    place = models.CharField(max_length=80, blank=True)
    row = models.CharField(max_length=130, blank=True)
    words = models.CharField(max_length=300)

    class Meta:
        ordering = ["project_id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(project=F("source")), name="project_origin_is_another_project"
            ),
            models.CheckConstraint(
                condition=Q(kind="row", row__gt="", place__gt="")
                | Q(kind="step", row="", place__gt="")
                | Q(kind="ended", row="", place=""),
                name="project_origin_names_its_place",
            ),
        ]

    def __str__(self) -> str:
        return self.words


class ProjectUserObjectPermission(UserObjectPermissionBase):
    """Written by ``projects.services`` only."""

    content_object = models.ForeignKey(Project, on_delete=models.CASCADE)

    class Meta(UserObjectPermissionBase.Meta):
        abstract = False


class ProjectGroupObjectPermission(GroupObjectPermissionBase):
    """Written by ``projects.services`` only."""

    content_object = models.ForeignKey(Project, on_delete=models.CASCADE)

    class Meta(GroupObjectPermissionBase.Meta):
        abstract = False


class Membership(models.Model):
    """A person's role in a project, from a moment until a moment. Ended ones are kept: the record
    must show who was leader when."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="memberships", verbose_name=_("person")
    )
    role = models.CharField(_("role"), max_length=20, choices=ProjectRole)
    started_at = models.DateTimeField(auto_now_add=True)
    started_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["started_at", "pk"]
        indexes = [models.Index(fields=["user", "ended_at"], name="membership_by_user")]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "user", "role"],
                condition=Q(ended_at__isnull=True),
                name="membership_held_once",
                violation_error_message=_("This person already has this role in the project."),
            ),
            models.UniqueConstraint(
                fields=["project", "role"],
                condition=Q(ended_at__isnull=True, role__in=sorted(APPOINTED_ROLES)),
                name="membership_one_owner_and_one_line_manager",
                violation_error_message=_("Somebody else already has this role in the project."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.get_role_display()}"


class AppointmentProposal(models.Model):
    """The leader's proposal of an owner or line manager, until somebody entitled answers it."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="proposals")
    role = models.CharField(_("role"), max_length=20, choices=ProjectRole)
    user = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="+", verbose_name=_("person")
    )
    proposed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(auto_now_add=True)
    status = models.CharField(max_length=10, choices=ProposalStatus, default=ProposalStatus.WAITING)
    answered_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-proposed_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "role"],
                condition=Q(status="waiting"),
                name="proposal_one_waiting_per_role",
            ),
            models.CheckConstraint(
                condition=Q(role__in=sorted(APPOINTED_ROLES)), name="proposal_for_appointed_roles"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()}: {self.user}"
