"""Holds requests and answers to a provider's published OpenAPI document, in both directions."""

from __future__ import annotations

import json
import re
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any, cast
from urllib.parse import parse_qs, parse_qsl

import jsonschema

SPECIFICATIONS = Path(__file__).parent / "specifications"
_FORM = "application/x-www-form-urlencoded"
_IDENTIFIER = re.compile(r"\{[^}]+\}")


class Specification:
    """One trimmed document. `problems_*` answer a list of sentences, empty when the document agrees."""

    def __init__(self, name: str) -> None:
        document = json.loads((SPECIFICATIONS / name).read_text(encoding="utf-8"))
        self._paths: dict[str, dict[str, Any]] = document["paths"]
        self._components = _closed(_as_json_schema(document["components"]))

    def operation(self, method: str, path: str) -> dict[str, Any] | None:
        """The published operation, or None where the document has none."""
        for template, operations in self._paths.items():
            if re.fullmatch(_IDENTIFIER.sub("[^/]+", template).replace(".", r"\."), path):
                return operations.get(method.lower())
        return None

    def problems_of_form(self, method: str, path: str, body: str) -> list[str]:
        """What the document says against a form-encoded request. Unknown fields are problems too."""
        operation = self.operation(method, path)
        if operation is None:
            return [f"{method} {path} is not in the document"]
        schema = operation["requestBody"]["content"][_FORM]["schema"]
        given = {name: _typed(values, schema["properties"].get(name, {})) for name, values in parse_qs(body).items()}
        return self._problems({**schema, "additionalProperties": False}, given)

    def problems_of_nested_form(self, method: str, path: str, body: str) -> list[str]:
        """As problems_of_form, for a form whose names nest: a[b][0][c]=v."""
        operation = self.operation(method, path)
        if operation is None:
            return [f"{method} {path} is not in the document"]
        schema = operation["requestBody"]["content"][_FORM]["schema"]
        return self._problems({**schema, "additionalProperties": False}, self._all_typed(_nested(body), schema))

    def problems_of_nested_query(self, method: str, path: str, query: str) -> list[str]:
        """As problems_of_query, for names that nest: created[gte]=1."""
        operation = self.operation(method, path)
        if operation is None:
            return [f"{method} {path} is not in the document"]
        known = {row["name"]: row["schema"] for row in operation.get("parameters", []) if row["in"] == "query"}
        schema = {"type": "object", "properties": known, "additionalProperties": False}
        return self._problems(schema, self._all_typed(_nested(query), schema))

    def problems_of_object(self, name: str, value: object) -> list[str]:
        """What the document says against one object, as a webhook carries it."""
        return self._problems({"$ref": f"#/components/schemas/{name}"}, value)

    def problems_of_query(self, method: str, path: str, query: str) -> list[str]:
        """What the document says against a query: fields it does not know, and values of the wrong shape."""
        operation = self.operation(method, path)
        if operation is None:
            return [f"{method} {path} is not in the document"]
        known = {row["name"]: row["schema"] for row in operation.get("parameters", []) if row["in"] == "query"}
        schema = {"type": "object", "properties": known, "additionalProperties": False}
        return self._problems(schema, {k: _typed(v, known.get(k, {})) for k, v in parse_qs(query).items()})

    def problems_of_answer(self, method: str, path: str, status: int, answer: object) -> list[str]:
        """What the document says against an answer. Fields that the document does not know are problems too."""
        operation = self.operation(method, path)
        if operation is None:
            return [f"{method} {path} is not in the document"]
        response = operation["responses"].get(str(status)) or operation["responses"].get("default")
        if response is None:
            return [f"{status} is not an answer of {method} {path}"]
        return self._problems(response["content"]["application/json"]["schema"], answer)

    def examples(self, method: str, path: str) -> list[tuple[int, object]]:
        """The document's own examples of answers, to prove the checker itself."""
        operation = self.operation(method, path) or {"responses": {}}
        return [
            (int(status), example["value"])
            for status, response in operation["responses"].items()
            for example in response.get("content", {}).get("application/json", {}).get("examples", {}).values()
        ]

    def _all_typed(self, value: Any, schema: dict[str, Any]) -> Any:  # noqa: ANN401 - any JSON
        """What came as strings, with the types that the schema wants, however deep."""
        for choice in schema.get("anyOf", []):
            typed = self._all_typed(value, choice)
            if not self._problems(choice, typed):
                return typed
        if isinstance(value, dict):
            more = schema.get("additionalProperties")
            other = more if isinstance(more, dict) else {}
            known = schema.get("properties", {})
            return {name: self._all_typed(each, known.get(name, other)) for name, each in value.items()}
        if isinstance(value, list):
            return [self._all_typed(each, schema.get("items", {})) for each in value]
        return _typed([value], {} if schema.get("type") == "array" else schema)

    def _problems(self, schema: dict[str, Any], value: object) -> list[str]:
        whole = {"components": self._components, **_closed(_as_json_schema(schema))}
        validator = jsonschema.Draft202012Validator(whole, format_checker=_FORMATS)
        found = sorted(validator.iter_errors(value), key=lambda error: list(map(str, error.absolute_path)))
        return [f"{'/'.join(map(str, error.absolute_path)) or '(whole)'}: {error.message}" for error in found]


