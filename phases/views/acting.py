"""What pages with one form have in common: the form is carried out, or says why it was not."""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from common.outcomes import Denied, Outcome, Refusal, add_refusal


def require(outcome: Outcome) -> None:
    """Raises ``PermissionDenied`` with the reason."""
    if isinstance(outcome, Denied):
        raise PermissionDenied(str(outcome.reason))


def acted(
    request: HttpRequest, form: BaseForm, act: Callable[[], str], back: str
) -> HttpResponse | None:
    """Carry out a form that was sent and is right. ``act`` does it and gives the words to say so;
    then the way is ``back``.

    ``None`` when the page is to be drawn: nothing was sent, or the form says what was refused.
    """
    if request.method != "POST" or not form.is_valid():
        return None
    try:
        said = act()
    except (Refusal, ValidationError) as error:
        add_refusal(form, error)
        return None
    messages.success(request, said)
    return redirect(back)
