"""Writing an organisation's overlay: drafting, adjusting, discarding and publishing it.

Every write takes the draft as it was read, and claims its row: of two administrators at the same
moment one is told so, and nothing is half-written. What the parts of an overlay look like is said
in ``methodology.overlays``; texts are checked with the shapes of the method's own format.
"""

from collections.abc import Callable, Mapping
from copy import deepcopy
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F, Max
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import Organisation, User
from accounts.selectors import administrators_of, is_administrator
from audit.services import record_event
from common.outcomes import Allowed, Denied, Outcome, Refusal, StaleRow
from methodology.enums import Severity, VersionStatus
from methodology.files import hash_of
from methodology.models import Method, MethodVersion, OverlayVersion
from methodology.overlay_content import (
    EMPTY_PARTS,
    OverlayProblem,
    checked_criterion,
    checked_note,
    checked_step,
    own_key,
    problems_of,
)
from methodology.overlays import apply_overlay
from methodology.selectors_overlays import draft_overlay, published_overlay

Content = dict[str, Any]


class OverlayRefused(Refusal):
    """What was written does not fit; ``problems`` say where and why."""

    def __init__(self, problems: tuple[OverlayProblem, ...]) -> None:
        super().__init__(" ".join(problem.sentence for problem in problems))
        self.problems = problems


def may_adjust(user: User, organisation: Organisation) -> Outcome:
    """Whether the person may say how the organisation adjusts methods: its administrators."""
    if is_administrator(user, organisation.pk):
        return Allowed()
    names = ", ".join(person.name for person in administrators_of(organisation))
    return Denied(
        _("Methods are adjusted by the administrators of %(organisation)s. Ask %(names)s.")
        % {"organisation": organisation.name, "names": names or _("the administrator")}
    )


# --- the draft as a whole -------------------------------------------------------------------------


@transaction.atomic
def draft_from_newest(*, organisation: Organisation, method: Method, actor: User) -> OverlayVersion:
    """A draft of the next version, with what was published last in it.

    Refused for all but administrators, for another organisation's method, and while there is a
    draft; then the sentence says whose.
    """
    _refuse_unless(may_adjust(actor, organisation))
    if method.organisation_id not in (None, organisation.pk):
        raise Refusal(_("This method belongs to another organisation."))
    # Two at the same moment wait for each other here.
    Organisation.objects.select_for_update().get(pk=organisation.pk)
    _refuse_second_draft(organisation, method)
    newest = published_overlay(organisation.pk, method.pk)
    numbers = OverlayVersion.objects.filter(organisation=organisation, method=method)
    draft = OverlayVersion(
        organisation=organisation,
        method=method,
        number=(numbers.aggregate(last=Max("number"))["last"] or 0) + 1,
        content=deepcopy(newest.content) if newest else deepcopy(dict(EMPTY_PARTS)),
        created_by=actor,
    )
    try:
        with transaction.atomic():
            draft.save()
    except IntegrityError:
        _refuse_second_draft(organisation, method)
        raise
    _record(draft, "drafted", actor)
    return draft


def _refuse_second_draft(organisation: Organisation, method: Method) -> None:
    draft = draft_overlay(organisation.pk, method.pk)
    if draft is not None:
        raise Refusal(
            _("%(name)s has been writing version %(number)s since %(date)s. Go on with that one.")
            % {
                "name": draft.created_by.name if draft.created_by else _("Somebody"),
                "number": draft.number,
                "date": date_format(timezone.localtime(draft.created_at), "DATE_FORMAT"),
            }
        )


@transaction.atomic
def discard_overlay(*, draft: OverlayVersion, actor: User) -> None:
    """Throw the draft away. What is published stays. Raises :class:`Refusal`."""
    _open(draft, actor)
    _record(draft, "discarded", actor)
    draft.delete()


