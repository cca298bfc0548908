"""The real window on NumPy backends."""

import pytest
from fakes import FakeInference, FakeTraining
from PySide6.QtCore import QSettings, Qt
from PySide6.QtGui import QCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from cadl_gui.datasets.library import LIBRARY
from cadl_gui.datasets.sources import SOURCES
from cadl_gui.engine.engine import Engine
from cadl_gui.ui.settings import Settings
from cadl_gui.ui.shell.main_window import MainWindow
from cadl_gui.ui.theme.theme import Theme

_NOWHERE = (-1000, -1000)


@pytest.fixture(autouse=True)
def empty_clipboard(qapp):
    """What a test puts on the clipboard goes with it: Qt crashes at exit on data that Python has made."""
    yield
    qapp.clipboard().clear()


@pytest.fixture(autouse=True)
def own_font(qapp):
    """A test in present mode leaves no large letters to those that follow."""
    before = qapp.font()
    yield
    if qapp.font() != before:
        qapp.setFont(before)


@pytest.fixture(autouse=True)
def released_buttons(qapp):
    """A button that a test leaves pressed is let go: Qt would have it pressed in the tests that follow."""
    yield
    nowhere = QWidget()
    for button in (Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton, Qt.MouseButton.RightButton):
        QTest.mouseRelease(nowhere, button)


@pytest.fixture(autouse=True)
def nothing_in_the_way(qapp):
    """No window of an earlier test lies over this one's, and the pointer is on neither."""
    for window in qapp.topLevelWidgets():
        window.hide()
    QCursor.setPos(*_NOWHERE)


@pytest.fixture
def theme(qapp):
    return Theme("light", reduce_motion=True)


@pytest.fixture
def backends():
    return FakeTraining(), FakeInference()


@pytest.fixture
def runs_folder():
    """Where new runs lie: nowhere, unless a test file says otherwise."""


@pytest.fixture
def dataset_sources():
    """Kinds of datasets that can be opened."""
    return SOURCES


@pytest.fixture
def engine(backends, runs_folder, dataset_sources):
    """An engine that has not been loaded yet; its threads end with the test."""
    training, inference = backends
    engine = Engine(lambda: training, lambda: inference, runs_folder, dataset_sources, library=LIBRARY)
    yield engine
    assert engine.shut_down(60_000)


@pytest.fixture(autouse=True)
def own_settings(qapp, tmp_path):
    """Nothing was stored yet, and what a test stores goes into its own folder."""
    QSettings.setPath(QSettings.Format.NativeFormat, QSettings.Scope.UserScope, str(tmp_path))
    qapp.setOrganizationName("cadl_gui_tests")
    QSettings().clear()  # it remembers what an earlier test stored, whatever the path


@pytest.fixture
def settings():
    """What the window remembers."""
    return Settings()


@pytest.fixture
def window(qtbot, qapp, engine, theme, settings):
    """The window, shown at 1440×900, with TensorFlow (or what stands in for it) loaded."""
    theme.prepare(qapp)
    window = MainWindow(engine, theme, settings, "/log/cadl_gui.log")
    theme.apply(qapp)
    qtbot.addWidget(window)
    window.resize(1440, 900)
    window.show()
    qtbot.waitExposed(window)
    engine.load()
    window.complete()
    qtbot.waitUntil(lambda: engine.is_ready)
    yield window
    qapp.setStyleSheet("")


@pytest.fixture
def find(window):
    """Finds a widget of the window by its stable name."""

    def find(name, kind=None):
        widget = window.findChild(kind or QWidget, name)
        assert widget is not None, name
        return widget

    return find
