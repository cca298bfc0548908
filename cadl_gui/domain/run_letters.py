"""Letters that identify runs: A to Z, then AA, AB …, like the columns of a spreadsheet."""

from string import ascii_uppercase

_N = len(ascii_uppercase)


def letters_of(number: int) -> str:
    """Convert an index from 0 to letters: "A" for 0, "Z" for 25, "AA" for 26."""
    before, last = divmod(number, _N)
    return (letters_of(before - 1) if before else "") + ascii_uppercase[last]


def number_of(letters: str) -> int:
    """Convert letters to an index; the inverse of `letters_of`."""
    number = 0
    for letter in letters:
        number = number * _N + ascii_uppercase.index(letter) + 1
    return number - 1
