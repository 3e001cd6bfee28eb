"""Gate records: composing, adding to the chain, reading back.

What a record holds and what it never holds: ``docs/adr/0011-what-is-never-frozen.md``.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from accounts.policy import ProjectRole
from common.outcomes import Refusal
from methodology.catalogue import Catalogue, GateEntry, catalogue_of
from methodology.models import MethodVersion, OverlayVersion
from phases.attachments import attachments_content
from phases.canonical import SCHEMA_VERSION, NotCanonicalError, canonical_bytes, digest
from phases.dossier import ProjectDossier, dossiers_of_walks
from phases.due import reviews_of
from phases.enums import RecordKind
from phases.gates import ReadinessItem
from phases.models import GateRecord, GateRecordPerson, GateRecordSalt
from phases.naming import PhaseNames
from phases.readiness import PhaseReadiness, ToolState
from phases.reviews import next_review
from phases.selectors import Walk, WalkPhase
from phases.upgrades import upgrade
from phases.withheld import proves, withheld_content
from phases.wording import name_or_erased
from projects.method import catalogue_of_project
from projects.models import Membership, Project
from tools import registry
from tools.contract import Fact, PersonRef, ProjectContext, RiskLine, Tool
from tools.plain import People, decimal_text, from_plain, to_plain
from tools.privacy import open_part


class RecordDisposed(Exception):  # noqa: N818 -- a domain word: the content is gone on purpose
    """The content of ``record`` was disposed of at the end of retention."""

    def __init__(self, record: GateRecord) -> None:
        super().__init__(f"the content of record {record} was disposed of")
        self.record = record


@dataclass(frozen=True, slots=True)
class RecordedTool:
    """A tool's part of a record; ``tool`` is ``None`` when this installation no longer has it."""

    key: str
    title: str
    tool: Tool | None
    dossier: Any
    findings: tuple[str, ...]
    facts: tuple[Fact, ...]
    risks: tuple[RiskLine, ...] = ()

    @property
    def risks_by_rank(self) -> tuple[RiskLine, ...]:
        """The gravest first."""
        return tuple(sorted(self.risks, key=lambda risk: -risk.rank))


def submission_content(
    *,
    walk: Walk,
    phase: WalkPhase,
    ready: PhaseReadiness,
    people: People,
    language: str,
) -> dict[str, Any]:
    """Everything the decider will see, as JSON types, with sentences in the active language.

    Restricted and perishable values are left out, with what ``phases.withheld`` says about them in
    their place; people stand as keys.
    """
    gate = phase.entry.gate
    assert gate is not None  # noqa: S101 -- callers have a gate
    dossier = dossiers_of_walks({walk.project.pk: walk})[walk.project.pk]
    told = [
        (state, open_part(state.dossier))
        for state in ready.tools
        if state.tool.is_told_when_empty or not state.tool.is_empty(state.dossier)
    ]
    return {
        "schema": SCHEMA_VERSION,
        "language": language,
        "method": _method(walk.catalogue),
        "phase": _phase(phase),
        "gate": _gate(gate, phase, walk.catalogue),
        "titles": _titles(walk, dossier),
        "criteria": [_criterion(state) for state in ready.criteria],
        "readiness": {
            name: [_item(item) for item in getattr(ready.readiness, name)]
            for name in ("blockers", "warnings", "fine")
        },
        "project": to_plain(open_part(dossier), people),
        "withheld": withheld_content(dossier, people),
        "tools": {
            state.tool.key: _tool(state, shared, ready.context, people) for state, shared in told
        },
        "attachments": attachments_content(
            open_part(dossier), [(state.tool, shared) for state, shared in told]
        ),
    }


def _method(catalogue: Catalogue) -> dict[str, Any]:
    return {
        "key": catalogue.method_key,
        "version": catalogue.number,
        "hash": catalogue.content_hash,
        "title": catalogue.title,
        "words": {"phase": catalogue.word("phase"), "step": catalogue.word("step")},
        # What the organisation has adjusted in it.
        "overlay": (
            {"version": catalogue.overlay.number, "hash": catalogue.overlay.content_hash}
            if catalogue.overlay
            else None
        ),
    }


def _phase(phase: WalkPhase) -> dict[str, Any]:
    return {
        "key": phase.entry.key,
        "number": phase.entry.number,
        "title": phase.entry.title,
        "iteration": phase.row.iteration,
    }


def _gate(gate: GateEntry, phase: WalkPhase, catalogue: Catalogue) -> dict[str, Any]:
    return {
        "key": gate.key,
        "title": gate.title,
        "mode": phase.mode.value,
        "outcomes": [outcome.value for outcome in gate.outcomes],
        "back_to": [{"key": key, "title": catalogue.phase(key).title} for key in gate.back_to],
        # Which of the gate's recurring reviews this is.
        "review": (
            {"months": review.months, "due_on": review.due_on.isoformat()}
            if (review := next_review(reviews_of(phase)))
            else None
        ),
    }


