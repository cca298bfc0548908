"""What the real window offers, on NumPy backends: object names, accessible texts, dialogs."""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any, Self

from fakes import FakeTraining
from file_dialogs import FileDialogs
from hand import drag_enter
from PIL import Image
from PIL.PngImagePlugin import PngInfo
from PySide6.QtCore import QDeadlineTimer, QMimeData, QObject, QPoint, QSettings, Qt, QUrl
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QDialog, QPushButton, QTabWidget, QWidget
from weighted_fakes import WeightedInference

from cadl_gui.datasets.dataset_service import DatasetService
from cadl_gui.datasets.library import LIBRARY
from cadl_gui.datasets.sources import SOURCES
from cadl_gui.domain.presets import preset
from cadl_gui.engine.engine import Engine
from cadl_gui.engine.training_status import TrainingState
from cadl_gui.ui.settings import Settings
from cadl_gui.ui.shell.main_window import MainWindow
from cadl_gui.ui.theme.theme import Theme
from inventory.accessibility import tree
from inventory.tables import f1_rows

_NO_KEYS, _LEFT = Qt.KeyboardModifier.NoModifier, Qt.MouseButton.LeftButton
_DROPPED = (
    "a.keras", "a.pb", "a.tfmodel", "a.index", "a.ckpt", "a.ckpt-12", "a.onnx", "a.npz", "a.h5", "a.json",
    "a.png", "a.jpg", "place.png",
)  # fmt: skip
_ASK_TOO = {"aboutAction", "chooseExamplesAction", "keysAction"}
_AT_REST_ROUNDS = 10
_WAITING = ("Epoch by epoch.", "Statistics appear once")
"""Texts of figures that are still being computed."""