_FORMATS = jsonschema.FormatChecker()


def _is_rfc_2822(value: object) -> bool:
    return value is None or parsedate_to_datetime(cast(str, value)) is not None


_FORMATS.checks("date-time-rfc-2822", raises=(TypeError, ValueError))(_is_rfc_2822)


def _as_json_schema(node: Any) -> Any:  # noqa: ANN401 - any JSON
    """OpenAPI 3.0 says `nullable` where JSON Schema says `or null`."""
    if isinstance(node, list):
        return [_as_json_schema(item) for item in node]
    if not isinstance(node, dict):
        return node
    plain = {key: _as_json_schema(value) for key, value in node.items() if key not in {"example", "examples"}}
    return {"anyOf": [plain, {"type": "null"}]} if plain.pop("nullable", False) is True else plain


def _closed(node: Any) -> Any:  # noqa: ANN401 - any JSON
    """An object that lists its properties has no others, or a misspelt field would pass."""
    if isinstance(node, list):
        return [_closed(item) for item in node]
    if not isinstance(node, dict):
        return node
    closed = {key: _closed(value) for key, value in node.items()}
    if node.get("type") == "object" and "properties" in node and node.get("format") != "uri-map":
        closed.setdefault("additionalProperties", False)
    return closed


def _nested(form: str) -> dict[str, Any]:
    """a[b][0][c]=v is {"a": {"b": [{"c": "v"}]}}."""
    out: dict[str, Any] = {}
    for name, value in parse_qsl(form, keep_blank_values=True):
        steps = [step for step in re.split(r"[\[\]]+", name) if step]
        inner = out
        for step in steps[:-1]:
            inner = inner.setdefault(step, {})
        inner[steps[-1]] = value
    return cast(dict[str, Any], _lists(out))


def _lists(node: Any) -> Any:  # noqa: ANN401 - any JSON
    if not isinstance(node, dict):
        return node
    if node and all(name.isdigit() for name in node):
        return [_lists(node[name]) for name in sorted(node, key=int)]
    return {name: _lists(each) for name, each in node.items()}


def _typed(values: list[str], schema: dict[str, Any]) -> object:
    """Form fields are strings: give each the type that its schema wants, where it has one."""
    kind = schema.get("type")
    if kind == "array":
        return values
    value = values[-1]
    if kind == "integer" and re.fullmatch(r"-?\d+", value):
        return int(value)
    if kind == "boolean":
        return {"true": True, "false": False}.get(value, value)
    return value