def _titles(walk: Walk, dossier: ProjectDossier) -> dict[str, dict[str, str]]:
    """Of everything that the record names by key, also of earlier decisions on phases that the
    method has no more."""
    names = PhaseNames(walk.project)
    decided = {
        key: names.of_phase(key).title
        for decision in dossier.decisions
        for key in (decision.phase, decision.target_phase)
        if key
    }
    return {
        "phases": decided | {each.key: each.title for each in walk.catalogue.phases},
        "steps": {each.key: each.title for each in walk.catalogue.steps},
        "slots": {each.key: each.title for each in walk.catalogue.slots},
    }


def _criterion(state: Any) -> dict[str, Any]:
    answer = state.answer
    return {
        "key": state.entry.key,
        "title": state.entry.title,
        "severity": state.entry.severity.value,
        "lowered_reason": state.entry.lowered_reason,
        "adjusted_by": state.entry.adjusted_by,
        "settled_by_tools": state.input.settled_by_tools,
        "shortcomings": [each.text for each in state.input.shortcomings],
        "answer": state.input.answer.value,
        "is_carried_over": state.input.is_carried_over,
        "comment": answer.comment if answer else "",
        "evidence_url": answer.evidence_url if answer else "",
        # The number of the answer and the name under which the file is stored: what was
        # submitted can still be opened when the answer has got another file.
        "answer_number": answer.pk if answer else None,
        "evidence_file": answer.evidence_file.name if answer and answer.evidence_file else "",
        "evidence_file_name": answer.evidence_file_name if answer else "",
        "evidence_file_sha256": answer.evidence_file_sha256 if answer else "",
    }


def _item(item: ReadinessItem) -> dict[str, Any]:
    return {
        "criterion": item.criterion,
        "text": item.text,
        "details": [{"code": detail.code, "text": detail.text} for detail in item.details],
    }


def _tool(state: ToolState, shared: Any, context: ProjectContext, people: People) -> dict[str, Any]:
    """``shared`` is the part of the dossier that everybody may see."""
    return {
        "schema": state.tool.schema_version,
        "title": str(state.tool.title),
        "dossier": to_plain(shared, people),
        "withheld": withheld_content(state.dossier, people),
        "findings": [
            {"code": finding.code, "row": finding.row, "text": finding.text}
            for finding in state.findings
        ],
        "facts": [
            {
                "key": fact.key,
                "label": str(fact.label),
                "kind": fact.kind.value,
                "unit": str(fact.unit),
                "value": decimal_text(fact.value) if fact.value is not None else None,
                "is_headline": fact.is_headline,
            }
            for fact in state.tool.facts(state.dossier)
        ],
        "risks": [
            {
                "words": risk.words,
                "level": risk.level,
                "tone": risk.tone.value,
                "rank": risk.rank,
            }
            for risk in state.tool.risks(shared, context)
        ],
    }


def add_record(
    *, project: Project, kind: RecordKind, content: Mapping[str, Any], people: People
) -> GateRecord:
    """Put ``content`` at the end of the project's chain, in the caller's transaction, and beside it
    what can be erased: the people's names and the salt.

    Two at once: one of them gets ``IntegrityError`` from the constraint ``gate_record_chain``.
    Refused when a text holds a character that no record can hold.
    """
    last = GateRecord.objects.filter(project=project).order_by("-sequence").first()
    sequence = last.sequence + 1 if last else 1
    previous = last.sha256 if last else ""
    data = _bytes_of(
        {
            **content,
            "kind": kind.value,
            "project_number": project.pk,
            "sequence": sequence,
            "previous": previous,
        }
    )
    record = GateRecord.objects.create(
        project=project,
        sequence=sequence,
        kind=kind,
        content=data,
        sha256=digest(data),
        previous_sha256=previous,
    )
    _add_beside(record, people)
    return record


def _add_beside(record: GateRecord, people: People) -> None:
    roles = _roles_by_person(record.project)
    GateRecordPerson.objects.bulk_create(
        GateRecordPerson(
            record=record,
            key=key,
            user_id=person.pk,
            name=person.name,
            roles=",".join(roles.get(person.pk, ())) if person.pk is not None else "",
        )
        for key, person in people.refs.items()
    )
    if people.stored_salt:
        GateRecordSalt.objects.create(record=record, salt=people.stored_salt)


def _bytes_of(content: Mapping[str, Any]) -> bytes:
    try:
        return canonical_bytes(content)
    except NotCanonicalError as error:
        raise Refusal(
            _(
                "A text holds an invisible character that no record can hold (%(code)s, at "
                "%(path)s). Write that part again."
            )
            % {"code": error.character, "path": error.path}
        ) from error


