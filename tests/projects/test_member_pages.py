import pytest
from django.urls import reverse

from accounts.policy import ProjectRole
from projects.models import Membership
from projects.services import add_member, end_membership


def held(project, user):
    return Membership.objects.get(project=project, user=user, ended_at__isnull=True)


def url(name, membership):
    return reverse(f"projects:{name}", args=[membership.project_id, membership.pk])


def roles_of(project, user):
    return list(
        Membership.objects.filter(project=project, user=user, ended_at__isnull=True).values_list(
            "role", flat=True
        )
    )


def sentences(response):
    return [str(message) for message in response.context["messages"]]


PAGES = ["member_change", "member_end"]


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("leader", 200),
        ("admin", 200),
        ("member", 403),
        ("reader", 403),
        ("manager", 403),
        ("director", 403),
        ("employee", 404),
    ],
)
def test_leaders_and_administrators_open_the_page(
    client_for, municipality, project, page, who, status
):
    client = client_for(getattr(municipality, who))
    address = url(page, held(project, municipality.reader))
    assert client.get(address).status_code == status
    if status != 200:
        assert client.post(address, {"role": "member"}).status_code == status
        assert roles_of(project, municipality.reader) == ["reader"]


@pytest.mark.parametrize("page", PAGES)
def test_strangers_and_wrong_numbers_get_404(
    client_for, municipality, neighbour, project, other_project, page
):
    theirs = held(other_project, municipality.member)
    through_wrong_project = reverse(f"projects:{page}", args=[project.pk, theirs.pk])
    unknown = reverse(f"projects:{page}", args=[project.pk, 10**9])
    leader = client_for(municipality.leader)
    assert {
        leader.get(through_wrong_project).status_code,
        leader.post(through_wrong_project).status_code,
        leader.get(unknown).status_code,
        client_for(neighbour.leader).get(url(page, held(project, municipality.member))).status_code,
    } == {404}
    assert roles_of(other_project, municipality.member) == ["member"]


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("who", ["manager", "director"])
def test_owner_and_line_manager_are_not_touched_here(client_for, municipality, project, page, who):
    person = getattr(municipality, who)
    address = url(page, held(project, person))
    for asker in (municipality.leader, municipality.admin):
        client = client_for(asker)
        for response in (client.get(address), client.post(address, {"role": "reader"})):
            assert response.status_code == 403
            assert "appointed by the unit&#x27;s manager" in response.content.decode()
    assert len(roles_of(project, person)) == 1


def test_a_role_is_changed(client_for, municipality, project):
    response = client_for(municipality.leader).post(
        url("member_change", held(project, municipality.member)),
        {"role": "benefit_responsible"},
        follow=True,
    )
    assert response.redirect_chain == [(reverse("projects:team", args=[project.pk]), 302)]
    assert sentences(response) == ["Mats Medlem is now benefit responsible."]
    assert roles_of(project, municipality.member) == ["benefit_responsible"]


@pytest.mark.parametrize("role", ["", "owner", "line_manager", "king"])
def test_a_role_that_is_not_offered_is_refused(client_for, municipality, project, role):
    response = client_for(municipality.leader).post(
        url("member_change", held(project, municipality.member)), {"role": role}
    )
    assert (response.status_code, list(response.context["form"].errors)) == (200, ["role"])
    assert roles_of(project, municipality.member) == ["member"]


def test_a_guest_is_offered_what_guests_can_be(client_for, municipality, neighbour, project):
    guest = add_member(
        project=project, user=neighbour.employee, role=ProjectRole.READER, actor=municipality.leader
    )
    client = client_for(municipality.leader)
    offered = client.get(url("member_change", guest)).context["form"].fields["role"].choices
    assert [value for value, _label in offered] == ["member", "reader"]
    client.post(url("member_change", guest), {"role": "leader"})
    assert roles_of(project, neighbour.employee) == ["reader"]


def test_the_only_leader_reads_why_and_stays(client_for, municipality, project):
    client = client_for(municipality.leader)
    own = held(project, municipality.leader)
    reason = "The project needs a leader. Make somebody else leader first."
    page = client.get(url("member_end", own)).content.decode()
    assert (reason in page, '<button class="ds-button" data-color="danger"' in page) == (
        True,
        False,
    )
    assert sentences(client.post(url("member_end", own), follow=True)) == [reason]
    changed = client.post(url("member_change", own), {"role": "member"})
    assert changed.context["form"].non_field_errors() == [reason]
    assert roles_of(project, municipality.leader) == ["leader"]


def test_a_role_ends_after_a_page_that_says_what_it_means(client_for, municipality, project):
    client = client_for(municipality.leader)
    address = url("member_end", held(project, municipality.member))
    assert "What has been written stays" in client.get(address).content.decode()
    response = client.post(address, follow=True)
    assert response.redirect_chain == [(reverse("projects:team", args=[project.pk]), 302)]
    assert sentences(response) == ["Mats Medlem is no longer project member."]
    assert roles_of(project, municipality.member) == []


def test_other_roles_are_named_before_one_ends(client_for, municipality, project):
    add_member(
        project=project,
        user=municipality.member,
        role=ProjectRole.BENEFIT_OWNER,
        actor=municipality.leader,
    )
    member = Membership.objects.get(project=project, user=municipality.member, role="member")
    page = client_for(municipality.leader).get(url("member_end", member)).content.decode()
    assert "Other roles stay: Benefit owner." in page


def test_ending_twice_says_so(client_for, municipality, project):
    ended = held(project, municipality.member)
    end_membership(membership=ended, actor=municipality.leader)
    client = client_for(municipality.leader)
    assert sentences(client.post(url("member_end", ended), follow=True)) == [
        "This role has already ended."
    ]
    for page in PAGES:
        assert "This role has already ended." in client.get(url(page, ended)).content.decode()
    refused = client.post(url("member_change", ended), {"role": "reader"})
    assert (refused.status_code, roles_of(project, municipality.member)) == (200, [])


def test_a_leader_who_leaves_lands_where_they_can_still_be(client_for, municipality, project):
    add_member(
        project=project,
        user=municipality.employee,
        role=ProjectRole.LEADER,
        actor=municipality.leader,
    )
    response = client_for(municipality.leader).post(
        url("member_end", held(project, municipality.leader)), follow=True
    )
    assert response.redirect_chain == [(reverse("phases:projects"), 302)]
    assert response.status_code == 200


def test_a_leader_who_becomes_reader_stays_in_the_project(client_for, municipality, project):
    add_member(
        project=project,
        user=municipality.employee,
        role=ProjectRole.LEADER,
        actor=municipality.leader,
    )
    response = client_for(municipality.leader).post(
        url("member_change", held(project, municipality.leader)), {"role": "reader"}, follow=True
    )
    assert response.redirect_chain == [(reverse("projects:team", args=[project.pk]), 302)]
    assert response.status_code == 200
