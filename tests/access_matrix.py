"""Who gets what from every route. A route that is not here fails the suite.

One line per route: what GET gives and what POST gives, by profile. ``MISSING`` says that the method
is not offered (405 for those who may read). POSTs are sent empty: "in" means that the answer comes
from the page itself (a form with errors, a redirect), whatever it says.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from django.urls import reverse

PEOPLE = (
    "anonymous",
    "leader",
    "member",
    "reader",
    "manager",
    "director",
    "admin",
    "employee",
    "neighbour",
)
# manager: line manager of the project; director: its owner; employee: of the municipality, but
# without a role in the project; neighbour: leads a project in the other municipality.

LOGIN, IN, DENIED, HIDDEN, NOT_OFFERED = "login", "in", "403", "404", "405"


def profile(anonymous: str = LOGIN, **answers: str) -> dict[str, str]:
    others = answers.pop("others")
    return {"anonymous": anonymous, **{who: answers.get(who, others) for who in PEOPLE[1:]}}


PUBLIC = profile(IN, others=IN)
SIGNED_IN = profile(others=IN)
NOBODY = profile(others=NOT_OFFERED)
PUBLIC_GET_ONLY = profile(NOT_OFFERED, others=NOT_OFFERED)

_STRANGERS = {"employee": HIDDEN, "neighbour": HIDDEN}
READ = profile(others=IN, **_STRANGERS)
WRITE = profile(others=DENIED, leader=IN, member=IN, **_STRANGERS)
LEAD = profile(others=DENIED, leader=IN, **_STRANGERS)
MANAGE_TEAM = profile(others=DENIED, leader=IN, admin=IN, **_STRANGERS)
DECIDE = profile(others=DENIED, manager=IN, **_STRANGERS)
# Whoever decided, and administrators.
CORRECT = profile(others=DENIED, manager=IN, admin=IN, **_STRANGERS)
SET_MODE = profile(others=DENIED, director=IN, admin=IN, **_STRANGERS)
# The leader proposes; the unit's manager and administrators set.
APPOINT = profile(others=DENIED, leader=IN, manager=IN, admin=IN, **_STRANGERS)
ANSWER = profile(others=DENIED, manager=IN, admin=IN, **_STRANGERS)
RESUME = profile(others=DENIED, director=IN, manager=IN, admin=IN, **_STRANGERS)

CREATE = profile(others=DENIED, leader=IN, admin=IN, neighbour=IN)
ADMINISTER = profile(others=DENIED, admin=IN)
# A period in which somebody acts for the employee.
THEIRS = profile(others=HIDDEN, employee=IN, admin=IN)

# The draft of the municipality's own method; the neighbour does not know that it is there.
AUTHOR = profile(others=DENIED, admin=IN, neighbour=HIDDEN)
# A method of the whole installation, which none of these people looks after.
NOT_THEIRS = profile(others=DENIED)
EDITOR = profile(others=DENIED, admin=IN)


@dataclass(frozen=True, slots=True)
class Route:
    """``arguments`` names keys of the test's world (or ``key=value``, or ``key=@other`` for another
    key of the world); ``get`` and ``post`` are profiles."""

    get: dict[str, str]
    post: dict[str, str]
    arguments: tuple[str, ...] = ()

    def address(self, name: str, world: Mapping[str, object]) -> str:
        """The route's address in ``world``."""
        pairs = [argument.partition("=") for argument in self.arguments]
        return reverse(
            name,
            kwargs={
                key: world[value.removeprefix("@") or key]
                if not value or value.startswith("@")
                else value
                for key, _, value in pairs
            },
        )


_PROJECT = ("project_id",)
_DRAFT = ("key=fjordvik-metode",)
_PART = (*_DRAFT, "address=phases/anchoring")
_PHASE = (*_PROJECT, "phase_key")
_SUBMISSION = (*_PROJECT, "submission_id")
_REGISTER = (*_PROJECT, "tool_slug", "register_slug")
_ROW = (*_REGISTER, "row_id")
_SHEET = ("project_id=@sheet_project_id", "worksheet_key=interviews")
_SHEET_TABLE = (*_SHEET, "field_key=talks")
_SHEET_ROW = (*_SHEET_TABLE, "row_id=@sheet_row_id")
_SHEET_PICTURE = ("project_id=@sheet_project_id", "worksheet_key=plan", "field_key=image")

