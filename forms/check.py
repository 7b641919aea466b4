"""``contact forms check``: proves every definition and overlay sound, and holds their codes to the taxonomy."""

from __future__ import annotations

import sys
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from forms.asked import asked_names, load_asked
from forms.compiler import canonical, compile_form, from_canonical
from forms.doors import check_doors, load_doors, load_signposts
from forms.equality import load_equality
from forms.errors import FormDefinitionError
from forms.gaps import welsh_gaps
from forms.help_lines import check_help_lines, unrung
from forms.links import check_links
from forms.loader import OVERLAYS, form_ids, load_overlay, raw_form
from forms.messages import REVIEW
from forms.overlay import review_of
from forms.parse import parse_form
from forms.parts import Review
from forms.schema import Form
from forms.soundness import Problem, check_form, check_roles


@dataclass(frozen=True, slots=True)
class Taxonomy:
    """The codes that hints may use, and the forces that serve in Welsh, given by the caller: forms knows neither."""

    categories: Collection[str]
    grades: Collection[str]
    flags: Collection[str]
    welsh_forces: Collection[str] = ()


def check_all(
    categories: Collection[str],
    grades: Collection[str],
    flags: Collection[str],
    forms: Collection[Form] | None = None,
    *,
    welsh_forces: Collection[str] = (),
) -> list[Problem]:
    """Every fault in every definition and overlay; an empty list is the proof. ``forms`` replaces the stored ones."""
    taxonomy = Taxonomy(categories, grades, flags, welsh_forces)
    problems: list[Problem] = []
    read: list[Form] = []
    for form_id in form_ids() if forms is None else ():
        try:
            read.append(parse_form(raw_form(form_id), form_id))
        except FormDefinitionError as error:
            problems.append(Problem(error.where, error.what))
    named = {*form_ids(), *(form.id for form in forms or ())}
    for form in read if forms is None else forms:
        problems += [*check_form(form), *check_roles(form), *_codes(form, taxonomy), *check_links(form, named)]
        problems += welsh_gaps(form) if forms is None else []
    if forms is None and not problems:
        problems += [*_stored_forms(), *_overlays(taxonomy)]
    if forms is None:
        problems += [*check_doors(categories), *check_help_lines(read)]
    return problems


def _codes(form: Form, taxonomy: Taxonomy) -> Iterator[Problem]:
    known = [("categories", form.category, taxonomy.categories)]
    for number, each in enumerate(form.hints):
        place = f"hints[{number}]"
        known.append((place, each.hint.code, taxonomy.categories))
        known += [(place, flag, taxonomy.flags) for flag in each.hint.flags]
        if each.hint.grade is not None:
            known.append((place, each.hint.grade, taxonomy.grades))
    for place, code, codes in known:
        if code not in codes:
            yield Problem(f"{form.id}: {place}", f"{code!r} is not in the taxonomy")


def _stored_forms() -> Iterator[Problem]:
    """What is stored reads back as the same form."""
    for form_id in form_ids():
        compiled = compile_form(form_id)
        if compiled.form.id != form_id:
            yield Problem(form_id, f"calls itself {compiled.form.id!r}")
        if from_canonical(compiled.canonical_json) != compiled.form or canonical(raw_form(form_id)) != (
            compiled.canonical_json
        ):
            yield Problem(form_id, "does not read back from its canonical JSON")


def _overlays(taxonomy: Taxonomy) -> Iterator[Problem]:
    for path in _overlay_files():
        try:
            overlay = load_overlay(path.parent.name, path.stem)
            form = compile_form(path.stem, overlay).form
            review_of(overlay or {}, path.stem)
        except (FormDefinitionError, LookupError) as error:
            yield Problem(f"overlays/{path.parent.name}/{path.name}", str(error))
            continue
        yield from (*check_roles(form), *_codes(form, taxonomy), *check_links(form, form_ids()))
        if path.parent.name in taxonomy.welsh_forces:
            yield from welsh_gaps(form)


def _overlay_files() -> list[Path]:
    return sorted(OVERLAYS.glob("*/*.yml"))


def _overlay_review(path: Path) -> tuple[str, Review]:
    overlay = load_overlay(path.parent.name, path.stem) or {}
    return f"{path.stem} of {path.parent.name}", review_of(overlay, path.stem)


def unreviewed(forms: Collection[Form]) -> list[str]:
    """A line for each form whose texts nobody has reviewed, or whose Welsh nobody has read (engineering 20, 35)."""
    return [line for form in forms for line in _unread(f"{form.id} {form.version}", form.review)]


def all_unreviewed() -> list[str]:
    """The same for every form that is served, and for the engine's own words."""
    served = [compile_form(form_id).form for form_id in form_ids()]
    return [
        *unreviewed(served),
        *_unread("the engine's own words", REVIEW),
        *_unread("the doors", load_doors().review),
        *unrung(),
        *_unread("the equality questions", load_equality().review),
        *(line for name in asked_names() for line in _unread(f"the questions of {name}", load_asked(name).review)),
        *(line for each in load_signposts().values() for line in _unread(f"signpost {each.id}", each.review)),
        *(line for path in _overlay_files() for line in _unread(*_overlay_review(path))),
    ]


def _unread(name: str, review: Review) -> Iterator[str]:
    if not (review.reviewer and review.review_date):
        yield f"{name}: unreviewed (owner: {review.owner})"
    if not review.welsh_reviewer:
        yield f"{name}: Welsh unreviewed"


def main(
    categories: Collection[str], grades: Collection[str], flags: Collection[str], welsh_forces: Collection[str]
) -> int:
    """Print what is wrong, and what is unreviewed; the exit status is 1 when anything is wrong."""
    problems = check_all(categories, grades, flags, welsh_forces=welsh_forces)
    for problem in problems:
        sys.stdout.write(f"{problem.where}: {problem.what}\n")
    if problems:
        return 1
    read = [compile_form(form_id).form for form_id in form_ids()]
    for line in all_unreviewed():
        sys.stdout.write(f"note: {line}\n")
    for form in read:
        sys.stdout.write(f"ok: {form.id} {form.version}, {len(form.pages)} pages, {len(form.questions)} questions\n")
    return 0
