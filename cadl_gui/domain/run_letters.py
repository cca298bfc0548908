"""Letters that identify runs: A to Z, then AA, AB …, without I and O, which look like a bar and a zero."""

_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"
_N = len(_LETTERS)


def are_letters(text: str) -> bool:
    """Return whether a text may identify a run, among less than a thousand."""
    return 0 < len(text) <= 2 and set(text) <= set(_LETTERS)


def letters_of(number: int) -> str:
    """Convert an index from 0 to letters: "A" for 0, "Z" for 23, "AA" for 24."""
    before, last = divmod(number, _N)
    return (letters_of(before - 1) if before else "") + _LETTERS[last]


def number_of(letters: str) -> int:
    """Convert letters to an index; the inverse of `letters_of`."""
    number = 0
    for letter in letters:
        number = number * _N + _LETTERS.index(letter) + 1
    return number - 1
