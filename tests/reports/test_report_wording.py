"""Each project of a report is written to its own organisation."""

from django.utils import timezone

from common import wording
from common.wording import Country, OrganisationKind, Wording
from reports import assembly


def test_each_project_is_composed_in_its_organisations_wording(
    project, foreign_project, monkeypatch
):
    organisation = foreign_project.organisation
    organisation.country, organisation.kind = "se", "care_provider"
    organisation.save()
    seen = []
    monkeypatch.setattr(
        assembly, "_project_part", lambda read, tools: seen.append(wording.current())
    )
    read = assembly.read_projects([project, foreign_project])
    assembly.compose(read, {}, language="nb", ordered_by="Petter", as_of=timezone.now())
    assert seen == [
        Wording(Country.NORWAY, OrganisationKind.MUNICIPALITY),
        Wording(Country.SWEDEN, OrganisationKind.CARE_PROVIDER),
    ]
    assert wording.current() == Wording()
