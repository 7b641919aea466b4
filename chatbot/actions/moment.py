"""One message in its conversation: what was heard, what it changes, and the decision that follows from it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from actions.book import Answer, Book
from actions.codes import SERVICE_CATEGORIES, urgency
from actions.facts import Fact, facts_in, whole_as, with_new
from actions.heard import Heard, Triage, in_welsh
from actions.languages import OWN, language_of
from actions.questioning import CONTACT, find_question, read_reply
from actions.state import LONGEST_SAID, MOST_SAID, State
from actions.triage import merge, raised, sensitive_kind, so_far
from actions.wishes import corrects, is_cued, is_question, speaks_as_child, wish_in
from actions.words import words_of

SURE_OF_LANGUAGE = 0.6
A_SENTENCE = 3  # words from which on the lack of any English one means something
# Talk that says nothing about the matter itself.
_EMPTY_TALK = frozenset(
    {"greet", "thanks", "goodbye", "affirm", "deny", "dont_know", "ask_for_person", "ask_robot", "silence", "repeat"}
)
_ENDS = frozenset({"goodbye", "thanks", "affirm", "deny", "dont_know"})
_NOT_THE_MATTER = frozenset({"injection", "abuse"})


@dataclass(frozen=True)
class Moment:
    """Everything a decision may look at. `state` has taken this message in already; `before` has not."""

    heard: Heard
    book: Book
    before: State
    state: State
    wish: str
    new: tuple[Fact, ...] = ()
    foreign: str = ""
    child: bool = False
    said_in_danger: bool = False
    unsure_of_danger: bool = False

    def line(self, name: str) -> str:
        """A fixed line in this conversation's channel and language."""
        return self.book.lines[name].on(self.heard.channel, self.state.language)

    def words(self, answer: Answer) -> str:
        """An approved text in this conversation's channel, language and nation, as it holds in its force."""
        heard, language = self.heard, self.state.language
        return answer.words(channel=heard.channel, language=language, nation=heard.nation, online=heard.firearms_online)

    @property
    def sensitive(self) -> str:
        """Which kind of sensitive matter it is, "" for none."""
        return sensitive_kind(self.state, child=self.child)

    @property
    def graded(self) -> Triage | None:
        """What the model makes of how grave it is now; None where it means nothing: mere talk has no grade."""
        return None if self.wish in _EMPTY_TALK else _graded(self.before, self.heard, self.book)

    @property
    def contact_known(self) -> bool:
        """Whether a safe way to reach the person is known."""
        return self.heard.safe_contact_known or any(fact.kind == "safe_contact" for fact in self.state.facts)


@dataclass(frozen=True)
class Decision:
    """What to do. `asks` also counts as a question put; `changes` are fields of the state."""

    say: tuple[str, ...] = ()
    asks: str = ""
    hand_over: str = ""
    form: str = ""
    answer: str = ""
    reasons: tuple[str, ...] = ()
    advise_999: bool = False
    changes: Mapping[str, object] | None = None


def take_in(state: State, heard: Heard, book: Book) -> Moment:
    """Hear a message: its language, its wish, its facts, whether it answers or corrects, and how grave it is."""
    language, foreign = _languages(state, heard, book)
    heard = in_welsh(heard) if language_of(heard.text, book) == "cy" else heard
    before = replace(state, language=language)
    wish = wish_in(heard, book)
    if wish in _ENDS and heard.triage.advise_999 and not state.said and not state.pending:
        wish = ""  # "bye", and nothing else, may be a goodbye to life
    begin = 0 if wish in _EMPTY_TALK else corrects(heard, book)
    wish = "" if begin else wish
    if foreign and wish not in {"ask_for_person", "silence"}:
        wish = "other_language"
    seen = {} if heard.triage.category in SERVICE_CATEGORIES else book.seen  # a shotgun on a certificate is no warning
    new = () if wish in _EMPTY_TALK else facts_in(heard, seen)
    if begin and not new and state.last_kind:
        corrected = whole_as(state.last_kind, heard.text, begin)
        new = (corrected,) if corrected else ()
    merged = merge(before, heard, talk=wish in _EMPTY_TALK, graded=_graded(before, heard, book))
    merged = replace(merged, facts=with_new(merged.facts, new, correcting=bool(begin)))
    if wish not in _EMPTY_TALK | _NOT_THE_MATTER:
        said = (*merged.said, " ".join(heard.text.split())[:LONGEST_SAID])
        merged = replace(merged, said=(said[0], *said[1:][-MOST_SAID:]))
    moment = Moment(heard, book, before, merged, wish, new, foreign, speaks_as_child(heard.text, book))
    return moment if begin and merged.pending not in _kinds_answered(merged, new, book) else _reply(moment)


