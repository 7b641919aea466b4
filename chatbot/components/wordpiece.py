"""Text into the sub-word numbers of an uncased BERT vocabulary, in plain Python, linear in the text's length."""

import unicodedata
from functools import lru_cache
from pathlib import Path

UNKNOWN, START, END = "[UNK]", "<s>", "</s>"
LONGEST_WORD = 60
LONGEST_TEXT = 4000  # characters; what lies between the beginning and the end of a longer text is left out
# What people draw instead of writing; the vocabulary knows none of it.
_DRAWN = {
    "\U0001f52a": " knife ",
    "\U0001f5e1": " knife ",
    "\U0001f52b": " gun ",
    "\U0001f198": " sos ",
    "\U0001f525": " fire ",
    "\U0001fa78": " blood ",
    "\U0001f691": " ambulance ",
    "\U0001f692": " fire engine ",
    "\U0001f62d": " crying ",
    "\U0001f622": " crying ",
    "\U0001f621": " angry ",
    "\U0001f480": " dead ",
    "\U0001f64f": " please ",
    "\U0001f44d": " yes ",
    "\U0001f44e": " no ",
    "\U0001f602": " laughing ",
    "\U0001f914": " hmm ",
}


class WordPiece:
    """A vocabulary and the way BERT splits by it: longest piece first, `##` for pieces inside a word."""

    def __init__(self, vocabulary: list[str]) -> None:
        self.number_of = {piece: number for number, piece in enumerate(vocabulary)}
        self.word = lru_cache(maxsize=20_000)(self._word)

    @classmethod
    def load(cls, path: Path) -> "WordPiece":
        """Read a `vocab.txt`, one piece a line."""
        return cls(path.read_text("utf-8").splitlines())

    def numbers(self, text: str, longest: int) -> list[int]:
        """Answer at most `longest` numbers, start and end marks included; a long text keeps its two ends."""
        pieces = [number for word in words(text) for number in self.word(word)]
        room = longest - 2
        if len(pieces) > room:
            tail = room // 3
            pieces = pieces[: room - tail] + pieces[-tail:]
        return [self.number_of[START], *pieces, self.number_of[END]]

    def _word(self, word: str) -> tuple[int, ...]:
        if len(word) > LONGEST_WORD:
            return (self.number_of[UNKNOWN],)
        found: list[int] = []
        start = 0
        while start < len(word):
            for end in range(len(word), start, -1):
                number = self.number_of.get(("##" if start else "") + word[start:end])
                if number is not None:
                    break
            else:
                return (self.number_of[UNKNOWN],)
            found.append(number)
            start = end
        return tuple(found)


def words(text: str) -> list[str]:
    """Split on white space and punctuation, lower case, without accents; control characters vanish."""
    if len(text) > LONGEST_TEXT:
        text = text[: LONGEST_TEXT // 2] + " " + text[-LONGEST_TEXT // 2 :]
    for drawn, written in _DRAWN.items():
        text = text.replace(drawn, written)
    split: list[str] = []
    for letter in unicodedata.normalize("NFD", text.lower()):
        category = unicodedata.category(letter)
        if category == "Mn" or (category[0] == "C" and letter not in "\t\n\r"):
            continue
        if category[0] == "Z" or letter in "\t\n\r":
            split.append(" ")
        elif _stands_alone(letter, category):
            split.append(f" {letter} ")
        else:
            split.append(letter)
    return "".join(split).split()


def _stands_alone(letter: str, category: str) -> bool:
    """Punctuation, ASCII symbols, and ideographs, each of which is a word."""
    return category[0] == "P" or (letter.isascii() and not letter.isalnum()) or "\u3400" <= letter <= "\u9fff"
