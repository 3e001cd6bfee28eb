"""Who may set owner and line manager, and what becomes of proposals."""

import pytest

from accounts.models import Unit, User
from accounts.policy import OrganisationRole, ProjectRole
from accounts.services import save_unit, set_organisation_roles, set_person_active
from audit.models import AuditEvent
from common.outcomes import Allowed, Denied, Refusal
from phases.services import answer_proposal, appoint, may_appoint, propose_appointment
from projects.enums import ProposalStatus
from projects.models import AppointmentProposal, Membership
from projects.selectors import holder
from projects.services import add_member, end_membership

OWNER, LINE_MANAGER = ProjectRole.OWNER, ProjectRole.LINE_MANAGER
ONLY_PROPOSES = "Whoever leads the project only proposes: the unit's manager sets the roles."


def propose(project, user, actor, role=OWNER):
    return propose_appointment(project=project, role=role, user=user, actor=actor)


def make_leader(project, user):
    """Also somebody who has an appointed role now."""
    Membership.objects.filter(project=project, user=user).delete()
    add_member(project=project, user=user, role=ProjectRole.LEADER, actor=user)


def states():
    return list(
        AppointmentProposal.objects.order_by("pk").values_list("status", "answered_by__name")
    )


# --- who may ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "answer"),
    [
        ("manager", Allowed()),
        ("admin", Allowed()),
        ("leader", Denied(ONLY_PROPOSES)),
        ("director", Denied("Mona Mellomleder sets the owner and the line manager.")),
        ("member", Denied("Mona Mellomleder sets the owner and the line manager.")),
        ("reader", Denied("Mona Mellomleder sets the owner and the line manager.")),
        ("employee", Denied("Mona Mellomleder sets the owner and the line manager.")),
    ],
)
def test_the_units_manager_and_the_administrator_set(project, municipality, who, answer):
    assert may_appoint(getattr(municipality, who), project) == answer


def test_a_manager_who_leads_only_proposes_and_the_next_above_sets(project, municipality):
    make_leader(project, municipality.manager)
    assert {
        who: may_appoint(getattr(municipality, who), project)
        for who in ("manager", "director", "admin")
    } == {"manager": Denied(ONLY_PROPOSES), "director": Allowed(), "admin": Allowed()}


def test_an_administrator_who_leads_only_proposes(project, municipality):
    make_leader(project, municipality.admin)
    assert may_appoint(municipality.admin, project) == Denied(ONLY_PROPOSES)


def test_a_superuser_and_the_neighbours_people_set_nothing(project, neighbour):
    superuser = User.objects.create_superuser("root@veikart.test", "x", name="Rot")
    assert not any(
        may_appoint(user, project)
        for user in (superuser, neighbour.admin, neighbour.manager, neighbour.director)
    )


def test_a_unit_without_managers_leaves_it_to_the_administrator(project, municipality):
    Unit.objects.filter(organisation=municipality.organisation).update(manager=None)
    assert may_appoint(municipality.member, project) == Denied(
        "The unit has no manager: ask the organisation's administrator."
    )
    assert may_appoint(municipality.admin, project) == Allowed()


def test_a_manager_who_cannot_sign_in_is_passed_over(project, municipality):
    set_person_active(user=municipality.manager, is_active=False, actor=municipality.admin)
    assert may_appoint(municipality.director, project) == Allowed()


def test_a_new_manager_of_the_unit_takes_over_at_once(project, municipality):
    municipality.home_care.manager = municipality.employee
    save_unit(unit=municipality.home_care, actor=municipality.admin)
    project.refresh_from_db()
    assert (
        may_appoint(municipality.employee, project),
        bool(may_appoint(municipality.manager, project)),
    ) == (Allowed(), False)


def test_reading_everything_gives_no_right_to_set(project, municipality):
    set_organisation_roles(
        user=municipality.employee, roles=[OrganisationRole.READS_EVERYTHING], actor=None
    )
    assert not may_appoint(municipality.employee, project)


# --- proposing ----------------------------------------------------------------------------------


