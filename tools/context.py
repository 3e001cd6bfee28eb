"""What tools may know about the project around them, asked of the layer above.

The walk through the method lives in ``phases``, which tools must not import. ``phases`` therefore
hands in how a context is made, once, when the application starts.
"""

from collections.abc import Callable

from django.utils import timezone

from projects.method import catalogue_of_project
from projects.models import Project
from tools.contract import ProjectContext

Provider = Callable[[Project], ProjectContext]


def context_without_walk(project: Project) -> ProjectContext:
    """The context of a project whose walk nobody knows: what holds until a provider is there."""
    return ProjectContext(
        project_id=project.pk,
        today=timezone.localdate(),
        catalogue=catalogue_of_project(project),
        current_phase=None,
        phase_started_on={},
    )


_providers: list[Provider] = [context_without_walk]


def register_provider(provider: Provider) -> None:
    """Let ``provider`` make the contexts from now on. The last one given counts."""
    _providers.append(provider)


def context_of(project: Project) -> ProjectContext:
    """The project's context, at the provider's cost in queries."""
    return _providers[-1](project)
