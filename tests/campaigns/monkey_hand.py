"""Sends random events to the program's windows, in bursts (monkey testing)."""

import random
from collections.abc import Callable
from pathlib import Path

from file_dialogs import Asked, FileDialogs
from monkey_watch import WARM_EVENTS, Watch
from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, Qt, QTimer, Slot
from PySide6.QtGui import QAction, QDesktopServices, QGuiApplication, QWindow
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QTabWidget
from shiboken6 import isValid

from cadl_gui.domain.presets import PRESETS
from cadl_gui.engine.engine import Engine
from cadl_gui.engine.training_status import TrainingState
from cadl_gui.system.resources import shipped_runs
from cadl_gui.ui.window.main_window import MainWindow

_VISIT_MS = 3000
_MENU_MS = 300
_EVENT_MS = 8
_LONGEST_BURST = 60
_LONGEST_PAUSE_MS = 400
_TRAINED = ("vae", "lecture-autoencoder", "lecture-softmax")
_MOST_RUNS = 8
_SOME_STEPS = 40
_BESIDE = 0.05
"""Probability of starting a second training before a burst."""
_KEYS = (
    *(Qt.Key(code) for code in range(Qt.Key.Key_0, Qt.Key.Key_9 + 1)),
    *(Qt.Key(code) for code in range(Qt.Key.Key_A, Qt.Key.Key_Z + 1)),
    *(Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Home, Qt.Key.Key_End),
    *(Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Escape, Qt.Key.Key_Tab, Qt.Key.Key_Backtab),
    *(Qt.Key.Key_Delete, Qt.Key.Key_Backspace, Qt.Key.Key_Plus, Qt.Key.Key_Minus, Qt.Key.Key_Period),
    *(Qt.Key.Key_F1, Qt.Key.Key_F2, Qt.Key.Key_F5, Qt.Key.Key_F11, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown),
)
_MODIFIERS = (
    *(Qt.KeyboardModifier.NoModifier,) * 6,
    *(Qt.KeyboardModifier.ControlModifier,) * 3,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.AltModifier,
    Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier,
)
_MODIFIER_KEYS = {
    Qt.KeyboardModifier.ShiftModifier: Qt.Key.Key_Shift,
    Qt.KeyboardModifier.ControlModifier: Qt.Key.Key_Control,
    Qt.KeyboardModifier.AltModifier: Qt.Key.Key_Alt,
}
_BUTTONS = (*(Qt.MouseButton.LeftButton,) * 6, Qt.MouseButton.RightButton, Qt.MouseButton.MiddleButton)


