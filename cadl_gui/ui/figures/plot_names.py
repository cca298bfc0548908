"""Where the names of curves are written, so that they do not overlap."""

from collections.abc import Iterable, Sequence


def most_apart(centres: Sequence[float], n: int) -> list[int]:
    """Choose up to n lines of text: the first, then repeatedly the one farthest from those chosen.

    Args:
        centres: Preferred centres of the lines; at least one.
        n: Maximum number, n ≥ 1.

    Returns:
        Their indices, in order.
    """
    chosen, others = [0], list(range(1, len(centres)))
    while others and len(chosen) < n:
        farthest = max(others, key=lambda i: min(abs(centres[i] - centres[j]) for j in chosen))
        others.remove(farthest)
        chosen.append(farthest)
    return sorted(chosen)


def spread(centres: Iterable[float], height: float, room: float) -> list[float]:
    """Move centres apart as little as possible, keeping their order, so that the lines do not overlap.

    Crowded lines are centred around their preferred positions.

    Args:
        centres: Preferred centres of the lines, in pixels from the top.
        room: Available height; if it is not enough, the first lines overflow at the top.

    Returns:
        The new centres, in the order given.
    """
    wanted = list(centres)
    order = sorted(range(len(wanted)), key=wanted.__getitem__)
    # Minus the lines before them, positions must not decrease: neighbours that do are pooled at their mean.
    crowds: list[tuple[float, int]] = []
    for n_before, index in enumerate(order):
        mean, n = wanted[index] - n_before * height, 1
        while crowds and crowds[-1][0] > mean:
            other, n_others = crowds.pop()
            mean, n = (mean * n + other * n_others) / (n + n_others), n + n_others
        crowds.append((mean, n))
    means = [mean for mean, n in crowds for _ in range(n)]
    highest, lowest = height / 2, room - height / 2 - (len(wanted) - 1) * height
    placed = wanted.copy()
    for n_before, index in enumerate(order):
        placed[index] = min(max(means[n_before], highest), lowest) + n_before * height
    return placed