class Window:
    """The window at 1440×900, with all tabs built, two trained runs, a drawing and four pins.

    Args:
        folder: folder for its settings and for files.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        QSettings.setDefaultFormat(QSettings.Format.IniFormat)
        QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, str(folder))
        self._application = QApplication.instance() or QApplication(["inventory"])
        self._application.setOrganizationName("cadl_gui_inventory")
        theme = Theme("light", reduce_motion=True)
        theme.prepare(self._application)
        theme.apply(self._application)
        self._engine = Engine(FakeTraining, WeightedInference, None, SOURCES, DatasetService, library=LIBRARY)
        self._window = MainWindow(self._engine, theme, Settings(), "LOG", folder / "work")
        self._tabs: QTabWidget = self._window.findChild(QTabWidget, "tabs")

    def __enter__(self) -> Self:
        self._window.resize(1440, 900)
        self._window.show()
        self._engine.load()
        self._window.complete()
        self._wait(lambda: self._engine.is_ready)
        for n, name in enumerate(("conv-classifier", "vae"), 1):
            self._engine.training.train(preset(name).config.replace(epochs=2))
            self._wait(
                lambda n=n: self._engine.training.state is TrainingState.IDLE and len(self._engine.runs) == n
            )
            self._settle()
        return self

    def __exit__(self, *_: object) -> None:
        self._window.close()
        assert self._engine.shut_down(10_000), "the engine's threads do not end"

    def facts(self) -> dict[str, Any]:
        """All facts."""
        self._show("Draw")
        self._draw()
        QTest.keyClick(self._window.findChild(QWidget, "digitCanvas"), Qt.Key.Key_3)  # corrects the answer
        self._show("Latent")
        self._pin()
        asked, dialogs = self._ask_everything()
        return {
            "F1": f1_rows(self._window),
            "files asked for": asked,
            "files that can be dropped": {name: self._takes(name) for name in ("a folder", *_DROPPED)},
            "objectNames": _names_in(self._window),
            "actions": {action.objectName(): _about(action) for action in self._actions()},
            "window": tree(self._window, without=self._pages()),
            "tabs": {title: self._seen(title) for title in self._titles()},
            "dialogs": dialogs,
        }

    def _seen(self, title: str) -> list[str]:
        """The accessible tree of a tab while it is shown."""
        self._show(title)
        return tree(self._tabs.currentWidget())

    def _pages(self) -> list[QWidget]:
        return [self._tabs.widget(index) for index in range(self._tabs.count())]

    def _titles(self) -> list[str]:
        return [self._tabs.tabText(index) for index in range(self._tabs.count())]

    def _show(self, title: str) -> None:
        self._tabs.setCurrentIndex(self._titles().index(title))
        self._settle()
        if title == "Data":
            montage = self._window.findChild(QWidget, "datasetMontage")
            self._wait(lambda: montage.grid is not None and not montage.missing_tiles())
        for waiting in _WAITING:
            self._wait(lambda text=waiting: text not in "\n".join(tree(self._tabs.currentWidget())))

    def _draw(self) -> None:
        canvas = self._window.findChild(QWidget, "digitCanvas")
        middle, side = canvas.rect().center(), canvas.width() // 4
        QTest.mousePress(canvas, _LEFT, _NO_KEYS, middle - type(middle)(0, side))
        QTest.mouseMove(canvas, middle + type(middle)(0, side))
        QTest.mouseRelease(canvas, _LEFT, _NO_KEYS, middle + type(middle)(0, side))
        self._settle()

    def _pin(self) -> None:
        """Pin four latent vectors, as many as the course's manifold needs."""
        plane = self._window.findChild(QWidget, "latentPlane")
        for key in (Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Left, Qt.Key.Key_Down):
            QTest.keyClick(plane, key)
            self._window.findChild(QAction, "pinAction").trigger()
        self._settle()

    def _actions(self) -> list[QAction]:
        return sorted(
            (action for action in self._window.findChildren(QAction) if action.objectName()),
            key=QObject.objectName,
        )

    def _ask_everything(self) -> tuple[dict[str, list[str]], dict[str, Any]]:
        """Trigger everything that opens a dialog; returns file dialogs by text, and other dialogs by name."""
        files, dialogs = {}, {}
        for words, ask in self._what_asks():
            with FileDialogs() as chooser:
                ask()
            if chooser.asked:
                files[words] = [" | ".join((asked.how, asked.title, asked.kinds)) for asked in chooser.asked]
            for dialog in self._open_dialogs():
                self._settle(dialog)
                dialogs[dialog.objectName()] = {"objectNames": _names_in(dialog), "tree": tree(dialog)}
                dialog.reject()
        return dict(sorted(files.items())), dialogs

    def _what_asks(self) -> Iterator[tuple[str, Callable[[], object]]]:
        """Actions, buttons and choices whose texts end in “…”, and three actions whose texts do not."""
        for action in self._window.findChildren(QAction):
            if action.text().endswith("…") or action.objectName() in _ASK_TOO:
                yield action.text() or action.toolTip(), action.trigger
        for button in self._window.findChildren(QPushButton):
            if button.text().endswith("…") and not button.isHidden():
                yield f"{button.objectName()}: {button.text()}", button.click
        for combo in self._window.findChildren(QComboBox):
            for index in range(combo.count()):
                if combo.itemText(index).endswith("…"):
                    yield combo.itemText(index), partial(combo.setCurrentIndex, index)

    def _open_dialogs(self) -> list[QDialog]:
        return [dialog for dialog in self._window.findChildren(QDialog) if dialog.isVisible()]

    def _takes(self, name: str) -> bool:
        """Whether the window accepts such a file."""
        path = self._folder / "dropped" / name
        path.parent.mkdir(exist_ok=True)
        if name == "a folder":
            path.mkdir()
        elif path.suffix == ".png":
            _save_image(path, remembers=name.startswith("place"))
        else:
            path.touch()
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(str(path))])
        event = drag_enter(QPoint(9, 9), Qt.DropAction.CopyAction, data, _LEFT, _NO_KEYS)
        event.ignore()
        QApplication.sendEvent(self._window, event)
        return event.isAccepted()

    def _settle(self, dialog: QDialog | None = None) -> None:
        """Wait until the tab shown, or the dialog, no longer changes."""
        seen, n_same = [], 0

        def is_at_rest() -> bool:
            nonlocal seen, n_same
            now = tree(dialog or self._tabs.currentWidget())
            seen, n_same = now, n_same + 1 if now == seen else 0
            return n_same >= _AT_REST_ROUNDS

        self._wait(is_at_rest)

    @staticmethod
    def _wait(condition: Callable[[], bool]) -> None:
        deadline = QDeadlineTimer(60_000)
        while not condition():
            assert not deadline.hasExpired(), "the window does not get ready"
            QTest.qWait(20)


def _names_in(root: QObject) -> list[str]:
    """The object names of all parts, without Qt's own."""
    names = {part.objectName() for part in (root, *root.findChildren(QObject))}
    return sorted(name for name in names if name and not name.startswith(("qt_", "_")))


def _about(action: QAction) -> str:
    keys = " or ".join(sequence.toString() for sequence in action.shortcuts())
    return " | ".join((action.text(), keys, action.statusTip()))


def _save_image(path: Path, *, remembers: bool) -> None:
    text = PngInfo()
    if remembers:
        text.add_itxt("cadl", "{}")
    Image.new("L", (8, 8)).save(path, pnginfo=text)
