"""Starting a project out of an earlier one: from an idea, a step, or a project that is over."""

import pytest
from django.contrib.messages import get_messages
from django.core import mail
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.policy import ProjectRole
from audit.models import AuditEvent
from methodology.catalogue import forget_catalogues
from methodology.enums import GateOutcome
from projects.enums import OriginKind
from projects.history import lines_of
from projects.models import Membership, Project, ProjectOrigin
from projects.services import add_member
from tests.worksheets.helpers import page_url, write
from tests.worksheets.ideas import EMPTY_IDEA, IDEA, IDEAS, IDEAS_SLOT, write_idea
from tests.worksheets.method import (
    INTERVIEWS,
    PLAN,
    SLOTS,
    load_sheets_method,
    start_sheets_project,
)
from worksheets.models import Sheet


@pytest.fixture
def source(municipality, db, tmp_path):
    """A project with a plan, one half of it confidential, and ideas."""
    forget_catalogues()
    version = load_sheets_method(
        tmp_path, worksheets=(PLAN, INTERVIEWS, IDEAS), slots=[*SLOTS, IDEAS_SLOT]
    )
    project = start_sheets_project(municipality, version)
    leader = municipality.leader
    write(project, leader, {"goal": "Vite om de sover bedre.", "worry": "Familien er imot."})
    write_idea(project, leader, IDEA, idea="Sensor i sengen", whose="Anne")
    write_idea(project, leader, EMPTY_IDEA, whose="Ingen")
    return project


def address(project, **place):
    parts = "".join(f"&{name}={value}" for name, value in place.items())
    return f"/prosjekter/ny/?from={project.pk}{parts}"


def of_the_idea(project):
    return address(project, tool="ark-ideas", row=f"list/{IDEA}")


@pytest.fixture
def stopped(source, municipality, submit, decide):
    decide(
        submit(source, municipality.leader, outcome=GateOutcome.STOP),
        municipality.manager,
        GateOutcome.STOP,
        learnt="Ingen ville ha det om natten.",
    )
    return Project.objects.with_method().get(pk=source.pk)


@pytest.fixture
def answers(source, municipality):
    return {
        "name": "Sensor i sengen",
        "unit": municipality.home_care.pk,
        "problem": "Nattbesøk vekker dem som sover.",
        "goal": "Tryggere netter.",
        "leader": municipality.leader.pk,
        "owner": "",
        "line_manager": "",
        "starts_on": "2027-01-12",
        "ends_on": "",
        "method_version": source.method_version_id,
        "document_language": "nb",
        "case_number": "",
        "content": ["worksheet.plan"],
        "people": [f"{municipality.member.pk}:member"],
    }


def made():
    return Project.objects.with_method().latest("pk")


def sentences(response):
    return [str(message) for message in get_messages(response.wsgi_request)]


# --- the page ------------------------------------------------------------------------------------


def test_the_page_begins_with_the_row_and_what_can_come_along(source, municipality, client_for):
    page = client_for(municipality.leader).get(of_the_idea(source))

    form = page.context["form"]
    assert {name: form[name].value() for name in ("name", "problem", "goal", "unit")} == {
        "name": "Sensor i sengen",
        "problem": source.problem,
        "goal": source.goal,
        "unit": municipality.home_care.pk,
    }
    assert form.fields["content"].choices == [
        ("worksheet.ideas", "Ideas"),
        ("worksheet.plan", "Plan"),
    ]
    # Owner and line manager are appointed anew, the leader is chosen above.
    assert form.fields["people"].choices == [
        (f"{municipality.reader.pk}:reader", "Lise Leser, Reader"),
        (f"{municipality.member.pk}:member", "Mats Medlem, Project member"),
    ]
    assert f"{page_url(source, 'ideas')}#row-{IDEA}" in page.content.decode()
    assert "“Sensor i sengen”" in page.content.decode()


def test_a_stopped_project_says_what_was_learnt(stopped, municipality, client_for):
    page = client_for(municipality.leader).get(address(stopped))

    assert page.context["form"]["name"].value() == "Digitalt tilsyn, new round"
    assert "Ingen ville ha det om natten." in page.content.decode()


@pytest.mark.parametrize(
    "place",
    [
        {},
        {"tool": "ark-ideas", "row": f"list/{EMPTY_IDEA}"},
        {"tool": "ark-ideas", "row": "list/ffffffffffff"},
        {"tool": "ark-ideas"},
        {"tool": "no-such-tool", "row": f"list/{IDEA}"},
        {"step": "no-such-step"},
    ],
)
def test_what_cannot_begin_a_project_is_not_found(place, source, municipality, client_for):
    """Nothing at all means the project as a whole, which is still under way."""
    assert client_for(municipality.leader).get(address(source, **place)).status_code == 404


