"""A report on a project whose method has lost what the project has said something about."""

from tests.reports.test_report_document import document_of
from tests.revised import moved, revised, without_phase
from tools.models import SlotState


def test_what_was_decided_and_noted_stays_in_the_report(full_project, ks_version):
    before = document_of(full_project).projects[0]

    def change(content):
        without_phase("anchoring")(content)
        gone = SlotState.objects.get(project=full_project).slot_key
        content["tools"] = [slot for slot in content["tools"] if slot["key"] != gone]
        for phase in content["phases"]:
            for part in (phase, *phase["steps"]):
                part["tools"] = [key for key in part["tools"] if key != gone]

    moved(full_project, revised(ks_version, change))
    after = document_of(full_project).projects[0]
    assert [(each.outcome, each.rationale, each.sha256) for each in after.decisions] == [
        (each.outcome, each.rationale, each.sha256) for each in before.decisions
    ]
    assert [each.phase for each in after.decisions] == ["anchoring"]
    assert [each.note for each in after.notes] == [each.note for each in before.notes]