class Monkey(QObject):
    """Uses a window until all its events are sent, then closes it.

    Args:
        window: window to use; nothing else closes it.
        engine: engine behind it, which is kept training.
        n_events: number of events.
        seed: seed of the random events.
        folder: folder for files that the monkey saves.
        watch: records faults.
        at_end: called once all events are sent, before the window is closed.
    """

    def __init__(
        self,
        window: MainWindow,
        engine: Engine,
        n_events: int,
        seed: int,
        folder: Path,
        watch: Watch,
        at_end: Callable[[], object],
    ) -> None:
        super().__init__(window)
        self._at_end = at_end
        self.n_left = n_events
        self._window = window
        self._engine = engine
        self._random = random.Random(seed)
        self._watch = watch
        self._n_events = n_events
        self._n_visited = 0
        # What TensorFlow keeps of a compiled network is no leak, so a long play begins with two of each kind:
        # two that take turns have a network each, and keys train whatever kind the form shows.
        pairs = [(name, beside) for name in PRESETS for beside in (True, False)]
        self._to_train_first = pairs if n_events > WARM_EVENTS else []
        self._burst = 0
        self._kind: Callable[[], str] = self._move
        self._at = QPoint(0, 0)
        self._dialogs = FileDialogs()
        self._stub_dialogs(folder)
        window.installEventFilter(self)
        self._menu_timer = QTimer(self, interval=_MENU_MS)
        self._menu_timer.timeout.connect(self._close_menu)
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._go_on)
        self._timer.start(100)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Prevent the window from closing while events remain."""
        if event.type() == QEvent.Type.Close and watched is self._window and self.n_left:
            event.ignore()
            return True
        return super().eventFilter(watched, event)

    @Slot()
    def _go_on(self) -> None:
        """Send one event. It may open a menu, in whose own event loop this timer does not fire."""
        self._menu_timer.start()
        self._play()
        self._menu_timer.stop()

    @Slot()
    def _close_menu(self) -> None:
        """Resume after the event that opened a menu."""
        opened = QApplication.activePopupWidget() or QApplication.activeModalWidget()
        if opened is not None:
            opened.close()

    def _play(self) -> None:
        if len(self._engine.runs) < len(shipped_runs()):
            return
        if not self._watch.is_on:
            if self._to_train_first:
                self._train_next_kind()
                return
            self._keep_training()
            if self._visit_tabs():
                self._watch.start()
            return
        if not self.n_left:
            self._leave()
            return
        if not self._burst:
            self._keep_training()
            self._burst = self._random.randint(1, _LONGEST_BURST)
            kinds = (self._move, self._drag, self._click, self._wheel, self._key, self._type, self._tab)
            rare = (self._resize, self._theme)
            self._kind = self._random.choice(kinds * 3 + rare)
            self._timer.start(self._random.randint(1, _LONGEST_PAUSE_MS))
        self.n_left -= 1
        self._burst -= 1
        self._watch.report_event(self._kind())
        if self._burst:
            self._timer.start(_EVENT_MS)
        self._watch.sample(self._n_events - self.n_left)

    def _visit_tabs(self) -> bool:
        """Open the tabs one after another once a run trains; returns whether all were visited."""
        if self._engine.training.state is not TrainingState.TRAINING:
            return False
        tabs = self._window.findChild(QTabWidget, "tabs")
        if self._n_visited == tabs.count():
            return True
        tabs.setCurrentIndex(self._n_visited)
        self._n_visited += 1
        self._timer.start(_VISIT_MS)
        return False

    def _train_next_kind(self) -> None:
        """Train the next kind once the current one has taken some steps and so has been compiled."""
        training = self._engine.training
        is_going = training.run is not None and training.run.history.n_steps > _SOME_STEPS
        if is_going or training.state is TrainingState.IDLE:
            if len(self._engine.runs) > _MOST_RUNS:
                self._engine.runs.remove(next(run for run in self._engine.runs if not training.trains(run)))
            name, beside = self._to_train_first.pop()
            for run in () if beside else training.runs:
                training.stop(run=run)
            training.train(PRESETS[name].config.replace(epochs=20), alongside=beside)

    def _keep_training(self) -> None:
        engine = self._engine
        if engine.training.state is TrainingState.PAUSED:
            engine.training.resume()
        elif engine.training.state is TrainingState.IDLE:
            if len(engine.runs) > _MOST_RUNS:
                engine.runs.remove(engine.runs[-1])
            self._train()
        elif len(engine.training.runs) == 1 and self._random.random() < _BESIDE:
            self._train()

    def _train(self) -> None:
        config = PRESETS[self._random.choice(_TRAINED)].config
        self._engine.training.train(config.replace(epochs=20), alongside=True)

    def _leave(self) -> None:
        self._timer.stop()
        for widget in QApplication.topLevelWidgets():
            if widget is not self._window:
                widget.close()
        self._watch.stop()
        self._at_end()
        QTimer.singleShot(0, QApplication.quit)

    def _target(self) -> QWindow:
        """The window that the next event is sent to: a menu, a dialog, or usually the main window."""
        windows = [each for each in QGuiApplication.topLevelWindows() if isValid(each) and each.isVisible()]
        menus = [each for each in windows if each.type() is Qt.WindowType.Popup]
        dialogs = [each for each in windows if each.isModal()]
        largest = max(windows, key=lambda each: each.width() * each.height())
        return self._random.choice(menus or dialogs or [largest, largest, *windows])

    def _place(self, window: QWindow) -> QPoint:
        """A random position, usually near the last one."""
        if self._random.random() < 0.3:
            self._at = QPoint(
                self._random.randint(0, window.width() - 1), self._random.randint(0, window.height() - 1)
            )
        self._at += QPoint(self._random.randint(-12, 12), self._random.randint(-12, 12))
        x = min(max(0, self._at.x()), window.width() - 1)
        self._at = QPoint(x, min(max(0, self._at.y()), window.height() - 1))
        return self._at

    def _move(self) -> str:
        window = self._target()
        QTest.mouseMove(window, self._place(window))
        return "move"

    def _click(self) -> str:
        window, button = self._target(), self._random.choice(_BUTTONS)
        click = QTest.mouseDClick if self._random.random() < 0.1 else QTest.mouseClick
        click(window, button, self._random.choice(_MODIFIERS), self._place(window))
        return f"click {self._at.toTuple()}"

    def _drag(self) -> str:
        window = self._target()
        QTest.mousePress(
            window, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, self._place(window)
        )
        for _ in range(self._random.randint(1, 10)):
            if isValid(window):
                QTest.mouseMove(window, self._place(window))
        if not isValid(window):
            return "drag that closed its window"
        QTest.mouseRelease(
            window, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, self._place(window)
        )
        return f"drag to {self._at.toTuple()}"

    def _wheel(self) -> str:
        window = self._target()
        turns = QPoint(0, self._random.choice((-480, -120, -15, 15, 120, 480)))
        modifier = self._random.choice(_MODIFIERS)
        QTest.wheelEvent(window, QPointF(self._place(window)), turns, QPoint(), modifier)
        return "wheel"

    def _press(self, key: Qt.Key, modifiers: Qt.KeyboardModifier) -> None:
        """Press a key with its modifiers and release them, as `QTest.keyClick` does.

        `keyClick` runs the event loop after each modifier, then sends the key to the same window even if that
        was deleted meanwhile, such as a tool tip whose time was up. It crashes then, and no display can do
        that: here, the rest goes to the program's own window.
        """
        window = self._target()

        def send(is_press: bool, key: Qt.Key, held: Qt.KeyboardModifier, text: str = "") -> None:
            there = window if isValid(window) else self._window.windowHandle()
            QTest.simulateEvent(there, is_press, key, held, text, False)

        held, text = Qt.KeyboardModifier.NoModifier, QTest.keyToAscii(key).rstrip("\0")
        pressed = [each for each in _MODIFIER_KEYS.items() if each[0] in modifiers]
        for modifier, its_key in pressed:
            send(True, its_key, held)
            held |= modifier
        send(True, key, held, text)
        send(False, key, held, text)
        for modifier, its_key in reversed(pressed):
            send(False, its_key, held)
            held ^= modifier

    def _key(self) -> str:
        key, modifier = self._random.choice(_KEYS), self._random.choice(_MODIFIERS)
        self._press(key, modifier)
        return f"key {modifier.name} {key.name}"

    def _type(self) -> str:
        """Type a digit wherever the focus is."""
        key = self._random.choice(_KEYS[:10])
        self._press(key, Qt.KeyboardModifier.NoModifier)
        return f"type {key.name}"

    def _tab(self) -> str:
        tabs = self._window.findChild(QTabWidget, "tabs")
        tabs.setCurrentIndex(self._random.randrange(tabs.count()))
        return f"tab {tabs.currentIndex()}"

    def _resize(self) -> str:
        size = self._random.randint(800, 1600), self._random.randint(600, 1000)
        self._window.resize(*size)
        return f"resize {size}"

    def _theme(self) -> str:
        mode = self._random.choice(("light", "dark", "system"))
        self._window.findChild(QAction, f"{mode}Action").trigger()
        return f"theme {mode}"

    def _stub_dialogs(self, folder: Path) -> None:
        """Answer file dialogs: they are native, so their buttons cannot be pressed."""

        def choose(asked: Asked) -> tuple[str, str]:
            if asked.how == "getSaveFileName":
                return self._random.choice(("", str(folder / (Path(asked.place).name or "untitled")))), ""
            files = [*map(str, shipped_runs()), *map(str, folder.glob("*.*")), "", ""]
            return self._random.choice(files), ""

        self._dialogs.answer_by(choose)
        self._dialogs.__enter__()  # for as long as the program runs
        QDesktopServices.openUrl = lambda *_: True