def test_a_leaders_proposal_waits_and_changes_nothing(project, municipality):
    proposal = propose(project, municipality.employee, municipality.leader)
    assert (proposal.status, proposal.user, proposal.proposed_by) == (
        ProposalStatus.WAITING,
        municipality.employee,
        municipality.leader,
    )
    assert holder(project, OWNER) == municipality.director


def test_whoever_may_set_sets_when_proposing(project, municipality):
    assert propose(project, municipality.employee, municipality.manager) is None
    assert (holder(project, OWNER), states()) == (municipality.employee, [])


def test_proposing_the_one_who_has_the_role_does_nothing(project, municipality):
    assert propose(project, municipality.director, municipality.leader) is None
    assert states() == []


def test_a_newer_proposal_replaces_the_one_that_waits(project, municipality):
    propose(project, municipality.employee, municipality.leader)
    propose(project, municipality.member, municipality.leader)
    propose(project, municipality.reader, municipality.leader, LINE_MANAGER)
    assert states() == [
        ("replaced", "Petter Prosjektleder"),
        ("waiting", None),
        ("waiting", None),
    ]


@pytest.mark.parametrize(
    ("who", "reason"),
    [("leader", "cannot both lead"), ("neighbour", "must belong to the organisation")],
)
def test_leaders_and_strangers_are_not_proposed(project, municipality, neighbour, who, reason):
    user = {"leader": municipality.leader, "neighbour": neighbour.manager}[who]
    with pytest.raises(Refusal, match=reason):
        propose(project, user, municipality.leader)
    assert states() == []


@pytest.mark.parametrize("role", [ProjectRole.LEADER, ProjectRole.MEMBER, ProjectRole.READER])
def test_only_owner_and_line_manager_are_appointed(project, municipality, role):
    with pytest.raises(Refusal, match="Only the owner and the line manager"):
        propose(project, municipality.employee, municipality.leader, role)
    with pytest.raises(Refusal, match="Only the owner and the line manager"):
        appoint(project=project, role=role, user=municipality.employee, actor=municipality.manager)


# --- setting ------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", [OWNER, LINE_MANAGER])
@pytest.mark.parametrize("who", ["manager", "admin"])
def test_whoever_may_replaces_the_holder_and_both_are_remembered(project, municipality, who, role):
    before = holder(project, role)
    actor = getattr(municipality, who)
    appoint(project=project, role=role, user=municipality.employee, actor=actor)
    assert [
        (each.user, each.started_by, each.ended_by)
        for each in Membership.objects.filter(project=project, role=role)
    ] == [(before, municipality.leader, actor), (municipality.employee, actor, None)]


@pytest.mark.parametrize("who", ["leader", "director", "member", "reader", "employee"])
def test_others_do_not_set(project, municipality, who):
    with pytest.raises(Refusal):
        appoint(
            project=project,
            role=OWNER,
            user=municipality.employee,
            actor=getattr(municipality, who),
        )
    assert holder(project, OWNER) == municipality.director


@pytest.mark.parametrize("who", ["leader", "neighbour", "closed"])
def test_some_cannot_be_set(project, municipality, neighbour, who):
    set_person_active(user=municipality.reader, is_active=False, actor=municipality.admin)
    user = {
        "leader": municipality.leader,
        "neighbour": neighbour.manager,
        "closed": municipality.reader,
    }[who]
    with pytest.raises(Refusal):
        appoint(project=project, role=OWNER, user=user, actor=municipality.manager)
    assert holder(project, OWNER) == municipality.director


@pytest.mark.parametrize(("who", "state"), [("employee", "confirmed"), ("member", "replaced")])
def test_setting_answers_the_proposal_that_waits(project, municipality, who, state):
    propose(project, municipality.employee, municipality.leader)
    other = propose(project, municipality.reader, municipality.leader, LINE_MANAGER)
    appoint(
        project=project,
        role=OWNER,
        user=getattr(municipality, who),
        actor=municipality.manager,
    )
    assert states() == [(state, "Mona Mellomleder"), ("waiting", None)]
    assert AppointmentProposal.objects.get(pk=other.pk).status == ProposalStatus.WAITING


