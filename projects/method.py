"""What a project's method says: the one place where a project is given its catalogue."""

from methodology.catalogue import Catalogue, catalogue_of
from projects.models import Project


def catalogue_of_project(project: Project) -> Catalogue:
    """The content that the project stands on, as its people meet it.

    No query when it was read before, provided that the project came with
    ``select_related("method_version__method")``.
    """
    return catalogue_of(project.method_version)
