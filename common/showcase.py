"""Made-up content for the page that shows every component in every state."""

import datetime
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from crispy_forms.layout import Layout
from django import forms
from django.core.paginator import Paginator
from django.utils import timezone

from common.enums import ToneChoices
from common.forms import DayField, DecimalField, PageForm, WholeNumberField
from common.layout import Columns, Details
from common.outcomes import Denied

ICON_FOLDER = Path(__file__).resolve().parent.parent / "templates" / "icons"


class SampleState(ToneChoices):
    """One member for each tone."""

    NOT_STARTED = "not_started", "neutral", "Ikke startet"
    UNDER_WAY = "under_way", "info", "I arbeid"
    CURRENT = "current", "accent", "Pågår nå"
    DONE = "done", "success", "Ferdig"
    WAITING = "waiting", "warning", "Venter på beslutning"
    STOPPED = "stopped", "danger", "Stoppet"


class SampleForm(PageForm):
    """Every kind of field that the pack draws."""

    submit_label = "Lagre gevinsten"

    name = forms.CharField(
        label="Navn",
        max_length=80,
        help_text="Kort nok til å stå i en liste.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    description = forms.CharField(label="Hva blir bedre?", widget=forms.Textarea, required=False)
    kind = forms.ChoiceField(
        label="Type gevinst",
        choices=[("", "Velg"), ("economy", "Økonomi"), ("time", "Frigjort tid")],
    )
    direction = forms.ChoiceField(
        label="Retning",
        choices=[("up", "Mer er bedre"), ("down", "Mindre er bedre")],
        widget=forms.RadioSelect,
        help_text="Hvilken vei tallet skal bevege seg.",
    )
    sources = forms.MultipleChoiceField(
        label="Kilder",
        required=False,
        choices=[
            ("Tall", [("journal", "Fagsystem"), ("time", "Tidsmåling")]),
            ("Mennesker", [("interviews", "Intervjuer"), ("survey", "Undersøkelse")]),
        ],
        widget=forms.CheckboxSelectMultiple,
    )
    amount = DecimalField(label="Beløp per år", unit="kr", max_digits=12, decimal_places=2)
    people = WholeNumberField(label="Antall ansatte", required=False, min_value=0)
    measured_on = DayField(label="Målt den", required=False)
    evidence = forms.FileField(label="Vedlegg", required=False)
    is_agreed = forms.BooleanField(
        label="Avtalt med den som eier tjenesten",
        required=False,
        help_text="Uten avtale regnes gevinsten som et forslag.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper.layout = Layout(
            "name",
            "description",
            Columns("kind", "amount"),
            "direction",
            "sources",
            Columns("people", "measured_on"),
            Details("Mer om tallet", "evidence"),
            "is_agreed",
        )


def _mark(number: int, title: str, state: str, label: str, **more: Any) -> SimpleNamespace:
    values = {"url": "#", "gate_label": "", "gate_tone": "", "is_current": False} | more
    return SimpleNamespace(number=number, title=title, state=state, state_label=label, **values)


def phase_marks() -> list[SimpleNamespace]:
    return [
        _mark(1, "Forankring", "done", "Ferdig", gate_label="Godkjent", gate_tone="success"),
        _mark(2, "Innsikt", "done", "Ferdig", gate_label="Med vilkår", gate_tone="warning"),
        _mark(3, "Tjenesteutvikling", "reopened", "Gjenåpnet", gate_label="Tilbake"),
        _mark(4, "Pilotering", "current", "Pågår", is_current=True, gate_label="Til beslutning"),
        _mark(5, "Overgang til drift", "waiting", "Ikke startet"),
        _mark(6, "Ny praksis", "stopped", "Stoppet"),
    ]


def menu_items() -> list[SimpleNamespace]:
    def item(label: str, **more: Any) -> SimpleNamespace:
        values = {"url": "#", "is_current": False, "count": 0, "count_label": "", "children": []}
        return SimpleNamespace(label=label, **(values | more))

    return [
        item("Oversikt"),
        item(
            "Pilotering",
            is_current=True,
            children=[item("Planlegg piloten"), item("Gjennomfør"), item("Evaluer")],
        ),
        item("Verktøy", count=3, count_label="3 ting mangler"),
        item("Beslutninger"),
        item("Rapporter"),
        item("Historikk"),
        item("Team"),
    ]


def findings() -> list[SimpleNamespace]:
    return [
        SimpleNamespace(severity="must", text="«Færre nattbesøk» mangler eier.", url="#"),
        SimpleNamespace(severity="should", text="«Tryggere netter» har ikke nullpunkt.", url="#"),
        SimpleNamespace(severity="info", text="To gevinster måles første gang i mai.", url=""),
    ]


def sample_context() -> dict[str, Any]:
    """Everything that ``common/components.html`` shows."""
    today = timezone.localdate()
    wrong = SampleForm({"name": "", "amount": "1,234", "kind": "time", "measured_on": "12.13.2027"})
    return {
        "states": list(SampleState),
        "form": SampleForm(
            initial={"amount": Decimal("1234500.5"), "measured_on": today, "direction": "up"},
            cancel_url="#",
        ),
        "wrong_form": wrong,
        "marks": phase_marks(),
        "menu": menu_items(),
        "sample_project": SimpleNamespace(
            name="Digitalt tilsyn om natten", case_number="2026/1482"
        ),
        "findings": findings(),
        "denied": Denied("Bare prosjekteieren kan beslutte dette. Eieren er Kari Nordmann.", "#"),
        "page_obj": Paginator(range(75), 25).page(2),
        "soon": today + datetime.timedelta(days=3),
        "later": datetime.date(2027, 3, 12),
        "moment": timezone.now(),
        "amounts": [Decimal("1234500"), Decimal("-845000.5"), 0, None],
        "icons": sorted(path.stem for path in ICON_FOLDER.glob("*.svg")),
    }
