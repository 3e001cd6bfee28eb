"""Names of phases and gates for what happened under them, also when the method has them no more."""

from collections.abc import Callable, Iterator
from functools import cached_property

from methodology.catalogue import Catalogue, PhaseEntry, catalogue_of
from methodology.enums import VersionStatus
from methodology.models import MethodVersion
from phases.selectors import Walk, WalkPhase
from phases.wording import PhaseName
from projects.method import catalogue_of_project
from projects.models import Project


def phase_name(walk: Walk, phase: WalkPhase) -> PhaseName:
    """As the project's method calls it now."""
    entry = phase.entry
    return PhaseName(entry.key, entry.number, entry.title, walk.catalogue.word("phase"))


class PhaseNames:
    """Names by the keys that a project's state holds.

    No query while the project's method has them all; else one (and the catalogues of the method's
    other versions). A key that no version has is its own title.
    """

    def __init__(self, project: Project) -> None:
        self._project = project

    def of_phase(self, key: str) -> PhaseName:
        return self._first(lambda phase: phase.key == key, key)

    def of_gate(self, key: str) -> PhaseName:
        """The phase that the gate closes."""
        return self._first(lambda phase: phase.gate is not None and phase.gate.key == key, key)

    def _first(self, is_meant: Callable[[PhaseEntry], bool], key: str) -> PhaseName:
        for catalogue in self._catalogues():
            for phase in catalogue.phases:
                if is_meant(phase):
                    word = catalogue.word("phase")
                    return PhaseName(phase.key, phase.number, phase.title, word)
        return PhaseName(key, 0, key, "")

    def _catalogues(self) -> Iterator[Catalogue]:
        yield catalogue_of_project(self._project)
        yield from self._others

    @cached_property
    def _others(self) -> tuple[Catalogue, ...]:
        """The method's other versions that anybody has stood on, the newest first."""
        version = self._project.method_version
        others = (
            MethodVersion.objects.filter(method_id=version.method_id)
            .exclude(pk=version.pk)
            .exclude(status=VersionStatus.DRAFT)
            .select_related("method")
            .order_by("-number")
        )
        return tuple(catalogue_of(each) for each in others)
