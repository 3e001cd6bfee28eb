"""What stood in the database before state named content by key is found under the same content."""

import datetime
from types import SimpleNamespace

import pytest
from django.db import connections
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

ALIAS = "before_keys"
BEFORE = [
    ("methodology", "0001_initial"),
    ("phases", "0001_initial"),
    ("tools", "0001_initial"),
]
AFTER = [
    ("methodology", "0001_initial"),
    ("phases", "0004_keys_instead_of_references"),
    ("tools", "0004_slot_key_instead_of_reference"),
]
FULL = ("anchoring", "insight")


@pytest.fixture
def migrate(tmp_path, django_db_blocker):
    """Migrates a database of its own, so that the way there is the one that installations go, and
    gives the models of that time."""
    with django_db_blocker.unblock():
        connections.databases[ALIAS] = {
            **connections.databases["default"],
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": tmp_path / "before.sqlite3",
            "OPTIONS": {},
        }

        def migrate(targets):
            executor = MigrationExecutor(connections[ALIAS])
            executor.migrate(targets)
            return MigrationExecutor(connections[ALIAS]).loader.project_state(targets).apps

        yield migrate
        connections[ALIAS].close()
        del connections[ALIAS], connections.databases[ALIAS]


def tables(apps):
    def of(label):
        return apps.get_model(label).objects.using(ALIAS)

    return of


def content(of):
    """Two versions of a method whose rows share their keys, and the content of the second."""
    method = of("methodology.Method").create(key="small")
    for number in (1, 2):
        version = of("methodology.MethodVersion").create(
            method=method, number=number, default_language="nb"
        )
        found = SimpleNamespace(version=version, phases=[], steps=[], criteria=[], gates=[])
        found.slot = of("methodology.Slot").create(
            version=version, key="figures", position=1, tool="statistics"
        )
        for place, key in enumerate(FULL, start=1):
            phase = of("methodology.Phase").create(version=version, key=key, number=place)
            gate = of("methodology.Gate").create(phase=phase, key=f"gate-{place}", mode="advisory")
            found.phases.append(phase)
            found.gates.append(gate)
            found.steps.append(
                of("methodology.Step").create(phase=phase, key=f"step-{place}", number=1)
            )
            # The same key in both gates.
            found.criteria.append(
                of("methodology.Criterion").create(
                    gate=gate, key="decided", position=1, severity="must"
                )
            )
    return found


def project(of, version):
    groups = [of("auth.Group").create(name=name) for name in ("administrators", "readers")]
    organisation = of("accounts.Organisation").create(
        name="Fjordvik", administrators_group=groups[0], readers_group=groups[1]
    )
    user = of("accounts.User").create(email="p@fjordvik.test", name="P", organisation=organisation)
    unit = of("accounts.Unit").create(organisation=organisation, name="Fjordvik")
    return user, of("projects.Project").create(
        organisation=organisation,
        unit=unit,
        name="Nattilsyn",
        problem="P",
        goal="G",
        document_language="nb",
        method_version=version,
        starts_on=datetime.date(2026, 1, 12),
        created_by=user,
    )


def state(of):
    """A project that went back from its second phase to its first."""
    found = content(of)
    user, owner = project(of, found.version)
    rounds = [
        of("phases.ProjectPhase").create(project=owner, phase=phase, status=status)
        for phase, status in zip(found.phases, ("completed", "returned"), strict=True)
    ]
    for step in found.steps:
        of("phases.ProjectStep").create(project=owner, step=step)
    for row, criterion in zip(rounds, found.criteria, strict=True):
        of("phases.CriterionAnswer").create(project_phase=row, criterion=criterion)
    of("phases.ProjectGateMode").create(
        project=owner, gate=found.gates[1], mode="mandatory", reason="Stort.", set_by=user
    )
    _decisions(of, owner, user, rounds, found.phases[0])
    of("tools.SlotState").create(project=owner, slot=found.slot, note="I permen.", updated_by=user)


def _decisions(of, owner, user, rounds, target):
    for place, (row, outcome) in enumerate(zip(rounds, ("go", "back"), strict=True)):
        records = [
            of("phases.GateRecord").create(
                project=owner, sequence=2 * place + each, kind="decision", content=b"{}"
            )
            for each in (1, 2)
        ]
        submission = of("phases.GateSubmission").create(
            project_phase=row,
            record=records[0],
            recommended_outcome=outcome,
            recommendation="Ja.",
            submitted_by=user,
            submitted_at=timezone.now(),
        )
        of("phases.GateDecision").create(
            submission=submission,
            record=records[1],
            outcome=outcome,
            rationale="Godt.",
            target_phase=target if outcome == "back" else None,
            decided_by=user,
            decided_at=timezone.now(),
        )


def said(of, *fields):
    """The values of ``(label, field)``, table by table, in the order of the rows."""
    return [list(of(label).order_by("pk").values_list(field, flat=True)) for label, field in fields]


KEYS = (
    ("phases.ProjectPhase", "phase_key"),
    ("phases.ProjectStep", "step_key"),
    ("phases.CriterionAnswer", "criterion_key"),
    ("phases.ProjectGateMode", "gate_key"),
    ("phases.GateDecision", "target_phase_key"),
    ("tools.SlotState", "slot_key"),
)
REFERENCES = (
    ("phases.ProjectPhase", "phase"),
    ("phases.ProjectStep", "step"),
    ("phases.CriterionAnswer", "criterion"),
    ("phases.ProjectGateMode", "gate"),
    ("phases.GateDecision", "target_phase"),
    ("tools.SlotState", "slot"),
)


def test_every_row_finds_its_key_and_on_the_way_back_its_content(migrate):
    before = tables(migrate(BEFORE))
    state(before)
    references = said(before, *REFERENCES)

    assert said(tables(migrate(AFTER)), *KEYS) == [
        ["anchoring", "insight"],
        ["step-1", "step-2"],
        ["decided", "decided"],
        ["gate-2"],
        ["", "anchoring"],
        ["figures"],
    ]
    assert said(tables(migrate(BEFORE)), *REFERENCES) == references


def test_the_way_back_is_refused_when_a_key_has_no_content(migrate):
    state(tables(migrate(BEFORE)))
    after = tables(migrate(AFTER))
    after("phases.ProjectStep").filter(step_key="step-2").update(step_key="of-tomorrow")
    with pytest.raises(Exception, match=r"phases\.ProjectStep") as refused:
        migrate(BEFORE)
    assert type(refused.value).__name__ == "KeyWithoutContentError"
    assert after("phases.ProjectStep").count() == 2
