"""What is missing in the work on benefits. Pure."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from benefits.dossier import BenefitCard, BenefitsDossier, IndicatorCard
from benefits.enums import Direction
from benefits.rules import is_overdue
from tools.contract import Finding, ProjectContext, Task, Weight
from tools.links import new_row_url, row_url

SLUG = "gevinster"
CHANGES, BENEFITS, INDICATORS, MEASUREMENTS = "endringer", "gevinster", "indikatorer", "malinger"


def benefit_findings(dossier: BenefitsDossier, context: ProjectContext) -> Iterator[Finding]:
    if not dossier.benefits:
        yield Finding(
            code="benefits.none",
            message=_("No benefits are written down yet."),
            url=new_row_url(context.project_id, SLUG, BENEFITS, "title"),
        )
    for card in dossier.cards:
        yield from _about_benefit(card, context.project_id)
        for indicator in card.indicators:
            yield from _about_indicator(card, indicator, context.project_id)


def _about_benefit(card: BenefitCard, project_id: int) -> Iterator[Finding]:
    row = card.row
    params = {"benefit": f"{row.code} {row.title}"}
    if row.owner is None:
        yield Finding(
            code="benefits.no_owner",
            message=_("%(benefit)s has no owner."),
            url=row_url(project_id, SLUG, BENEFITS, row.pk, "owner"),
            params=params,
            row=row.pk,
        )
    if row.change_pk is None:
        yield Finding(
            code="benefits.no_change",
            message=_("%(benefit)s does not say which change it comes from."),
            url=row_url(project_id, SLUG, BENEFITS, row.pk, "change"),
            params=params,
            row=row.pk,
        )
    if not card.indicators:
        yield Finding(
            code="benefits.no_indicator",
            message=_("%(benefit)s has no indicator."),
            url=new_row_url(project_id, SLUG, INDICATORS, "name", benefit=row.pk),
            params=params,
            row=row.pk,
        )


def _about_indicator(
    card: BenefitCard, indicator: IndicatorCard, project_id: int
) -> Iterator[Finding]:
    row = indicator.row
    params = {"benefit": card.row.code, "indicator": row.name}
    if row.baseline_value is None or row.baseline_on is None:
        field = "baseline_value" if row.baseline_value is None else "baseline_on"
        yield Finding(
            code="benefits.no_baseline",
            message=(
                _("%(benefit)s: “%(indicator)s” has no value from before the change.")
                if row.baseline_value is None
                else _("%(benefit)s: the value before the change of “%(indicator)s” has no date.")
            ),
            url=row_url(project_id, SLUG, INDICATORS, row.pk, field),
            params=params,
            row=row.pk,
        )
    if row.target_value is None and row.direction is not Direction.KEEP:
        yield Finding(
            code="benefits.no_target",
            message=_("%(benefit)s: “%(indicator)s” has no target."),
            url=row_url(project_id, SLUG, INDICATORS, row.pk, "target_value"),
            params=params,
            row=row.pk,
        )
    if not indicator.series:
        yield Finding(
            code="benefits.not_measured",
            message=_("%(benefit)s: “%(indicator)s” has not been measured."),
            url=new_row_url(project_id, SLUG, MEASUREMENTS, "value", indicator=row.pk),
            weight=Weight.ADVICE,
            params=params,
            row=row.pk,
        )


def benefit_tasks(dossier: BenefitsDossier, context: ProjectContext) -> Iterator[Task]:
    """One for each indicator whose target date has passed without a measurement since."""
    for row in dossier.indicators:
        if is_overdue(row.target_on, row.latest_on, context.today):
            yield Task(
                what=str(_("Measure “%(indicator)s”")) % {"indicator": row.name},
                who=row.responsible,
                due_on=row.target_on,
                url=new_row_url(context.project_id, SLUG, MEASUREMENTS, "value", indicator=row.pk),
            )
