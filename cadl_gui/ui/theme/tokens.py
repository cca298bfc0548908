"""Design tokens: every colour and size of the interface, with no computation."""

from dataclasses import dataclass
from typing import Literal

from cadl_gui.pictures.label_colours import Background

TextRole = Literal["small", "caption", "body", "section", "value", "hero"]
"""The sizes of type; the smallest is for what would otherwise be cut off."""

FONT_FAMILY = "Inter"
REGULAR, SEMIBOLD = 400, 600

UNIT_PX = 4
GAP_SMALL_PX, GAP_PX, GAP_LARGE_PX = 8, 16, 24
PAGE_MARGIN_PX = 16
RADIUS_PX = 6
FOCUS_RING_PX = 2

UNLIMITED_PX = 16_777_215
"""Qt's largest size of a widget, which PySide6 has no name for."""

AXES_MS = 300


@dataclass(frozen=True, kw_only=True)
class Colours:
    """Colours of the interface, as `#RRGGBB`.

    Attributes:
        window: background of the window.
        raised: background of fields, buttons and menus.
        plot: background of curves.
        line: hairlines between regions.
        field_edge: edges of controls; also text of disabled ones.
        text: primary text.
        secondary: captions, help and units.
        accent: the only accent colour of the interface.
        on_accent: text on the accent.
        selected: background of the selection.
        caution: text and symbol of a caution.
        caution_surface: background of a caution.
        error: text, symbol and edge of an error.
        error_surface: background of an error.
    """

    window: str
    raised: str
    plot: str
    line: str
    field_edge: str
    text: str
    secondary: str
    accent: str
    on_accent: str
    selected: str
    caution: str
    caution_surface: str
    error: str
    error_surface: str


@dataclass(frozen=True, kw_only=True)
class Sizes:
    """Lengths in device-independent pixels; font sizes come first.

    Attributes:
        rail: width of the run list if it has only large badges; 0 if it has names.
        track_scale: magnification of the timeline's track.
        recognised: least side of an image of many at which it is recognised; 0 if all of them matter more.
        track_rise: how far the track is above the middle, since the names below it are large.
    """

    small: int
    caption: int
    body: int
    section: int
    value: int
    hero: int
    control: int
    tab_bar: int
    timeline: int
    rail: int
    track_scale: float
    track_rise: int
    lesson: int
    recognised: int
    icon: int
    icon_stroke: float
    validation_line: float
    train_line: float
    point_radius: int
    handle_radius: int


LIGHT = Colours(
    window="#F5F5F4",
    raised="#FFFFFF",
    plot="#FFFFFF",
    line="#DADAD8",
    field_edge="#87898C",
    text="#1B1C1E",
    secondary="#5B5E63",
    accent="#1D5FD1",
    on_accent="#FFFFFF",
    selected="#DCE7FB",
    caution="#7A4F00",
    caution_surface="#FFF1D0",
    error="#B3261E",
    error_surface="#FDE8E6",
)

DARK = Colours(
    window="#1A1B1D",
    raised="#242628",
    plot="#121315",
    line="#34373A",
    field_edge="#75797E",
    text="#E9EAEC",
    secondary="#A9ADB3",
    accent="#7EB0FF",
    on_accent="#0B1B33",
    selected="#1F3354",
    caution="#F2C15A",
    caution_surface="#3A2E12",
    error="#FF8A80",
    error_surface="#42201E",
)

NORMAL = Sizes(
    small=12,
    caption=12,
    body=13,
    section=15,
    value=20,
    hero=56,
    control=28,
    tab_bar=40,
    timeline=64,
    rail=0,
    track_scale=1.0,
    track_rise=0,
    lesson=320,
    recognised=0,
    icon=20,
    icon_stroke=1.5,
    validation_line=2.5,
    train_line=1.5,
    point_radius=4,
    handle_radius=14,
)

PRESENT = Sizes(
    small=18,
    caption=27,
    body=27,
    section=34,
    value=44,
    hero=84,
    control=48,
    tab_bar=64,
    timeline=80,
    rail=64,
    track_scale=1.5,
    track_rise=8,
    lesson=440,
    recognised=64,
    icon=28,
    icon_stroke=2.0,
    validation_line=5.0,
    train_line=3.0,
    point_radius=8,
    handle_radius=22,
)

RUN_COLOURS: dict[Background, tuple[str, ...]] = {
    "light": ("#000B85", "#851600", "#1690C8", "#A67A00", "#4E0037", "#2C59A6"),
    "dark": ("#A6D3FF", "#FFD39B", "#00B190", "#BC85FF", "#598500", "#A643A6"),
}
"""Colours of runs A to F: none is one of a class, since a run's letter stands beside classes in many figures.

Navy, brick, sky, ochre, aubergine and steel; pale blue, peach, sea, lavender, olive and plum.
"""
