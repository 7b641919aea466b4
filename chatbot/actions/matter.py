"""The matter itself: an approved answer, the next question, one request to say it otherwise, or a person."""

from actions.book import MOST_QUESTIONS, Question
from actions.codes import FORM_OF, SERVICE_CATEGORIES, urgency
from actions.moment import Decision, Moment
from actions.questioning import MOST_TIMES, find_question, next_question
from actions.retrieval import find_answer
from actions.triage import CLEAR
from actions.wishes import is_question

MOST_TRICKS = 2
OPEN, CLARIFY, ANYTHING_ELSE = "open", "clarify", "anything_else"
_HARMLESS = frozenset({"language_barrier", "elderly"})
_TALK = frozenset({"greet", "ask_robot", "injection", "repeat"})


def tricked(moment: Moment) -> Decision | None:
    """Told twice what it cannot do, it leaves the rest to a person; rude words get a calm one and a person."""
    if moment.wish == "abuse":
        return Decision(say=(moment.line("calm"),), hand_over="cannot_help", reasons=("abuse",))
    if moment.wish == "injection" and moment.state.tricks + 1 >= MOST_TRICKS:
        return Decision(say=(moment.line("cannot_promise_person"),), hand_over="cannot_help", reasons=("injection",))
    return None


def talk(moment: Moment) -> Decision | None:
    """Greetings, thanks, and talk about the bot: a true word, and back to the matter."""
    state, wish = moment.state, moment.wish
    if wish in {"thanks", "goodbye"} or (wish == "deny" and state.pending == ANYTHING_ELSE):
        return Decision(say=(moment.line("done"),), hand_over="done")
    if wish == "affirm" and state.pending in {ANYTHING_ELSE, OPEN}:
        return ask_line(moment, OPEN)
    if wish not in _TALK:
        return None
    say = {"ask_robot": ("robot",), "injection": ("cannot_promise",)}.get(wish, ())
    before = tuple(moment.line(name) for name in say if not (name == "robot" and moment.heard.first))
    question = find_question(state.pending, state, moment.book)
    if question is not None and state.questions_put < MOST_QUESTIONS:
        return ask(moment, question, before=before)
    return ask_line(moment, OPEN, before=before)


def service(moment: Moment) -> Decision | None:
    """An approved text for a question of the kind that people ask; nothing is made up."""
    state, heard = moment.state, moment.heard
    asks = is_question(heard.text, moment.book)
    settled = moment.before.pending not in {"", OPEN, CLARIFY, ANYTHING_ELSE}
    if moment.wish or (settled and not asks) or set(state.flags) - _HARMLESS:
        return None  # somebody vulnerable, or a warning: no ready text, a person
    category = state.category if state.category in SERVICE_CATEGORIES else ""
    if heard.triage.category in SERVICE_CATEGORIES and not settled and not heard.triage.is_talk:
        category = heard.triage.category
    if not category and not asks:
        return None
    answer = find_answer(heard.text, category, moment.book, state.answers_given)
    if answer is None or (answer.id in state.answers_given and state.pending == ""):
        return None
    if not answer.is_current(heard.day):
        # An approved text past its day is not sent as if it held: its owner is warned, a person answers.
        first = (moment.line("danger_first"),) if answer.signpost else ()
        told = (*first, moment.line("out_of_date"))
        return Decision(say=told, hand_over="cannot_help", reasons=("answer_out_of_date",))
    say = [moment.line("danger_first")] if answer.signpost else []
    say.append(moment.words(answer))
    changes, form = {"answers_given": (*state.answers_given, answer.id)}, answer.form_in(heard.nation)
    if state.questions_put >= MOST_QUESTIONS:
        say.append(moment.line("done"))
        return Decision(say=tuple(say), hand_over="done", answer=answer.id, form=form, changes=changes)
    pending = find_question(state.pending, state, moment.book)
    if pending is not None and state.asked.get(pending.id, 0) < MOST_TIMES and category == "":
        say.append(pending.text.on(heard.channel, state.language))
        return Decision(say=tuple(say), asks=pending.id, answer=answer.id, form=form, changes=changes)
    say.append(moment.line(ANYTHING_ELSE))
    return Decision(say=tuple(say), asks=ANYTHING_ELSE, answer=answer.id, form=form, changes=changes)


def unclear(moment: Moment) -> Decision | None:
    """Not sure what it is about: ask once in other words, then a person."""
    state = moment.state
    if state.category and state.sure >= CLEAR:
        return None
    if state.answered and state.category:
        return None  # it was clear enough to ask about; what follows is an answer
    if state.clarified:
        return Decision(say=(moment.line("not_understood"),), hand_over="low_confidence", reasons=("low_confidence",))
    return ask_line(moment, CLARIFY, changes={"clarified": True})


def proceed(moment: Moment) -> Decision:
    """Ask what this category needs and was not said yet; when that is all, a person goes on."""
    state, heard = moment.state, moment.heard
    if state.category in SERVICE_CATEGORIES and state.category not in moment.book.questions:
        return Decision(say=(moment.line("cannot_answer"),), hand_over="cannot_help", reasons=("no_answer",))
    opening = moment.book.opening_of(state.category, heard.day)
    before: tuple[str, ...] = ()
    answer = ""
    changes: dict[str, object] = {}
    if opening is not None and opening.id not in state.answers_given:
        before, answer = (moment.words(opening),), opening.id
        changes["answers_given"] = (*state.answers_given, opening.id)
    question = next_question(state, moment.book, contact_known=moment.contact_known)
    form = "" if state.form_offered or urgency(state.grade) >= urgency("priority") else FORM_OF.get(state.category, "")
    if form:
        changes["form_offered"] = True
    if question is None:
        done = moment.line("done")
        return Decision(say=(*before, done), hand_over="done", form=form, answer=answer, changes=changes)
    text = question.text.on(heard.channel, state.language)
    return Decision(say=(*before, text), asks=question.id, form=form, answer=answer, changes=changes)


def ask(moment: Moment, question: Question, *, before: tuple[str, ...] = ()) -> Decision:
    """Put a question."""
    return Decision(say=(*before, question.text.on(moment.heard.channel, moment.state.language)), asks=question.id)


def ask_line(
    moment: Moment, name: str, *, before: tuple[str, ...] = (), changes: dict[str, object] | None = None
) -> Decision:
    """Put one of the fixed questions, unless there have been six; then a person goes on."""
    if moment.state.questions_put >= MOST_QUESTIONS:
        return Decision(say=(*before, moment.line("done")), hand_over="done", changes=changes)
    return Decision(say=(*before, moment.line(name)), asks=name, changes=changes)
