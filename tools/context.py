"""Where tools get their :class:`ProjectContext`: a higher layer provides it."""

from collections.abc import Callable

from projects.models import Project
from tools.contract import ProjectContext

_providers: list[Callable[[Project], ProjectContext]] = []


def register_provider(provider: Callable[[Project], ProjectContext]) -> None:
    """Called once, by the layer that knows the walk, when its app is ready."""
    _providers[:] = [provider]


def context_of(project: Project) -> ProjectContext:
    """What is around the project, for the pages of tools."""
    return _providers[0](project)
