"""The pages where owner and line manager are proposed, set and answered."""

import pytest
from django.urls import reverse

from accounts.models import Unit
from accounts.policy import ProjectRole
from accounts.services import choose_language, create_person, save_unit
from phases.services import propose_appointment
from projects.enums import ProposalStatus
from projects.models import AppointmentProposal, Membership
from projects.selectors import holder
from projects.services import set_appointed_role

OWNER = ProjectRole.OWNER
ONLY_PROPOSES = "Whoever leads the project only proposes"


@pytest.fixture
def appoint_url(project):
    return reverse("phases:appoint", args=[project.pk, "owner"])


@pytest.fixture
def proposal(project, municipality):
    return propose_appointment(
        project=project, role=OWNER, user=municipality.employee, actor=municipality.leader
    )


@pytest.fixture
def proposal_url(proposal):
    return reverse("phases:proposal", args=[proposal.project_id, proposal.pk])


@pytest.fixture
def outside_manager(project, municipality):
    """Manager of the unit now, without any role in the project."""
    person = create_person(
        organisation=municipality.organisation,
        email="nyleder@fjordvik.test",
        name="Nils Nyleder",
        actor=None,
    )
    choose_language(user=person, language="en")
    municipality.home_care.manager = person
    save_unit(unit=municipality.home_care, actor=municipality.admin)
    return person


@pytest.fixture
def submitted(project, municipality, answer_all, submit):
    answer_all(project, "anchoring", municipality.leader)
    return submit(project, municipality.leader)


def sentences(response):
    return [str(message) for message in response.context["messages"]]


def choices(response):
    return [label for _pk, label in response.context["form"].fields["user"].choices]


# --- proposing and setting ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "has_form", "post"),
    [
        ("leader", True, 302),
        ("manager", True, 302),
        ("admin", True, 302),
        ("director", False, 403),
        ("member", False, 403),
        ("reader", False, 403),
        ("employee", None, 404),
    ],
)
def test_everybody_in_the_project_reads_the_page_and_some_choose(
    client_for, municipality, appoint_url, who, has_form, post
):
    client = client_for(getattr(municipality, who))
    page = client.get(appoint_url)
    if has_form is None:
        assert page.status_code == 404
    else:
        assert ('name="user"' in page.content.decode()) is has_form
        shown = "Mona Mellomleder sets the owner and the line manager." in page.content.decode()
        assert shown is (who in {"director", "member", "reader"})
    assert client.post(appoint_url, {"user": municipality.employee.pk}).status_code == post


def test_strangers_get_404(client_for, neighbour, appoint_url):
    for who in (neighbour.admin, neighbour.manager, neighbour.leader):
        assert client_for(who).get(appoint_url).status_code == 404


@pytest.mark.parametrize("role", ["leader", "member", "reader", "king"])
def test_only_owner_and_line_manager_have_the_page(client_for, municipality, project, role):
    url = reverse("phases:appoint", args=[project.pk, role])
    assert client_for(municipality.leader).get(url).status_code == 404


def test_a_leader_proposes(client_for, municipality, project, appoint_url):
    response = client_for(municipality.leader).post(
        appoint_url, {"user": municipality.employee.pk}, follow=True
    )
    assert response.redirect_chain == [(reverse("projects:team", args=[project.pk]), 302)]
    assert sentences(response) == [
        "Anne Ansatt is proposed. The role is given when the proposal is confirmed."
    ]
    proposal = AppointmentProposal.objects.get()
    assert (proposal.user, proposal.status, holder(project, OWNER)) == (
        municipality.employee,
        ProposalStatus.WAITING,
        municipality.director,
    )


@pytest.mark.parametrize("who", ["manager", "admin"])
def test_the_units_manager_and_the_administrator_set(
    client_for, municipality, project, appoint_url, who
):
    response = client_for(getattr(municipality, who)).post(
        appoint_url, {"user": municipality.employee.pk}, follow=True
    )
    assert sentences(response) == ["Anne Ansatt is now project owner."]
    assert holder(project, OWNER) == municipality.employee


