"""KS' Veikart as it is delivered: every name as the sources write it, every tool in its place.

In every version; what version 2 adds of our own is marked so.
"""

import pytest

from methodology.catalogue import catalogue_of
from methodology.enums import GateMode, GateOutcome
from methodology.selectors import version_for_page

# (number, bokmål, Swedish, the phase's tools, its steps); a step: (bokmål, Swedish, its tools)
PHASES = [
    (
        1,
        "Forankring",
        "Förankring",
        ["project-presentation", "benefits", "anchoring", "planning"],
        [
            (
                "Definere problem og sette mål",
                "Definiera problem och sätta mål",
                ["project-presentation"],
            ),
            ("Utforske gevinster", "Utforska vinsterna", ["benefits"]),
            ("Bygg riktig team", "Bygg rätt team", ["team"]),
            (
                "Kartlegg interessenter og planlegg forankring",
                "Kartlägg intressenter och planera förankring",
                ["anchoring"],
            ),
            ("Kartlegg relevante prosjekter", "Kartlägg relevanta projekt", []),
        ],
    ),
    (
        2,
        "Innsikt",
        "Insikt",
        [
            "current-journey",
            "interview-observation",
            "statistics",
            "analysis",
            "benefits",
            "planning",
        ],
        [
            ("Kartlegge dagens tjeneste", "Kartlägg dagens tjänst", ["current-journey"]),
            ("Gjennomføre intervjuer", "Genomför intervjuer", ["interview-observation"]),
            ("Lær av andre", "Lär av andra", []),
            ("Se på statistikk og tall", "Titta på statistik och siffror", ["statistics"]),
            ("Utforske teknologi", "Utforska teknologi", []),
            (
                "Analysere og oppsummere",
                "Analysera och sammanfatta",
                ["analysis", "benefits", "planning"],
            ),
        ],
    ),
    (
        3,
        "Tjenesteutvikling",
        "Tjänsteutveckling",
        ["ideation", "solution-proposal", "new-journey", "huki", "benefits", "planning"],
        [
            ("Idémyldre", "Idéskapande", ["ideation", "solution-proposal"]),
            ("Teste løsningsforslag", "Testa lösningsförslag", ["solution-proposal", "benefits"]),
            (
                "Definere rutiner og ansvar",
                "Definiera rutiner och ansvar",
                ["new-journey", "huki"],
            ),
            ("Kartlegge gevinster", "Kartlägg vinster", ["benefits"]),
            (
                "Utvikle kontaktpunkter",
                "Utveckla kontaktpunkter",
                ["solution-proposal", "new-journey"],
            ),
            ("Utvikle eller velge teknologi", "Utveckla eller välj teknologi", []),
        ],
    ),
    (
        4,
        "Pilotering",
        "Pilotering",
        ["pilot-evaluation", "benefits", "planning"],
        [
            ("Planlegge", "Planera", ["planning"]),
            ("Gjennomføre", "Genomföra", []),
            ("Evaluere", "Evaluera", ["pilot-evaluation", "benefits"]),
            ("Beslutte", "Besluta", ["pilot-evaluation", "benefits"]),
        ],
    ),
    (
        5,
        "Overgang til drift",
        "Övergång till drift",
        ["benefits", "ros", "planning"],
        [
            ("Gjennomføre anskaffelser", "Genomför upphandling", []),
            ("Planlegge gevinster", "Planera vinster", ["benefits"]),
            ("Forankre i overgang til drift", "Förankra vid övergång till drift", []),
            ("Implementere ny løsning", "Implementera den nya lösningen", ["planning"]),
            ("Overlevere til drift", "Övergå till drift", ["benefits", "ros"]),
        ],
    ),
    (
        6,
        "Ny praksis",
        "Ny praxis",
        ["benefits"],
        [
            ("Drifte tjenesten", "Driv tjänsten", []),
            ("Måle og følge opp gevinster", "Mät och följ upp vinster", ["benefits"]),
            ("Forbedre og innovere", "Förbättra och förnya", []),
        ],
    ),
]

TOOLS = [
    ("project-presentation", "Prosjektpresentasjon", "Projektpresentation"),
    ("benefits", "Gevinstrealisering", "Vinstrealisering"),
    ("anchoring", "Forankringsverktøy", "Förankringsverktyg"),
    ("planning", "Planleggingsverktøy", "Planläggningsverktyg"),
    ("current-journey", "Dagens tjenestereise", "Dagens tjänsteresa"),
    ("interview-observation", "Intervju og observasjon", "Intervju och observation"),
    ("statistics", "Statistikk og tall", "Statistik och siffror"),
    ("analysis", "Analyseverktøy", "Analysverktyg"),
    ("ideation", "Idé og problemløsning", "Idéskapande och problemlösning"),
    ("solution-proposal", "Løsningsforslag", "Lösningsförslag"),
    ("new-journey", "Ny tjenestereise", "Ny tjänsteresa"),
    ("huki", "Rolle- og ansvarsmatrise", "Roll- och ansvarsmatris"),
    ("pilot-evaluation", "Evaluering av pilot", "Utvärdering av pilot"),
    ("ros", "ROS-analyse", "ROS-analys"),
]

