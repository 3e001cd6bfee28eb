from collections.abc import Collection

from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from accounts.policy import ProjectPermission
from benefits.dossier import (
    BenefitRow,
    BenefitsDossier,
    ChangeRow,
    IndicatorRow,
    MeasurementRow,
)
from benefits.enums import Category, Direction, Standing
from benefits.findings import (
    BENEFITS,
    CHANGES,
    INDICATORS,
    MEASUREMENTS,
    SLUG,
    benefit_findings,
    benefit_tasks,
)
from benefits.forms import BenefitForm, ChangeForm, IndicatorForm, MeasurementForm
from benefits.models import Benefit, Change, Indicator, Measurement
from benefits.rules import is_on_target, sum_known
from benefits.selectors import load_dossiers
from tools.contract import (
    Column,
    ColumnKind,
    Fact,
    Finding,
    ProjectContext,
    Register,
    Task,
    Tool,
)

_CHANGES = Register(
    key="changes",
    slug=CHANGES,
    title=_("Changes"),
    singular=_("change"),
    purpose=_("What people will do in a new way. Every benefit comes from a change."),
    example=_(
        "Night visits: The night team looks in by sensor first, and drives out only when needed."
    ),
    model=Change,
    form=ChangeForm,
    row_class=ChangeRow,
    columns=(
        Column("process", _("Work that changes")),
        Column("description", _("What is done in a new way"), ColumnKind.LONG_TEXT),
    ),
    rows=lambda dossier: dossier.changes,
)

_BENEFITS = Register(
    key="benefits",
    slug=BENEFITS,
    title=_("Benefits"),
    singular=_("benefit"),
    purpose=_("What becomes better, for whom, and who answers for it."),
    example=_(
        "Residents sleep undisturbed: fewer visits that wake people. Owner: the manager of the "
        "night team."
    ),
    model=Benefit,
    form=BenefitForm,
    row_class=BenefitRow,
    columns=(
        Column("title", _("Benefit")),
        Column("code", _("Code")),
        Column("category", _("Kind"), ColumnKind.CHOICE, Category),
        Column("owner", _("Owner"), ColumnKind.PERSON),
        Column("beneficiary", _("Who benefits"), in_list=False),
        Column("amount_per_year", _("Kroner per year"), ColumnKind.MONEY),
        Column("hours_per_year", _("Hours per year"), ColumnKind.NUMBER),
        Column("change", pgettext_lazy("benefit", "Change"), in_list=False),
        Column("description", _("Description"), ColumnKind.LONG_TEXT, in_list=False),
        Column("preconditions", _("What has to be in place"), ColumnKind.LONG_TEXT, in_list=False),
    ),
    rows=lambda dossier: dossier.benefits,
)

_INDICATORS = Register(
    key="indicators",
    slug=INDICATORS,
    title=_("Indicators"),
    singular=_("indicator"),
    purpose=_(
        "The figures that show whether the benefits come. A few that you can follow are better "
        "than many."
    ),
    example=_("Physical visits per night: 2.0 before the change, target 0.2 by June."),
    model=Indicator,
    form=IndicatorForm,
    row_class=IndicatorRow,
    columns=(
        Column("name", _("Indicator")),
        Column("benefit", _("Benefit")),
        Column("unit", _("Unit")),
        Column("direction", _("Which way is better"), ColumnKind.CHOICE, Direction, in_list=False),
        Column("baseline_value", _("Before"), ColumnKind.NUMBER),
        Column("baseline_on", _("Measured before the change"), ColumnKind.DATE, in_list=False),
        Column("baseline_source", _("Source"), in_list=False),
        Column("latest_value", _("Latest"), ColumnKind.NUMBER),
        Column("latest_on", _("Latest measured"), ColumnKind.DATE, in_list=False),
        Column("target_value", _("Target"), ColumnKind.NUMBER),
        Column("target_on", _("Target date"), ColumnKind.DATE, in_list=False),
        Column("progress", _("Progress"), ColumnKind.PERCENT, in_list=False),
        Column("standing", _("Standing"), ColumnKind.CHOICE, Standing),
        Column("data_source", _("How it is measured"), in_list=False),
        Column("responsible", _("Responsible"), ColumnKind.PERSON, in_list=False),
    ),
    rows=lambda dossier: dossier.indicators,
)

_MEASUREMENTS = Register(
    key="measurements",
    slug=MEASUREMENTS,
    title=_("Measurements"),
    singular=_("measurement"),
    purpose=_("What was measured and when. Earlier figures are kept, so that you see the trend."),
    example=_("31 March: 0.9 visits per night. Two new residents in March."),
    model=Measurement,
    form=MeasurementForm,
    row_class=MeasurementRow,
    columns=(
        Column("measured_on", _("Date"), ColumnKind.DATE),
        Column("indicator", _("Indicator")),
        Column("value", _("Value"), ColumnKind.NUMBER),
        Column("unit", _("Unit")),
        Column("comment", _("Comment"), ColumnKind.LONG_TEXT),
    ),
    rows=lambda dossier: tuple(reversed(dossier.measurements)),
    permission=ProjectPermission.RECORD_MEASUREMENTS,
    is_reordered=False,
)


class BenefitsTool(Tool):
    """Change, benefit, indicator, measurements: from what people do differently to whether it
    helped."""

    key = "benefits"
    slug = SLUG
    title = _("Benefits")
    purpose = _("Shows what becomes better, who answers for it, and whether it really happens.")
    registers = (_CHANGES, _BENEFITS, _INDICATORS, _MEASUREMENTS)
    summary_template = "benefits/summary.html"
    stylesheet = "benefits/benefits.css"
    report_template = "benefits/report.html"
    dossier_class = BenefitsDossier

    def load(self, project_ids: Collection[int]) -> dict[int, BenefitsDossier]:
        return load_dossiers(project_ids)

    def findings(self, dossier: BenefitsDossier, context: ProjectContext) -> tuple[Finding, ...]:
        return tuple(benefit_findings(dossier, context))

    def tasks(self, dossier: BenefitsDossier, context: ProjectContext) -> tuple[Task, ...]:
        return tuple(benefit_tasks(dossier, context))

    def facts(self, dossier: BenefitsDossier) -> tuple[Fact, ...]:
        """Money and hours are kept apart: time is not money until it is taken out."""
        on_target = sum(1 for row in dossier.indicators if is_on_target(row.standing))
        return (
            Fact(
                "amount_per_year",
                _("Expected per year"),
                sum_known(row.amount_per_year for row in dossier.benefits),
                ColumnKind.MONEY,
                is_headline=True,
            ),
            Fact(
                "hours_per_year",
                _("Expected hours per year"),
                sum_known(row.hours_per_year for row in dossier.benefits),
                unit=_("hours"),
                is_headline=True,
            ),
            Fact("benefits", _("Benefits"), len(dossier.benefits)),
            Fact(
                "indicators_on_target",
                _("Indicators on target"),
                on_target,
                unit=gettext("of %(total)s") % {"total": len(dossier.indicators)},
            ),
        )
