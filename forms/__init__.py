"""What we ask: form definitions as data, and the types that read them. No Flask, no SQL; imports nothing of ours.

Definitions: ``load_all()``, ``compile_form(form_id, overlay=None) -> Compiled(form, canonical_json, sha256)``,
``compile_for(form_id, force_id)`` (with that force's overlay file), ``from_canonical(json) -> Form``.

Way through a ``Form``, all pure functions of ``answers`` ({question id: JSON value}) and an optional aware ``now``:
``first_page()``, ``path(answers)`` (pages that may be opened), ``next_page(page_id, answers)`` (None: check-answers),
``previous_page``, ``asked_on(page_id, answers)`` (questions to show), ``first_unanswered``, ``is_complete``,
``blocks(page.before, answers)``, ``summary(answers, language)``, ``submitted(answers)`` (what is sent),
``plain_words``, ``proposals(answers) -> [Hint]``, ``safe_contact``, ``reporter``, ``by_role(Role.…, answers)``,
``is_anonymous``, ``free_text`` (for the emergency screen). ``answers["stop_here"] = "yes"`` (STOPPED_HERE) is the
answer to "stop here and have someone contact me": the way then holds what was answered and ``form.stop_here.asks``.

One question: ``question.label_for(answers, now)``, ``field_names(question)``, ``raw_from_value(question, value)``,
``validate(question, raw) -> Answer(value, errors)``, ``error_messages(question, answer, language)`` ->
[(form field name, message)].  Texts are ``T``: ``text.in_("cy")``.
"""

from forms.compiler import Compiled, canonical, compile_for, compile_form, from_canonical, load_all
from forms.errors import FormDefinitionError, OverlayRefusedError, UnknownFormError
from forms.in_words import worded, worded_date
from forms.journey import STOPPED_HERE
from forms.loader import form_ids, load_overlay
from forms.parts import (
    Block,
    BlockKind,
    Column,
    ColumnType,
    Desk,
    Hint,
    Option,
    Page,
    PageKind,
    Question,
    QuestionType,
    Role,
    SafeWay,
    Section,
)
from forms.reasons import REASONS, reason_text
from forms.schema import Form
from forms.text import LANGUAGES, T
from forms.validation import Answer, Fault, error_messages, error_text, field_names, raw_from_value, validate
from forms.wording import SummaryRow, SummarySection

__all__ = [
    "LANGUAGES",
    "REASONS",
    "STOPPED_HERE",
    "Answer",
    "Block",
    "BlockKind",
    "Column",
    "ColumnType",
    "Compiled",
    "Desk",
    "Fault",
    "Form",
    "FormDefinitionError",
    "Hint",
    "Option",
    "OverlayRefusedError",
    "Page",
    "PageKind",
    "Question",
    "QuestionType",
    "Role",
    "SafeWay",
    "Section",
    "SummaryRow",
    "SummarySection",
    "T",
    "UnknownFormError",
    "canonical",
    "compile_for",
    "compile_form",
    "error_messages",
    "error_text",
    "field_names",
    "form_ids",
    "from_canonical",
    "load_all",
    "load_overlay",
    "raw_from_value",
    "reason_text",
    "validate",
    "worded",
    "worded_date",
]