def test_a_manager_without_a_role_in_the_project_sets_without_seeing_it(
    client_for, municipality, project, appoint_url, outside_manager
):
    client = client_for(outside_manager)
    page = client.get(appoint_url).content.decode()
    assert "Nattbesøk vekker dem som sover." in page
    assert reverse("phases:decisions", args=[project.pk]) not in page
    response = client.post(appoint_url, {"user": municipality.employee.pk}, follow=True)
    assert response.redirect_chain == [(reverse("start"), 302)]
    assert holder(project, OWNER) == municipality.employee
    assert client.get(reverse("projects:team", args=[project.pk])).status_code == 404


def test_the_list_is_the_organisation_without_leaders_and_the_holder(
    client_for, municipality, neighbour, appoint_url
):
    assert choices(client_for(municipality.leader).get(appoint_url)) == [
        "Choose a person",
        "Anne Ansatt",
        "Astrid Admin",
        "Lise Leser",
        "Mats Medlem",
        "Mona Mellomleder",
    ]


@pytest.mark.parametrize("who", ["", "x", "999999", "leader", "neighbour"])
def test_somebody_who_is_not_on_the_list_is_refused(
    client_for, municipality, neighbour, project, appoint_url, who
):
    sent = {"leader": municipality.leader.pk, "neighbour": neighbour.manager.pk}.get(who, who)
    response = client_for(municipality.manager).post(appoint_url, {"user": sent})
    assert (response.status_code, list(response.context["form"].errors)) == (200, ["user"])
    assert holder(project, OWNER) == municipality.director


def test_a_manager_who_leads_is_told_that_they_only_propose(
    client_for, municipality, project, appoint_url
):
    Membership.objects.filter(project=project, user=municipality.manager).delete()
    set_appointed_role(
        project=project,
        user=municipality.manager,
        role=ProjectRole.LEADER,
        actor=municipality.admin,
    )
    client = client_for(municipality.manager)
    assert ONLY_PROPOSES in client.get(appoint_url).content.decode()
    client.post(appoint_url, {"user": municipality.employee.pk})
    assert (holder(project, OWNER), AppointmentProposal.objects.count()) == (
        municipality.director,
        1,
    )


@pytest.mark.parametrize("who", ["leader", "manager", "admin"])
def test_while_a_submission_is_open_the_page_says_why_not(
    client_for, municipality, project, submitted, appoint_url, who
):
    client = client_for(getattr(municipality, who))
    for response in (
        client.get(appoint_url),
        client.post(appoint_url, {"user": municipality.employee.pk}),
    ):
        page = response.content.decode()
        assert "A decision is awaited." in page
        assert 'name="user"' not in page
    assert (holder(project, OWNER), AppointmentProposal.objects.count()) == (
        municipality.director,
        0,
    )


def test_a_proposal_that_waits_is_named_and_can_be_replaced(
    client_for, municipality, appoint_url, proposal, proposal_url
):
    client = client_for(municipality.leader)
    page = client.get(appoint_url).content.decode()
    assert "Petter Prosjektleder has proposed Anne Ansatt." in page
    assert proposal_url in page
    client.post(appoint_url, {"user": municipality.member.pk})
    assert list(AppointmentProposal.objects.order_by("pk").values_list("user__name", "status")) == [
        ("Anne Ansatt", "replaced"),
        ("Mats Medlem", "waiting"),
    ]


# --- answering ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "has_buttons", "post"),
    [
        ("manager", True, 302),
        ("admin", True, 302),
        ("leader", False, 403),
        ("director", False, 403),
        ("member", False, 403),
        ("reader", False, 403),
        ("employee", None, 404),
    ],
)
def test_everybody_in_the_project_reads_the_proposal_and_some_answer(
    client_for, municipality, proposal_url, who, has_buttons, post
):
    client = client_for(getattr(municipality, who))
    page = client.get(proposal_url)
    if has_buttons is None:
        assert page.status_code == 404
    else:
        text = page.content.decode()
        assert ("Anne Ansatt as project owner" in text, "Nattbesøk vekker" in text) == (True, True)
        assert ('value="confirm"' in text, 'value="decline"' in text) == (has_buttons, has_buttons)
    assert client.post(proposal_url, {"answer": "confirm"}).status_code == post


