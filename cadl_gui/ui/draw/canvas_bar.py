"""The toolbar of the canvas, with its actions and shortcuts."""

from dataclasses import replace

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from cadl_gui.domain.drawing import Colour
from cadl_gui.domain.image_formats import IMAGE_SUFFIXES
from cadl_gui.engine.view_state import ViewState
from cadl_gui.system.words import _
from cadl_gui.ui.actions import ActionRow, ActionSet
from cadl_gui.ui.controls.action_button import tool_button
from cadl_gui.ui.controls.jump_slider import JumpSlider
from cadl_gui.ui.controls.parts import named, row_in
from cadl_gui.ui.draw.colour_button import ColourButton
from cadl_gui.ui.draw.drawing_canvas import DEFAULT_BRUSH, DrawingCanvas
from cadl_gui.ui.file_dialogs import ask_for_file
from cadl_gui.ui.settings import FileKind, Settings
from cadl_gui.ui.theme.stage import When
from cadl_gui.ui.theme.theme import Theme
from cadl_gui.ui.theme.tokens import UNIT_PX

_THINNEST, _FATTEST = 2, 20
"""Brush sizes in hundredths of the canvas."""

_LEAST_BRUSH_PX = 64
"""In a narrower bar, buttons that have a shortcut and a menu entry are hidden, and then the brush."""


