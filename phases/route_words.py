"""Routes in words: which projects, who, how, and in what time. Pure but for the language."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.text import capfirst, get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from common.templatetags.ui import kroner
from phases.enums import DecisionRule, SeatSource
from phases.routes import RouteRule, SeatRule
from projects.enums import Uncertainty

_SEATS: dict[SeatSource, str | Promise] = {
    SeatSource.LINE_MANAGER: gettext_lazy("the line manager"),
    SeatSource.OWNER: gettext_lazy("the project owner"),
    SeatSource.BENEFIT_RESPONSIBLE: gettext_lazy("the one responsible for the benefits"),
    SeatSource.MANAGER_ABOVE: gettext_lazy("the manager above the line manager"),
    SeatSource.TOP_MANAGER: gettext_lazy("the manager of the whole organisation"),
}

_UNCERTAINTIES: dict[Uncertainty, str | Promise] = {
    Uncertainty.LOW: gettext_lazy("with low, medium or high uncertainty"),
    Uncertainty.MEDIUM: gettext_lazy("with medium or high uncertainty"),
    Uncertainty.HIGH: gettext_lazy("with high uncertainty"),
}


def seat_words(seat: SeatRule, names: Mapping[int, str]) -> str:
    """``names`` are people's, by number."""
    if seat.source is SeatSource.NAMED:
        return names.get(seat.user_id or 0, _("somebody"))
    return str(_SEATS[seat.source])


def which_projects(route: RouteRule, *, is_first: bool = False) -> str:
    """Which projects take the route, as a phrase that starts a sentence."""
    when: list[str] = []
    if route.least_budget is not None:
        when.append(_("from %(amount)s") % {"amount": kroner(route.least_budget)})
    if route.least_uncertainty is not None:
        when.append(str(_UNCERTAINTIES[route.least_uncertainty]))
    if route.for_public_interest:
        when.append(_("with high public interest"))
    if when:
        return _("Projects %(when)s") % {"when": get_text_list(when, _("or"))}
    return _("All projects") if is_first else _("All other projects")


def how_decided(route: RouteRule, names: Mapping[int, str]) -> str:
    """Who decides and how, as a sentence or several."""
    seats = [seat_words(seat, names) for seat in route.seats]
    who = get_text_list(seats, _("and"))
    chair = next((seat_words(seat, names) for seat in route.seats if seat.is_chair), "")
    said = [capfirst(_rule_words(route, who, get_text_list(seats, _("or")), chair))]
    if route.rule is DecisionRule.ALL and route.quorum < len(seats):
        said.append(
            ngettext(
                "At least %(quorum)s must be able to take part.",
                "At least %(quorum)s must be able to take part.",
                route.quorum,
            )
            % {"quorum": route.quorum}
        )
    if route.days:
        said.append(
            ngettext(
                "They have %(days)s working day.", "They have %(days)s working days.", route.days
            )
            % {"days": route.days}
        )
    return " ".join(said)


def _rule_words(route: RouteRule, who: str, anybody: str, chair: str) -> str:
    words = {"who": who, "anybody": anybody, "chair": chair, "quorum": route.quorum}
    match route.rule:
        case DecisionRule.ONE:
            return _("%(who)s decides alone.") % words
        case DecisionRule.ANY:
            return _("%(anybody)s decides: whoever answers first.") % words
        case DecisionRule.ALL:
            return _("%(who)s must agree. If they do not, %(chair)s decides.") % words
    return (
        ngettext(
            "%(chair)s decides, when at least %(quorum)s of these has voted: %(who)s.",
            "%(chair)s decides, when at least %(quorum)s of these have voted: %(who)s.",
            route.quorum,
        )
        % words
    )
