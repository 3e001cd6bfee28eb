"""Writing on a draft: copying a version, changing its parts, throwing it away.

Each write claims the draft's row, so that of two who save at the same moment the second is asked to
look again, and leaves a line in the audit log.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import Organisation, User
from common.merge import Conflict, merge_changes
from common.outcomes import Denied, Refusal
from methodology.authorship import may_author, may_author_for
from methodology.keys import refuse_key, unused_key
from methodology.models import Method, MethodVersion, PublishedContent, VersionDocument
from methodology.part_checks import problems_in_text, problems_with
from methodology.part_fields import (
    TextField,
    fields_by_flat_name,
    new_part,
    values_of,
    write_values,
)
from methodology.parts import (
    KEYLESS,
    Address,
    Content,
    Kind,
    NoSuchPart,
    PartNode,
    insert_part,
    kind_in,
    kind_of,
    list_at,
    list_of,
    part_at,
    shift_part,
    take_part,
    uses_of,
)
from methodology.services.recording import record_version


class AlreadyDrafted(Refusal):
    """There is a draft of the method already; ``draft`` is it."""

    def __init__(self, draft: MethodVersion) -> None:
        self.draft = draft
        super().__init__(
            _("%(name)s is drafting version %(number)s since %(day)s. Go on with that draft.")
            % {
                "name": draft.created_by.name if draft.created_by else _("Somebody"),
                "number": draft.number,
                "day": date_format(draft.created_at, "DATE_FORMAT"),
            }
        )


class ChangedMeanwhile(Refusal):
    """Somebody else changed the same values. ``conflicts`` holds both sides of each."""

    def __init__(self, conflicts: tuple[Conflict, ...]) -> None:
        self.conflicts = conflicts
        super().__init__(
            _("Somebody else has changed the same while you wrote. Look at both and save again.")
        )


class StillUsed(Refusal):
    """Other parts name the part that was to be removed; ``uses`` are they."""

    def __init__(self, uses: tuple[PartNode, ...]) -> None:
        self.uses = uses
        super().__init__(_("This is used elsewhere in the method. Take it away there first."))


@dataclass(frozen=True, slots=True)
class Removed:
    """What :func:`remove_part` took out, for :func:`restore_part` to put back."""

    list_address: Address
    place: int
    part: Content


# --- drafts ---------------------------------------------------------------------------------------


@transaction.atomic
def copy_to_draft(*, version: MethodVersion, actor: User) -> MethodVersion:
    """A draft with the method's next number and the version's content.

    Refuses with :class:`AlreadyDrafted` while there is a draft."""
    require_author(actor, version.method)
    return start_draft(
        method=version.method,
        content=VersionDocument.objects.get(pk=version.pk).content,
        actor=actor,
        based_on=version,
        what="copied",
    )


@transaction.atomic
def copy_to_organisation(
    *, version: MethodVersion, key: str, organisation: Organisation, actor: User
) -> MethodVersion:
    """Draft 1 of a new method that belongs to ``organisation`` alone.

    Raises ``ValidationError`` on ``key`` when it cannot be used."""
    _require(may_author_for(actor, organisation))
    if version.method.organisation_id not in (None, organisation.pk) or version.is_draft:
        raise Refusal(_("Only a published version that you can see can be copied."))
    method = new_method(key=key, organisation=organisation)
    return start_draft(
        method=method,
        content=VersionDocument.objects.get(pk=version.pk).content,
        actor=actor,
        based_on=version,
        what="copied",
    )


def new_method(*, key: str, organisation: Organisation | None) -> Method:
    """Raises ``ValidationError`` on ``key`` when it is badly formed or taken."""
    refuse_key(key, field="key")
    if Method.objects.filter(key=key).exists():
        raise ValidationError(
            {"key": _("There is a method with the key “%(key)s” already.") % {"key": key}}
        )
    return Method.objects.create(key=key, organisation=organisation)


def start_draft(
    *,
    method: Method,
    content: Mapping[str, Any],
    actor: User,
    what: str,
    based_on: MethodVersion | None = None,
    number: int | None = None,
) -> MethodVersion:
    """Store ``content`` as the method's draft, with the next number or a ``number`` above it."""
    # Two administrators who start at the same moment wait for each other here.
    Method.objects.select_for_update().get(pk=method.pk)
    if draft := draft_of(method):
        raise AlreadyDrafted(draft)
    number = max(next_number(method), number or 0)
    draft = MethodVersion(method=method, number=number, based_on=based_on, created_by=actor)
    draft.save(force_insert=True)
    content = {**content, "key": method.key, "version": number}
    VersionDocument.objects.bulk_create([VersionDocument(version=draft, content=content)])
    record_version(draft, what, actor, based_on=based_on.number if based_on else None)
    return draft


