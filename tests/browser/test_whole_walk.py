"""The main job in a real browser: a project is created, worked on, submitted, decided by somebody
else, and comes out as PDF with the decision in it."""

import datetime

from django.utils import timezone
from playwright.sync_api import expect
from pypdf import PdfReader

RATIONALE = "Behovet er tydelig, og teamet er på plass."


def fill_project(page, municipality):
    page.goto("/prosjekter/ny/")
    page.fill("#id_name", "Digitalt tilsyn om natten")
    page.select_option("#id_unit", str(municipality.home_care.pk))
    page.fill("#id_problem", "Nattbesøk vekker dem som sover.")
    page.fill("#id_goal", "Færre forstyrrelser og tryggere netter.")
    page.fill("#id_starts_on", "2026-01-12")
    page.fill("#id_case_number", "2026/1482")
    page.get_by_role("button", name="Create the project").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Overview")


def do_a_step(page, project_url):
    page.goto(f"{project_url}steg/define-problem/")
    page.select_option("#id_status", "done")
    page.fill("#id_notes", "Formulert sammen med nattpatruljen. 😀")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("main")).to_contain_text("Formulert sammen med nattpatruljen. 😀")


def submit_phase(page, project_url):
    page.goto(f"{project_url}beslutningspunkt/anchoring/send-inn/")
    page.check("input[name=outcome][value=go_with_conditions]")
    page.fill("#id_recommendation", "Vi anbefaler å gå videre til innsikt.")
    page.get_by_role("button", name="Submit to Mona Mellomleder").click()
    expect(page.locator("main")).to_contain_text("Mona Mellomleder")


def decide(page):
    page.goto("/")
    page.get_by_role("link", name="Digitalt tilsyn om natten").first.click()
    expect(page.locator("main")).to_contain_text("Vi anbefaler å gå videre til innsikt.")
    page.goto(page.url.rstrip("/") + "/beslutt/")
    page.check("input[name=outcome][value=go_with_conditions]")
    page.fill("#id_rationale", RATIONALE)
    first_condition = page.locator(".condition-row").first
    first_condition.locator("[name$=text]").fill("Avklar personvern med personvernombudet.")
    first_condition.locator("select").select_option(label="Petter Prosjektleder")
    due = timezone.localdate() + datetime.timedelta(days=30)
    first_condition.locator("input[type=date]").fill(due.isoformat())
    page.get_by_role("button", name="See what will happen").click()
    expect(page.locator("main")).to_contain_text("This will happen")
    page.get_by_role("button", name="Decide:").click()
    expect(page.locator("main")).to_contain_text(RATIONALE)


def fetch_pdf(page, project_id, folder):
    page.goto(f"/rapporter/bestill/?projects={project_id}")
    page.check("input[name=kind][value=project_pdf]")
    page.get_by_role("button", name="Make the report").click()
    link = page.locator("a[href$='/hent/']")
    link.wait_for(timeout=90_000)
    with page.expect_download() as download:
        link.click()
    path = folder / "report.pdf"
    download.value.save_as(path)
    return path


def test_a_project_is_created_submitted_decided_and_printed(
    municipality, ks_version, page_for, worker, tmp_path
):
    leader = page_for(municipality.leader)
    fill_project(leader, municipality)
    project_url = leader.url
    do_a_step(leader, project_url)
    submit_phase(leader, project_url)

    decide(page_for(municipality.manager, width=390))

    leader.goto(project_url)
    expect(leader.locator("main")).to_contain_text("Insight")
    project_id = project_url.rstrip("/").rsplit("/", 1)[1]
    pdf = PdfReader(fetch_pdf(leader, project_id, tmp_path))
    text = " ".join(page.extract_text() for page in pdf.pages)
    assert RATIONALE in " ".join(text.split())
    assert "2026/1482" in text


def test_the_walk_works_without_javascript(municipality, ks_version, page_for):
    leader = page_for(municipality.leader, java_script_enabled=False)
    fill_project(leader, municipality)
    project_url = leader.url
    do_a_step(leader, project_url)
    submit_phase(leader, project_url)
    decide(page_for(municipality.manager, java_script_enabled=False))
