"""What is different between two readings of a project: two records, or a record and today. Pure.

Both sides have gone through the same bytes (``phases.reading``), so that nothing restricted or
perishable is ever compared, let alone shown. Sentences are in the active language; what people
wrote stands as they wrote it.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.policy import ProjectRole
from common.templatetags.ui import day, kroner
from methodology.enums import Severity
from phases.dossier import ConditionDossier, DecisionDossier
from phases.enums import AnswerStatus
from phases.reading import ReadCriterion, ReadFinding, Reading, ReadStep
from phases.told import Change, Difference, Importance, change_of
from phases.toolchanges import fact_changes, tool_entries_changes
from phases.wording import name_or_erased
from tools.contract import PersonRef

__all__ = ["Area", "Change", "Difference", "Importance", "areas_of", "differences"]


@dataclass(frozen=True, slots=True)
class Area:
    """A part of the project, with how many differences there are in it."""

    key: str
    title: str
    count: int


def differences(
    before: Reading, after: Reading, *, own_decision: str = ""
) -> tuple[Difference, ...]:
    """Everything that is not the same, the most important first, else in the order of the page.

    Criteria and what the method asks for are compared only at one and the same gate.
    ``own_decision`` is the SHA-256 of the decision that was taken on ``before``: that it was taken,
    with its conditions, is no change since.
    """
    found = chain(
        _readiness(before, after),
        _criteria(before, after),
        _project(before, after),
        _people(before, after),
        *(_tool(before, after, key) for key in _tool_keys(before, after)),
        _decisions(before, after, own_decision),
        _steps(before, after),
        _notes(before, after),
    )
    return tuple(sorted(found, key=lambda each: each.importance))


def areas_of(found: Iterable[Difference]) -> tuple[Area, ...]:
    """The areas that there are differences in, by title."""
    counts: dict[str, int] = {}
    titles: dict[str, str] = {}
    for each in found:
        counts[each.area] = counts.get(each.area, 0) + 1
        titles[each.area] = each.area_title
    return tuple(
        Area(key, titles[key], counts[key])
        for key in sorted(counts, key=lambda key: titles[key].casefold())
    )


# --- the gate ------------------------------------------------------------------------------------


def _is_same_gate(before: Reading, after: Reading) -> bool:
    return before.where.phase.key == after.where.phase.key


def _gate_url(reading: Reading, criterion: str = "") -> str:
    url = reverse("phases:gate", args=[reading.project.pk, reading.where.phase.key])
    return f"{url}#criterion-{criterion}" if criterion else url


def _readiness(before: Reading, after: Reading) -> Iterator[Difference]:
    """What is missing now and was not then, and the other way round. Steps that are open tell for
    themselves, and so does the answer of a person."""
    answered = {each.key for each, _earlier in _answered_differently(before, after)}
    for is_must in (True, False):
        then = _findings(before, after, is_must, answered)
        now = _findings(after, before, is_must, answered)
        importance = Importance.BLOCKER if is_must else Importance.AGREED
        for key in now.keys() - then.keys():
            words = _("Missing now: %(what)s") if is_must else _("To look at now: %(what)s")
            yield _finding_difference(words, now[key], after, importance)
        for key in then.keys() - now.keys():
            words = _("No longer missing: %(what)s")
            yield _finding_difference(words, then[key], after, importance)


def _findings(
    reading: Reading, other: Reading, is_must: bool, without: set[str]
) -> dict[str, ReadFinding]:
    """By criterion, or by the sentence where there is none: a condition that is overdue."""
    comparable = {each.key for each in other.criteria} if _is_same_gate(reading, other) else set()
    return {
        each.criterion or each.text: each
        for each in reading.findings
        if each.is_must is is_must
        and each.criterion not in without
        and (each.criterion in comparable or (is_must and not each.criterion))
    }


def _finding_difference(
    words: str, finding: ReadFinding, after: Reading, importance: Importance
) -> Difference:
    return Difference(
        area="readiness",
        area_title=_("Readiness"),
        importance=importance,
        sentence=words % {"what": finding.text},
        url=_gate_url(after, finding.criterion)
        if finding.criterion
        else reverse("phases:decisions", args=[after.project.pk]),
    )


def _answered_differently(
    before: Reading, after: Reading
) -> list[tuple[ReadCriterion, ReadCriterion]]:
    """Criteria that a person answers, now and then."""
    if not _is_same_gate(before, after):
        return []
    earlier = {each.key: each for each in before.criteria}
    return [
        (each, earlier[each.key])
        for each in after.criteria
        if each.key in earlier
        and not each.settled_by_tools
        and (each.answer, each.is_met) != (earlier[each.key].answer, earlier[each.key].is_met)
    ]


def _criteria(before: Reading, after: Reading) -> Iterator[Difference]:
    if not _is_same_gate(before, after):
        return
    earlier = {each.key: each for each in before.criteria}
    for each in after.criteria:
        other = earlier.get(each.key)
        if other is None:
            continue
        changes = _criterion_changes(other, each)
        if changes:
            yield Difference(
                area="criteria",
                area_title=_("What the method asks for"),
                importance=_criterion_importance(other, each, changes),
                sentence=_("Answered differently: %(criterion)s") % {"criterion": each.title},
                changes=changes,
                url=_gate_url(after, each.key),
            )


def _criterion_changes(before: ReadCriterion, after: ReadCriterion) -> tuple[Change, ...]:
    found = [
        change_of(_("Answer"), _answer(before), _answer(after)),
        change_of(_("Comment"), before.comment, after.comment),
        change_of(_("Link"), before.evidence_url, after.evidence_url),
    ]
    if before.file_sha256 != after.file_sha256:
        name = after.file_name
        if name and name == before.file_name:
            name = _("%(name)s, with other content") % {"name": name}
        found.append(change_of(_("File"), before.file_name, name))
    return tuple(each for each in found if each is not None)


def _answer(criterion: ReadCriterion) -> str:
    """How a person answers; what tools settle is told by readiness."""
    if criterion.settled_by_tools and criterion.answer is AnswerStatus.OPEN:
        return ""
    label = str(criterion.answer.label)
    return _("%(answer)s, to be confirmed") % {"answer": label} if criterion.is_carried else label


def _criterion_importance(
    before: ReadCriterion, after: ReadCriterion, changes: tuple[Change, ...]
) -> Importance:
    if before.is_met != after.is_met and after.severity is Severity.MUST:
        return Importance.BLOCKER
    only_words = all(change.label == _("Comment") for change in changes)
    return Importance.NOTE if only_words else Importance.AGREED


# --- the project ---------------------------------------------------------------------------------


def _project(before: Reading, after: Reading) -> Iterator[Difference]:
    earlier, now = before.project, after.project
    agreed = Importance.AGREED
    facts: list[tuple[str, str, str, Importance]] = [
        (_("Name"), earlier.name, now.name, agreed),
        (_("Problem"), earlier.problem, now.problem, agreed),
        (_("Goal"), earlier.goal, now.goal, agreed),
        (_("Start"), day(earlier.starts_on), day(now.starts_on), agreed),
        (_("End"), day(earlier.ends_on), day(now.ends_on), agreed),
        (_("Unit"), earlier.unit, now.unit, agreed),
        (_("Case number"), earlier.case_number, now.case_number, Importance.NOTE),
        (_("Method"), _method(before), _method(after), agreed),
    ]
    if before.knows_size and after.knows_size:
        facts[0:0] = [
            (_("Budget"), str(kroner(earlier.budget)), str(kroner(now.budget)), Importance.MONEY),
            (_("Uncertainty"), _label(earlier.uncertainty), _label(now.uncertainty), agreed),
            (
                _("Great public interest"),
                _yes(earlier.has_public_interest),
                _yes(now.has_public_interest),
                agreed,
            ),
        ]
    for label, then, today, importance in facts:
        change = change_of("", then, today)
        if change is not None:
            yield Difference(
                area="project",
                area_title=_("The project"),
                importance=importance,
                sentence=label,
                changes=(change,),
                url=reverse("phases:project", args=[now.pk]),
            )


def _label(member: Any) -> str:
    return str(member.label) if member else ""


def _yes(value: bool) -> str:
    return _("Yes") if value else _("No")


def _method(reading: Reading) -> str:
    project = reading.project
    words = _("%(method)s, version %(number)s") % {
        "method": reading.method_title,
        "number": project.method_version,
    }
    if project.overlay_number is None:
        return words
    return _("%(method)s, with adjustments %(number)s") % {
        "method": words,
        "number": project.overlay_number,
    }


def _people(before: Reading, after: Reading) -> Iterator[Difference]:
    for role in ProjectRole:
        then, now = before.project.people(role), after.project.people(role)
        if {_identity(each) for each in then} == {_identity(each) for each in now}:
            continue
        yield Difference(
            area="people",
            area_title=_("People with access"),
            importance=Importance.PEOPLE,
            sentence=str(role.label),
            changes=(Change("", _names(then), _names(now)),),
            url=reverse("projects:team", args=[after.project.pk]),
        )


def _identity(person: PersonRef) -> object:
    return person.pk if person.pk is not None else person.name


def _names(people: Iterable[PersonRef]) -> str:
    return ", ".join(name_or_erased(each.name) for each in people)


# --- tools ---------------------------------------------------------------------------------------


def _tool_keys(before: Reading, after: Reading) -> list[str]:
    keys = [each.key for each in after.tools]
    return [*keys, *(each.key for each in before.tools if each.key not in keys)]


def _tool(before: Reading, after: Reading, key: str) -> Iterator[Difference]:
    then = next((each for each in before.tools if each.key == key), None)
    now = next((each for each in after.tools if each.key == key), None)
    yield from fact_changes(then, now, after.project.pk)
    yield from tool_entries_changes(then, before.context, now, after.context)


# --- decisions, steps, notes ---------------------------------------------------------------------


def _decisions(before: Reading, after: Reading, own: str) -> Iterator[Difference]:
    earlier = {each.sha256: each for each in before.project.decisions}
    titles = {name.key: name.title for name in after.names}
    for decision in after.project.decisions:
        then = earlier.get(decision.sha256)
        if then is None and decision.sha256 != own:
            yield _decision_difference(
                after,
                Importance.AGREED,
                _("Decided on %(phase)s: %(outcome)s")
                % {
                    "phase": titles.get(decision.phase, decision.phase),
                    "outcome": decision.outcome.label,
                },
                (),
            )
        yield from _conditions(then, decision, after)


def _decision_difference(
    after: Reading, importance: Importance, sentence: str, changes: tuple[Change, ...]
) -> Difference:
    return Difference(
        area="decisions",
        area_title=_("Decisions and conditions"),
        importance=importance,
        sentence=sentence,
        changes=changes,
        url=reverse("phases:decisions", args=[after.project.pk]),
    )


def _conditions(
    before: DecisionDossier | None, after: DecisionDossier, reading: Reading
) -> Iterator[Difference]:
    """How the conditions have gone. Those of a decision that is new here were open when it was
    taken."""
    for place, condition in enumerate(after.conditions):
        then = before.conditions[place] if before and place < len(before.conditions) else None
        if condition.is_closed and not (then and then.is_closed):
            yield _decision_difference(
                reading,
                Importance.AGREED,
                _("Condition met: %(condition)s") % {"condition": condition.text},
                (Change("", "", condition.closing_note),) if condition.closing_note else (),
            )
        elif then is not None and _identity(then.owner) != _identity(condition.owner):
            yield _decision_difference(
                reading,
                Importance.PEOPLE,
                _("Who sees to a condition: %(condition)s") % {"condition": condition.text},
                (_owner_change(then, condition),),
            )


def _owner_change(before: ConditionDossier, after: ConditionDossier) -> Change:
    return Change("", _names((before.owner,)), _names((after.owner,)))


def _steps(before: Reading, after: Reading) -> Iterator[Difference]:
    earlier = {each.step.key: each for phase in before.phases for each in phase.steps}
    for phase in after.phases:
        for each in phase.steps:
            then = earlier.get(each.step.key)
            changes = _step_changes(then, each) if then else ()
            if changes:
                only_notes = all(change.label == _("Notes") for change in changes)
                yield Difference(
                    area="steps",
                    area_title=_("The work"),
                    importance=Importance.NOTE if only_notes else Importance.WORK,
                    sentence=f"{each.step.label} {each.title}",
                    changes=changes,
                    url=reverse("phases:step", args=[after.project.pk, each.step.key]),
                )


def _step_changes(before: ReadStep, after: ReadStep) -> tuple[Change, ...]:
    then, now = before.step, after.step
    found = [
        change_of(_("Status"), str(then.status.label), str(now.status.label)),
        change_of(_("Due"), day(then.due_on), day(now.due_on)),
        change_of(_("Why not relevant"), then.not_relevant_reason, now.not_relevant_reason),
        change_of(_("Notes"), then.notes, now.notes),
    ]
    if (then.responsible and _identity(then.responsible)) != (
        now.responsible and _identity(now.responsible)
    ):
        people = [_names((each,)) if each else "" for each in (then.responsible, now.responsible)]
        found.insert(1, Change(_("Responsible"), *people))
    return tuple(each for each in found if each is not None)


def _notes(before: Reading, after: Reading) -> Iterator[Difference]:
    earlier = {each.slot: each for each in before.project.slots}
    now = {each.slot: each for each in after.project.slots}
    titles: Mapping[str, str] = {**before.slot_titles, **after.slot_titles}
    for key in dict.fromkeys((*now, *earlier)):
        then, today = earlier.get(key), now.get(key)
        found = [
            change_of(_("Note"), then.note if then else "", today.note if today else ""),
            change_of(
                _("Why not relevant"),
                then.not_relevant_reason if then else "",
                today.not_relevant_reason if today else "",
            ),
        ]
        changes = tuple(each for each in found if each is not None)
        if changes:
            yield Difference(
                area="notes",
                area_title=_("Notes"),
                importance=Importance.NOTE,
                sentence=titles.get(key, key),
                changes=changes,
                url=reverse("tools:index", args=[after.project.pk]),
            )