def draft_of(method: Method) -> MethodVersion | None:
    return (
        MethodVersion.objects.filter(method=method, status="draft")
        .select_related("method__organisation", "created_by")
        .first()
    )


def next_number(method: Method) -> int:
    newest = MethodVersion.objects.filter(method=method).aggregate(newest=Max("number"))["newest"]
    return (newest or 0) + 1


@transaction.atomic
def discard_draft(*, draft: MethodVersion, actor: User) -> None:
    """Throw the draft away, and with it a method that has nothing else."""
    row = claimed(draft, actor)
    record_version(row, "discarded", actor)
    VersionDocument.objects.get(pk=row.pk).delete()
    method = row.method
    row.delete()
    if not method.versions.exists():
        method.delete()


# --- parts ----------------------------------------------------------------------------------------


@transaction.atomic
def edit_part(
    *,
    draft: MethodVersion,
    address: Address,
    values: Mapping[str, Any],
    opened: Mapping[str, Any],
    actor: User,
) -> tuple[str, ...]:
    """Write flat values (``methodology.part_fields``) into a part; gives the names that changed.

    ``opened`` holds the values that the writer saw. What only others changed since is kept; raises
    :class:`ChangedMeanwhile` for what both changed, and ``ValidationError`` by flat name for what
    is not allowed. What is missing is no error before the draft is published.
    """
    row = claimed(draft, actor)
    content = content_of(row)
    kind, part = kind_of(address), _part(content, address)
    stored = values_of(content, kind, part)
    merged = merge_changes(
        opened=opened, mine=values, theirs=stored, differs=lambda _name, a, b: a != b
    )
    if merged.conflicts:
        raise ChangedMeanwhile(merged.conflicts)
    changed = {
        name: value
        for name, value in values.items()
        if name not in merged.keep_theirs and value != stored[name]
    }
    if not changed:
        return ()
    _refuse_texts(content, kind, part, changed)
    before = {problem.reason for problem in problems_with(content, address)}
    write_values(content, address, kind, changed)
    _refuse_settings(content, address, changed, before)
    _store(row, content, "part_changed", actor, address, changed=sorted(changed))
    return tuple(changed)


def _refuse_texts(content: Content, kind: Kind, part: Content, changed: Mapping[str, Any]) -> None:
    errors: dict[str, list[str]] = {}
    for name, field, language in fields_by_flat_name(content, kind, part):
        if name not in changed or not isinstance(field, TextField):
            continue
        is_name = field.name in ("title", "label") and language == content["default_language"]
        if is_name and not changed[name].strip():
            errors[name] = [_("Write the title in the method's main language.")]
        elif found := problems_in_text(field, changed[name]):
            errors[name] = list(found)
    if errors:
        raise ValidationError(errors)


def _refuse_settings(
    content: Content, address: Address, changed: Mapping[str, Any], before: set[str]
) -> None:
    """What a setting that was just changed makes wrong. Another kind of field is to be filled in
    after this, so nothing is asked of it yet."""
    if "kind" in changed:
        return
    names = {name.partition("__")[0] for name in changed if "__" not in name}
    if names & {"outcomes", "back_to"}:
        names |= {"outcomes", "back_to"}
    errors: dict[str, list[str]] = {}
    for problem in problems_with(content, address):
        if problem.field in names and problem.reason not in before and not problem.is_missing:
            errors.setdefault(problem.field, []).append(problem.reason)
    if errors:
        raise ValidationError(errors)