@transaction.atomic
def publish_overlay(
    *, draft: OverlayVersion, version: MethodVersion, content: Mapping[str, Any], actor: User
) -> OverlayVersion:
    """Make the draft the version that new projects take; the one before is retired.

    ``version`` with its ``content`` is the version of the method that it is checked against.
    Raises :class:`OverlayRefused` when a text is not as it should be, and :class:`Refusal` when
    nothing is different from what is published or somebody changed the draft since it was read.
    """
    _refuse_unless(may_adjust(actor, draft.organisation))
    problems = problems_of(draft.content, content, draft.organisation.document_language)
    if problems:
        raise OverlayRefused(problems)
    before = published_overlay(draft.organisation_id, draft.method_id)
    if draft.content == (before.content if before else dict(EMPTY_PARTS)):
        raise Refusal(_("Nothing is different from what is published, so there is nothing new."))
    published = OverlayVersion.objects.filter(
        pk=draft.pk, status=VersionStatus.DRAFT, row_version=draft.row_version
    ).update(
        status=VersionStatus.PUBLISHED,
        content_hash=hash_of(draft.content),
        published_at=timezone.now(),
        published_by=actor,
        row_version=F("row_version") + 1,
    )
    if not published:
        raise StaleRow(
            _(
                "Somebody else has changed the draft since you read it. Look once more, and then "
                "publish it."
            )
        )
    if before is not None:
        # Past the guard in save(): of what projects stand on, the status alone may change.
        OverlayVersion.objects.filter(pk=before.pk).update(status=VersionStatus.RETIRED)
    draft.refresh_from_db()
    _record(draft, "published", actor, version=version.number, content_hash=draft.content_hash)
    return draft


# --- hiding and lowering --------------------------------------------------------------------------


def hide_step(
    *, draft: OverlayVersion, content: Mapping[str, Any], step_key: str, reason: str, actor: User
) -> None:
    """Leave a step of the method out, or give another reason for it. ``content`` is that of the
    method's version. Refused without a reason, and for the last step that a phase has left."""
    phase = next(
        (each for each in content["phases"] if step_key in _keys(each["steps"])),
        None,
    )
    if phase is None:
        raise Refusal(_("The method does not have this step."))
    if not reason.strip():
        raise Refusal(_("Say why the step is hidden: those who work in the projects will ask."))

    def change(overlay: Content) -> None:
        _drop(overlay, "hidden_steps", step=step_key)
        overlay["hidden_steps"].append({"step": step_key, "reason": reason.strip()})
        after = apply_overlay(content, overlay)
        if any(each["key"] == phase["key"] and not each["steps"] for each in after["phases"]):
            raise Refusal(_("This is the last one that is left here, so it cannot be hidden."))

    _write(draft, actor, change, part="step", key=step_key)


def show_step(*, draft: OverlayVersion, step_key: str, actor: User) -> None:
    """Let the step be as in the method again."""
    _write(
        draft,
        actor,
        lambda overlay: _drop(overlay, "hidden_steps", step=step_key),
        part="step",
        key=step_key,
    )


def hide_criterion(
    *,
    draft: OverlayVersion,
    content: Mapping[str, Any],
    gate_key: str,
    criterion_key: str,
    reason: str,
    actor: User,
) -> None:
    """Leave a *should* out. Refused for a *must*, and without a reason."""
    criterion = _criterion(content, gate_key, criterion_key)
    if criterion["severity"] == Severity.MUST:
        raise Refusal(_("A must cannot be hidden. It can be lowered to a should, with a reason."))
    if not reason.strip():
        raise Refusal(_("Say why it is hidden."))
    _adjust_criterion(draft, actor, "hidden_criteria", gate_key, criterion_key, reason)


def lower_criterion(
    *,
    draft: OverlayVersion,
    content: Mapping[str, Any],
    gate_key: str,
    criterion_key: str,
    reason: str,
    actor: User,
) -> None:
    """Make a *should* of a *must*. The reason is shown wherever the criterion is, so it must be
    given."""
    criterion = _criterion(content, gate_key, criterion_key)
    if criterion["severity"] != Severity.MUST:
        raise Refusal(_("It is a should already. It can be hidden."))
    if not reason.strip():
        raise Refusal(_("Say why it is lowered: the reason is shown to everybody at the gate."))
    _adjust_criterion(draft, actor, "lowered_criteria", gate_key, criterion_key, reason)