def _roles_by_person(project: Project) -> dict[int, list[str]]:
    roles: dict[int, list[str]] = {}
    for user_id, role in Membership.objects.filter(
        project=project, ended_at__isnull=True
    ).values_list("user_id", "role"):
        roles.setdefault(user_id, []).append(ProjectRole(role).value)
    return roles


def content_of(record: GateRecord) -> dict[str, Any]:
    """The record as JSON types, in the present schema whatever it was made in. Raises
    :class:`RecordDisposed` when the content is gone."""
    return upgrade(stored_content(record))


def stored_content(record: GateRecord) -> dict[str, Any]:
    """The record as JSON types, exactly as its bytes say: what proofs go by. Raises
    :class:`RecordDisposed` when the content is gone."""
    data = bytes(record.content)
    if not data:
        raise RecordDisposed(record)
    content: dict[str, Any] = json.loads(data)
    return content


def matches_withheld(record: GateRecord, tool_key: str, path: str, values: Sequence[Any]) -> bool:
    """Whether ``values`` are those that stood under ``path`` when the record was made, and that it
    withholds: all of them, in the dossier's order, with ``None`` for empty ones.

    ``tool_key`` is ``""`` for the project's own. ``False`` also when the salt is gone: then nothing
    can be said any more. One query.
    """
    content = content_of(record)
    part = content["tools"].get(tool_key, {}) if tool_key else content
    salt = GateRecordSalt.objects.filter(record=record).values_list("salt", flat=True).first()
    return proves(part.get("withheld", {}), path=path, values=values, salt=salt or "")


def method_version_of_record(content: Mapping[str, Any]) -> MethodVersion:
    """The version that the project stood on when this was submitted. One query.

    Raises ``MethodVersion.DoesNotExist`` when this installation does not have it.
    """
    return MethodVersion.objects.select_related("method").get(
        method__key=content["method"]["key"], number=content["method"]["version"]
    )


def catalogue_of_record(content: Mapping[str, Any], project: Project) -> Catalogue:
    """The content as it was when this was submitted, with what the organisation had adjusted,
    wherever the project stands now. No query while it stands there still; else two at the most."""
    present = catalogue_of_project(project)
    frozen, now = content["method"], _method(present)
    overlay = frozen.get("overlay")
    if overlay == now["overlay"] and all(
        frozen[name] == now[name] for name in ("key", "version", "hash")
    ):
        return present
    version = method_version_of_record(content)
    if overlay is None:
        return catalogue_of(version)
    adjusted = OverlayVersion.objects.select_related("organisation", "method").get(
        organisation_id=project.organisation_id, method=version.method, number=overlay["version"]
    )
    return catalogue_of(version, adjusted)


def people_of(record: GateRecord) -> dict[str, PersonRef]:
    """Key -> person, with words in the place of a name that was erased. One query."""
    return {
        person.key: PersonRef(person.user_id, name_or_erased(person.name))
        for person in record.people.all()
    }


def recorded_project(content: Mapping[str, Any], people: Mapping[str, PersonRef]) -> ProjectDossier:
    dossier: ProjectDossier = from_plain(ProjectDossier, content["project"], people)
    return dossier


def recorded_tools(
    content: Mapping[str, Any], people: Mapping[str, PersonRef]
) -> tuple[RecordedTool, ...]:
    """The tools' parts: the apps in the order of this installation, then the others."""
    order = [tool.key for tool in registry.all_tools()]
    keys = sorted(
        content["tools"], key=lambda key: (order.index(key) if key in order else 999, key)
    )
    return tuple(_recorded_tool(key, content["tools"][key], people) for key in keys)


def _recorded_tool(
    key: str, part: Mapping[str, Any], people: Mapping[str, PersonRef]
) -> RecordedTool:
    tool = registry.recorded_tool(key)
    if tool is not None and part["schema"] > tool.schema_version:
        # Made by a later version of the tool: its words stand, its dossier cannot be read.
        tool = None
    return RecordedTool(
        key=key,
        title=part["title"],
        tool=tool,
        dossier=_dossier_of(tool, part, people) if tool else None,
        findings=tuple(finding["text"] for finding in part["findings"]),
        facts=tuple(from_plain(Fact, fact, people) for fact in part["facts"]),
        risks=tuple(from_plain(RiskLine, risk, people) for risk in part.get("risks", ())),
    )


def _dossier_of(tool: Tool, part: Mapping[str, Any], people: Mapping[str, PersonRef]) -> Any:
    plain = part["dossier"]
    if part["schema"] < tool.schema_version:
        plain = tool.upgrade_dossier(plain, part["schema"])
    return from_plain(tool.dossier_class, plain, people)
