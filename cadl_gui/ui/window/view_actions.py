"""Actions of the View menu, apart from showing a tab."""

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QByteArray, QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QMainWindow, QTabWidget

from cadl_gui.engine.view_state import ViewState
from cadl_gui.system.words import _
from cadl_gui.ui.actions import ActionRow, ActionSet
from cadl_gui.ui.figures.figure_panel import GESTURES, FigurePanel
from cadl_gui.ui.settings import Settings
from cadl_gui.ui.tab_page import TabPage
from cadl_gui.ui.theme.theme import Theme, ThemeMode
from cadl_gui.ui.window.window_part import WindowPart


class ViewActions(WindowPart):
    """Changes how the window looks, and stores the choice.

    Args:
        window: parent of the actions.
        theme: theme to change.
        settings: stores the choices.
        view: whether the form is shown.

    Attributes:
        action_set: the actions of this module's rows, in order.
        theme: the theme.
    """

    def __init__(self, window: QMainWindow, theme: Theme, settings: Settings, view: ViewState) -> None:
        super().__init__(window)
        self.theme = theme
        self._settings = settings
        self._view = view
        self._before_presenting: QByteArray | None = None
        self._was_full_screen = False
        self.action_set = ActionSet(ROWS, self, theme, window)
        view.bind(self, lambda: view.value.train.form, self._check_form)
        theme.changed.connect(self.action_set.refresh)
        self.action_set.refresh()
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Leave full screen with Escape, unless a part uses the key, as Spotlight does.

        Present mode stays: the key closes menus, and pressed once too often it must not end the lesson.
        Whatever else fills the screen or ends that, as a window manager may, shows in the menu.
        """
        if event.type() is QEvent.Type.WindowStateChange:
            # Not the others: on the way into present mode, its own action is ahead of the theme.
            self.action_set["full_screen"].setChecked(self.window.isFullScreen())
        is_escape = isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape
        leaves = is_escape and self.window.isFullScreen() and not self.is_presenting
        if leaves and event.type() is QEvent.Type.KeyPress:
            self.action_set["full_screen"].trigger()
            return True
        return super().eventFilter(watched, event)

    @property
    def is_presenting(self) -> bool:
        """Whether the window is in present mode."""
        return self.theme.present

    @property
    def geometry(self) -> QByteArray:
        """The window's geometry for the next start, at which present mode and its full screen are off."""
        before = self._before_presenting
        return self.window.saveGeometry() if before is None or self._was_full_screen else before

    def choose_mode(self, mode: ThemeMode) -> None:
        """Switch to light or dark colours, or follow the system."""
        self._settings.theme_mode = mode
        self.theme.set_mode(mode)

    def present(self, on: bool) -> None:
        """Switch present mode on or off; until it is left, it fills the screen."""
        if on != self.is_presenting:
            self._fill_screen(on)
            self.theme.set_present(on)

    def _fill_screen(self, on: bool) -> None:
        """Fill the screen, or return to the window from before, which may have filled it, too."""
        if on:
            self._was_full_screen = self.window.isFullScreen()
            self._before_presenting = self.window.saveGeometry()
            self.window.setWindowState(self.window.windowState() | Qt.WindowState.WindowFullScreen)
            return
        self._before_presenting = None
        if not self._was_full_screen:
            self.window.setWindowState(self.window.windowState() & ~Qt.WindowState.WindowFullScreen)

    def reduce_motion(self, on: bool) -> None:
        """Turn animations off or on."""
        self._settings.reduce_motion = on
        self.theme.set_reduce_motion(on)

    def show_details(self, on: bool) -> None:
        """Show or hide numbers and controls that need an explanation."""
        self._settings.details = on
        self.theme.set_details(on)

    def toggle_full_screen(self) -> None:
        """Switch full screen on or off."""
        self.window.setWindowState(self.window.windowState() ^ Qt.WindowState.WindowFullScreen)

    @property
    def figure(self) -> FigurePanel | None:
        """The figure that has the focus or, where none has it, the main one of the page or its first."""
        tabs = self.window.findChild(QTabWidget, "tabs")
        page = None if tabs is None else tabs.currentWidget()
        if not isinstance(page, TabPage):
            return None
        panels = [panel for panel in page.findChildren(FigurePanel) if panel.isVisible()]
        asked = (self.window.focusWidget(), page.main_view())
        around = (panel for widget in asked for panel in panels if panel.has(widget))
        return next(around, panels[0] if panels else None)

    def _check_form(self) -> None:
        self.action_set["form"].setChecked(self.has_form)

    def do_with_figure(self, gesture: Callable[[FigurePanel], object]) -> None:
        """Do something with the figure, as its own buttons and keys do."""
        if (figure := self.figure) is not None:
            gesture(figure)

    @property
    def has_form(self) -> bool:
        """Whether the form of the Train tab is shown."""
        return self._view.value.train.form

    def show_form(self, shown: bool) -> None:
        """Show or hide the form of the Train tab."""
        self._view.change(train=replace(self._view.value.train, form=shown))


