from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe


@login_not_required
@require_safe
def components(request: HttpRequest) -> HttpResponse:
    """Every component in every state, for those who build pages. Routed in development only."""
    # Imported here: production never opens the page, and never needs its made-up content.
    from common.showcase import sample_context

    return render(request, "common/components.html", sample_context())
