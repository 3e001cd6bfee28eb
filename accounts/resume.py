"""Text that was sent after the session had ended is not lost.

Somebody writes for a long time, the session expires, and they press "save". What they sent is kept
in the session that their browser gets for signing in, and offered to them afterwards on a page of
its own (``accounts:resume``).

Browsers are shared, so a signed cookie says who was last signed in here. What is kept belongs to
that person: anybody else who signs in does not see it, and it is thrown away. Signing out removes
the cookie, and then nothing is kept.
"""

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django_htmx.http import HttpResponseClientRedirect

from accounts.models import User

SESSION_KEY = "kept_fields"
COOKIE = "veikart_last_person"
SALT = "accounts.resume"
COOKIE_SECONDS = 30 * 24 * 60 * 60
KEPT_SECONDS = 30 * 60
LARGEST_BYTES = 200_000
MOST_FORMS = 3
FORM_TYPE = "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True)
class KeptForm:
    """What was sent to ``path``; ``page`` is where its form stands, ``kept_at`` in seconds."""

    path: str
    page: str
    fields: list[list[str]]
    user_number: int
    kept_at: float

    @property
    def texts(self) -> list[str]:
        """What a person recognises as their own writing: sentences, not codes and numbers."""
        return [
            value.strip()
            for _name, value in self.fields
            if len(value.split()) > 1 and not value.lstrip().startswith(("{", "["))
        ]


def keep(request: HttpRequest, page: str) -> bool:
    """Keep the sent fields for whoever was last signed in here; says whether anything was kept."""
    user_number = last_person(request)
    if user_number is None or request.content_type != FORM_TYPE:
        return False
    fields = [
        [name, value]
        for name, values in request.POST.lists()
        if name != "csrfmiddlewaretoken" and "password" not in name.lower()
        for value in values
    ]
    size = sum(len(name.encode()) + len(value.encode()) for name, value in fields)
    if not fields or size > LARGEST_BYTES:
        return False
    kept = KeptForm(request.get_full_path(), page, fields, user_number, time.time())
    others = [form for form in _kept_forms(request) if form.path != kept.path]
    _store(request, [*others, kept][-MOST_FORMS:])
    return True


def kept_form(request: HttpRequest, path: str) -> KeptForm | None:
    """What the signed-in person sent to ``path`` within the last half hour."""
    return next(
        (
            form
            for form in _kept_forms(request)
            if form.path == path and form.user_number == request.user.pk
        ),
        None,
    )


def forget(request: HttpRequest, path: str) -> None:
    forms = _kept_forms(request)
    if any(form.path == path for form in forms):
        _store(request, [form for form in forms if form.path != path])


def forget_others(*, request: HttpRequest, user: User, **_kwargs: Any) -> None:
    """Receiver of ``user_logged_in``: what somebody else wrote does not stay in this session."""
    if SESSION_KEY in request.session:
        _store(request, [form for form in _kept_forms(request) if form.user_number == user.pk])


def last_person(request: HttpRequest) -> int | None:
    """The number of the person who was last signed in in this browser and did not sign out."""
    value = request.get_signed_cookie(COOKIE, default="", salt=SALT, max_age=COOKIE_SECONDS)
    return int(value) if value else None


def page_of(request: HttpRequest) -> str:
    """The page on which the form stood, from the browser's own word; the start page if unknown."""
    referer = request.headers.get("Referer", "")
    if is_ours(request, referer):
        parts = urlsplit(referer)
        page = f"{parts.path}?{parts.query}" if parts.query else parts.path
        # Looked at again: what follows the host can be read as an address of its own.
        if page.startswith("/") and is_ours(request, page):
            return page
    return reverse("start")


def is_ours(request: HttpRequest, address: str) -> bool:
    """Whether a redirect to ``address`` stays on this site."""
    return url_has_allowed_host_and_scheme(
        address, {request.get_host()}, require_https=request.is_secure()
    )


def _kept_forms(request: HttpRequest) -> list[KeptForm]:
    oldest = time.time() - KEPT_SECONDS
    forms = (KeptForm(**stored) for stored in request.session.get(SESSION_KEY, []))
    return [form for form in forms if form.kept_at >= oldest]


def _store(request: HttpRequest, forms: list[KeptForm]) -> None:
    if forms:
        request.session[SESSION_KEY] = [asdict(form) for form in forms]
    else:
        request.session.pop(SESSION_KEY, None)


class ResumeMiddleware:
    """Stands just before Django's ``LoginRequiredMiddleware``, whose redirect loses the body."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.user.is_authenticated:
            self._after_signed_in(request, response)
        return response

    def _after_signed_in(self, request: HttpRequest, response: HttpResponse) -> None:
        if last_person(request) != request.user.pk:
            response.set_signed_cookie(
                COOKIE,
                str(request.user.pk),
                salt=SALT,
                max_age=COOKIE_SECONDS,
                secure=settings.SESSION_COOKIE_SECURE,
                httponly=True,
                samesite="Lax",
            )
        # Sent again, and answered: saved, or shown with what to mend. A failed request keeps it.
        if request.method == "POST" and response.status_code < 400:
            forget(request, request.get_full_path())

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], *_args: Any
    ) -> HttpResponse | None:
        if (
            request.method != "POST"
            or request.user.is_authenticated
            or not getattr(view, "login_required", True)
        ):
            return None
        page = page_of(request)
        # Addresses that only take POST cannot be opened after signing in; their page can.
        target = request.get_full_path() if keep(request, page) else page
        response = redirect_to_login(target)
        if getattr(request, "htmx", False):
            return HttpResponseClientRedirect(response.url)
        return response