# --- answering ----------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["manager", "admin"])
def test_a_confirmed_proposal_gives_the_role(project, municipality, who):
    proposal = propose(project, municipality.employee, municipality.leader)
    actor = getattr(municipality, who)
    answered = answer_proposal(proposal=proposal, is_confirmed=True, actor=actor)
    assert (answered.status, answered.answered_by, holder(project, OWNER)) == (
        ProposalStatus.CONFIRMED,
        actor,
        municipality.employee,
    )
    assert list(
        AuditEvent.objects.filter(project_number=project.pk)
        .order_by("-pk")
        .values_list("action", flat=True)[:3]
    ) == ["appointment.answered", "membership.started", "membership.ended"]


def test_a_declined_proposal_changes_nothing_else(project, municipality):
    proposal = propose(project, municipality.employee, municipality.leader)
    answer_proposal(proposal=proposal, is_confirmed=False, actor=municipality.manager)
    assert (states(), holder(project, OWNER)) == (
        [("declined", "Mona Mellomleder")],
        municipality.director,
    )


@pytest.mark.parametrize("is_confirmed", [True, False])
@pytest.mark.parametrize("who", ["leader", "director", "member", "reader", "employee"])
def test_others_do_not_answer(project, municipality, who, is_confirmed):
    proposal = propose(project, municipality.employee, municipality.leader)
    with pytest.raises(Refusal):
        answer_proposal(
            proposal=proposal, is_confirmed=is_confirmed, actor=getattr(municipality, who)
        )
    assert states() == [("waiting", None)]


def test_of_two_answers_the_first_holds(project, municipality):
    proposal = propose(project, municipality.employee, municipality.leader)
    same = AppointmentProposal.objects.get(pk=proposal.pk)
    answer_proposal(proposal=proposal, is_confirmed=False, actor=municipality.manager)
    with pytest.raises(Refusal, match="already been answered"):
        answer_proposal(proposal=same, is_confirmed=True, actor=municipality.admin)
    assert (states(), holder(project, OWNER)) == (
        [("declined", "Mona Mellomleder")],
        municipality.director,
    )


def test_whoever_was_made_leader_meanwhile_is_not_confirmed(project, municipality):
    proposal = propose(project, municipality.employee, municipality.leader)
    add_member(
        project=project,
        user=municipality.employee,
        role=ProjectRole.LEADER,
        actor=municipality.leader,
    )
    with pytest.raises(Refusal, match="cannot both lead"):
        answer_proposal(proposal=proposal, is_confirmed=True, actor=municipality.manager)
    assert (states(), holder(project, OWNER)) == ([("waiting", None)], municipality.director)


# --- while a submission is open -----------------------------------------------------------------


@pytest.fixture
def submitted(project, municipality, answer_all, submit):
    """The first phase waits for the line manager's decision."""
    answer_all(project, "anchoring", municipality.leader)
    return submit(project, municipality.leader)


def test_nobody_is_set_while_a_submission_is_open(project, municipality, submitted):
    with pytest.raises(Refusal, match="A decision is awaited"):
        appoint(
            project=project,
            role=LINE_MANAGER,
            user=municipality.employee,
            actor=municipality.manager,
        )
    assert holder(project, LINE_MANAGER) == municipality.manager


def test_a_proposal_is_declined_but_not_confirmed_while_a_submission_is_open(
    project, municipality, submitted
):
    proposal = propose(project, municipality.employee, municipality.leader)
    with pytest.raises(Refusal, match="A decision is awaited"):
        answer_proposal(proposal=proposal, is_confirmed=True, actor=municipality.manager)
    assert states() == [("waiting", None)]
    answer_proposal(proposal=proposal, is_confirmed=False, actor=municipality.manager)
    assert states() == [("declined", "Mona Mellomleder")]


def test_a_former_leader_can_own(project, municipality):
    add_member(
        project=project,
        user=municipality.employee,
        role=ProjectRole.LEADER,
        actor=municipality.leader,
    )
    end_membership(
        membership=Membership.objects.get(
            project=project, user=municipality.leader, role=ProjectRole.LEADER
        ),
        actor=municipality.employee,
    )
    appoint(project=project, role=OWNER, user=municipality.leader, actor=municipality.manager)
    assert holder(project, OWNER) == municipality.leader
