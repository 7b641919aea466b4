"""Looks at a page as different people do: axe, a narrow screen, wide spacing, forced colours, a keyboard."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from playwright.sync_api import Page

from tests.support.browser import check_axe

# WCAG 2.2, 1.4.12, through a style sheet that the page's policy does not concern.
SPACING = """() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`* { line-height: 1.5 !important; letter-spacing: 0.12em !important;
    word-spacing: 0.16em !important; } p { margin-bottom: 2em !important; }`);
  document.adoptedStyleSheets = [sheet];
}"""
TOO_WIDE = """() => {
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= width) return [];
  const inScroller = (node) => {
    for (let up = node; up && up !== document.body; up = up.parentElement) {
      if (["auto", "scroll", "hidden"].includes(getComputedStyle(up).overflowX)) return true;
    }
    return false;
  };
  return [...document.body.querySelectorAll("*")]
    .filter((node) => node.getBoundingClientRect().right > width + 1 && !inScroller(node))
    .slice(0, 4).map((node) => node.outerHTML.slice(0, 160));
}"""
CUT_OFF = """() => [...document.querySelectorAll("button, .govuk-button, a, label, legend, th, td, h1, h2, h3, p, li")]
  .filter((node) => {
    const style = getComputedStyle(node);
    const unseen = node.closest("[hidden], .govuk-visually-hidden");
    const hidden = style.clip !== "auto" || style.clipPath !== "none" || unseen;
    return !hidden && node.checkVisibility() && ["hidden", "clip"].includes(style.overflowY)
      && node.scrollHeight > node.clientHeight + 2;
  }).slice(0, 4).map((node) => node.outerHTML.slice(0, 160))"""
MOVES = """() => document.getAnimations().filter((each) => {
    const length = each.effect?.getComputedTiming().duration ?? 0;
    return each.playState === "running" && length > 10;
  }).map((each) => each.effect.target?.outerHTML.slice(0, 120) ?? "")"""
CANNOT_BE_SEEN = """() => [...document.querySelectorAll("button, .govuk-button")]
  .filter((node) => node.checkVisibility() && !node.closest(".govuk-visually-hidden"))
  .filter((node) => {
    const style = getComputedStyle(node);
    const flat = style.backgroundColor === getComputedStyle(document.body).backgroundColor;
    return flat && parseFloat(style.borderTopWidth) === 0 && style.outlineStyle === "none"
      && style.textDecorationLine === "none";
  }).slice(0, 4).map((node) => node.outerHTML.slice(0, 160))"""

FORGOTTEN = """() => {
  const bad = [];
  const said = (nodes) => nodes.slice(0, 4).map((node) => node.outerHTML.slice(0, 160));
  const tell = (what, nodes) => nodes.length && bad.push([what, said(nodes)]);
  const named = (node) => node.ariaLabel || node.getAttribute("aria-labelledby");
  const all = (wanted) => [...document.querySelectorAll(wanted)];
  if (all("h1").length !== 1) bad.push([`${all("h1").length} headings of the first level`, []]);
  const boxes = all("main input:not([type=hidden]), main textarea, main select");
  tell("has no label", boxes.filter((node) => !node.labels?.length && !named(node)));
  tell("has an empty label", all("main label, main legend, main h1, main h2, main button, main a").filter(
    (node) => !node.textContent.trim() && !named(node)));
  const ids = all("[id]");
  tell("has another's id", ids.filter((node) => document.getElementById(node.id) !== node));
  const described = all("[aria-describedby]");
  tell("is described by nothing", described.filter(
    (node) => node.getAttribute("aria-describedby").split(/\\s+/).some((id) => !document.getElementById(id))));
  const words = document.querySelector("main").innerText;
  if (/\\b(undefined|NaN)\\b|\\{\\{|%\\(/.test(words)) bad.push(["says what a program says", []]);
  return bad;
}"""


@dataclass
class Faults:
    """What was found on the way, told all at once."""

    found: list[str] = field(default_factory=list)

    @contextmanager
    def at(self) -> Iterator[None]:
        """Keep what fails inside, and go on."""
        try:
            yield
        except AssertionError as error:
            self.found.append(str(error))

    def add(self, where: str, what: str, nodes: list[str]) -> None:
        """Keep these, where there are any."""
        if nodes:
            self.found.append(f"{where}: {what}\n    " + "\n    ".join(nodes))

    def check(self) -> None:
        """Raises AssertionError with everything."""
        assert not self.found, f"{len(self.found)} faults:\n" + "\n".join(self.found)


def look(page: Page, where: str, faults: Faults, *, again: bool = True) -> None:
    """axe as the page is; then, unless `again` is False, narrow, spaced out, in forced colours, with reduced motion."""
    size = page.viewport_size
    with faults.at():
        check_axe(page, where)
    if not again or size is None:
        return
    page.set_viewport_size({"width": 320, "height": 256})  # 1280 by 1024 at 400 %
    faults.add(where, "too wide for 320 pixels, or 400 % of 1280", page.evaluate(TOO_WIDE))
    page.evaluate(SPACING)
    faults.add(where, "too wide with text spaced out", page.evaluate(TOO_WIDE))
    faults.add(where, "cut off with text spaced out", page.evaluate(CUT_OFF))
    page.evaluate("document.adoptedStyleSheets = []")
    page.set_viewport_size(size)
    page.emulate_media(forced_colors="active", reduced_motion="reduce")
    faults.add(where, "not to be seen in forced colours", page.evaluate(CANNOT_BE_SEEN))
    faults.add(where, "moves though reduced motion was asked for", page.evaluate(MOVES))
    page.emulate_media(forced_colors="none", reduced_motion="no-preference")


NARROWLY = f"""() => {{
  const tooWide = {TOO_WIDE}, cutOff = {CUT_OFF}, forgotten = {FORGOTTEN};
  const found = {{ forgotten: forgotten(), wide: tooWide() }};
  ({SPACING})();
  Object.assign(found, {{ spacedWide: tooWide(), spacedCut: cutOff() }});
  document.adoptedStyleSheets = [];
  return found;
}}"""
"""All of it in one question: there are thousands of pages, and each question passes through three processes."""


def look_at_narrow(page: Page, where: str, faults: Faults, *, axe: bool = True) -> None:
    """A page that is open on a narrow screen: axe where asked for, its labels, its width, its lines spaced out."""
    if axe:
        with faults.at():
            check_axe(page, where)
    found = page.evaluate(NARROWLY)
    for what, nodes in found["forgotten"]:
        faults.found.append(f"{where}: {what}\n    " + "\n    ".join(nodes))
    faults.add(where, "too wide for 320 pixels", found["wide"])
    faults.add(where, "too wide with text spaced out", found["spacedWide"])
    faults.add(where, "cut off with text spaced out", found["spacedCut"])


FOCUSED = """() => {
  const node = document.activeElement;
  if (!node || node === document.body) return null;
  const style = getComputedStyle(node);
  const label = node.type === "radio" || node.type === "checkbox" ? node.nextElementSibling : null;
  const near = label ? getComputedStyle(label, "::before") : style;
  const ring = (one) => (one.outlineStyle !== "none" && parseFloat(one.outlineWidth) > 0) || one.boxShadow !== "none";
  const around = node.closest("[data-map]") ? [node.parentElement] : [];  // a map's ring is its frame's
  const box = node.getBoundingClientRect();
  const shown = box.bottom > 0 && box.top < innerHeight && box.width > 0;
  const seen = [style, near, ...around.map((each) => getComputedStyle(each))].some(ring) && shown;
  return { key: node.dataset.stop ?? null, seen, html: node.outerHTML.slice(0, 140) };
}"""
NUMBER_STOPS = """() => {
  let number = 0;
  const groups = new Set();
  const wanted = "a[href], button, input:not([type=hidden]), textarea, select, summary, [tabindex='0']";
  for (const node of document.querySelectorAll(wanted)) {
    if (node.disabled || node.tabIndex < 0 || !node.checkVisibility({ visibilityProperty: true })) continue;
    if (node.type === "radio") {
      if (groups.has(node.name)) { continue; }
      groups.add(node.name);
      for (const each of document.getElementsByName(node.name)) each.dataset.stop = number;
    }
    node.dataset.stop = number;
    number += 1;
  }
  return number;
}"""


STILL_THERE = """keys => keys.map(key => document.querySelector(`[data-stop='${key}']`))
  .filter(node => node?.checkVisibility({ visibilityProperty: true })).map(node => node.outerHTML.slice(0, 140))"""


def tab_through(page: Page, where: str) -> None:
    """Every control is reached by Tab, in the order of the page, and each shows that it has the focus."""
    stops = int(page.evaluate(NUMBER_STOPS))
    assert stops > 0, f"{where} has no control"
    page.evaluate("document.activeElement?.blur(); getSelection()?.removeAllRanges(); window.scrollTo(0, 0)")
    seen: list[int] = []
    unseen: list[str] = []
    for _ in range(stops + 5):
        page.keyboard.press("Tab")
        focused = page.evaluate(FOCUSED)
        if focused is None or (seen and focused["key"] is not None and int(focused["key"]) == seen[0]):
            break
        if not focused["seen"]:
            unseen.append(focused["html"])
        if focused["key"] is not None:
            seen.append(int(focused["key"]))
    told = page.evaluate(STILL_THERE, sorted(set(range(stops)) - set(seen)))
    assert not told, f"{where}: not reached by Tab: {told}"
    assert not unseen, f"{where}: the focus cannot be seen on {unseen}"
    assert seen == sorted(seen), f"{where}: the order of Tab is not the order of the page: {seen}"
