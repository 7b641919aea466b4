"""The one action that Rasa runs for every message: slots in, a turn and the slots out; nothing said is logged."""

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.book import the_book
from actions.heard import listen
from actions.state import from_slots, to_slots
from actions.turn import take_turn

BOOK = the_book()  # read when the server starts: a broken file stops it then, not in a conversation


class ActionTakeTurn(Action):  # type: ignore[misc]  # rasa_sdk is not where types are checked
    """Decides one turn; all of the thinking is in `actions.turn`."""

    def name(self) -> str:
        """The name by which rules call it."""
        return "action_take_turn"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        """Say nothing in words of Rasa's own: the turn travels as `custom`, and the service speaks."""
        slots: dict[str, Any] = tracker.slots
        before = from_slots(slots)
        after, turn = take_turn(before, listen(tracker.latest_message), BOOK)
        dispatcher.utter_message(json_message={"turn": turn})
        new = to_slots(after)
        old = to_slots(before)
        return [SlotSet(name, value) for name, value in new.items() if value != old[name] or name not in slots]
