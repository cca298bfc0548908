"""The current theme, as one object that is passed to every widget."""

from functools import cache
from typing import Literal

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtGui import QColor, QFont, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

from cadl_gui.domain.run_letters import number_of
from cadl_gui.pictures.label_colours import LABEL_COLOURS, Background
from cadl_gui.system.resources import resource_path
from cadl_gui.ui.theme.fonts import load_fonts
from cadl_gui.ui.theme.stage import Stage
from cadl_gui.ui.theme.stylesheet import stylesheet
from cadl_gui.ui.theme.tokens import (
    DARK,
    FONT_FAMILY,
    LIGHT,
    NORMAL,
    PRESENT,
    REGULAR,
    RUN_COLOURS,
    UNIT_PX,
    Colours,
    Sizes,
    TextRole,
)

ThemeMode = Literal["system", "light", "dark"]

_SCHEMES = {"light": Qt.ColorScheme.Light, "dark": Qt.ColorScheme.Dark, "system": Qt.ColorScheme.Unknown}

_LARGE_PX = 32
"""Type from here on may be painted as outlines: glyphs of more than 64 pixels of the screen are."""

_DASHES: tuple[tuple[float, ...], ...] = ((), (2.5, 1.5), (1.0, 1.5))
"""Lengths of a dash and of a gap of the first six runs, the next six, and the ones after these."""