MATRIX: dict[str, Route] = {
    "start": Route(SIGNED_IN, NOBODY),
    "inbox:index": Route(SIGNED_IN, NOBODY),
    "inbox:tasks": Route(SIGNED_IN, NOBODY),
    "set_language": Route(PUBLIC_GET_ONLY, PUBLIC),
    "healthz": Route(PUBLIC, PUBLIC_GET_ONLY),
    "readyz": Route(PUBLIC, PUBLIC_GET_ONLY),
    # The way in
    "accounts:login": Route(PUBLIC, PUBLIC),
    "accounts:logout": Route(PUBLIC_GET_ONLY, profile(others=LOGIN)),
    "accounts:password_reset": Route(PUBLIC, PUBLIC),
    "accounts:password_reset_done": Route(PUBLIC, PUBLIC_GET_ONLY),
    "accounts:password_reset_confirm": Route(PUBLIC, PUBLIC, ("uidb64", "token")),
    "accounts:password_reset_complete": Route(PUBLIC, PUBLIC_GET_ONLY),
    "accounts:password_change": Route(SIGNED_IN, SIGNED_IN),
    "accounts:password_change_done": Route(SIGNED_IN, NOBODY),
    "accounts:profile": Route(SIGNED_IN, SIGNED_IN),
    "accounts:deputies": Route(SIGNED_IN, SIGNED_IN),
    "accounts:deputy_end": Route(THEIRS, THEIRS, ("deputy_id",)),
    # Nothing was kept for anybody here.
    "accounts:resume": Route(profile(others=HIDDEN), NOBODY),
    "accounts:resume_discard": Route(NOBODY, profile(others=HIDDEN)),
    # The organisation
    "accounts:people": Route(ADMINISTER, NOBODY),
    "accounts:organisation_edit": Route(ADMINISTER, ADMINISTER),
    "accounts:person_invite": Route(ADMINISTER, ADMINISTER),
    "accounts:person_edit": Route(ADMINISTER, ADMINISTER, ("person_id",)),
    "accounts:person_close": Route(NOBODY, ADMINISTER, ("person_id",)),
    "accounts:person_reopen": Route(NOBODY, ADMINISTER, ("person_id",)),
    "accounts:person_deputies": Route(ADMINISTER, ADMINISTER, ("person_id",)),
    "accounts:person_send_invitation": Route(NOBODY, ADMINISTER, ("person_id",)),
    "accounts:units": Route(ADMINISTER, NOBODY),
    "accounts:unit_create": Route(ADMINISTER, ADMINISTER),
    "accounts:unit_edit": Route(ADMINISTER, ADMINISTER, ("unit_id",)),
    "phases:organisation_gates": Route(ADMINISTER, ADMINISTER),
    "phases:routes": Route(ADMINISTER, NOBODY),
    "phases:route_create": Route(ADMINISTER, ADMINISTER),
    "phases:route_edit": Route(ADMINISTER, ADMINISTER, ("route_id",)),
    "phases:route_move": Route(NOBODY, ADMINISTER, ("route_id",)),
    "phases:route_delete": Route(ADMINISTER, ADMINISTER, ("route_id",)),
    # The method as a book
    "methodology:index": Route(SIGNED_IN, NOBODY),
    "methodology:search": Route(SIGNED_IN, NOBODY),
    "methodology:method": Route(SIGNED_IN, NOBODY, ("key",)),
    "methodology:tool": Route(SIGNED_IN, NOBODY, ("key", "slot_key")),
    "methodology:phase": Route(SIGNED_IN, NOBODY, ("key", "phase_key")),
    "methodology:step": Route(SIGNED_IN, NOBODY, ("key", "phase_key", "step_key")),
    # The method editor
    "authoring:index": Route(EDITOR, NOBODY),
    "authoring:upload": Route(EDITOR, EDITOR),
    "authoring:method": Route(EDITOR, NOBODY, ("key",)),
    "authoring:history": Route(AUTHOR, NOBODY, _DRAFT),
    "authoring:compare": Route(SIGNED_IN, NOBODY, ("key",)),
    "authoring:download": Route(SIGNED_IN, NOBODY, ("key", "number=1")),
    "authoring:copy": Route(NOBODY, NOT_THEIRS, ("key", "number=1")),
    "authoring:copy_own": Route(EDITOR, EDITOR, ("key", "number=1")),
    "authoring:draft": Route(AUTHOR, AUTHOR, _DRAFT),
    "authoring:part": Route(AUTHOR, AUTHOR, _PART),
    "authoring:part_add": Route(AUTHOR, AUTHOR, (*_DRAFT, "address=phases/anchoring/steps")),
    "authoring:part_move": Route(NOBODY, AUTHOR, _PART),
    "authoring:part_remove": Route(NOBODY, AUTHOR, _PART),
    "authoring:part_restore": Route(NOBODY, AUTHOR, _DRAFT),
    "authoring:sheet": Route(AUTHOR, NOBODY, (*_DRAFT, "sheet_key=notes")),
    "authoring:preview": Route(AUTHOR, NOBODY, _DRAFT),
    "authoring:preview_phase": Route(AUTHOR, NOBODY, (*_DRAFT, "phase_key=anchoring")),
    "authoring:preview_step": Route(
        AUTHOR, NOBODY, (*_DRAFT, "phase_key=insight", "step_key=carry-out-interviews")
    ),
    "authoring:publish": Route(AUTHOR, AUTHOR, _DRAFT),
    # An organisation's adjustments; there is no draft in this world, so they lead back.
    "authoring:overlay": Route(EDITOR, NOBODY, ("key",)),
    "authoring:overlay_begin": Route(NOBODY, EDITOR, ("key",)),
    "authoring:overlay_tidy": Route(NOBODY, EDITOR, ("key",)),
    "authoring:overlay_discard": Route(EDITOR, EDITOR, ("key",)),
    "authoring:overlay_publish": Route(EDITOR, EDITOR, ("key",)),
    "authoring:overlay_preview": Route(EDITOR, NOBODY, ("key",)),
    "authoring:overlay_preview_phase": Route(EDITOR, NOBODY, ("key", "phase_key")),
    "authoring:overlay_step": Route(EDITOR, EDITOR, ("key", "step_key")),
    "authoring:overlay_criterion": Route(
        EDITOR, EDITOR, ("key", "gate_key=gate-2", "criterion_key")
    ),
    "authoring:overlay_step_add": Route(EDITOR, EDITOR, ("key",)),
    "authoring:overlay_own_step": Route(EDITOR, EDITOR, ("key", "step_key=own-step")),
    "authoring:overlay_criterion_add": Route(EDITOR, EDITOR, ("key", "gate_key=gate-2")),
    "authoring:overlay_own_criterion": Route(
        EDITOR, EDITOR, ("key", "gate_key=gate-2", "criterion_key=own-criterion")
    ),
    "authoring:overlay_remove": Route(NOBODY, EDITOR, ("key", "part=steps", "part_key=own-step")),
    "authoring:overlay_note": Route(
        EDITOR, EDITOR, ("key", "kind=step", "part_key=carry-out-interviews")
    ),
    "authoring:discard": Route(AUTHOR, AUTHOR, _DRAFT),
    # Projects and their walk
    "phases:projects": Route(SIGNED_IN, NOBODY),
    "phases:project_create": Route(CREATE, CREATE),
    "phases:project": Route(READ, NOBODY, _PROJECT),
    "phases:phase": Route(READ, NOBODY, _PHASE),
    "phases:step": Route(READ, WRITE, (*_PROJECT, "step_key")),
    "phases:closing_step": Route(READ, WRITE, (*_PROJECT, "step_key=closing-learning")),
    "phases:history": Route(READ, NOBODY, _PROJECT),
    "projects:edit": Route(LEAD, LEAD, _PROJECT),
    "project_method:method": Route(READ, NOBODY, _PROJECT),
    "project_method:move": Route(MANAGE_TEAM, MANAGE_TEAM, _PROJECT),
    # People in a project
    "projects:team": Route(READ, NOBODY, _PROJECT),
    "projects:invite": Route(MANAGE_TEAM, MANAGE_TEAM, _PROJECT),
    "projects:member_change": Route(MANAGE_TEAM, MANAGE_TEAM, (*_PROJECT, "membership_id")),
    "projects:member_end": Route(MANAGE_TEAM, MANAGE_TEAM, (*_PROJECT, "membership_id")),
    "phases:appoint": Route(READ, APPOINT, (*_PROJECT, "role")),
    "phases:proposal": Route(READ, ANSWER, (*_PROJECT, "proposal_id")),
    # The gate
    "phases:gate": Route(READ, NOBODY, _PHASE),
    "phases:criterion": Route(READ, WRITE, (*_PHASE, "criterion_key")),
    "phases:evidence": Route(READ, NOBODY, (*_PROJECT, "answer_id")),
    "phases:submit": Route(LEAD, LEAD, _PHASE),
    "phases:withdraw": Route(NOBODY, LEAD, _SUBMISSION),
    "phases:review": Route(READ, NOBODY, _SUBMISSION),
    "phases:decide": Route(READ, DECIDE, _SUBMISSION),
    "phases:conflict": Route(DECIDE, DECIDE, _SUBMISSION),
    "phases:replacement": Route(SET_MODE, SET_MODE, (*_SUBMISSION, "decider_id")),
    "phases:ask": Route(DECIDE, DECIDE, _SUBMISSION),
    "phases:answer": Route(WRITE, WRITE, (*_SUBMISSION, "question_id")),
    "phases:decisions": Route(READ, NOBODY, _PROJECT),
    "phases:decision": Route(READ, NOBODY, (*_PROJECT, "decision_id")),
    "phases:decision_changes": Route(READ, NOBODY, (*_PROJECT, "decision_id")),
    # Record 2 of the world is the decision.
    "phases:correct": Route(CORRECT, CORRECT, (*_PROJECT, "sequence=2")),
    "phases:condition_close": Route(READ, READ, (*_PROJECT, "condition_id")),
    "phases:condition_reassign": Route(READ, READ, (*_PROJECT, "condition_id")),
    "phases:condition_evidence": Route(READ, NOBODY, (*_PROJECT, "condition_id")),
    "phases:close_phase": Route(LEAD, LEAD, _PHASE),
    "phases:resume": Route(NOBODY, RESUME, _PROJECT),
    "phases:gate_mode": Route(SET_MODE, SET_MODE, _PHASE),
    # Tools
    "tools:index": Route(READ, NOBODY, _PROJECT),
    "tools:tool": Route(READ, NOBODY, (*_PROJECT, "tool_slug")),
    "tools:slot": Route(READ, WRITE, (*_PROJECT, "slot_key")),
    "tools:relevance": Route(WRITE, WRITE, (*_PROJECT, "slot_key=benefits")),
    "tools:register": Route(READ, NOBODY, _REGISTER),
    "tools:export": Route(READ, NOBODY, _REGISTER),
    "tools:row_create": Route(READ, WRITE, _REGISTER),
    "tools:row_edit": Route(READ, WRITE, _ROW),
    "tools:row_delete": Route(NOBODY, WRITE, _ROW),
    "tools:row_restore": Route(NOBODY, WRITE, _ROW),
    "tools:row_move": Route(NOBODY, WRITE, _ROW),
    # Worksheets: readers who come to write are led to the sheet
    "worksheets:edit": Route(READ, WRITE, _SHEET),
    "worksheets:row_create": Route(READ, WRITE, _SHEET_TABLE),
    "worksheets:row_edit": Route(READ, WRITE, _SHEET_ROW),
    "worksheets:row_delete": Route(NOBODY, WRITE, _SHEET_ROW),
    "worksheets:row_restore": Route(NOBODY, WRITE, _SHEET_ROW),
    "worksheets:row_move": Route(NOBODY, WRITE, _SHEET_ROW),
    "worksheets:picture_edit": Route(READ, WRITE, _SHEET_PICTURE),
    "worksheets:picture_remove": Route(NOBODY, WRITE, _SHEET_PICTURE),
    "worksheets:picture": Route(
        READ, NOBODY, ("project_id=@sheet_project_id", "picture_id=@sheet_picture_id")
    ),
    "worksheets:history": Route(READ, NOBODY, _SHEET),
    "worksheets:compare": Route(READ, NOBODY, _SHEET),
    "worksheets:bring_back": Route(NOBODY, WRITE, (*_SHEET, "number=1")),
    # In use: led to its own page, and nothing to take over; tests/worksheets has both.
    "worksheets:earlier": Route(READ, NOBODY, _SHEET),
    "worksheets:take_over": Route(profile(others=HIDDEN), profile(others=HIDDEN), _SHEET),
    # Reports: one's own, and for those who may order on every project in it
    "reports:index": Route(SIGNED_IN, NOBODY),
    "reports:order": Route(SIGNED_IN, SIGNED_IN),
    "reports:project": Route(READ, NOBODY, _PROJECT),
    "reports:printout": Route(READ, READ, (*_PROJECT, "tool_slug=ark-project-presentation")),
    "reports:decision": Route(READ, READ, (*_PROJECT, "decision_id")),
    "reports:archive": Route(READ, READ, _PROJECT),
    "reports:job": Route(READ, NOBODY, ("job_id",)),
    # The report of this world is not made yet; tests/reports downloads finished ones.
    "reports:download": Route(profile(others=HIDDEN), NOBODY, ("job_id",)),
    # Whoever did not order it is told so and led back.
    "reports:cancel": Route(NOBODY, READ, ("job_id",)),
    "reports:retry": Route(NOBODY, READ, ("job_id",)),
    "reports:delete": Route(NOBODY, READ, ("job_id",)),
}
