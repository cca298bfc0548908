"""What the real window offers, on NumPy backends: objectNames of its parts, and keys of its actions."""

from pathlib import Path
from typing import Any

from fakes import FakeInference, FakeTraining
from PySide6.QtCore import QObject, QSettings
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication

from cadl_gui.datasets.dataset_service import DatasetService
from cadl_gui.datasets.library import LIBRARY
from cadl_gui.datasets.sources import SOURCES
from cadl_gui.engine.engine import Engine
from cadl_gui.ui.settings import Settings
from cadl_gui.ui.theme.theme import Theme
from cadl_gui.ui.window.main_window import MainWindow


def window_facts(folder: Path) -> dict[str, Any]:
    """Return the names and keys of a window with all tabs, whose files are in `folder`."""
    QSettings.setDefaultFormat(QSettings.Format.IniFormat)
    QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, str(folder))
    application = QApplication.instance() or QApplication(["inventory"])
    application.setOrganizationName("cadl_gui_inventory")
    theme = Theme("light", reduce_motion=True)
    theme.prepare(application)
    engine = Engine(FakeTraining, FakeInference, None, SOURCES, DatasetService, library=LIBRARY)
    window = MainWindow(engine, theme, Settings(), "LOG", folder / "work")
    window.complete()
    facts = {"actions": _keys_in(window), "objectNames": _names_in(window)}
    window.close()
    assert engine.shut_down(10_000), "the engine's threads do not end"
    return facts


def _keys_in(window: QObject) -> dict[str, str]:
    """The keys of each action that has a name of ours."""
    return {
        action.objectName(): " or ".join(sequence.toString() for sequence in action.shortcuts())
        for action in sorted(window.findChildren(QAction), key=QObject.objectName)
        if _is_ours(action.objectName())
    }


def _names_in(window: QObject) -> list[str]:
    names = {part.objectName() for part in (window, *window.findChildren(QObject))}
    return sorted(name for name in names if _is_ours(name))


def _is_ours(name: str) -> bool:
    return bool(name) and not name.startswith(("qt_", "_"))
