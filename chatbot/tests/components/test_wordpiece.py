"""Text becomes sub-word numbers whatever it is."""

from components.wordpiece import LONGEST_TEXT, WordPiece, words

VOCABULARY = WordPiece(["<s>", "<pad>", "</s>", "[UNK]", "he", "##lp", "me", "!", "knife", "cafe", "a"])


def test_longest_piece_first() -> None:
    assert VOCABULARY.numbers("Help me!", 20) == [0, 4, 5, 6, 7, 2]


def test_accents_case_and_control_characters_vanish() -> None:
    assert words("CAFÉ\x00 he\u202elp") == ["cafe", "help"]


def test_a_drawn_knife_is_a_knife() -> None:
    assert VOCABULARY.numbers("\U0001f52a", 20) == [0, 8, 2]


def test_unknown_and_empty() -> None:
    assert VOCABULARY.numbers("zzz", 20) == [0, 3, 2]
    assert VOCABULARY.numbers("", 20) == [0, 2]


def test_a_long_text_keeps_its_two_ends() -> None:
    numbers = VOCABULARY.numbers("a " * 50 + "knife", 11)
    assert len(numbers) == 11
    assert numbers[-2] == 8
    assert len(words("a" * 10 * LONGEST_TEXT)) == 2
