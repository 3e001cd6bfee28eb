from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils import translation
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from accounts.models import Language, User
from accounts.selectors import is_administrator, is_installation_administrator
from phases.awaiting import asked_of


@dataclass(frozen=True, slots=True)
class Section:
    """An entry of the main navigation."""

    label: str
    url: str
    is_current: bool
    # How many decisions wait behind it.
    waiting: int = 0


@dataclass(frozen=True, slots=True)
class FrameLanguage:
    code: str
    name: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class Frame:
    """What the page frame shows around every page."""

    sections: tuple[Section, ...]
    organisation: str
    languages: tuple[FrameLanguage, ...]
    person_name: str
    colour_scheme: str
    version: str
    # Whether the person looks after methods, for the way into the editor.
    edits_methods: bool

    @property
    def color_scheme(self) -> str:
        """As the HTML attribute spells it."""
        return self.colour_scheme


def frame(request: HttpRequest) -> dict[str, object]:
    """Lazy, so that pages without the frame (fragments, downloads) ask the database nothing."""
    return {"frame": SimpleLazyObject(lambda: _frame(request))}


def _frame(request: HttpRequest) -> Frame:
    user = getattr(request, "user", None)
    signed_in = user is not None and user.is_authenticated
    current = translation.get_language()
    return Frame(
        sections=_sections(request) if signed_in else (),
        organisation=user.organisation.name if signed_in and user.organisation else "",
        languages=tuple(
            FrameLanguage(language.value, str(language.label), language.value == current)
            for language in Language
        ),
        person_name=user.name if signed_in else "",
        colour_scheme=user.colour_scheme if signed_in else "auto",
        version=settings.VERSION,
        edits_methods=signed_in and _edits_methods(user),
    )


def _edits_methods(user: User) -> bool:
    return is_installation_administrator(user) or is_administrator(user, user.organisation_id)


def _sections(request: HttpRequest) -> tuple[Section, ...]:
    entries = [
        (_("Start"), reverse("start")),
        (_("Inbox"), reverse("inbox:index")),
        (_("Projects"), reverse("phases:projects")),
        (_("Reports"), reverse("reports:index")),
        (_("Method"), reverse("methodology:index")),
    ]
    if is_administrator(request.user, request.user.organisation_id):
        entries.append((_("Organisation"), reverse("accounts:people")))
    current = _current_section(request.path, [url for _label, url in entries])
    waiting = {reverse("inbox:index"): len(asked_of(request.user))}
    return tuple(Section(label, url, url == current, waiting.get(url, 0)) for label, url in entries)


def _current_section(path: str, urls: list[str]) -> str:
    """The address of the section that ``path`` belongs to; empty when to none."""
    if path.startswith((reverse("phases:organisation_gates"), reverse("phases:routes"))):
        # What the organisation decides, though its address lies among those of the projects.
        path = reverse("accounts:people")
    if path.startswith(reverse("authoring:index")):
        path = reverse("methodology:index")
    start = reverse("start")
    return next(
        (url for url in urls if (path == url if url == start else path.startswith(url))), ""
    )
