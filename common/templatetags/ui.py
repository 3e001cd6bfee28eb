"""What pages draw with: states, icons, dates, numbers, people."""

import datetime
import re
from decimal import Decimal, InvalidOperation
from typing import Any

from django import template
from django.contrib.messages.storage.base import Message
from django.template.loader import get_template
from django.utils import formats, timezone
from django.utils.functional import Promise
from django.utils.html import format_html, linebreaks
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common.enums import ToneChoices
from common.messages import MessageAction, action_of

register = template.Library()

NBSP = "\u00a0"
MINUS = "\u2212"
NEAR_DAYS = 14

# Which small picture stands beside the words of a state, for those who read shapes before words.
TONE_ICONS = {
    "neutral": "",
    "info": "dot",
    "accent": "dot",
    "success": "check",
    "warning": "warning",
    "danger": "stop",
}


@register.simple_tag
def icon(name: str) -> SafeString:
    """The decorative icon ``templates/icons/<name>.svg``; an unknown name is an error."""
    return mark_safe(get_template(f"icons/{name}.svg").render())


@register.inclusion_tag("components/status_tag.html")
def status_tag(member: ToneChoices) -> dict[str, Any]:
    """A state with its label and tone. Refuses plain text: pass the enum's member."""
    if not isinstance(member, ToneChoices):
        raise TypeError(
            f"status_tag needs a member of a ToneChoices enum, not {member!r}. "
            "A value read from the database becomes one with Status(value)."
        )
    return {"label": member.label, "tone": member.tone, "icon": TONE_ICONS[member.tone]}


@register.inclusion_tag("components/person.html")
def person(user: Any) -> dict[str, Any]:
    """Initials and name of a user, or of anything whose text is a name."""
    name = "" if user is None else str(user)
    return {"name": name, "initials": initials(name)}


@register.filter
def initials(name: Any) -> str:
    """First letters of the first and the last name: "Kari Anne Nordmann" gives "KN"."""
    words = re.findall(r"\w[\w'’-]*", str(name))
    if not words:
        return "?"
    return "".join(
        word[0] for word in (words[:1] if len(words) == 1 else (words[0], words[-1]))
    ).upper()


@register.filter
def day(value: datetime.date | None) -> str:
    """A date in words: ``12. mars 2027``. Nothing for no date."""
    if not value:
        return ""
    if isinstance(value, datetime.datetime) and timezone.is_aware(value):
        value = timezone.localtime(value)
    return formats.date_format(value, "DATE_FORMAT", use_l10n=True)


@register.filter
def moment(value: datetime.datetime | None) -> str:
    """Date and time of day, in the server's time zone."""
    if not value:
        return ""
    if timezone.is_aware(value):
        value = timezone.localtime(value)
    return formats.date_format(value, "DATETIME_FORMAT", use_l10n=True)


@register.filter
def when(value: datetime.date | None) -> str:
    """How far away a day is while it is near, the date itself otherwise."""
    if not value:
        return ""
    if isinstance(value, datetime.datetime):
        value = (timezone.localtime(value) if timezone.is_aware(value) else value).date()
    days = (value - timezone.localdate()).days
    if days == 0:
        return _("today")
    if days == 1:
        return _("tomorrow")
    if days == -1:
        return _("yesterday")
    if 0 < days <= NEAR_DAYS:
        return ngettext("in %(days)s day", "in %(days)s days", days) % {"days": days}
    if -NEAR_DAYS <= days < 0:
        return ngettext("%(days)s day ago", "%(days)s days ago", -days) % {"days": -days}
    return day(value)


@register.filter
def amount(value: Any) -> str:
    """A number in the reader's language, with only the decimals that it needs.

    Nothing for no number; zero is shown as 0.
    """
    number = _as_decimal(value)
    if number is None:
        return ""
    places = max(0, -int(number.normalize().as_tuple().exponent)) if number else 0
    text = formats.number_format(
        abs(number), decimal_pos=places, use_l10n=True, force_grouping=True
    )
    return f"{MINUS}{text}" if number < 0 else text


@register.filter
def kroner(value: Any) -> str:
    """An amount of money: ``1 234 500 kr``. Øre are shown when there are any."""
    number = _as_decimal(value)
    if number is None:
        return ""
    places = 0 if number == number.to_integral_value() else 2
    text = formats.number_format(
        abs(number), decimal_pos=places, use_l10n=True, force_grouping=True
    )
    return _money(f"{MINUS}{text}" if number < 0 else text)


@register.filter
def kroner_short(value: Any) -> str:
    """An amount for summaries: ``1,2 mill. kr``. Below a million it is shown in full."""
    number = _as_decimal(value)
    if number is None:
        return ""
    if abs(number) < 1_000_000:
        return kroner(number.to_integral_value())
    millions = amount((number / 1_000_000).quantize(Decimal("0.1")))
    return _money(_("%(amount)s mill.") % {"amount": millions})


@register.filter
def or_gap(value: Any) -> Any:
    """The value, or a discreet "not given". Zero and "No" are values."""
    if value is None or (isinstance(value, str | Promise) and not str(value).strip()):
        return format_html('<span class="gap">{}</span>', _("not given"))
    return value


@register.filter
def paragraphs(text: Any) -> SafeString:
    """Text from people: escaped, with its paragraphs and line breaks."""
    return mark_safe(linebreaks(str(text or ""), autoescape=True)) if text else SafeString("")


@register.filter
def tone_icon(tone: str) -> str:
    """Which icon belongs to a tone; empty for none."""
    return TONE_ICONS.get(tone, "")


@register.simple_tag
def message_action(message: Message) -> MessageAction | None:
    """The action that a message carries; see ``common.messages``."""
    return action_of(message)


def _money(text: str) -> str:
    return (_("%(amount)s kr") % {"amount": text}).replace(" ", NBSP)


def _as_decimal(value: Any) -> Decimal | None:
    if value is None or value == "" or isinstance(value, bool):
        return None
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None
