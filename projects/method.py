"""What a project's method says: the one place where a project is given its catalogue."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from common.outcomes import Allowed, Denied, Outcome
from methodology.catalogue import Catalogue, catalogue_of
from methodology.models import MethodVersion, OverlayVersion
from methodology.selectors_overlays import newest_published, published_overlay
from projects.models import Project


def catalogue_of_project(project: Project) -> Catalogue:
    """The content that the project stands on, as its people meet it.

    That is the version of the method and what the organisation has adjusted in it, both as the
    project took them. No query when it was read before, provided that the project came
    ``with_method()``.
    """
    return catalogue_of(project.method_version, project.overlay_version)


def may_stand_on(
    version: MethodVersion, organisation_id: int, overlay: OverlayVersion | None = None
) -> Outcome:
    """Whether projects of the organisation can stand on the version with the adjustments: neither
    is a draft or another organisation's, and they belong together. ``version`` comes with its
    method. No query."""
    if version.is_draft:
        return Denied(_("This version of the method is a draft. Choose a published one."))
    if version.method.organisation_id not in (None, organisation_id):
        return Denied(_("This method belongs to another organisation."))
    if overlay is None:
        return Allowed()
    if overlay.is_draft:
        return Denied(_("These adjustments are a draft. Choose published ones."))
    if overlay.organisation_id != organisation_id:
        return Denied(_("These adjustments belong to another organisation."))
    if overlay.method_id != version.method_id:
        return Denied(_("These adjustments belong to another method."))
    return Allowed()


@dataclass(frozen=True, slots=True)
class Edition:
    """A version of the method, and what the organisation has adjusted in it, if anything."""

    version: MethodVersion
    overlay: OverlayVersion | None


def newest_edition(project: Project) -> Edition | None:
    """What a new project of the same method would start on, when that is not what this one stands
    on; ``None`` when it is, or when the method has nothing published any more. Two queries."""
    method_id = project.method_version.method_id
    version = newest_published(method_id)
    if version is None:
        return None
    overlay = published_overlay(project.organisation_id, method_id)
    stands_on = (project.method_version_id, project.overlay_version_id)
    if (version.pk, overlay.pk if overlay else None) == stands_on:
        return None
    return Edition(version, overlay)
