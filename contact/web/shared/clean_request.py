"""What arrives in fields and addresses holds no invisible control characters: no database or page could carry them."""

from __future__ import annotations

import re
from functools import cached_property
from typing import Any

from flask import Request
from werkzeug.datastructures import ImmutableMultiDict, MultiDict
from werkzeug.exceptions import BadRequest

_UNCARRIABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufdd0-\ufdef\ufffe\uffff]")


def clean(text: str) -> str:
    """The text without control characters (tab and line ends stay) and without what Unicode never assigns."""
    return _UNCARRIABLE.sub("", text)


class CleanRequest(Request):
    """Flask's request; every value of a form or query is clean before anybody reads it."""

    def get_json(self, force: bool = False, silent: bool = False, cache: bool = True) -> Any:  # noqa: ANN401 - any JSON
        """The body as JSON; what is nested too deeply to be read is as broken as any other text."""
        try:
            return super().get_json(force, silent, cache)
        except RecursionError:
            if silent:
                return None
            raise BadRequest from None

    @cached_property
    def args(self) -> MultiDict[str, str]:
        """The query, clean."""
        return self._cleaned(super().args)

    def _load_form_data(self) -> None:
        if "form" in self.__dict__:
            return
        super()._load_form_data()
        self.__dict__["form"] = self._cleaned(self.__dict__["form"])

    @staticmethod
    def _cleaned(values: MultiDict[str, str]) -> ImmutableMultiDict[str, str]:
        return ImmutableMultiDict([(clean(name), clean(value)) for name, value in values.items(multi=True)])
