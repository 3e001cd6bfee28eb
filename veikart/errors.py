from django.http import HttpRequest, HttpResponseServerError
from django.template.loader import render_to_string


def server_error(request: HttpRequest) -> HttpResponseServerError:
    """The page after a fault of ours, with the number that stands in the log.

    Without context processors: what failed may be what they need.
    """
    return HttpResponseServerError(
        render_to_string("500.html", {"request_id": getattr(request, "id", "")})
    )