def _graded(before: State, heard: Heard, book: Book) -> Triage | None:
    question = find_question(before.pending, before, book)
    return so_far(before, heard, asked_of_danger=question is not None and question.danger)


def _kinds_answered(state: State, new: tuple[Fact, ...], book: Book) -> set[str]:
    """The open question, if the corrected facts answer it too."""
    question = find_question(state.pending, state, book)
    return {state.pending} if question and {fact.kind for fact in new} & set(question.kinds) else set()


def _reply(moment: Moment) -> Moment:
    """Take the message as the reply to the question that is open, if one is."""
    state, heard = moment.state, moment.heard
    question = find_question(state.pending, state, moment.book)
    if question is None:
        return moment
    asks_back = is_question(heard.text, moment.book)
    reply = read_reply(question, heard, moment.wish, moment.new, asks_back=asks_back)
    new = moment.new
    if question.takes == CONTACT and reply.done and not moment.wish:
        # "After six, when he is at work" says how to be reached, not when it happened.
        new = tuple(fact for fact in new if fact.kind in {"phone", "email"})
        state = replace(state, facts=with_new(moment.before.facts, new, correcting=False))
        if is_cued("no_contact", words_of(heard.text), moment.book):
            state = replace(state, flags=tuple(dict.fromkeys((*state.flags, "no_safe_contact"))))
    if reply.fact and not moment.foreign:
        new = (*new, reply.fact)
        state = replace(state, facts=with_new(state.facts, (reply.fact,), correcting=False))
    if reply.done:
        kind = question.takes or (question.kinds[0] if question.kinds else state.last_kind)
        state = replace(state, answered=(*state.answered, question.id), pending="", last_kind=kind)
    yes, unsure = _danger(moment) if question.danger else (False, False)
    if yes or unsure:
        state = raised(state, "emergency" if yes else "priority")
    return replace(moment, state=state, new=new, said_in_danger=yes, unsure_of_danger=unsure)


def _danger(moment: Moment) -> tuple[bool, bool]:
    """Whether the reply to "is anyone in danger?" says yes, and whether it leaves that open."""
    words = words_of(moment.heard.text)
    yes = is_cued("yes", words, moment.book)
    calm = is_cued("calm", words, moment.book) and not is_cued("still", words, moment.book)
    return yes and not calm, (yes and calm) or moment.wish == "dont_know"


def _languages(state: State, heard: Heard, book: Book) -> tuple[str, str]:
    """Answer the language to speak, and the strange language of the message, if it is in one."""
    found = language_of(heard.text, book)
    if found == "cy" or (found == "en" and heard.language == "en"):
        return found, ""
    language = state.language or heard.language
    if found and found not in OWN:
        return language, found
    by_model = heard.intent == "other_language" and heard.intent_confidence >= SURE_OF_LANGUAGE
    by_flag = "language_barrier" in heard.triage.flags and len(words_of(heard.text)) >= A_SENTENCE
    return language, "unknown" if (by_model or by_flag) and not found else ""


def is_urgent_now(moment: Moment) -> bool:
    """Whether this message made it a matter that a person looks at at once."""
    was, now = urgency(moment.before.grade), urgency(moment.state.grade)
    return now >= urgency("priority") and now > was
