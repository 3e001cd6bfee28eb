"""Publishing a draft: from then on it never changes."""

import json

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from common.outcomes import Refusal
from methodology.catalogue import forget_catalogues
from methodology.enums import VersionStatus
from methodology.files import MethodFilesRefused, VersionContent, check_content, write_document
from methodology.models import MethodVersion, VersionDocument
from methodology.part_checks import PartProblem, locate
from methodology.services.drafting import claimed, content_of, next_number
from methodology.services.publishing import publish_newest
from methodology.services.recording import record_version
from methodology.yaml_reader import MAX_BYTES


class NotReady(Refusal):
    """The draft cannot be published yet. ``problems`` says why, part by part."""

    def __init__(self, problems: tuple[PartProblem, ...]) -> None:
        self.problems = problems
        super().__init__(
            ngettext(
                "%(count)s thing must be mended before this can be published.",
                "%(count)s things must be mended before this can be published.",
                len(problems),
            )
            % {"count": len(problems)}
        )


@transaction.atomic
def publish_draft(*, draft: MethodVersion, actor: User) -> MethodVersion:
    """Publish the draft; earlier versions are retired. Gives the version as it then is.

    Refuses with :class:`NotReady` while something is missing or wrong. A draft that was overtaken
    by a newer version from files takes the next number.
    """
    row = claimed(draft, actor)
    newest = MethodVersion.objects.filter(method=row.method).order_by("-number").first()
    number = row.number if newest == row else next_number(row.method)
    content = {**content_of(row), "key": row.method.key, "version": number}
    try:
        checked = check_content(content, row.method.key)
    except MethodFilesRefused as refused:
        problems = tuple(locate(content, error.reason) for error in refused.errors)
        raise NotReady(problems) from refused
    if _is_too_large(checked):
        raise Refusal(
            _("The method is larger than %(limit)s MB, so no file could hold it. Shorten it first.")
            % {"limit": MAX_BYTES // 1024 // 1024}
        )
    VersionDocument.objects.filter(pk=row.pk).update(content=checked.content)
    # One update, with the hash in it: what is published can be changed by nothing afterwards.
    published = MethodVersion.objects.filter(pk=row.pk, status=VersionStatus.DRAFT).update(
        status=VersionStatus.PUBLISHED,
        number=number,
        content_hash=checked.content_hash,
        published_at=timezone.now(),
        published_by=actor,
    )
    if not published:
        raise Refusal(_("Somebody else has published this already."))
    row.refresh_from_db()
    record_version(row, "published", actor, content_hash=row.content_hash)
    publish_newest(row.method.key, actor)
    forget_catalogues()
    return row


def _is_too_large(version: VersionContent) -> bool:
    """Whether its file could not be read back. Writing it takes seconds, so what is far from the
    limit is not written."""
    size = len(json.dumps(version.content, ensure_ascii=False).encode())
    return size > MAX_BYTES // 2 and len(write_document(version)) > MAX_BYTES