def _gesture_row(number: int, gesture: Callable[[FigurePanel], object]) -> ActionRow[ViewActions]:
    """Return the row of a gesture, whose own key works on the figure that has the focus only."""
    name, key, about = GESTURES[number]
    return ActionRow(
        key=name.lower(), menu="View", text=name, separated=number == 0,
        help=_("{about} While the image has the focus, {key} does it, too.").format(about=about, key=key),
        callback=lambda host: host.do_with_figure(gesture),
    )  # fmt: skip


ROWS: tuple[ActionRow[ViewActions], ...] = (
    ActionRow(
        key="present", menu="View", text="Present", shortcuts=("F5",), icon="presentation", separated=True,
        checkable=True,
        help="Fill the screen with large text and thick lines, for a projector; F5 leaves it.",
        toggle=ViewActions.present,
        checked=lambda host: host.is_presenting,
    ),
    ActionRow(
        key="full_screen", menu="View", text="Full screen", shortcuts=("F11",),
        checkable=True, help="Fill the screen; Esc leaves it.",
        callback=ViewActions.toggle_full_screen,
        checked=lambda host: host.window.isFullScreen(),
    ),
    ActionRow(
        key="form", menu="View", text="Run settings", shortcuts=("Ctrl+E",),
        checkable=True, help="Show or hide the form of the Train tab.",
        toggle=ViewActions.show_form,
        enabled=lambda host: not host.is_presenting,
        checked=lambda host: host.has_form,
        why_not=lambda _host: _("Present mode has no settings; F5 leaves it."),
    ),
    ActionRow(
        key="details", menu="View", text="Details", shortcuts=("Ctrl+D",), checkable=True,
        help="Show what needs an explanation, too: more figures, numbers and switches.",
        toggle=ViewActions.show_details,
        checked=lambda host: host.theme.details,
    ),
    ActionRow(
        key="ink", menu="View", text="Ink on paper", shortcuts=("Ctrl+I",),
        checkable=True, help="Images black on white, for a bright room.",
        toggle=lambda host, on: host.theme.set_inverted(on),
        checked=lambda host: host.theme.inverted,
    ),
    ActionRow(
        key="light", menu="View", text="Light", shortcuts=("Ctrl+Alt+1",), separated=True, group="mode",
        checkable=True, help="Light colours.",
        callback=lambda host: host.choose_mode("light"),
        checked=lambda host: host.theme.mode == "light",
    ),
    ActionRow(
        key="dark", menu="View", text="Dark", shortcuts=("Ctrl+Alt+2",), group="mode",
        checkable=True, help="Dark colours.",
        callback=lambda host: host.choose_mode("dark"),
        checked=lambda host: host.theme.mode == "dark",
    ),
    ActionRow(
        key="system", menu="View", text="Use system setting", shortcuts=("Ctrl+Alt+3",), group="mode",
        checkable=True, help="Light or dark as the system is.",
        callback=lambda host: host.choose_mode("system"),
        checked=lambda host: host.theme.mode == "system",
    ),
    *(
        _gesture_row(number, gesture)
        for number, gesture in enumerate(
            (FigurePanel.toggle_spotlight, FigurePanel.toggle_hold, FigurePanel.toggle_curtain)
        )
    ),
    ActionRow(
        key="reduce_motion", menu="View", text="Reduce motion",
        checkable=True, help="Turn off animations.",
        toggle=ViewActions.reduce_motion,
        checked=lambda host: host.theme.reduce_motion,
    ),
)  # fmt: skip
