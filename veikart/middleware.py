"""The number of a request: one name for it in the answer, in the log and on the error page."""

import logging
import re
import uuid
from collections.abc import Callable
from contextvars import ContextVar

from django.http import HttpRequest, HttpResponse

HEADER = "X-Request-ID"
# A number from the proxy is kept when it cannot break a log line or a header.
SANE = re.compile(r"[A-Za-z0-9_-]{8,64}")
current: ContextVar[str] = ContextVar("request_id", default="-")


def make_request_id(offered: str | None) -> str:
    """Returns the offered number when it is sane, otherwise a new one."""
    if offered is not None and SANE.fullmatch(offered):
        return offered
    return uuid.uuid4().hex


class RequestIdMiddleware:
    """Sets ``request.id``, the answer's ``X-Request-ID`` and ``current`` for the log."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request_id = make_request_id(request.headers.get(HEADER))
        request.id = request_id  # type: ignore[attr-defined]
        # Not reset afterwards: Django logs the failure of a request when this has returned. The
        # next request of the thread sets its own.
        current.set(request_id)
        response = self.get_response(request)
        response.headers[HEADER] = request_id
        return response


class RequestIdFilter(logging.Filter):
    """Gives every record ``request_id``; "-" outside of a request."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = current.get()
        return True
