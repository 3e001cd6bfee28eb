"""Edit forms that carry the version and the values they were opened with.

Fields that only one side changed are merged; a field that both changed is refused with both texts
shown. The refused form comes back carrying the stored version, so that saving it again is a choice
made with both texts in sight.
"""

import datetime
import json
from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.utils import formats
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from common.merge import merge_changes

OPENED = "opened_values"
VERSION = "opened_version"


class MergingFormMixin:
    """What merging takes, whatever the form is about.

    A subclass has the hidden fields ``opened_version`` and ``opened_values``, says in
    ``stored_version`` which version is stored now, and has what is stored as ``initial``. One with
    its own ``clean`` calls ``super().clean()`` first, and then sees the merged values.
    """

    fields: dict[str, forms.Field]
    initial: dict[str, Any]
    cleaned_data: dict[str, Any]

    @property
    def stored_version(self) -> int | None:
        """The version of what is stored; ``None`` when there is nothing to merge with."""
        raise NotImplementedError

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._begin_merging()

    def _begin_merging(self) -> None:
        if self.stored_version is not None:
            self.initial[VERSION] = self.stored_version
            self.initial[OPENED] = self._dump_stored()
        else:
            del self.fields[VERSION], self.fields[OPENED]

    @property
    def changed_fields(self) -> list[str]:
        """What the person changed, compared with what is stored. For the log."""
        if self.stored_version is None:
            return [name for name in self.changed_data if name in self._row_fields()]
        return [
            name
            for name in self._row_fields()
            if self._differs(name, self._stored[name], self._sent(name))
        ]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if self.stored_version is None:
            return cleaned
        opened_version = cleaned.pop(VERSION, None)
        opened_values = cleaned.pop(OPENED, "")
        self._tell_homeless(_loads(opened_values))
        # No version at all: the form was opened before the row existed, so everything that differs
        # is a conflict.
        if opened_version == self.stored_version:
            return cleaned
        self._merge(cleaned, _loads(opened_values))
        return cleaned

    # What is stored, what was sent, and whether they say the same -----------------------------

    def _row_fields(self) -> list[str]:
        return [
            name
            for name, field in self.fields.items()
            if name not in (VERSION, OPENED)
            and not field.disabled
            and not isinstance(field, forms.FileField)
        ]

    @cached_property
    def _stored(self) -> dict[str, Any]:
        """The stored values as the fields show them, by field."""
        return {
            name: _plain(
                self.fields[name].prepare_value(self.get_initial_for_field(self.fields[name], name))
            )
            for name in self._row_fields()
        }

    def _dump_stored(self) -> str:
        return json.dumps(self._stored, cls=DjangoJSONEncoder)

    def _sent(self, name: str) -> Any:
        return self[name].data

    def _differs(self, name: str, first: Any, second: Any) -> bool:
        field = self.fields[name]
        first, second = _with_plain_breaks(first), _with_plain_breaks(second)
        if first == second:
            return False
        return bool(field.has_changed(_read(field, first), second))

    # Merging ----------------------------------------------------------------------------------

    def _merge(self, cleaned: dict[str, Any], opened: dict[str, Any]) -> None:
        names = self._row_fields()
        merged = merge_changes(
            # Without knowing what the form was opened with, every difference is a conflict.
            opened={name: opened.get(name, _UNKNOWN) for name in names},
            mine={name: self._sent(name) for name in names},
            theirs=self._stored,
            differs=lambda name, a, b: a is _UNKNOWN or b is _UNKNOWN or self._differs(name, a, b),
        )
        self._reopen(merged.keep_theirs)
        for name in merged.keep_theirs:
            self._errors.pop(name, None)
            try:
                cleaned[name] = self.fields[name].clean(self._stored[name])
            except ValidationError as error:
                self.add_error(name, error)
        for conflict in merged.conflicts:
            self.add_error(
                conflict.field,
                _(
                    "Somebody else has changed this to “%(theirs)s” while you wrote “%(mine)s”. "
                    "Put together what should stand, and save again."
                )
                % {
                    "theirs": self._shown(conflict.field, conflict.theirs),
                    "mine": self._shown(conflict.field, conflict.mine),
                },
            )

    def _tell_homeless(self, opened: dict[str, Any]) -> None:
        """Give back what was written in a field that the form has no more: what it is about has
        changed shape since it was opened. Told once; the next save goes without it."""
        lost = [
            text
            for name, before in opened.items()
            if name not in self.fields
            and isinstance(before, str | None)
            and (text := str(self.data.get(self.add_prefix(name)) or "").strip())
            and _with_plain_breaks(text) != (before or "").strip()
        ]
        if not lost:
            return
        self._reopen(())
        for text in lost:
            self.add_error(
                None,
                _(
                    "The place where you wrote “%(text)s” is not here any more. Copy it if you "
                    "need it, and save again."
                )
                % {"text": text},
            )

    def _reopen(self, keep_theirs: Iterable[str]) -> None:
        """The next save starts from what is stored now, and shows what the other side wrote."""
        self.data = self.data.copy()
        self.data[self.add_prefix(VERSION)] = str(self.stored_version)
        self.data[self.add_prefix(OPENED)] = self._dump_stored()
        for name in keep_theirs:
            self._put(self.add_prefix(name), self._stored[name])

    def _put(self, key: str, value: Any) -> None:
        """Make the form's data hold ``value`` as a browser would have sent it."""
        if value is None or value is False:
            self.data.pop(key, None)
        elif isinstance(value, list):
            texts = [str(item) for item in value]
            if hasattr(self.data, "setlist"):
                self.data.setlist(key, texts)
            else:
                self.data[key] = texts
        else:
            self.data[key] = "on" if value is True else str(value)

    def _shown(self, name: str, value: Any) -> str:
        """The value as a person reads it: a choice by its label, a day as it is written."""
        field = self.fields[name]
        if isinstance(field, forms.BooleanField):
            return _("Yes") if value in (True, "on", "true", "True") else _("No")
        values = value if isinstance(value, list) else [value]
        choices = getattr(field, "choices", None)
        if choices is not None:
            labels = {str(_plain(key)): str(label) for key, label in _flat(choices)}
            return ", ".join(labels.get(str(each), str(each or "–")) for each in values)
        if isinstance(field, forms.DateField) and value:
            day = _read(field, value)
            if isinstance(day, datetime.date):
                return str(formats.date_format(day, "SHORT_DATE_FORMAT"))
        return "–" if value in (None, "") else str(value)


