import pytest
from django.core.exceptions import ValidationError

from accounts.policy import APPOINTED_ROLES, GUEST_ROLES, ProjectRole
from accounts.services import set_person_active
from audit.models import AuditEvent
from common.outcomes import Refusal
from projects.models import Membership
from projects.services import add_member, change_member_role, create_project, end_membership


def held(project, user, role):
    return Membership.objects.get(project=project, user=user, role=role, ended_at__isnull=True)


def roles_of(project, user):
    return [
        (membership.role, membership.ended_at is not None)
        for membership in Membership.objects.filter(project=project, user=user)
    ]


@pytest.mark.parametrize("role", sorted(APPOINTED_ROLES))
def test_the_owner_and_the_line_manager_are_never_added_changed_or_ended(
    project, municipality, role
):
    leader = municipality.leader
    appointed = Membership.objects.get(project=project, role=role, ended_at__isnull=True)
    member = held(project, municipality.member, ProjectRole.MEMBER)
    for write in (
        lambda: add_member(project=project, user=municipality.employee, role=role, actor=leader),
        lambda: change_member_role(membership=member, role=role, actor=leader),
        lambda: change_member_role(membership=appointed, role=ProjectRole.READER, actor=leader),
        lambda: end_membership(membership=appointed, actor=leader),
    ):
        with pytest.raises(Refusal, match="appointed by the unit's manager"):
            write()
    appointed.refresh_from_db()
    assert (appointed.ended_at, roles_of(project, municipality.member)) == (
        None,
        [("member", False)],
    )


@pytest.mark.parametrize("role", [each for each in ProjectRole if each not in APPOINTED_ROLES])
def test_somebody_from_another_municipality_takes_part_or_reads(
    project, municipality, neighbour, role
):
    guest = neighbour.employee
    if role in GUEST_ROLES:
        add_member(project=project, user=guest, role=role, actor=municipality.leader)
    else:
        with pytest.raises(Refusal, match="belongs to another organisation"):
            add_member(project=project, user=guest, role=role, actor=municipality.leader)
    assert roles_of(project, guest) == ([(role, False)] if role in GUEST_ROLES else [])


def test_a_guest_cannot_be_promoted_past_the_policy(project, municipality, neighbour):
    guest = add_member(
        project=project,
        user=neighbour.employee,
        role=ProjectRole.MEMBER,
        actor=municipality.leader,
    )
    with pytest.raises(Refusal, match="belongs to another organisation"):
        change_member_role(membership=guest, role=ProjectRole.LEADER, actor=municipality.leader)
    assert roles_of(project, neighbour.employee) == [("member", False)]


def test_a_project_is_not_led_from_another_municipality(municipality, neighbour, ks_version):
    with pytest.raises(Refusal, match="belongs to another organisation"):
        create_project(
            unit=municipality.home_care,
            name="X",
            problem="X",
            goal="X",
            method_version=ks_version,
            document_language="nb",
            starts_on="2026-01-12",
            leader=neighbour.leader,
            actor=municipality.leader,
        )


def test_the_only_leader_cannot_leave_nor_be_changed(project, municipality):
    leader = held(project, municipality.leader, ProjectRole.LEADER)
    for write in (
        lambda: end_membership(membership=leader, actor=municipality.admin),
        lambda: change_member_role(
            membership=leader, role=ProjectRole.READER, actor=municipality.admin
        ),
    ):
        with pytest.raises(Refusal, match="needs a leader"):
            write()
    assert roles_of(project, municipality.leader) == [("leader", False)]


def test_one_of_two_leaders_can_leave(project, municipality):
    add_member(
        project=project,
        user=municipality.employee,
        role=ProjectRole.LEADER,
        actor=municipality.leader,
    )
    end_membership(
        membership=held(project, municipality.leader, ProjectRole.LEADER),
        actor=municipality.employee,
    )
    assert roles_of(project, municipality.leader) == [("leader", True)]


@pytest.mark.parametrize("who", ["manager", "director"])
def test_whoever_owns_or_manages_cannot_lead(project, municipality, who):
    with pytest.raises(Refusal, match="cannot both lead"):
        add_member(
            project=project,
            user=getattr(municipality, who),
            role=ProjectRole.LEADER,
            actor=municipality.leader,
        )


def test_the_same_role_is_held_once(project, municipality):
    with pytest.raises(ValidationError, match="already has this role"):
        add_member(
            project=project,
            user=municipality.member,
            role=ProjectRole.MEMBER,
            actor=municipality.leader,
        )


def test_somebody_who_cannot_sign_in_gets_no_role(project, municipality):
    set_person_active(user=municipality.employee, is_active=False, actor=municipality.admin)
    with pytest.raises(Refusal, match="can no longer sign in"):
        add_member(
            project=project,
            user=municipality.employee,
            role=ProjectRole.READER,
            actor=municipality.leader,
        )


def test_a_role_ends_once(project, municipality):
    first = held(project, municipality.member, ProjectRole.MEMBER)
    second = held(project, municipality.member, ProjectRole.MEMBER)
    end_membership(membership=first, actor=municipality.leader)
    ended_at = Membership.objects.get(pk=first.pk).ended_at
    with pytest.raises(Refusal, match="already ended"):
        end_membership(membership=second, actor=municipality.admin)
    stored = Membership.objects.get(pk=first.pk)
    assert (stored.ended_at, stored.ended_by) == (ended_at, municipality.leader)


def test_a_role_that_has_ended_is_not_changed_into_another(project, municipality):
    stale = held(project, municipality.member, ProjectRole.MEMBER)
    end_membership(
        membership=held(project, municipality.member, ProjectRole.MEMBER),
        actor=municipality.leader,
    )
    with pytest.raises(Refusal, match="already ended"):
        change_member_role(membership=stale, role=ProjectRole.READER, actor=municipality.leader)
    assert roles_of(project, municipality.member) == [("member", True)]


def test_what_happens_to_roles_stands_in_the_log(project, municipality):
    before = AuditEvent.objects.count()
    change_member_role(
        membership=held(project, municipality.member, ProjectRole.MEMBER),
        role=ProjectRole.READER,
        actor=municipality.leader,
    )
    events = AuditEvent.objects.order_by("pk")[before:]
    assert [(event.action, event.actor, event.details) for event in events] == [
        (
            "membership.started",
            municipality.leader,
            {"user": municipality.member.pk, "role": "reader"},
        ),
        (
            "membership.ended",
            municipality.leader,
            {"user": municipality.member.pk, "role": "member"},
        ),
    ]
