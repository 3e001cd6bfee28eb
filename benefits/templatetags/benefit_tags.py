from typing import Any

from django import template
from django.utils.translation import gettext as _

from benefits.dossier import IndicatorCard, IndicatorRow
from benefits.enums import Standing
from benefits.trend import draw_trend

register = template.Library()


@register.inclusion_tag("benefits/trend.html")
def trend(card: IndicatorCard) -> dict[str, Any]:
    """The indicator's trend as SVG; nothing for fewer than two points."""
    return {
        "trend": draw_trend(card.points, card.row.target_value),
        "row": card.row,
        "points": card.points,
    }


@register.filter
def progress_words(row: IndicatorRow) -> str:
    """How far the indicator has come, in words."""
    standing = row.standing
    if row.progress is None or standing in {Standing.UNCHANGED, Standing.KEPT}:
        return str(standing.label)
    percent = round(row.progress * 100)
    if standing is Standing.WORSE:
        return _("Worse than at the start: %(percent)s %% of the way in the wrong direction") % {
            "percent": -percent
        }
    if standing is Standing.REACHED:
        return _("Target reached: %(percent)s %% of the way") % {"percent": percent}
    if standing is Standing.OFF_LEVEL:
        return str(standing.label)
    return _("%(percent)s %% of the way to the target") % {"percent": percent}
