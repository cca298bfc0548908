"""Fewer cases than a whole grid, which notice nearly as much."""

from itertools import combinations, product


def pairs(*choices):
    """Return rows with a value of each of the choices, in which any two values of two choices meet."""

    def meetings(row):
        return set(combinations(enumerate(row), 2))

    grid = [*product(*(range(len(values)) for values in choices))]
    missing = set().union(*map(meetings, grid))
    rows = []
    while missing:
        row = max(grid, key=lambda row: len(meetings(row) & missing))
        missing -= meetings(row)
        rows.append(tuple(values[i] for values, i in zip(choices, row, strict=True)))
    return rows
