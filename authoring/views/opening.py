"""The way into the editor: who may come, and which method and part an address means."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Organisation
from accounts.selectors import (
    administrators_of,
    is_administrator,
    is_installation_administrator,
)
from authoring.selectors import content_of_version
from common.outcomes import Denied, StaleRow
from methodology.authorship import may_author, may_see
from methodology.models import Edition, Method, MethodVersion
from methodology.parts import Address, Content, NoSuchPart, kind_in, kind_of, part_at

# Of a text in one language, in the forms of a method and in those of adjustments; or a reason.
_TEXT_NAME = re.compile(r"__|_(nb|nn|sv|en)$|^reason$")


class Gone(Exception):  # noqa: N818 -- what became of it, not a fault
    """The draft, or a part of it, is not there any more. Told on a page with what was sent.

    ``status`` is 410 where the address is right and there only is no draft at the moment.
    """

    def __init__(self, reason: str, url: str, status: int = 404) -> None:
        super().__init__(reason)
        self.reason = reason
        self.url = url
        self.status = status


def draft_page(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A page of a draft: when somebody else has published, discarded or removed it meanwhile, the
    person is told so and gets back what they had written."""

    @wraps(view)
    def shown(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except Gone as gone:
            reason, url, status = gone.reason, gone.url, gone.status
        except Http404:
            if not _written(request):
                raise
            reason = _("This is not in the method any more. Somebody may have removed it.")
            url, status = reverse("authoring:index"), 404
        context = {"reason": reason, "url": url, "written": _written(request)}
        return render(request, "authoring/gone.html", context, status=status)

    return shown


def _written(request: HttpRequest) -> list[str]:
    """The texts that were sent, to be given back."""
    return [
        str(text)
        for name, text in request.POST.items()
        if _TEXT_NAME.search(name) and str(text).strip()
    ]


def is_as_seen(request: HttpRequest, draft: Edition) -> bool:
    """Whether the draft is as it was when the person opened the page: ``opened`` in what is sent is
    its stamp then. A button without it asks for nothing."""
    return request.POST.get("opened", str(draft.stamp)) == str(draft.stamp)


def changed_since() -> StaleRow:
    return StaleRow(_("Somebody has changed the draft since you opened this page. Look once more."))


@dataclass(frozen=True, slots=True)
class OpenDraft:
    """A draft that the person may write on, with its content as it is stored now."""

    draft: MethodVersion
    content: Content

    @property
    def method(self) -> Method:
        return self.draft.method

    @property
    def key(self) -> str:
        return self.draft.method.key


def administered(request: HttpRequest) -> Organisation | None:
    """The organisation that the person administers, if any."""
    user = request.user
    return user.organisation if is_administrator(user, user.organisation_id) else None


def require_editor(request: HttpRequest) -> None:
    """Administrators of an organisation or of the installation; others are told whom to ask."""
    user = request.user
    if is_installation_administrator(user) or administered(request):
        return
    if user.organisation is None:
        raise PermissionDenied(_("You do not belong to an organisation."))
    names = ", ".join(person.name for person in administrators_of(user.organisation))
    raise PermissionDenied(
        _("Methods are looked after by the administrators of your organisation. Ask %(names)s.")
        % {"names": names}
    )


def open_method(request: HttpRequest, key: str) -> Method:
    """The method for anybody for whom it exists; 404 for another organisation's."""
    method = Method.objects.select_related("organisation").filter(key=key).first()
    if method is None or not may_see(request.user, method):
        raise Http404
    return method


def open_version(request: HttpRequest, key: str, number: int) -> MethodVersion:
    """A version that never changes, for everybody; a draft only for those who write on it."""
    method = open_method(request, key)
    version = method.versions.filter(number=number).select_related("method__organisation").first()
    if version is None or (version.is_draft and not may_author(request.user, method)):
        raise Http404
    return version


def require_author(request: HttpRequest, method: Method) -> None:
    allowed = may_author(request.user, method)
    if isinstance(allowed, Denied):
        raise PermissionDenied(str(allowed.reason))


def open_draft(request: HttpRequest, key: str) -> OpenDraft:
    """The method's draft. 403 with a sentence for those who may see the method but not write on
    it, 404 when nothing is drafted."""
    method = open_method(request, key)
    require_author(request, method)
    draft = (
        method.versions.filter(status="draft")
        .select_related("method__organisation", "created_by", "based_on")
        .first()
    )
    if draft is None:
        raise Gone(
            _("There is no draft of this method now. It is published, or somebody threw it away."),
            reverse("authoring:method", args=[key]),
        )
    return OpenDraft(draft, content_of_version(draft))


def address_of(opened: OpenDraft, text: str) -> Address:
    """An address of a part that is there, from its words in the page's address."""
    address = tuple(text.split("/"))
    try:
        kind_of(address)
        part_at(opened.content, address)
    except NoSuchPart as error:
        raise _gone_part(opened) from error
    return address


def _gone_part(opened: OpenDraft) -> Gone:
    return Gone(
        _("This part is not in the draft. Somebody may have removed it."),
        reverse("authoring:draft", args=[opened.key]),
    )


def list_address_of(opened: OpenDraft, text: str) -> Address:
    address = tuple(text.split("/"))
    try:
        kind_in(address)
        part_at(opened.content, address[:-1])
    except NoSuchPart as error:
        raise _gone_part(opened) from error
    return address