class CanvasBar(QWidget):
    """Brush slider, colour and buttons of a canvas.

    Args:
        canvas: the canvas.
        view: has the drawing.
        theme: for icons and sizes.
        settings: store the size of the brush.

    Attributes:
        action_set: the actions of this module's rows, in order.
        canvas: the canvas.
        colour: offers colours for the brush.
        view: has the drawing and its steps.
        has_images: whether a random image can be requested.

    Signals:
        random_requested: put a test image on the canvas.
    """

    random_requested = Signal()

    def __init__(self, canvas: DrawingCanvas, view: ViewState, theme: Theme, settings: Settings) -> None:
        super().__init__()
        self.canvas = canvas
        self.view = view
        self._stage = theme.stage
        self.has_images = False
        self.colour = ColourButton(theme)
        self.colour.chosen.connect(self._on_colour)
        tip = _("Brush size, in hundredths of the canvas ([ and ])")
        self._brush = named(JumpSlider(), "brushSizeSlider", tip, says=_("Brush size"))
        self._brush.setRange(_THINNEST, _FATTEST)
        self._settings = settings
        self._brush.setValue(settings.brush or round(100 * DEFAULT_BRUSH))
        canvas.set_brush(self._brush.value() / 100)
        self._brush.valueChanged.connect(self._on_brush)
        row = row_in(self, UNIT_PX, (self._brush, 1), self.colour)
        self.action_set = ActionSet(ROWS, self, theme, self)
        others = {about.key for about in ROWS if not about.presented}
        self._presented: list[QWidget] = []
        self._others: list[QWidget] = []
        for action in (action for action in self.action_set if not action.icon().isNull()):
            button = tool_button(action)
            row.addWidget(button)
            is_other = action.objectName().removesuffix("Action") in others
            (self._others if is_other else self._presented).append(button)
        theme.stage.put(When.AT_A_DESK, *self._others)
        # Images beside the canvas can be copied, too.
        canvas.addAction(self.action_set["copy"])
        theme.changed.connect(self._restyle)
        view.bind(self.action_set, self._offered, self.action_set.refresh)
        view.bind(self.action_set, lambda: view.drawing.form, self._on_form)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Hide buttons if necessary, so that the brush slider stays usable."""
        super().resizeEvent(event)
        self._restyle()

    def _offered(self) -> object:
        steps = self.view.to_undo_drawn, self.view.to_redo_drawn
        return self.view.drawing.drawing.is_blank, self.takes_back, *(step is None for step in steps)

    @property
    def takes_back(self) -> bool:
        """Whether a guess of the class is taken back, not the drawing."""
        return self.view.value.is_guessing and bool(self.view.value.draw.guesses)

    def clear(self) -> None:
        """Empty the canvas or, while the class guesses, take its last guess back."""
        draw = self.view.value.draw
        if self.takes_back:
            self.view.change(draw=replace(draw, guesses=draw.guesses[:-1]))
        else:
            self.canvas.clear()

    def change_brush(self, by: int) -> None:
        """Change the brush size by this many hundredths of the canvas."""
        self._brush.setValue(self._brush.value() + by)

    def set_images(self, has_images: bool) -> None:
        """Set whether a random image can be requested."""
        self.has_images = has_images
        self.action_set.refresh()

    @Slot(tuple)
    def _on_colour(self, colour: Colour) -> None:
        self.canvas.set_colour(colour)
        self.colour.set_colour(colour)

    def _on_form(self) -> None:
        self.colour.setVisible(not self.canvas.form.is_ink)
        self.colour.set_colour(self.canvas.colour)
        self.action_set.refresh()
        self._restyle()

    @Slot(int)
    def _on_brush(self, size: int) -> None:
        self.canvas.set_brush(size / 100)
        self._settings.brush = size

    @Slot()
    def _restyle(self) -> None:
        room = self.width() + UNIT_PX
        if not self.colour.isHidden():
            room -= UNIT_PX + self.colour.sizeHint().width()
        # Those of present mode take their room first, then the brush, and then the others.
        for parts in (self._presented, [self._brush], self._others):
            for part in parts:
                room -= UNIT_PX + (_LEAST_BRUSH_PX if part is self._brush else part.sizeHint().width())
                self._stage.show(part, room >= 0)

    def choose_image(self) -> None:
        """Ask for an image file, and put it on the canvas."""
        kinds = " ".join(f"*{suffix}" for suffix in IMAGE_SUFFIXES)
        path = ask_for_file(self, FileKind.IMAGE, _("Open image"), _("Images ({kinds})").format(kinds=kinds))
        if path is not None:
            self.canvas.open_image(str(path))


ROWS: tuple[ActionRow[CanvasBar], ...] = (
    ActionRow(key="undoDrawing", menu="Draw", text="Undo in drawing", icon="arrow-back-up",
              help="Undo the last change of the drawing, whatever you did elsewhere since.",
              callback=lambda host: host.view.undo(host.view.to_undo_drawn),
              enabled=lambda host: host.view.to_undo_drawn is not None),
    ActionRow(key="redoDrawing", menu="Draw", text="Redo in drawing", icon="arrow-forward-up",
              help="Redo the last undone change of the drawing.",
              callback=lambda host: host.view.redo(host.view.to_redo_drawn),
              enabled=lambda host: host.view.to_redo_drawn is not None),
    ActionRow(key="eraser", menu="Draw", text="Erase", shortcuts=("E",), icon="eraser",
              help="Erase with the left button, too; the right one always does.",
              toggle=lambda host, on: host.canvas.set_erasing(on)),
    ActionRow(key="clear", menu="Draw", text="Clear", shortcuts=("Del", "Backspace"), icon="trash",
              help="Empty the canvas or, while the class guesses, take back the last guess.",
              callback=CanvasBar.clear,
              label=lambda host: _("Take back a guess") if host.takes_back else _("Clear"),
              tip=lambda host: _("Take back the last guess. (Del or Backspace)") if host.takes_back else "",
              enabled=lambda host: not host.canvas.drawing.is_blank),
    ActionRow(key="randomImage", menu="Draw", text="Random image", shortcuts=("R",), icon="dice-5",
              help="A test image that no open run was trained on.",
              callback=lambda host: host.random_requested.emit(), enabled=lambda host: host.has_images),
    ActionRow(key="openImage", menu="Draw", text="Open image…", shortcuts=("O",), icon="photo",
              presented=False,
              help="Put an image file on the canvas.", callback=CanvasBar.choose_image),
    ActionRow(key="paste", menu="Draw", text="Paste", shortcuts=("Ctrl+V",), icon="clipboard",
              presented=False,
              help="Put the clipboard's image on the canvas.", callback=lambda host: host.canvas.paste()),
    ActionRow(key="copy", menu="Draw", text="Copy image", shortcuts=("Ctrl+C",), icon="copy",
              context=Qt.ShortcutContext.WidgetShortcut, presented=False,
              help="Put the drawing on the clipboard, while the canvas has the focus.",
              callback=lambda host: host.canvas.copy(),
              enabled=lambda host: not host.canvas.drawing.is_blank),
    ActionRow(key="brushColour", menu="Draw", text="Brush colour…", shortcuts=("K",),
              help="Choose the colour of the brush; ink is always white on black.",
              callback=lambda host: host.colour.open_menu(), enabled=lambda host: not host.canvas.form.is_ink,
              why_not=lambda _host: _("The run shown takes ink, which is white on black.")),
    ActionRow(key="thinner", menu="Draw", text="Thinner pen", shortcuts=("[",),
              help="Draw with a thinner pen.", callback=lambda host: host.change_brush(-1)),
    ActionRow(key="thicker", menu="Draw", text="Thicker pen", shortcuts=("]",),
              help="Draw with a thicker pen.", callback=lambda host: host.change_brush(1)),
)  # fmt: skip