class VersionedFormMixin(MergingFormMixin, forms.ModelForm):
    """Mix into a ``ModelForm`` over a :class:`common.rows.VersionedRow`.

    Works for new rows too: without an instance there is nothing to merge. What is sent for a stored
    row without its version is taken as opened before the row existed.
    """

    opened_version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    opened_values = forms.CharField(widget=forms.HiddenInput, required=False)

    @property
    def stored_version(self) -> int | None:
        return self.instance.row_version if self.instance.pk else None


class _Unknown:
    """Stands for a value that nobody sent."""


_UNKNOWN = _Unknown()


def _read(field: forms.Field, value: Any) -> Any:
    """A stored text as the field's own type, so that ``01.02.2027`` and ``2027-02-01`` agree.

    Choices of rows are compared by their number, without asking the database.
    """
    if not isinstance(value, str) or isinstance(field, forms.ModelChoiceField):
        return value
    try:
        return field.to_python(value)
    except ValidationError:
        return value


def _with_plain_breaks(value: Any) -> Any:
    """Browsers send ``\\r\\n``, whatever the text was stored with."""
    return value.replace("\r\n", "\n") if isinstance(value, str) else value


def _flat(choices: Iterable[tuple[Any, Any]]) -> Iterable[tuple[Any, Any]]:
    for key, label in choices:
        if isinstance(label, list | tuple):
            yield from label
        else:
            yield key, label


def _plain(value: Any) -> Any:
    """A value as JSON holds it: dates, decimals and choice iterators become text."""
    if hasattr(value, "value") and not isinstance(value, str):
        value = value.value
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if value is None or isinstance(value, bool | int):
        return value
    return str(value)


def _loads(text: str) -> dict[str, Any]:
    try:
        values = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return values if isinstance(values, dict) else {}
