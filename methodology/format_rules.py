"""Rules of a method version about several entries together, for :mod:`methodology.format`."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from methodology.enums import REVIEW_OUTCOMES, GateOutcome, ReadSource, Sensitivity
from methodology.overlays import OWN_PREFIX
from methodology.shapes import Pattern, Reference, member, members, word_at
from methodology.yaml_reader import Node, Problems

MAX_SCALE = 10
NAME = Pattern(r"[a-z][a-z0-9_]{0,59}", "a key of small letters, digits and _")


def back_goes_with_back_to(gate: dict[str, Node], where: str, problems: Problems) -> None:
    outcomes, back_to = gate.get("outcomes"), gate.get("back_to")
    if outcomes is None or back_to is None:
        return
    if not isinstance(outcomes.value, list) or not isinstance(back_to.value, list):
        return
    offers_back = any(outcome.value == GateOutcome.BACK for outcome in outcomes.value)
    if offers_back and not back_to.value:
        problems.add(
            back_to.line, f'{where}.back_to: the outcome "back" needs at least one phase to go to'
        )
    if back_to.value and not offers_back:
        problems.add(back_to.line, f'{where}.back_to: phases to go back to need the outcome "back"')


def reviews_come_one_after_the_other(gate: dict[str, Node], where: str, problems: Problems) -> None:
    """What comes again says when, in order, and offers to go on; nothing else offers that."""
    outcomes, reviews = gate.get("outcomes"), gate.get("reviews_after_months")
    named = outcomes.value if outcomes is not None and isinstance(outcomes.value, list) else []
    if reviews is None:
        for outcome in named:
            if outcome.value in REVIEW_OUTCOMES:
                problems.add(
                    outcome.line,
                    f'{where}.outcomes: "{outcome.value}" needs "reviews_after_months"',
                )
        return
    if not any(outcome.value == GateOutcome.CONTINUE for outcome in named):
        problems.add(
            reviews.line,
            f'{where}.reviews_after_months: a review that comes again needs the outcome "continue"',
        )
    months = [each.value for each in reviews.value] if isinstance(reviews.value, list) else []
    whole = [each for each in months if type(each) is int]
    if whole == months and sorted(set(whole)) != whole:
        problems.add(
            reviews.line,
            f"{where}.reviews_after_months: expected each number to be greater than the one before",
        )


def steps_and_criteria_are_the_methods(
    phase: dict[str, Node], where: str, problems: Problems
) -> None:
    """An overlay's additions have keys of their own, so that they never meet the method's."""
    node = Node(phase, 0)
    places = [(each, f"{where}.steps[{n}]") for n, each in enumerate(members(node, "steps"), 1)]
    criteria = members(member(node, "gate"), "criteria")
    places += [(each, f"{where}.gate.criteria[{n}]") for n, each in enumerate(criteria, 1)]
    for part, place in places:
        key = member(part, "key")
        if key is not None and word_at(part, "key").startswith(OWN_PREFIX):
            problems.add(
                key.line,
                f'{place}.key: "{key.value}" begins with {OWN_PREFIX}, as an organisation\'s '
                "additions do",
            )


def field_keys_are_unique(worksheet: dict[str, Node], where: str, problems: Problems) -> None:
    first: dict[str, int] = {}
    for part, place in _fields_with_place(worksheet, where):
        key = word_at(part, "key")
        if key in first:
            problems.add(
                part.line,
                f'{place}.key: "{key}" is used twice in the worksheet, first on line {first[key]}',
            )
        elif key:
            first[key] = part.line


def delete_on_is_a_date(worksheet: dict[str, Node], where: str, problems: Problems) -> None:
    """What is erased on a date names a date beside it: in the worksheet, or in the same row."""
    fields = list(_fields_with_place(worksheet, where))
    _check_delete_on(fields, problems)
    for part, place in fields:
        columns = [
            (column, f"{place}.columns[{number}]")
            for number, column in enumerate(members(part, "columns"), start=1)
        ]
        _check_delete_on(columns, problems)


def _check_delete_on(fields: Sequence[tuple[Node, str]], problems: Problems) -> None:
    dates = [word_at(part, "key") for part, _place in fields if word_at(part, "kind") == "date"]
    for part, place in fields:
        named = member(part, "delete_on")
        if named is not None and isinstance(named.value, str) and named.value not in dates:
            Reference(dates, "a date beside it", NAME)(named, f"{place}.delete_on", problems)


def _fields_with_place(worksheet: dict[str, Node], where: str) -> Iterable[tuple[Node, str]]:
    sheet = Node(worksheet, 0)
    for number, section in enumerate(members(sheet, "sections"), start=1):
        for place, part in enumerate(members(section, "fields"), start=1):
            yield part, f"{where}.sections[{number}].fields[{place}]"


def perishable_has_a_date(part: dict[str, Node], where: str, problems: Problems) -> None:
    node = Node(part, 0)
    perishable = word_at(node, "sensitivity") == Sensitivity.PERISHABLE
    named = part.get("delete_on")
    if perishable and named is None:
        line = part["sensitivity"].line
        problems.add(line, f'{where}: what is perishable needs "delete_on", the key of a date')
    if named is not None and not perishable:
        problems.add(named.line, f"{where}.delete_on: only what is perishable is erased on a date")


def scale_runs_upwards(part: dict[str, Node], where: str, problems: Problems) -> None:
    first, last = part.get("from"), part.get("to")
    if first is None or last is None or word_at(Node(part, 0), "kind") != "scale":
        return
    if type(first.value) is not int or type(last.value) is not int:
        return
    if not 1 <= last.value - first.value <= MAX_SCALE:
        problems.add(
            last.line,
            f"{where}.to: expected 1 to {MAX_SCALE} more than {first.value}, found {last.value}",
        )


def columns_are_there(part: dict[str, Node], where: str, problems: Problems) -> None:
    keys = [word_at(column, "key") for column in members(Node(part, 0), "columns")]
    for name in ("row_label", "starts_project"):
        if name in part:
            Reference(keys, "a column of the rows", NAME)(part[name], f"{where}.{name}", problems)
    scales = [
        word_at(column, "key")
        for column in members(Node(part, 0), "columns")
        if word_at(column, "kind") == "scale"
    ]
    for place, name_of_scale in enumerate(members(Node(part, 0), "risk_level"), start=1):
        Reference(scales, "a column of the rows that holds a scale", NAME)(
            name_of_scale, f"{where}.risk_level[{place}]", problems
        )


@dataclass(frozen=True, slots=True)
class Reading:
    """Which tools each worksheet of a version serves, and which it reads figures from."""

    serves: Mapping[str, frozenset[str]] = field(default_factory=dict)
    reads: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def comes_back(self, worksheet: str, tool: str) -> bool:
        """Whether what is read from ``tool`` comes, over however many worksheets, from
        ``worksheet`` itself."""
        waiting, seen = [tool], set[str]()
        while waiting:
            asked = waiting.pop()
            if asked in self.serves.get(worksheet, ()):
                return True
            for other, served in self.serves.items():
                if asked in served and other not in seen:
                    seen.add(other)
                    waiting.extend(self.reads.get(other, ()))
        return False


def reading_of(slots: Iterable[Node], worksheets: Iterable[Node | None]) -> Reading:
    serves: dict[str, set[str]] = {}
    for slot in slots:
        if word_at(slot, "worksheet"):
            serves.setdefault(word_at(slot, "worksheet"), set()).add(word_at(slot, "tool"))
    return Reading(
        serves={key: frozenset(tools) for key, tools in serves.items()},
        reads={
            word_at(sheet, "key"): frozenset(tool for tool, _node, _place in _sources(sheet, ""))
            for sheet in worksheets
            if sheet is not None
        },
    )


@dataclass(frozen=True, slots=True)
class ReadsNoCircle:
    """A worksheet does not read what it gives itself."""

    reading: Reading

    def __call__(self, worksheet: dict[str, Node], where: str, problems: Problems) -> None:
        sheet = Node(worksheet, 0)
        for tool, node, place in _sources(sheet, where):
            if self.reading.comes_back(word_at(sheet, "key"), tool):
                problems.add(
                    node.line,
                    f'{place}.source: "{node.value}" comes from this worksheet itself, and a '
                    "worksheet does not read in a circle",
                )


def _sources(sheet: Node | None, where: str) -> Iterator[tuple[str, Node, str]]:
    """The tools that a worksheet reads from, each with the source as written and its place."""
    entries = sheet.value if sheet is not None and isinstance(sheet.value, dict) else {}
    for part, place in _fields_with_place(entries, where):
        source = member(part, "source")
        if source is None or not isinstance(source.value, str):
            continue
        if source.value not in ReadSource.values:
            yield source.value.partition(".")[0], source, place


FIELD_RULES = (perishable_has_a_date, scale_runs_upwards, columns_are_there)
