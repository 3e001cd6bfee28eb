"""What an answer owes to the person who asks: their language, and that nobody else keeps it."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import add_never_cache_headers, patch_vary_headers

from accounts.models import Language
from common import wording


def language_of(request: HttpRequest) -> str:
    """What the person chose, else what was chosen in this browser, else their organisation's
    language, else the first that the browser asks for and we have, else Norwegian bokmål."""
    user = request.user
    if user.is_authenticated and user.language:
        return user.language
    chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
    if chosen in Language.values:
        return chosen
    if user.is_authenticated and user.organisation is not None:
        return user.organisation.document_language
    return translation.get_language_from_request(request)


def wording_of(request: HttpRequest) -> wording.Wording:
    """That of the person's organisation; on the pages of a project ``projects.access`` replaces it
    by that of the project's."""
    organisation = request.user.organisation if request.user.is_authenticated else None
    return organisation.wording if organisation is not None else wording.Wording()


class LanguageMiddleware:
    """Stands after the authentication middleware, because the person's own choice goes first.

    Django's ``LocaleMiddleware`` does not know people, and would leave the language of one request
    behind in the thread. The wording goes along with the language, and is looked up when a page
    asks for it.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        language = language_of(request)
        with translation.override(language), wording.override(lambda: wording_of(request)):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        patch_vary_headers(response, ("Accept-Language",))
        return response


class PrivateAnswersMiddleware:
    """Nothing that a signed-in person was shown stays in a browser or proxy: on a shared computer
    the back button would show it to the next one, also after signing out.

    An answer that says itself how it may be kept is left alone.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # Asked before: signing out, or closing one's own session, happens inside.
        is_signed_in = request.user.is_authenticated
        response = self.get_response(request)
        if (is_signed_in or request.user.is_authenticated) and not response.has_header(
            "Cache-Control"
        ):
            add_never_cache_headers(response)
        return response
