"""Ten label colours that have names, and that colour-blind people can distinguish."""

from typing import Literal

Background = Literal["light", "dark"]
"""Brightness of the background under a mark, which determines label colours, independently of the theme."""

LABEL_COLOURS: dict[Background, tuple[str, ...]] = {
    "light": (
        "#E761BD", "#865A48", "#BF000B", "#E35600", "#D4AA00",
        "#39A255", "#0168FF", "#7527AC", "#908E8E", "#007476",
    ),
    "dark": (
        "#E255AB", "#9D7660", "#E23229", "#FD9E20", "#FFE923",
        "#AEE58D", "#6EA9F6", "#9C53FA", "#AFAEA7", "#1EE4DA",
    ),
}  # fmt: skip
"""Colour of each digit: that of the resistor colour code where visible, pink and teal for 0 and 9."""

Outline = tuple[tuple[float, float], ...]

OUTLINES: tuple[Outline, ...] = (
    (),
    ((-0.87, -0.87), (0.87, -0.87), (0.87, 0.87), (-0.87, 0.87)),
    ((0, -1.25), (1.25, 0), (0, 1.25), (-1.25, 0)),
    ((0, -1.3), (1.25, 0.9), (-1.25, 0.9)),
    ((-1.25, -0.9), (1.25, -0.9), (0, 1.3)),
)
"""Shapes of marks of about equal area, y down, for a radius of 1; () is a circle. Ten labels have each."""


def outline_of(label: int) -> Outline:
    """Shape of a label's mark: as colours repeat after ten labels, the next ten have another shape."""
    return OUTLINES[label // len(LABEL_COLOURS["light"]) % len(OUTLINES)]
