"""What every page must be, checked on each one a test fetches; each check answers a list of complaints."""

from __future__ import annotations

import re
import warnings
from collections import Counter
from functools import lru_cache
from xml.etree.ElementTree import Element

import html5lib

NAMESPACE = "{http://www.w3.org/1999/xhtml}"
_TYPED = {"text", "email", "tel", "password", "search", "number", "file", "radio", "checkbox", "date", "url"}
_PARSER_IS_STRICTER_THAN_HTML = {"expected-doctype-but-got-eof"}


def parse(html: str) -> tuple[Element, list[str]]:
    """The page as a tree to be read and never changed, and what the HTML5 parser complains of."""
    tree, complaints = _parsed(html)
    return tree, list(complaints)


@lru_cache(maxsize=4)
def _parsed(html: str) -> tuple[Element, tuple[str, ...]]:
    """Parsing takes longer than most pages do, and whoever asks for a page's tree has just had it checked."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        parser = html5lib.HTMLParser(html5lib.getTreeBuilder("etree"), namespaceHTMLElements=False)
        tree = parser.parse(html)
    complaints = tuple(
        f"HTML: {code} at {position} {data}"
        for position, code, data in parser.errors
        if code not in _PARSER_IS_STRICTER_THAN_HTML
    )
    return tree, complaints


def text_of(element: Element | None) -> str:
    """Its words, spaces squeezed; what only a screen reader is spared is kept."""
    return " ".join("".join(element.itertext()).split()) if element is not None else ""


def one_heading(tree: Element) -> list[str]:
    """One h1."""
    found = len(list(tree.iter("h1")))
    return [] if found == 1 else [f"{found} h1 elements"]


def title_begins_with_heading(tree: Element) -> list[str]:
    """The title begins with the h1, after `Error: ` where something is wrong."""
    title, heading = text_of(tree.find(".//title")), text_of(tree.find(".//h1"))
    plain = re.sub(r"^(Error|Gwall): ", "", title)
    return [] if heading and plain.startswith(heading) else [f"title {title!r} does not begin with h1 {heading!r}"]


def error_in_title(tree: Element) -> list[str]:
    """A page with an error summary says so first in its title."""
    wrong = any("govuk-error-summary" in (element.get("class") or "").split() for element in tree.iter("div"))
    title = text_of(tree.find(".//title"))
    return (
        ["error summary without `Error: ` in the title"]
        if wrong and not title.startswith(("Error: ", "Gwall: "))
        else []
    )


def unique_ids(tree: Element) -> list[str]:
    """No id twice."""
    counted = Counter(element.get("id") for element in tree.iter() if element.get("id"))
    return [f"id {name!r} {count} times" for name, count in counted.items() if count > 1]


def labelled_inputs(tree: Element) -> list[str]:
    """Every field that a person fills has a label or a name for screen readers."""
    labelled = {label.get("for") for label in tree.iter("label") if text_of(label)}
    inside = {id(field) for label in tree.iter("label") for field in label.iter() if text_of(label)}
    return [
        f"{field.tag} {field.get('name')!r} has no label"
        for field in tree.iter()
        if field.tag in {"textarea", "select"} or (field.tag == "input" and field.get("type", "text") in _TYPED)
        if field.get("id") not in labelled and id(field) not in inside
        if not (field.get("aria-label") or field.get("aria-labelledby"))
    ]


def no_loose_scripts(tree: Element) -> list[str]:
    """Inline scripts carry a nonce; no handler and no style stands in an attribute (engineering 11)."""
    loose = [
        "inline script without nonce"
        for script in tree.iter("script")
        if not script.get("src") and not script.get("nonce") and script.get("type") != "application/json"
    ]
    loose += ["inline style element" for _ in tree.iter("style")]
    for element in tree.iter():
        for name in element.attrib:
            if name.startswith("on") or name == "style":
                loose.append(f"{element.tag} has the attribute {name}")
    return loose


def forms_carry_tokens(tree: Element) -> list[str]:
    """Every form that changes something carries its token."""
    return [
        f"form to {form.get('action')!r} has no csrf_token"
        for form in tree.iter("form")
        if form.get("method", "get").lower() == "post"
        if not any(field.get("name") == "csrf_token" and field.get("value") for field in form.iter("input"))
    ]


CHECKS = (
    one_heading,
    title_begins_with_heading,
    error_in_title,
    unique_ids,
    labelled_inputs,
    no_loose_scripts,
    forms_carry_tokens,
)


def complaints_of(html: str) -> list[str]:
    """All that is wrong with a page."""
    tree, complaints = parse(html)
    for check in CHECKS:
        complaints += check(tree)
    return complaints
