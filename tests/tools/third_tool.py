"""An invented tool, as somebody adding one would write it: all of it in one place."""

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal

from django.db import models

from accounts.models import User
from projects.models import Project
from tests.tools.samples import Sample
from tools.contract import Column, ColumnKind, Finding, ProjectContext, Register, Tool
from tools.forms import RowForm
from tools.links import new_row_url
from tools.models import RegisterRow
from tools.privacy import restricted
from tools.services import save_row


class Cost(RegisterRow):
    what = models.CharField("what", max_length=100)
    amount = models.DecimalField("amount", max_digits=12, decimal_places=2)
    source = models.CharField("source", max_length=100, blank=True)
    remark = models.CharField("remark", max_length=100, blank=True)

    class Meta(RegisterRow.Meta):
        # No installed app has this label, so no migration is missed.
        app_label = "third_tool"

    def __str__(self) -> str:
        return self.what


class CostForm(RowForm):
    class Meta:
        model = Cost
        fields = ["what", "amount", "source", "remark"]


@dataclass(frozen=True, slots=True)
class CostRow:
    pk: int
    what: str
    amount: Decimal
    source: str
    remark: str = restricted(default="")


@dataclass(frozen=True, slots=True)
class CostsDossier:
    costs: tuple[CostRow, ...] = ()


class CostsTool(Tool):
    key = "costs"
    slug = "kostnader"
    title = "Costs"
    registers = (
        Register(
            key="costs",
            slug="kostnader",
            title="Costs",
            singular="cost",
            purpose="What the new service costs.",
            example="Sensors for 20 flats: 90 000 kr.",
            model=Cost,
            form=CostForm,
            row_class=CostRow,
            columns=(
                Column("what", "What"),
                Column("amount", "Amount", ColumnKind.MONEY),
                Column("source", "Source"),
                Column("remark", "Remark"),
            ),
            rows=lambda dossier: dossier.costs,
        ),
    )
    dossier_class = CostsDossier

    def load(self, project_ids: Collection[int]) -> dict[int, CostsDossier]:
        found: dict[int, list[CostRow]] = {pk: [] for pk in project_ids}
        for row in Cost.objects.filter(project_id__in=project_ids, deleted_at__isnull=True):
            found[row.project_id].append(
                CostRow(row.pk, row.what, row.amount, row.source, row.remark)
            )
        return {pk: CostsDossier(tuple(rows)) for pk, rows in found.items()}

    def findings(self, dossier: CostsDossier, context: ProjectContext) -> tuple[Finding, ...]:
        if dossier.costs:
            return ()
        url = new_row_url(context.project_id, self.slug, "kostnader", "what")
        return (Finding("costs.none", "No costs are written down.", url),)


def make_cost(project: Project, actor: User, number: int) -> Cost:
    row = Cost(
        project=project,
        what=f"Sensorer {number}",
        amount=Decimal("90000"),
        source="Tilbud",
        remark=f"Forhandles {number}",
    )
    return save_row(row=row, actor=actor)


SAMPLES = (
    Sample(
        register="costs",
        make=make_cost,
        posted=lambda project, actor: {"what": "Opplæring", "amount": "12 500"},
        text_field="what",
        other_field="source",
    ),
)