def restore_criterion(
    *, draft: OverlayVersion, gate_key: str, criterion_key: str, actor: User
) -> None:
    """Let the criterion be as in the method again."""
    _adjust_criterion(draft, actor, "", gate_key, criterion_key, "")


def _adjust_criterion(
    draft: OverlayVersion, actor: User, where: str, gate_key: str, criterion_key: str, reason: str
) -> None:
    def change(overlay: Content) -> None:
        for part in ("hidden_criteria", "lowered_criteria"):
            _drop(overlay, part, gate=gate_key, criterion=criterion_key)
        if where:
            overlay[where].append(
                {"gate": gate_key, "criterion": criterion_key, "reason": reason.strip()}
            )

    _write(draft, actor, change, part="criterion", key=criterion_key, gate=gate_key)


def _criterion(content: Mapping[str, Any], gate_key: str, key: str) -> Mapping[str, Any]:
    for phase in content["phases"]:
        gate = phase["gate"]
        for criterion in gate["criteria"] if gate and gate["key"] == gate_key else ():
            if criterion["key"] == key:
                found: Mapping[str, Any] = criterion
                return found
    raise Refusal(_("The method does not have this criterion."))


# --- adding ---------------------------------------------------------------------------------------


def save_own_step(
    *,
    draft: OverlayVersion,
    content: Mapping[str, Any],
    values: Mapping[str, Any],
    actor: User,
    key: str = "",
) -> str:
    """Add a step, or change the one called ``key``; gives its key.

    ``values``: ``phase``, ``after`` (the key of a step, ``""`` for the end), ``tools``,
    ``optional`` and the texts of a step as in the method's format, at least in the organisation's
    document language. Raises :class:`OverlayRefused`.
    """
    language = draft.organisation.document_language
    stored = next((each for each in draft.content["steps"] if each["key"] == key), None)
    if key and stored is None:
        raise Refusal(_("This step is no longer in the draft."))
    key = key or own_key(
        values["title"], language, {*_keys(draft.content["steps"]), *_all_steps(content)}
    )
    step, problems = checked_step({**values, "key": key}, content, language)
    if problems:
        raise OverlayRefused(problems)
    _write(draft, actor, lambda overlay: _put(overlay["steps"], step), part="step", key=key)
    return key


def save_own_criterion(
    *,
    draft: OverlayVersion,
    content: Mapping[str, Any],
    gate_key: str,
    values: Mapping[str, Any],
    actor: User,
    key: str = "",
) -> str:
    """Add a criterion to a gate, or change the one called ``key``; gives its key.

    ``values``: ``severity`` and the texts of a criterion. Raises :class:`OverlayRefused`.
    """
    language = draft.organisation.document_language
    keys = {each["key"] for each in draft.content["criteria"]}
    if key and key not in keys:
        raise Refusal(_("This criterion is no longer in the draft."))
    key = key or own_key(values["title"], language, keys)
    criterion, problems = checked_criterion(
        {**values, "key": key, "gate": gate_key}, content, language
    )
    if problems:
        raise OverlayRefused(problems)
    _write(
        draft,
        actor,
        lambda overlay: _put(overlay["criteria"], criterion),
        part="criterion",
        key=key,
        gate=gate_key,
    )
    return key


def remove_own(*, draft: OverlayVersion, part: str, key: str, actor: User) -> None:
    """Take an own step or criterion (``part``: ``steps`` or ``criteria``) out of the draft."""
    _write(
        draft,
        actor,
        lambda overlay: _drop(overlay, part, key=key),
        part=part,
        key=key,
    )


