"""The theme that is on, as one object that every widget is given."""

from collections.abc import Iterator
from functools import cache
from typing import Literal

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QColor, QFont, QFontDatabase, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication
from shiboken6 import isValid

from cadl_gui.domain.run_letters import number_of
from cadl_gui.pictures.label_colours import LABEL_COLOURS, Background
from cadl_gui.system.resources import resource_path
from cadl_gui.ui.theme.display_options import DisplayOptions
from cadl_gui.ui.theme.stylesheet import stylesheet
from cadl_gui.ui.theme.tokens import (
    DARK,
    FONT_FAMILY,
    LIGHT,
    NORMAL,
    PRESENT,
    REGULAR,
    RUN_LABELS,
    Colours,
    Sizes,
    TextRole,
)

ThemeMode = Literal["system", "light", "dark"]

_SCHEMES = {"light": Qt.ColorScheme.Light, "dark": Qt.ColorScheme.Dark, "system": Qt.ColorScheme.Unknown}


class Theme(QObject):
    """Which colours and sizes hold, and the one place that changes them.

    Standard widgets follow the palette and style sheet of the application. Widgets that paint themselves
    read `colours`, `sizes` and `font` while painting and repaint on `changed`.

    Styling a window of a thousand widgets takes longer than a frame may, so it is done in turns of the event
    loop, between which nothing is painted; choices that come meanwhile are styled together after it.

    Signals:
        changed: colours, sizes or motion are other ones; the application is already restyled.
    """

    changed = Signal()

    def __init__(
        self,
        mode: ThemeMode = "system",
        *,
        present: bool = False,
        reduce_motion: bool = False,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._mode: ThemeMode = mode
        self._present = present
        self._reduce_motion = reduce_motion
        self._display = DisplayOptions(self)
        self._application: QApplication | None = None
        self._turns: Iterator[None] | None = None
        self._is_outdated = False
        self._next_turn = QTimer(self, singleShot=True, interval=0)
        self._next_turn.timeout.connect(self._take_turn)

    @property
    def mode(self) -> ThemeMode:
        """What was chosen; see `is_dark` for what it comes to."""
        return self._mode

    @property
    def present(self) -> bool:
        """Whether sizes are those for a class that looks at a wall."""
        return self._present

    @property
    def reduce_motion(self) -> bool:
        """Whether nothing eases."""
        return self._reduce_motion

    @property
    def display(self) -> DisplayOptions:
        """How figures are to be shown, which changes nothing else."""
        return self._display

    @property
    def is_dark(self) -> bool:
        """Whether the colours that hold are the dark ones."""
        if self._mode == "system":
            return QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark
        return self._mode == "dark"

    @property
    def colours(self) -> Colours:
        """The colours that hold."""
        return DARK if self.is_dark else LIGHT

    @property
    def sizes(self) -> Sizes:
        """The sizes that hold."""
        return PRESENT if self._present else NORMAL

    @property
    def background(self) -> Background:
        """What lies beneath marks on a plot or on the window; images are a dark bed in either theme."""
        return "dark" if self.is_dark else "light"

    def label_colours(self, background: Background) -> tuple[str, ...]:
        """Colours of the labels 0 to 9 on that bed."""
        return LABEL_COLOURS[background]

    def run_colour(self, letter: str) -> str:
        """Colour of run A, B, … on the window; from G on the six repeat, and curves are dashed."""
        return LABEL_COLOURS[self.background][RUN_LABELS[number_of(letter) % len(RUN_LABELS)]]

    def is_dashed(self, letter: str) -> bool:
        """Whether curves of run G, H, … have dashes, which tell them from A, B and the others before."""
        return number_of(letter) >= len(RUN_LABELS)

    def font(self, role: TextRole = "body", weight: int = REGULAR) -> QFont:
        """Font for painting: Inter with figures of equal width, so that no live number jitters."""
        return QFont(_font(getattr(self.sizes, role), weight))

    def duration_ms(self, planned_ms: int) -> int:
        """How long a movement takes: as planned, or 0 if motion is reduced."""
        return 0 if self._reduce_motion else planned_ms

    @Slot(str)
    def set_mode(self, mode: ThemeMode) -> None:
        """Choose light, dark, or whatever the system says."""
        if mode == self._mode:
            return
        self._mode = mode
        self._restyle()

    @Slot(bool)
    def set_present(self, present: bool) -> None:
        """Switch present mode."""
        if present == self._present:
            return
        self._present = present
        self._restyle()

    @Slot(bool)
    def set_reduce_motion(self, reduce_motion: bool) -> None:
        """Switch all easing off or on."""
        if reduce_motion == self._reduce_motion:
            return
        self._reduce_motion = reduce_motion
        self.changed.emit()

    def prepare(self, application: QApplication) -> None:
        """Have the fonts and Qt's own style ready for widgets that are made before `apply`."""
        for style in ("Regular", "SemiBold"):
            QFontDatabase.addApplicationFont(str(resource_path(f"fonts/Inter-{style}.ttf")))
        application.setStyle("Fusion")
        application.setFont(self.font())

    def apply(self, application: QApplication) -> None:
        """Style the application, now and whenever the theme or the system's own scheme changes.

        A window that is built before needs a third less time: beneath a style sheet, Qt styles every widget
        again each time that one of its ancestors is put into another.
        """
        self._application = application
        self._restyle()
        self.settle()
        application.styleHints().colorSchemeChanged.connect(self._follow_system)

    @Slot()
    def _follow_system(self) -> None:
        if self._mode == "system":
            self._restyle()

    def settle(self) -> None:
        """Finish at once what is still to be restyled."""
        while self._turns is not None:
            self._take_turn()

    def _restyle(self) -> None:
        if self._application is None:
            self.changed.emit()
        elif self._turns is not None:
            self._is_outdated = True
        else:
            self._turns = self._restyling(self._application)
            self._take_turn()

    @Slot()
    def _take_turn(self) -> None:
        if self._turns is None:
            return
        if not next(self._turns, True):
            self._next_turn.start()
            return
        self._turns = None
        if self._is_outdated:
            self._restyle()

    def _restyling(self, application: QApplication) -> Iterator[None]:
        windows = [window for window in application.topLevelWidgets() if window.isVisible()]
        for window in windows:
            window.setUpdatesEnabled(False)
        # Where a style sheet takes the place of another, Qt styles each widget once for every ancestor: a
        # window of 900 widgets stood still for 0.4 s. Without one before, each is styled once.
        application.setStyleSheet("")
        yield
        self._is_outdated = False
        # Before the palette, which it resets: tells the platform, so that title bar and dialogs match.
        application.styleHints().setColorScheme(_SCHEMES[self._mode])
        application.setPalette(_palette(self.colours))
        application.setFont(self.font())
        indicators = resource_path(f"icons/{self.background}")
        application.setStyleSheet(stylesheet(self.colours, self.sizes, indicators))
        yield
        self.changed.emit()
        for window in windows:
            if isValid(window):
                window.setUpdatesEnabled(True)
                # What was to be painted just before is still marked so, and Qt asks once for each mark: it
                # would not ask again. After whatever is still to be laid out.
                request = QEvent(QEvent.Type.UpdateRequest)
                QCoreApplication.postEvent(window, request, Qt.EventPriority.LowEventPriority.value)


@cache
def _font(pixel_size: int, weight: int) -> QFont:
    """Asked for at every text that is painted; to be copied, since a font can be changed."""
    font = QFont(FONT_FAMILY)
    font.setPixelSize(pixel_size)
    font.setWeight(QFont.Weight(weight))
    font.setFeature(QFont.Tag("tnum"), 1)
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
