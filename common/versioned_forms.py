"""Edit forms that carry the version and the values they were opened with.

Fields that only one side changed are merged; a field that both changed is refused with both texts
shown. The refused form comes back carrying the stored version, so that saving it again is a choice
made with both texts in sight.
"""

import json
from typing import Any

from django import forms
from django.core.serializers.json import DjangoJSONEncoder
from django.utils.translation import gettext as _

from common.merge import merge_changes

OPENED = "opened_values"
VERSION = "opened_version"


class VersionedFormMixin(forms.ModelForm):
    """Mix into a ``ModelForm`` over a :class:`common.rows.VersionedRow`.

    Works for new rows too: without an instance there is nothing to merge.
    """

    opened_version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    opened_values = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self._stored = {name: self._stored_value(name) for name in self._row_fields()}
            self.initial[VERSION] = self.instance.row_version
            self.initial[OPENED] = json.dumps(self._stored, cls=DjangoJSONEncoder)
        else:
            del self.fields[VERSION], self.fields[OPENED]

    def _row_fields(self) -> list[str]:
        return [
            name
            for name, field in self.fields.items()
            if name not in (VERSION, OPENED) and not isinstance(field, forms.FileField)
        ]

    def _stored_value(self, name: str) -> Any:
        return _plain(self.fields[name].prepare_value(self.get_initial_for_field(self.fields[name], name)))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not self.instance.pk:
            return cleaned
        opened_version = cleaned.pop(VERSION, None)
        opened_values = cleaned.pop(OPENED, "")
        if opened_version is None or opened_version == self.instance.row_version:
            return cleaned
        self._merge(cleaned, _loads(opened_values))
        self._reopen()
        return cleaned

    def _merge(self, cleaned: dict[str, Any], opened: dict[str, Any]) -> None:
        mine = {name: self[name].data for name in self._row_fields()}
        merged = merge_changes(
            opened=opened,
            mine=mine,
            theirs=self._stored,
            differs=lambda name, a, b: self.fields[name].has_changed(a, b),
        )
        for name in merged.keep_theirs:
            if name in self._errors:
                del self._errors[name]
            cleaned[name] = self.fields[name].clean(self._stored[name])
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

    def _shown(self, name: str, value: Any) -> str:
        """The value as a person reads it: a choice by its label."""
        choices = getattr(self.fields[name], "choices", None)
        if choices is not None:
            for key, label in choices:
                if str(_plain(key)) == str(value):
                    return str(label)
        return "" if value is None else str(value)

    def _reopen(self) -> None:
        """The next save starts from what is stored now."""
        self.data = self.data.copy()
        self.data[self.add_prefix(VERSION)] = str(self.instance.row_version)
        self.data[self.add_prefix(OPENED)] = json.dumps(self._stored, cls=DjangoJSONEncoder)


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
    except ValueError:
        return {}
    return values if isinstance(values, dict) else {}
