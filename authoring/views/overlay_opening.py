"""The way into the pages about adjustments: whose they are, and on what they are laid."""

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest

from accounts.models import Organisation
from authoring.views.opening import open_method, require_editor
from common.outcomes import Denied
from methodology.models import MethodVersion, OverlayVersion, VersionDocument
from methodology.selectors_overlays import draft_overlay, newest_published, published_overlay
from methodology.services.overlaying import may_adjust


@dataclass(frozen=True, slots=True)
class OpenOverlay:
    """The adjustments of one organisation to one method, on the version that new projects take."""

    organisation: Organisation
    version: MethodVersion
    content: dict[str, Any]
    draft: OverlayVersion | None
    published: OverlayVersion | None

    @property
    def key(self) -> str:
        return self.version.method.key

    @property
    def language(self) -> str:
        return self.organisation.document_language


def open_overlay(request: HttpRequest, key: str) -> OpenOverlay:
    """For administrators of an organisation; others get a sentence. 404 for a method that is not
    there for them, or has nothing published."""
    require_editor(request)
    organisation = request.user.organisation
    method = open_method(request, key)
    if organisation is None or method.organisation_id not in (None, organisation.pk):
        raise Http404
    allowed = may_adjust(request.user, organisation)
    if isinstance(allowed, Denied):
        raise PermissionDenied(str(allowed.reason))
    version = newest_published(method.pk)
    if version is None:
        raise Http404
    content = VersionDocument.objects.values_list("content", flat=True).get(pk=version.pk)
    return OpenOverlay(
        organisation=organisation,
        version=version,
        content=content,
        draft=draft_overlay(organisation.pk, method.pk),
        published=published_overlay(organisation.pk, method.pk),
    )
