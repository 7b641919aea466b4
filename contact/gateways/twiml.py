"""What Twilio is told to do in a call, in its own markup."""

from __future__ import annotations

from twilio.twiml.voice_response import Gather, VoiceResponse

VOICE_LANGUAGE = "en-GB"
KEY_WAIT_S = 10


def ask_for_key(words: str, *, action_url: str, closing: str) -> str:
    """Say the words twice, waiting for one key each time; without a key say the closing words and hang up."""
    script = VoiceResponse()
    for _ in range(2):
        gather = Gather(
            num_digits=1, action=action_url, method="POST", timeout=KEY_WAIT_S, action_on_empty_result=False
        )
        gather.say(words, language=VOICE_LANGUAGE)
        script.append(gather)
    script.say(closing, language=VOICE_LANGUAGE)
    script.hangup()
    return str(script)


def say(words: str) -> str:
    """Say the words and hang up."""
    script = VoiceResponse()
    script.say(words, language=VOICE_LANGUAGE)
    script.hangup()
    return str(script)