@pytest.mark.parametrize("number", ["x", "-1", "²", "9" * 19, "999999"])
def test_a_number_that_is_none_is_not_found(number, municipality, client_for):
    page = client_for(municipality.leader).get(f"/prosjekter/ny/?from={number}")

    assert page.status_code == 404


def test_a_project_of_the_neighbour_is_not_found(
    source, stopped, answers, municipality, neighbour, client_for
):
    client = client_for(neighbour.leader)

    for url in (address(stopped), of_the_idea(source)):
        assert client.get(url).status_code == 404
        assert client.post(url, answers).status_code == 404
    assert Project.objects.count() == 1


def test_a_step_where_a_project_may_begin_leads_to_the_page(project, municipality, client_for):
    step = reverse("phases:step", args=[project.pk, "improve"])
    client = client_for(municipality.leader)

    assert client.get(step).context["new_round_url"] == address(project, step="improve")
    page = client.get(address(project, step="improve"))
    assert (page.status_code, page.context["new_round"].kind) == (200, OriginKind.STEP)
    other = reverse("phases:step", args=[project.pk, "carry-out-interviews"])
    assert client.get(other).context["new_round_url"] == ""


# --- the ways in ---------------------------------------------------------------------------------


def test_rows_that_may_become_projects_lead_to_the_page(source, municipality, client_for):
    page = client_for(municipality.leader).get(page_url(source, "ideas")).content.decode()

    assert page.count("Start a new project from this") == 1
    assert f"?from={source.pk}&amp;tool=ark-ideas&amp;row=list%2F{IDEA}" in page


def test_those_who_may_not_create_are_told_whom_to_ask(source, stopped, municipality, client_for):
    client = client_for(municipality.reader)
    reason = "Projects are created by those who have been given that task. Ask Astrid Admin."

    for url in (page_url(source, "ideas"), reverse("phases:project", args=[source.pk])):
        page = client.get(url).content.decode()
        assert reason in page
        assert "/prosjekter/ny/?" not in page
    refused = client.get(of_the_idea(source))
    assert (refused.status_code, reason in refused.content.decode()) == (403, True)


def test_a_stopped_project_offers_a_new_round(stopped, municipality, client_for):
    url = reverse("phases:project", args=[stopped.pk])
    client = client_for(municipality.leader)

    assert f'href="{address(stopped)}"' in client.get(url).content.decode()


def test_a_page_of_ideas_asks_a_constant_number_of_questions(source, municipality, client_for):
    client = client_for(municipality.leader)
    url = page_url(source, "ideas")
    counts = []
    for number in range(2):
        client.get(url)
        with CaptureQueriesContext(connection) as queries:
            client.get(url)
        counts.append(len(queries))
        for place in range(3):
            write_idea(source, municipality.leader, f"{number}{place}" * 6, idea="En til")
    assert counts[0] == counts[1]


# --- what is made --------------------------------------------------------------------------------