STEP_FIELDS = {
    "title",
    "why",
    "what",
    "how",
    "who",
    "duration",
    "result",
    "tips",
    "good",
    "mistakes",
    "for_leaders",
    "questions",
}


# What version 2 has beside the sources' tools.
ADDED = {
    "team",
    "related-projects",
    "technology-assessment",
    "pilot-plan",
    "procurement-strategy",
    "implementation-plan",
    "handover",
    "final-report",
    "improvements",
}


@pytest.fixture(params=[1, 2])
def catalogue(ks_version, request):
    return catalogue_of(version_for_page("ks-veikart", number=request.param))


def test_phases_steps_and_the_tools_they_use_are_those_of_the_sources(catalogue):
    found = [
        (
            phase.number,
            phase.title_in("nb"),
            phase.title_in("sv"),
            _of_the_sources(phase.slots),
            [
                (step.title_in("nb"), step.title_in("sv"), _of_the_sources(step.slots))
                for step in phase.steps
            ],
        )
        for phase in catalogue.phases
    ]

    if catalogue.number == 2:
        # Also offered where the sources speak of anchoring without naming a tool.
        title, swedish, tools = found[4][4][2]
        assert tools == ["anchoring"]
        found[4][4][2] = (title, swedish, [])
    assert found == PHASES
    assert len(catalogue.steps) == 29


def test_the_fourteen_tools_are_those_of_the_sources_and_ours_are_marked(catalogue):
    own = [
        (slot.key, slot.title_in("nb"), slot.title_in("sv"))
        for slot in catalogue.slots
        if not slot.is_addition
    ]

    assert own == TOOLS
    added = {slot.key for slot in catalogue.slots if slot.is_addition}
    assert added == ({"team"} if catalogue.number == 1 else ADDED)


def test_the_two_journeys_are_variants_of_one_tool(catalogue):
    journeys = [(slot.key, slot.variant) for slot in catalogue.slots if slot.tool == "journeys"]

    assert journeys == [("current-journey", "today"), ("new-journey", "new")]


def test_the_method_is_called_what_it_is_called(catalogue):
    assert {language: catalogue.title_in(language) for language in ("nb", "nn", "sv", "en")} == {
        "nb": "Veikart for tjenesteinnovasjon",
        "nn": "Vegkart for tenesteinnovasjon",
        "sv": "Färdplan för tjänsteinnovation",
        "en": "Roadmap for service innovation",
    }


def test_gates_four_and_five_are_mandatory_and_the_others_advisory(catalogue):
    assert [phase.gate.mode for phase in catalogue.phases] == [
        GateMode.ADVISORY,
        GateMode.ADVISORY,
        GateMode.ADVISORY,
        GateMode.MANDATORY,
        GateMode.MANDATORY,
        GateMode.ADVISORY,
    ]


def test_after_the_pilot_one_can_go_back_to_what_the_source_names(catalogue):
    gate = catalogue.phase("piloting").gate

    assert gate.back_to == ("service-development", "insight")
    assert {GateOutcome.GO, GateOutcome.MORE_TESTING, GateOutcome.BACK, GateOutcome.STOP} <= set(
        gate.outcomes
    )


def test_every_gate_has_musts_and_shoulds(catalogue):
    for phase in catalogue.phases:
        assert {criterion.severity for criterion in phase.gate.criteria} == {"must", "should"}


def test_the_source_says_which_steps_can_be_skipped_and_where_a_decision_is_made(catalogue):
    assert [step.title_in("nb") for step in catalogue.steps if step.is_optional] == [
        "Utvikle kontaktpunkter",
        "Gjennomføre anskaffelser",
    ]
    assert [step.title_in("nb") for step in catalogue.steps if step.is_decision] == [
        "Beslutte",
        "Overlevere til drift",
    ]


def test_every_step_has_all_its_guidance_in_bokmal_and_swedish(catalogue):
    for step in catalogue.steps:
        assert set(step.texts.stored) == STEP_FIELDS
        for field in STEP_FIELDS:
            assert {"nb", "sv"} <= set(step.texts.stored[field])


def test_the_innovation_examples_are_those_of_the_source(catalogue):
    examples = [
        (phase.number, example.municipality)
        for phase in catalogue.phases
        for example in phase.examples
    ]

    assert examples == [
        (1, "Træna"),
        (2, "Sarpsborg"),
        (3, "Horten"),
        (3, "Bergen"),
        (4, "Fjell"),
        (5, "Gran"),
        (6, "Asker"),
    ]


def test_version_2_has_every_text_in_all_four_languages(ks_catalogue):
    codes = {"nb", "nn", "sv", "en"}
    assert {code for code, each in ks_catalogue.languages.items()} == codes
    assert {each["coverage"] for each in ks_catalogue.languages.values()} == {"complete"}
    for step in ks_catalogue.steps:
        for field in step.texts.stored:
            assert set(step.texts.stored[field]) == codes


def test_every_tool_of_version_2_can_be_used(ks_catalogue):
    apps = {"benefits", "team"}
    without = [slot.key for slot in ks_catalogue.slots if not slot.worksheet]

    assert [ks_catalogue.slot(key).tool for key in without] == sorted(apps)


def _of_the_sources(slots):
    """Those that version 1 has too: the step that builds the team names ours in both."""
    return [slot.key for slot in slots if slot.key not in ADDED - {"team"}]
