"""The form that forms/README.md takes a newcomer through is a sound one, in both languages."""

from __future__ import annotations

import re
import textwrap
from pathlib import Path

from contact.domain.taxonomy import Category
from forms.gaps import welsh_gaps
from forms.loader import ROOT, read_definition
from forms.parse import parse_form
from forms.soundness import check_form, check_roles

YAML = re.compile(r"   ```yaml\n(.*?)   ```", re.DOTALL)


def test_the_form_of_the_ten_minutes_is_sound(tmp_path: Path) -> None:
    form_file, section = (textwrap.dedent(block) for block in YAML.findall((ROOT / "README.md").read_text("utf-8")))
    (tmp_path / "sections").mkdir()
    (tmp_path / "form.yml").write_text(form_file)
    (tmp_path / "sections" / "the-balloon.yml").write_text(section)
    form = parse_form(read_definition(tmp_path), "lost-balloon")
    assert [*check_form(form), *check_roles(form), *welsh_gaps(form)] == []
    assert form.category in list(Category)
    assert form.next_page("colour", {"balloonColour": "other"}).id == "which-colour"  # type: ignore[union-attr]