def test_a_project_grows_out_of_an_idea_with_what_was_chosen(
    source, answers, municipality, client_for, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        response = client_for(municipality.leader).post(of_the_idea(source), answers)

    project = made()
    origin = project.origin
    assert response.url == reverse("phases:project", args=[project.pk])
    assert (origin.source, origin.kind, origin.place, origin.row, origin.words) == (
        source,
        "row",
        "ark-ideas",
        f"list/{IDEA}",
        "Sensor i sengen",
    )
    assert sorted(Membership.objects.filter(project=project).values_list("user__name", "role")) == [
        ("Dagny Direktør", ProjectRole.OWNER),
        ("Mats Medlem", ProjectRole.MEMBER),
        ("Mona Mellomleder", ProjectRole.LINE_MANAGER),
        ("Petter Prosjektleder", ProjectRole.LEADER),
    ]
    # What is confidential has not travelled.
    assert list(Sheet.objects.filter(project=project).values_list("worksheet_key", "answers")) == [
        ("plan", {"goal": "Vite om de sover bedre."})
    ]
    assert sentences(response)[-1:] == ["1 worksheet was copied."]
    assert [message.to for message in mail.outbox] == [[municipality.member.email]]


def test_both_projects_tell_of_it(source, answers, municipality, client_for):
    client = client_for(municipality.leader)
    client.post(of_the_idea(source), answers)

    project = made()
    told = {
        line.event.action: (line.event.project_number, line.text)
        for line in lines_of(
            AuditEvent.objects.filter(action__in=["project.grew", "project.led_on"]),
            [source, project],
        )
    }
    assert told == {
        "project.grew": (
            project.pk,
            "Petter Prosjektleder let this project grow out of an earlier one.",
        ),
        "project.led_on": (
            source.pk,
            "Petter Prosjektleder started a new project out of this one.",
        ),
    }
    new = client.get(reverse("phases:project", args=[project.pk]))
    old = client.get(reverse("phases:project", args=[source.pk]))
    back = new.context["grew_out_of"]
    assert (back.name, back.words, back.url) == (
        "Digitalt tilsyn",
        "Sensor i sengen",
        f"{page_url(source, 'ideas')}#row-{IDEA}",
    )
    assert [(each.name, each.url) for each in old.context["led_to"]] == [
        ("Sensor i sengen", reverse("phases:project", args=[project.pk]))
    ]


def test_those_who_may_not_read_the_other_see_only_the_words_or_nothing(
    source, answers, municipality, client_for
):
    client_for(municipality.leader).post(of_the_idea(source), answers)
    project = made()
    add_member(
        project=project,
        user=municipality.employee,
        role=ProjectRole.READER,
        actor=municipality.leader,
    )

    new = client_for(municipality.employee).get(reverse("phases:project", args=[project.pk]))
    old = client_for(municipality.reader).get(reverse("phases:project", args=[source.pk]))

    assert (new.context["grew_out_of"].name, new.context["grew_out_of"].url) == ("", "")
    assert "“Sensor i sengen”" in new.content.decode()
    assert "Digitalt tilsyn" not in new.content.decode()
    assert (old.context["led_to"], "Sensor i sengen" in old.content.decode()) == ([], False)


def test_a_stopped_project_goes_on_in_a_new_one_and_stays_stopped(
    stopped, answers, municipality, client_for
):
    client_for(municipality.leader).post(address(stopped), answers)

    origin = made().origin
    stopped.refresh_from_db()
    assert (origin.kind, origin.place, origin.row, origin.words, stopped.status) == (
        "ended",
        "",
        "",
        "Digitalt tilsyn",
        "stopped",
    )


def test_a_method_without_the_worksheet_gets_no_copy_and_the_page_says_so(
    source, answers, municipality, ks_version, client_for
):
    response = client_for(municipality.leader).post(
        of_the_idea(source), {**answers, "method_version": ks_version.pk}
    )

    assert Sheet.objects.filter(project=made()).count() == 0
    assert sentences(response)[-1:] == [
        "1 worksheet was not copied: the new project's method does not have it, or nothing in it "
        "may be copied."
    ]


def test_a_form_that_is_sent_twice_makes_one_project(source, answers, municipality, client_for):
    client = client_for(municipality.leader)

    addresses = {client.post(of_the_idea(source), answers).url for _time in range(2)}

    project = made()
    assert addresses == {reverse("phases:project", args=[project.pk])}
    assert (Project.objects.count(), ProjectOrigin.objects.count()) == (2, 1)
    assert Membership.objects.filter(project=project, role="member").count() == 1


def test_a_refusal_half_way_leaves_nothing_behind(
    source, answers, municipality, client_for, monkeypatch
):
    from common.outcomes import Refusal

    def refuse(**_arguments):
        raise Refusal("No longer possible.")

    monkeypatch.setattr("phases.services.rounds.registry.carry", refuse)

    page = client_for(municipality.leader).post(of_the_idea(source), answers)

    form = page.context["form"]
    assert form.errors == {"__all__": ["No longer possible."]}
    assert form["content"].value() == ["worksheet.plan"]
    assert (Project.objects.count(), ProjectOrigin.objects.count()) == (1, 0)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("content", ["worksheet.interviews"]),
        ("content", ["benefits"]),
        ("people", ["{director}:owner"]),
        ("people", ["{employee}:member"]),
        ("people", ["{member}:leader"]),
        ("people", ["x"]),
    ],
)
def test_only_what_was_offered_comes_along(field, value, source, answers, municipality, client_for):
    sent = [
        each.format(
            director=municipality.director.pk,
            employee=municipality.employee.pk,
            member=municipality.member.pk,
        )
        for each in value
    ]

    page = client_for(municipality.leader).post(of_the_idea(source), {**answers, field: sent})

    assert (page.status_code, list(page.context["form"].errors)) == (200, [field])
    assert Project.objects.count() == 1


def test_a_project_cannot_grow_out_of_itself(source):
    with pytest.raises(IntegrityError), transaction.atomic():
        ProjectOrigin.objects.create(project=source, source=source, kind="ended", words="Seg selv")
