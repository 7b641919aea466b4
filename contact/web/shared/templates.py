"""Templates: strict about our own names, lenient inside vendored components; what every template may use."""

from __future__ import annotations

from collections.abc import MutableMapping
from pathlib import Path
from typing import Any

from flask import Flask, g
from flask.templating import Environment as FlaskEnvironment
from govuk_frontend_wtf.main import wtforms_errors
from jinja2 import (
    BaseLoader,
    ChainableUndefined,
    Environment,
    FileSystemLoader,
    PackageLoader,
    StrictUndefined,
    Template,
)

from contact.settings import Settings
from contact.web.shared import filters
from contact.web.shared.fixed_words import fixed_line, fixed_parts
from contact.web.shared.request_actor import find_agent
from contact.web.shared.staff_places import staff_home, staff_places

TEMPLATES = Path(__file__).resolve().parents[3] / "templates"
_VENDORED = ("govuk_frontend_jinja", "govuk_frontend_wtf")


class Loader(BaseLoader):
    """Our folder first. Vendored components are read in an overlay where a missing value is empty.

    Their macros ask for parameters that were not given, which StrictUndefined rightly refuses in our own templates.
    """

    def __init__(self) -> None:
        self._ours = FileSystemLoader(TEMPLATES)
        self._vendored = {package: PackageLoader(package) for package in _VENDORED}
        self._lenient: Environment | None = None

    def load(self, environment: Environment, name: str, globals: MutableMapping[str, Any] | None = None) -> Template:
        """Compile a template in the environment that suits its origin."""
        package, _, rest = name.partition("/")
        if package not in self._vendored:
            return self._ours.load(_strict(environment), name, globals)
        if self._lenient is None:
            self._lenient = _strict(environment).overlay(undefined=ChainableUndefined)
        source = self._vendored[package]
        text, filename, _ = source.get_source(self._lenient, rest)
        code = self._lenient.compile(text, name, filename)
        return self._lenient.template_class.from_code(self._lenient, code, globals or {}, None)

    def list_templates(self) -> list[str]:
        """Our own templates."""
        return self._ours.list_templates()


def _strict(environment: Environment) -> Environment:
    """The environment an overlay was made of; itself when it is none."""
    return environment.linked_to if environment.overlayed and environment.linked_to is not None else environment


def init_templates(app: Flask, settings: Settings) -> None:
    """Set up Jinja before anything else touches it."""
    options: dict[str, Any] = dict(app.jinja_options)
    options.update(loader=Loader(), undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    app.jinja_options = options
    environment: FlaskEnvironment = app.jinja_env
    environment.filters.update(filters.ALL)
    environment.globals["wtforms_errors"] = wtforms_errors
    environment.globals["csp_nonce"] = _nonce
    environment.globals["fixed_parts"] = fixed_parts
    environment.globals["fixed_line"] = fixed_line
    environment.globals["demo"] = settings.demo
    app.context_processor(_request_values)


def _nonce() -> str:
    return str(g.get("csp_nonce", ""))


def _request_values() -> dict[str, Any]:
    """`agent`: who is signed in here, or None; `staff_places`: where they may go; `staff_home`: first of all."""
    return {"agent": find_agent(), "staff_places": staff_places(), "staff_home": staff_home()}