class Theme(QObject):
    """Holds the current colours and sizes, and is the only place that changes them.

    Standard widgets follow the application's palette and style sheet. Custom-painted widgets read `colours`,
    `sizes` and `font` while painting, and repaint on `figures_changed`.

    Signals:
        changed: colours, sizes, motion or Details have changed; the application is already restyled, and what
            a mode has stands there.
        figures_changed: so has what is painted, for these or as *Ink on paper* and the colour map change.

    Attributes:
        stage: shows and hides widgets by Details and present mode.
    """

    changed = Signal()
    figures_changed = Signal()

    def __init__(
        self,
        mode: ThemeMode = "system",
        *,
        present: bool = False,
        details: bool = False,
        reduce_motion: bool = False,
    ) -> None:
        super().__init__()
        self._mode: ThemeMode = mode
        self.stage = Stage(details=details, presents=present)
        self._reduce_motion = reduce_motion
        self._tells = False
        self._inverted, self._colour_map = False, "coolwarm"
        self._application: QApplication | None = None

    @property
    def mode(self) -> ThemeMode:
        """The chosen mode; see `is_dark` for the result."""
        return self._mode

    @property
    def present(self) -> bool:
        """Whether present mode is on, with sizes for projection to a class."""
        return self.stage.presents

    @property
    def details(self) -> bool:
        """Whether Details are on: numbers and controls that need an explanation."""
        return self.stage.details

    @property
    def reduce_motion(self) -> bool:
        """Whether animations are off."""
        return self._reduce_motion

    @property
    def inverted(self) -> bool:
        """*Ink on paper*: whether dataset images have black and white swapped, for a bright room."""
        return self._inverted

    @property
    def colour_map(self) -> str:
        """Name of the colour map for signed numbers."""
        return self._colour_map

    @property
    def is_dark(self) -> bool:
        """Whether the current colours are the dark ones."""
        if self._mode == "system":
            return QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark
        return self._mode == "dark"

    @property
    def colours(self) -> Colours:
        """The current colours."""
        return DARK if self.is_dark else LIGHT

    @property
    def sizes(self) -> Sizes:
        """The current sizes."""
        return PRESENT if self.present else NORMAL

    @property
    def line_px(self) -> int:
        """Height of a line of captions, which has some room around it."""
        return self.sizes.caption + UNIT_PX

    @property
    def look(self) -> tuple[object, ...]:
        """What `changed` tells of, for bindings that render it: they are asked then."""
        return self.colours, self.sizes, self.details, self._reduce_motion

    @property
    def background(self) -> Background:
        """Background of marks on a plot or on the window; images have a dark background in either theme."""
        return "dark" if self.is_dark else "light"

    def label_colours(self, background: Background) -> tuple[str, ...]:
        """Return the colours of labels 0 to 9 on this background."""
        return LABEL_COLOURS[background]

    def run_colour(self, letter: str) -> str:
        """Return the colour of run A, B, … on the window; from G on, the six repeat with `run_dashes`."""
        colours = RUN_COLOURS[self.background]
        return colours[number_of(letter) % len(colours)]

    def run_dashes(self, letter: str) -> tuple[float, ...]:
        """Return the lengths of a dash and of a gap of a run's curves, in widths of the line; () if whole.

        They distinguish runs of one colour: A to F have whole lines, G to L dashes, M to R dots, and so on.
        """
        return _DASHES[number_of(letter) // len(RUN_COLOURS[self.background]) % len(_DASHES)]

    def font(self, role: TextRole | int = "body", weight: int = REGULAR) -> QFont:
        """Return a font for painting: Inter with tabular figures, so that changing numbers do not jitter.

        Args:
            role: Role of the text, or its size in pixels.
        """
        return QFont(_font(role if isinstance(role, int) else getattr(self.sizes, role), weight))

    def duration_ms(self, planned_ms: int) -> int:
        """Return the duration of an animation in milliseconds: as planned, or 0 if motion is reduced."""
        return 0 if self._reduce_motion else planned_ms

    def set_mode(self, mode: ThemeMode) -> None:
        """Choose light, dark, or the system's setting."""
        if mode == self._mode:
            return
        self._mode = mode
        self._restyle()

    def set_present(self, present: bool) -> None:
        """Switch present mode on or off."""
        if present == self.present:
            return
        self.stage.presents = present
        self.stage.turn()
        self._restyle()

    def set_details(self, details: bool) -> None:
        """Switch Details on or off."""
        if details == self.details:
            return
        self.stage.details = details
        self.stage.turn()
        self._tell()

    def set_reduce_motion(self, reduce_motion: bool) -> None:
        """Switch animations off or on."""
        if reduce_motion == self._reduce_motion:
            return
        self._reduce_motion = reduce_motion
        self._tell()

    def set_inverted(self, inverted: bool) -> None:
        """Switch *Ink on paper* on or off."""
        if inverted != self._inverted:
            self._inverted = inverted
            self.figures_changed.emit()

    def set_colour_map(self, name: str) -> None:
        """Set the colour map for signed numbers."""
        if name != self._colour_map:
            self._colour_map = name
            if not self._tells:  # else they are painted anew in a moment
                self.figures_changed.emit()

    def prepare(self, application: QApplication) -> None:
        """Load the fonts and Qt's style for widgets that are created before `apply`."""
        load_fonts()
        application.setStyle("Fusion")
        application.setFont(self.font())

    def apply(self, application: QApplication) -> None:
        """Style the application, now and whenever the theme or the system's colour scheme changes.

        Call it after building the window, which then takes a third less time: under a style sheet, Qt
        restyles every widget each time that one of its ancestors gets a new parent.
        """
        self._application = application
        self.stage.turn()
        self._restyle()
        application.styleHints().colorSchemeChanged.connect(self._follow_system)

    @Slot()
    def _follow_system(self) -> None:
        if self._mode == "system":
            self._restyle()

    def _tell(self) -> None:
        self._tells = True
        self.changed.emit()
        self._tells = False
        self.figures_changed.emit()

    def _restyle(self) -> None:
        application = self._application
        if application is not None:
            # When one style sheet replaces another, Qt styles each widget once per ancestor, which takes four
            # times as long.
            application.setStyleSheet("")
            # Before the palette, which this resets: the platform then matches title bar and dialogs.
            application.styleHints().setColorScheme(_SCHEMES[self._mode])
            application.setPalette(_palette(self.colours))
            application.setFont(self.font())
            indicators = resource_path(f"icons/{self.background}")
            application.setStyleSheet(stylesheet(self.colours, self.sizes, indicators))
        self._tell()


@cache
def _font(pixel_size: int, weight: int) -> QFont:
    """Return a cached font, since every painted text asks for one; copy it before changing it."""
    font = QFont(FONT_FAMILY)
    font.setPixelSize(pixel_size)
    font.setWeight(QFont.Weight(weight))
    font.setFeature(QFont.Tag("tnum"), 1)
    if pixel_size > _LARGE_PX:
        # WORKAROUND Qt 6.11 with FreeType: an outline is shifted as the last glyph was whose font had the
        # same face, in any size. By an axis that Inter lacks, type looks the same and has its own face.
        font.setVariableAxis(QFont.Tag("size"), pixel_size)
    return font


def _palette(colours: Colours) -> QPalette:
    role = QPalette.ColorRole
    palette = QPalette()
    for roles, colour in (
        ((role.Window, role.AlternateBase), colours.window),
        ((role.Base, role.Button, role.ToolTipBase, role.Light), colours.raised),
        ((role.WindowText, role.Text, role.ButtonText, role.ToolTipText, role.HighlightedText), colours.text),
        ((role.PlaceholderText,), colours.secondary),
        ((role.Highlight,), colours.selected),
        ((role.Accent, role.Link, role.LinkVisited), colours.accent),
        ((role.Midlight, role.Mid), colours.line),
        ((role.Dark, role.Shadow), colours.field_edge),
        ((role.BrightText,), colours.on_accent),
    ):
        for one in roles:
            palette.setColor(one, QColor(colour))
    for one in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, one, QColor(colours.field_edge))
    return palette
