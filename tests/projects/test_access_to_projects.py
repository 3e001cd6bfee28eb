import pytest

from accounts.models import User
from accounts.policy import (
    ORGANISATION_PROJECT_PERMISSIONS,
    ROLE_PERMISSIONS,
    OrganisationRole,
    ProjectPermission,
    ProjectRole,
)
from accounts.services import create_person, set_organisation_roles, set_person_active
from projects.access import access_of
from projects.models import (
    Membership,
    Project,
    ProjectGroupObjectPermission,
    ProjectUserObjectPermission,
)
from projects.services import add_member, change_member_role, end_membership, set_appointed_role


def seen_by(user, permission=ProjectPermission.VIEW):
    return [project.name for project in Project.objects.visible_to(user, permission)]


def held(project, user, role):
    return Membership.objects.get(project=project, user=user, role=role, ended_at__isnull=True)


def stored(project, user):
    return set(
        ProjectUserObjectPermission.objects.filter(content_object=project, user=user).values_list(
            "permission__codename", flat=True
        )
    )


ALL = ["Digitalt tilsyn om natten", "Medisindispensere"]


@pytest.fixture
def three_projects(project, other_project, foreign_project):
    return project, other_project, foreign_project


@pytest.mark.parametrize(
    ("who", "names"),
    [
        ("leader", ALL),
        ("member", ALL),
        ("reader", ALL),
        ("manager", ALL),
        ("director", ALL),
        ("admin", ALL),
        ("employee", []),
    ],
)
def test_people_see_the_projects_in_which_they_have_a_role(
    three_projects, municipality, who, names
):
    assert seen_by(getattr(municipality, who)) == names


def test_a_role_in_one_project_opens_no_other(three_projects, municipality):
    project, _other, _foreign = three_projects
    add_member(
        project=project,
        user=municipality.employee,
        role=ProjectRole.READER,
        actor=municipality.leader,
    )
    assert seen_by(municipality.employee) == ["Digitalt tilsyn om natten"]


def test_people_of_another_municipality_see_only_their_own(three_projects, neighbour):
    assert {who: seen_by(getattr(neighbour, who)) for who in ("leader", "admin", "employee")} == {
        "leader": ["Naboens prosjekt"],
        "admin": ["Naboens prosjekt"],
        "employee": [],
    }


def test_whoever_reads_everything_sees_every_project_of_the_organisation(
    three_projects, municipality
):
    set_organisation_roles(
        user=municipality.employee, roles=[OrganisationRole.READS_EVERYTHING], actor=None
    )
    assert seen_by(municipality.employee) == ALL
    assert seen_by(municipality.employee, ProjectPermission.EDIT_CONTENT) == []
    set_organisation_roles(user=municipality.employee, roles=[], actor=None)
    assert seen_by(municipality.employee) == []


def test_whoever_may_create_projects_sees_none_through_that(three_projects, municipality):
    set_organisation_roles(
        user=municipality.employee, roles=[OrganisationRole.PROJECT_CREATOR], actor=None
    )
    assert seen_by(municipality.employee) == []


def test_a_former_member_sees_nothing_any_more(project, municipality):
    end_membership(
        membership=held(project, municipality.member, ProjectRole.MEMBER),
        actor=municipality.leader,
    )
    assert seen_by(municipality.member) == []


def test_somebody_whose_access_is_closed_sees_nothing(project, municipality):
    set_person_active(user=municipality.member, is_active=False, actor=municipality.admin)
    assert seen_by(municipality.member) == []
    assert access_of(municipality.member, project).permissions == frozenset()


def test_a_superuser_sees_nothing_without_a_role(project, municipality):
    superuser = User.objects.create_superuser("root@veikart.test", "x", name="Rot")
    assert seen_by(superuser) == []
    assert access_of(superuser, project).permissions == frozenset()


@pytest.mark.parametrize(
    ("permission", "who"),
    [
        (ProjectPermission.EDIT_CONTENT, {"leader", "member"}),
        (ProjectPermission.RECORD_MEASUREMENTS, {"leader", "member"}),
        (ProjectPermission.EDIT_PROJECT, {"leader"}),
        (ProjectPermission.SUBMIT_GATE, {"leader"}),
        (ProjectPermission.MANAGE_TEAM, {"leader", "admin"}),
        (ProjectPermission.SET_GATE_MODE, {"director", "admin"}),
    ],
)
def test_lists_can_ask_for_more_than_seeing(project, municipality, permission, who):
    people = ("leader", "member", "reader", "manager", "director", "admin", "employee")
    assert {each for each in people if seen_by(getattr(municipality, each), permission)} == who


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_of_visible_projects_is_one_query(
    project, make_project, municipality, count, django_assert_num_queries
):
    for number in range(count - 1):
        make_project(f"Prosjekt {number}")
    with django_assert_num_queries(1):
        assert len(seen_by(municipality.member)) == count


@pytest.mark.parametrize("role", ProjectRole)
def test_what_is_stored_is_what_the_policy_gives(project, municipality, role):
    person = create_person(
        organisation=municipality.organisation, email="ny@fjordvik.test", name="Ny", actor=None
    )
    set_appointed_role(project=project, user=person, role=role, actor=municipality.admin)
    assert stored(project, person) == {str(code) for code in ROLE_PERMISSIONS[role]}


def test_the_groups_of_the_organisation_hold_what_the_policy_gives(project):
    organisation = project.organisation
    found: dict[int, set[str]] = {}
    for row in ProjectGroupObjectPermission.objects.filter(content_object=project):
        found.setdefault(row.group_id, set()).add(row.permission.codename)
    policy = ORGANISATION_PROJECT_PERMISSIONS
    assert found == {
        organisation.administrators_group_id: set(policy[OrganisationRole.ADMINISTRATOR]),
        organisation.readers_group_id: set(policy[OrganisationRole.READS_EVERYTHING]),
    }


def test_two_roles_give_what_either_gives_and_ending_one_leaves_the_other(project, municipality):
    person, leader = municipality.employee, municipality.leader
    add_member(project=project, user=person, role=ProjectRole.BENEFIT_OWNER, actor=leader)
    member = add_member(project=project, user=person, role=ProjectRole.MEMBER, actor=leader)
    assert stored(project, person) == set(
        ROLE_PERMISSIONS[ProjectRole.MEMBER] | ROLE_PERMISSIONS[ProjectRole.BENEFIT_OWNER]
    )
    end_membership(membership=member, actor=leader)
    assert stored(project, person) == set(ROLE_PERMISSIONS[ProjectRole.BENEFIT_OWNER])


def test_a_changed_role_gives_the_new_rights_and_takes_the_old(project, municipality):
    change_member_role(
        membership=held(project, municipality.member, ProjectRole.MEMBER),
        role=ProjectRole.READER,
        actor=municipality.leader,
    )
    assert stored(project, municipality.member) == set(ROLE_PERMISSIONS[ProjectRole.READER])


def test_a_replaced_owner_loses_the_rights(project, municipality):
    set_appointed_role(
        project=project,
        user=municipality.employee,
        role=ProjectRole.OWNER,
        actor=municipality.admin,
    )
    assert (stored(project, municipality.director), stored(project, municipality.employee)) == (
        set(),
        set(ROLE_PERMISSIONS[ProjectRole.OWNER]),
    )
