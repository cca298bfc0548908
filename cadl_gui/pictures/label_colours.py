"""Ten colours that can be named, and told apart by colour-blind people."""

from typing import Literal

Background = Literal["light", "dark"]
"""What lies beneath a mark: label colours follow it, not the theme."""

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
"""Colour of each digit: the resistor latent vector where a colour can be seen, pink and teal for 0 and 9."""
