"""A method version from a file that somebody uploads: it becomes a draft, or nothing happens."""

from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Organisation, User
from common.outcomes import Denied, Refusal
from methodology.authorship import may_author, may_author_for, may_see
from methodology.files import MethodFilesRefused, VersionContent, read_document
from methodology.models import Method, MethodVersion
from methodology.services.drafting import new_method, start_draft
from methodology.yaml_reader import MAX_BYTES, MethodFileError


@dataclass(frozen=True, slots=True)
class Imported:
    """The draft, and the number that the file itself gave."""

    draft: MethodVersion
    number_in_file: int


@transaction.atomic
def import_document(
    *, data: bytes, name: str, actor: User, organisation: Organisation | None = None
) -> Imported:
    """A draft from a file as ``write_document`` writes it. A method that is not there yet is made
    for ``organisation``, or for the whole installation when that is ``None``.

    Refuses with ``MethodFilesRefused``, which names every error in the file, with
    ``AlreadyDrafted``, or in a sentence when the method is somebody else's or nothing would change.
    """
    refuse_large(len(data))
    version = read_document(data, name)
    method = Method.objects.select_related("organisation").filter(key=version.method_key).first()
    if method is None:
        _require(may_author_for(actor, organisation))
        method = new_method(key=version.method_key, organisation=organisation)
    else:
        _refuse_foreign(actor, method, version, name)
    draft = start_draft(
        method=method,
        content=version.content,
        actor=actor,
        what="imported",
        number=version.number,
        based_on=_newest(method),
    )
    return Imported(draft, version.number)


def refuse_large(size: int) -> None:
    """Refuse a file of more than 2 MB (``size`` in bytes), before anybody reads it."""
    if size > MAX_BYTES:
        raise Refusal(
            _("The file is %(size)s MB. A method's file is at most %(limit)s MB.")
            % {"size": round(size / 1024 / 1024, 1), "limit": MAX_BYTES // 1024 // 1024}
        )


def _refuse_foreign(actor: User, method: Method, version: VersionContent, name: str) -> None:
    if not may_see(actor, method):
        # Without telling whose it is.
        error = MethodFileError(
            name, 1, _("the key “%(key)s” is taken; give the method another") % {"key": method.key}
        )
        raise MethodFilesRefused([error])
    _require(may_author(actor, method))
    same = method.versions.filter(content_hash=version.content_hash).first()
    if same is not None:
        raise Refusal(
            _("The file is the same as version %(number)s, which is here already.")
            % {"number": same.number}
        )


def _newest(method: Method) -> MethodVersion | None:
    return method.versions.exclude(status="draft").order_by("-number").first()


def _require(outcome: object) -> None:
    if isinstance(outcome, Denied):
        raise Refusal(outcome.reason)