def test_a_proposal_is_not_found_by_strangers_nor_through_another_project(
    client_for, municipality, neighbour, other_project, foreign_project, proposal, proposal_url
):
    wrong = reverse("phases:proposal", args=[other_project.pk, proposal.pk])
    foreign = reverse("phases:proposal", args=[foreign_project.pk, proposal.pk])
    unknown = reverse("phases:proposal", args=[10**9, proposal.pk])
    manager = client_for(municipality.manager)
    assert {
        manager.get(wrong).status_code,
        manager.post(wrong, {"answer": "confirm"}).status_code,
        manager.get(unknown).status_code,
        client_for(neighbour.manager).get(foreign).status_code,
        client_for(neighbour.manager).get(proposal_url).status_code,
        client_for(neighbour.admin).post(proposal_url, {"answer": "confirm"}).status_code,
    } == {404}
    proposal.refresh_from_db()
    assert proposal.status == ProposalStatus.WAITING


def test_a_manager_without_a_role_answers_without_seeing_the_project(
    client_for, municipality, project, proposal_url, outside_manager
):
    client = client_for(outside_manager)
    page = client.get(proposal_url).content.decode()
    assert [
        words in page
        for words in (
            "Digitalt tilsyn om natten",
            "Hjemmetjenesten",
            "Nattbesøk vekker dem som sover.",
            "Petter Prosjektleder",
            "Anne Ansatt",
            "Dagny Direktør",
        )
    ] == [True] * 6
    assert f'href="{reverse("phases:project", args=[project.pk])}"' not in page
    response = client.post(proposal_url, {"answer": "confirm"}, follow=True)
    assert (response.status_code, sentences(response)) == (
        200,
        ["Anne Ansatt is now project owner."],
    )
    assert holder(project, OWNER) == municipality.employee
    assert client.get(reverse("phases:project", args=[project.pk])).status_code == 404


def test_a_declined_proposal_shows_who_said_no(client_for, municipality, project, proposal_url):
    response = client_for(municipality.manager).post(
        proposal_url, {"answer": "decline"}, follow=True
    )
    assert sentences(response) == ["The proposal is declined. Nothing else has changed."]
    assert (response.context["status"], response.context["proposal"].answered_by) == (
        ProposalStatus.DECLINED,
        municipality.manager,
    )
    assert 'value="confirm"' not in response.content.decode()
    assert holder(project, OWNER) == municipality.director


@pytest.mark.parametrize("answer", ["", "maybe"])
def test_an_answer_that_is_none_changes_nothing(client_for, municipality, proposal, answer):
    url = reverse("phases:proposal", args=[proposal.project_id, proposal.pk])
    response = client_for(municipality.manager).post(url, {"answer": answer}, follow=True)
    assert sentences(response) == ["Choose whether you confirm or decline."]
    proposal.refresh_from_db()
    assert proposal.status == ProposalStatus.WAITING


def test_the_second_answer_is_told_that_it_is_answered(client_for, municipality, proposal_url):
    client_for(municipality.manager).post(proposal_url, {"answer": "decline"})
    response = client_for(municipality.admin).post(proposal_url, {"answer": "confirm"}, follow=True)
    assert sentences(response) == ["This proposal has already been answered."]


def test_while_a_submission_is_open_a_proposal_can_only_be_declined(
    client_for, municipality, project, submitted, proposal_url
):
    client = client_for(municipality.manager)
    page = client.get(proposal_url).content.decode()
    assert (
        "A decision is awaited." in page,
        'value="confirm"' in page,
        'value="decline"' in page,
    ) == (True, False, True)
    response = client.post(proposal_url, {"answer": "confirm"}, follow=True)
    assert sentences(response) == [
        "A decision is awaited. Owner and line manager stay until it is made."
    ]
    assert holder(project, OWNER) == municipality.director


def test_a_project_without_an_owner_says_nobody(client_for, municipality, project, appoint_url):
    Membership.objects.filter(project=project, role=OWNER).delete()
    Unit.objects.filter(organisation=municipality.organisation).update(manager=None)
    page = client_for(municipality.admin).get(appoint_url).content.decode()
    assert '<span class="gap">nobody</span>' in page


@pytest.mark.parametrize("count", [1, 3])
def test_the_pages_cost_the_same_for_one_more_person_and_for_three(
    client_for, municipality, appoint_url, proposal_url, count, django_assert_num_queries
):
    for number in range(count):
        create_person(
            organisation=municipality.organisation,
            email=f"p{number}@fjordvik.test",
            name=f"P {number}",
            actor=None,
        )
    client = client_for(municipality.manager)
    client.get(appoint_url)
    with django_assert_num_queries(34):
        client.get(appoint_url)
    with django_assert_num_queries(31):
        client.get(proposal_url)