def save_note(
    *,
    draft: OverlayVersion,
    content: Mapping[str, Any],
    kind: str,
    key: str,
    text: Mapping[str, str],
    actor: User,
) -> None:
    """What the organisation says about a phase, step, tool or gate, by language. Without any text
    the note is taken away. Raises :class:`OverlayRefused`."""
    written = {language: each.strip() for language, each in text.items() if each.strip()}
    note: Content = {"kind": kind, "key": key, "text": written}
    if written:
        note, problems = checked_note(note, content, draft.organisation.document_language)
        if problems:
            raise OverlayRefused(problems)

    def change(overlay: Content) -> None:
        _drop(overlay, "notes", kind=kind, key=key)
        if written:
            overlay["notes"].append(note)

    _write(draft, actor, change, part=kind, key=key)


def forget_homeless(*, draft: OverlayVersion, content: Mapping[str, Any], actor: User) -> None:
    """Take out of the draft what names something that the method does not have any more. Own steps
    and criteria stay, since they can be given another place."""

    def change(overlay: Content) -> None:
        steps = _all_steps(content) | set(_keys(overlay["steps"]))
        criteria = {
            (phase["gate"]["key"], each["key"])
            for phase in content["phases"]
            if phase["gate"]
            for each in phase["gate"]["criteria"]
        }
        known = {
            "phase": set(_keys(content["phases"])),
            "step": steps,
            "tool": set(_keys(content["tools"])),
            "gate": {phase["gate"]["key"] for phase in content["phases"] if phase["gate"]},
        }
        overlay["hidden_steps"] = [
            each for each in overlay["hidden_steps"] if each["step"] in steps
        ]
        for part in ("hidden_criteria", "lowered_criteria"):
            overlay[part] = [
                each for each in overlay[part] if (each["gate"], each["criterion"]) in criteria
            ]
        overlay["notes"] = [each for each in overlay["notes"] if each["key"] in known[each["kind"]]]

    _write(draft, actor, change, part="homeless", key="")


# --- all of them ----------------------------------------------------------------------------------


@transaction.atomic
def _write(
    draft: OverlayVersion, actor: User, change: Callable[[Content], object], **what: str
) -> None:
    """Change a copy of the content as it was read, and store it unless somebody was faster."""
    _open(draft, actor)
    content = deepcopy(draft.content)
    change(content)
    if content == draft.content:
        return
    draft.claim()
    draft.content = content
    draft.save(update_fields=["content"])
    _record(draft, "edited", actor, **what)


def _open(draft: OverlayVersion, actor: User) -> None:
    _refuse_unless(may_adjust(actor, draft.organisation))
    stored = OverlayVersion.objects.filter(pk=draft.pk).values_list("status", flat=True).first()
    if stored is None:
        raise Refusal(_("Somebody else has discarded this draft."))
    if stored != VersionStatus.DRAFT:
        raise Refusal(_("Somebody else has published this draft. Begin a new one to go on."))


def _refuse_unless(outcome: Outcome) -> None:
    if isinstance(outcome, Denied):
        raise Refusal(outcome.reason)


def _put(entries: list[Content], entry: Content) -> None:
    """In the place of the one with the same key, else at the end."""
    for place, each in enumerate(entries):
        if each["key"] == entry["key"]:
            entries[place] = entry
            return
    entries.append(entry)


def _drop(overlay: Content, part: str, **identity: str) -> None:
    overlay[part] = [
        each
        for each in overlay[part]
        if any(each[name] != value for name, value in identity.items())
    ]


def _keys(parts: list[Mapping[str, Any]]) -> list[str]:
    return [part["key"] for part in parts]


def _all_steps(content: Mapping[str, Any]) -> set[str]:
    return {key for phase in content["phases"] for key in _keys(phase["steps"])}


def _record(overlay: OverlayVersion, what: str, actor: User, **details: Any) -> None:
    record_event(
        actor=actor,
        action=f"overlay.{what}",
        target=overlay,
        organisation_number=overlay.organisation_id,
        method=overlay.method.key,
        number=overlay.number,
        **details,
    )
