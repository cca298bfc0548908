"""The letters by which people tell runs apart: A to Z, then AA, AB …, like columns of a table."""

from string import ascii_uppercase

_N = len(ascii_uppercase)


def letters_of(number: int) -> str:
    """The letters of the run with this index, from 0 on: "A" for 0, "Z" for 25, "AA" for 26."""
    before, last = divmod(number, _N)
    return (letters_of(before - 1) if before else "") + ascii_uppercase[last]


def number_of(letters: str) -> int:
    """The number whose letters these are."""
    number = 0
    for letter in letters:
        number = number * _N + ascii_uppercase.index(letter) + 1
    return number - 1