@transaction.atomic
def add_part(
    *,
    draft: MethodVersion,
    list_address: Address,
    title: Mapping[str, str],
    actor: User,
    key: str = "",
    values: Mapping[str, Any] | None = None,
) -> Address:
    """A new part, last in its list, with ``title`` by language; gives its address.

    The key is made from the title in the method's main language unless one is given. ``values`` are
    settings to begin with. Raises ``ValidationError`` for a title or key that cannot be used.
    """
    row = claimed(draft, actor)
    content = content_of(row)
    kind = kind_in(list_address)
    _part(content, list_address[:-1])
    plain = title.get(content["default_language"], "").strip()
    if not plain:
        raise ValidationError({"title": _("Write the title in the method's main language.")})
    if kind is Kind.GATE and list_at(content, list_address):
        raise Refusal(_("There is a gate here already."))
    if kind not in KEYLESS:
        key = unused_key(content, list_address, key=key, title=plain)
    written = {language: text.strip() for language, text in title.items() if text.strip()}
    address = insert_part(content, list_address, new_part(kind, key, written, plain))
    if values:
        write_values(content, address, kind, values)
    _store(row, content, "part_added", actor, address)
    return address


@transaction.atomic
def remove_part(*, draft: MethodVersion, address: Address, actor: User) -> Removed:
    """Take a part out with all that stands in it.

    Refuses with :class:`StillUsed` while other parts name it, and for the last of what there must
    be one of."""
    row = claimed(draft, actor)
    content = content_of(row)
    _part(content, address)
    if kind_of(address) is Kind.METHOD:
        raise Refusal(_("The method itself cannot be removed. Throw the draft away instead."))
    if uses := uses_of(content, address):
        raise StillUsed(uses)
    if kind_of(address) is Kind.PHASE and len(content["phases"]) == 1:
        raise Refusal(_("A method has at least one phase, and this is the last."))
    part, place = take_part(content, address)
    _store(row, content, "part_removed", actor, address)
    return Removed(list_of(address), place, part)


@transaction.atomic
def restore_part(*, draft: MethodVersion, removed: Removed, actor: User) -> Address:
    """Put back what was removed, where it stood. Refuses when its key is taken since."""
    row = claimed(draft, actor)
    content = content_of(row)
    kind = kind_in(removed.list_address)
    _part(content, removed.list_address[:-1])
    if kind is Kind.GATE and list_at(content, removed.list_address):
        raise Refusal(_("There is a gate here already."))
    if kind not in KEYLESS:
        unused_key(content, removed.list_address, key=removed.part["key"], title="")
    address = insert_part(content, removed.list_address, dict(removed.part), removed.place)
    _store(row, content, "part_restored", actor, address)
    return address


@transaction.atomic
def move_part(*, draft: MethodVersion, address: Address, by: int, actor: User) -> Address:
    """Move a part up (-1) or down (1) among its siblings; gives its address afterwards. Phases and
    steps are numbered anew."""
    row = claimed(draft, actor)
    content = content_of(row)
    part = _part(content, address)
    if not shift_part(content, address, by):
        raise Refusal(_("There is no room to move it that way."))
    if kind_of(address) in KEYLESS:
        entries = list_at(content, list_of(address))
        number = next(place for place, each in enumerate(entries, 1) if each is part)
        address = (*address[:-1], str(number))
    _store(row, content, "part_moved", actor, address)
    return address


# --- inside ---------------------------------------------------------------------------------------


def require_author(actor: User, method: Method) -> None:
    _require(may_author(actor, method))


def _require(outcome: Any) -> None:
    if isinstance(outcome, Denied):
        raise Refusal(outcome.reason)


def claimed(draft: MethodVersion, actor: User) -> MethodVersion:
    """The draft's row as it is stored, for this transaction to write on."""
    MethodVersion.objects.select_for_update().filter(pk=draft.pk).first()
    row = MethodVersion.objects.select_related("method__organisation").filter(pk=draft.pk).first()
    if row is None:
        raise Refusal(_("Somebody has thrown this draft away."))
    require_author(actor, row.method)
    if not row.is_draft:
        raise PublishedContent(row)
    row.claim()
    draft.row_version = row.row_version
    return row


def content_of(row: MethodVersion) -> Content:
    """The draft's content as it is stored, for the caller to change."""
    content: Content = VersionDocument.objects.values_list("content", flat=True).get(pk=row.pk)
    return content


def _part(content: Content, address: Address) -> Content:
    try:
        return part_at(content, address)
    except NoSuchPart as error:
        raise Refusal(_("Somebody has removed this part from the draft.")) from error


def _store(
    row: MethodVersion,
    content: Content,
    what: str,
    actor: User,
    address: Address,
    **details: Any,
) -> None:
    VersionDocument.objects.filter(pk=row.pk).update(content=content)
    record_version(row, what, actor, part="/".join(address), **details)
