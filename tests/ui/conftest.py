"""The real window on NumPy backends."""

import pytest
from fakes import Facts, FakeInference, FakeTraining
from PySide6.QtCore import QCoreApplication, QEvent, QSettings, Qt
from PySide6.QtGui import QCursor, QDesktopServices, QFontDatabase
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from cadl_gui.datasets.dataset_service import DatasetService
from cadl_gui.datasets.library import LIBRARY
from cadl_gui.datasets.sources import SOURCES
from cadl_gui.engine.background_jobs import BackgroundJobs
from cadl_gui.engine.engine import Engine
from cadl_gui.runs import session
from cadl_gui.ui.settings import Settings
from cadl_gui.ui.theme.theme import Theme
from cadl_gui.ui.window.main_window import MainWindow

_NOWHERE = (-1000, -1000)


@pytest.fixture(autouse=True)
def empty_clipboard(qapp):
    """Empties the clipboard after each test, since Qt crashes at exit on data made by Python."""
    yield
    qapp.clipboard().clear()


@pytest.fixture(autouse=True)
def own_font(qapp):
    """Restores the font after tests in present mode."""
    before = qapp.font()
    yield
    if qapp.font() != before:
        qapp.setFont(before)


@pytest.fixture(autouse=True)
def opened_folders(monkeypatch):
    """The folders that the window opened in the system's file manager, which no test starts."""
    opened = []

    def open_url(url):
        opened.append(url.toLocalFile())
        return True

    monkeypatch.setattr(QDesktopServices, "openUrl", open_url)
    return opened


@pytest.fixture(autouse=True)
def released_buttons(qapp):
    """Releases mouse buttons that a test left pressed; Qt would consider them pressed in later tests."""
    yield
    nowhere = QWidget()
    for button in (Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton, Qt.MouseButton.RightButton):
        QTest.mouseRelease(nowhere, button)


@pytest.fixture(autouse=True)
def nothing_in_the_way(qapp):
    """Deletes and hides windows of earlier tests, undoes their theme, and moves the pointer away."""
    # Else they would be there until the next event loop, and the theme would restyle all their widgets, too.
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    for window in qapp.topLevelWidgets():
        window.hide()
    qapp.setStyleSheet("")
    qapp.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont))
    QCursor.setPos(*_NOWHERE)


@pytest.fixture
def theme():
    """The window's theme, with Details, so that every control can be clicked."""
    return Theme("light", details=True, reduce_motion=True)


@pytest.fixture
def backends(request):
    """The two backends, of other classes in files that name them as `BACKENDS`."""
    return tuple(kind() for kind in getattr(request.module, "BACKENDS", (FakeTraining, FakeInference)))


@pytest.fixture
def facts(backends):
    """What the fake backends report; a test replaces a function to let them report something else."""
    facts = Facts()
    for backend in backends:
        backend.facts = facts
    return facts


@pytest.fixture
def runs_folder(request, tmp_path):
    """Folder for new runs; none, unless a test file has `RUNS_FOLDER` or overrides this."""
    name = getattr(request.module, "RUNS_FOLDER", "")
    return tmp_path / name if name else None


@pytest.fixture
def dataset_sources():
    """Kinds of datasets that can be opened."""
    return SOURCES


@pytest.fixture
def dataset_service():
    """Makes what reads datasets."""
    return DatasetService


@pytest.fixture
def session_files():
    """Reads and writes sessions."""
    return session


@pytest.fixture
def engine(backends, runs_folder, dataset_sources, dataset_service, session_files):
    """An engine that has not been loaded yet; its threads end with the test."""
    training, inference = backends
    engine = Engine(
        lambda: training,
        lambda: inference,
        runs_folder,
        dataset_sources,
        dataset_service,
        library=LIBRARY,
        sessions=session_files,
    )
    yield engine
    assert engine.shut_down(60_000)


@pytest.fixture(autouse=True)
def own_settings(qapp, tmp_path):
    """Empty settings in the test's own folder."""
    QSettings.setPath(QSettings.Format.NativeFormat, QSettings.Scope.UserScope, str(tmp_path))
    qapp.setOrganizationName("cadl_gui_tests")
    QSettings().clear()  # it remembers what an earlier test stored, whatever the path


@pytest.fixture
def settings():
    """The window's settings."""
    return Settings()


class LazyWindow(MainWindow):
    """Builds the pages that are not shown only once a test looks for what is not there yet."""

    is_whole = True  # as long as it is being made

    def findChild(self, *arguments):  # noqa: N802
        """Find a part, in all pages if it is not in those built so far."""
        found = super().findChild(*arguments)
        if found is None and not self.is_whole:
            self.complete()
            found = super().findChild(*arguments)
        return found

    def findChildren(self, *arguments):  # noqa: N802
        """Find the parts in all pages."""
        if not self.is_whole:
            self.complete()
        return super().findChildren(*arguments)

    def complete(self):
        """Build all pages."""
        self.is_whole = True
        super().complete()


@pytest.fixture
def pages(request):
    """Which pages the window has at first: "all", or "seen" by `PAGES` in files about few of them."""
    return getattr(request.module, "PAGES", "all")


@pytest.fixture
def window(qtbot, qapp, engine, theme, settings, tmp_path, pages):
    """The window at 1440×900, with its backends loaded."""
    theme.prepare(qapp)
    window = LazyWindow(engine, theme, settings, "/log/cadl_gui.log", tmp_path / "work")
    theme.apply(qapp)
    qtbot.addWidget(window)
    window.resize(1440, 900)
    window.show()
    qtbot.waitExposed(window)
    engine.load()
    if pages == "all":
        window.complete()
    qtbot.waitUntil(lambda: engine.is_ready)
    window.is_whole = pages == "all"
    return window


@pytest.fixture
def next_start(qtbot, theme, backends, tmp_path):
    """Opens the window of the next start, with an engine of its own and runs that ship with it."""
    engines = []

    def next_start(*shipped, but=(), folder=None):
        of_backends = (lambda backend=backend: backend for backend in backends)
        engine = Engine(*of_backends, folder, SOURCES, DatasetService, library=LIBRARY, sessions=session)
        engines.append(engine)
        window = MainWindow(engine, theme, Settings(), "", tmp_path / "work")
        qtbot.addWidget(window)
        window.show()
        engine.load()
        window.open_again(shipped, but)
        window.complete()
        return window, engine

    yield next_start
    assert all(engine.shut_down(60_000) for engine in engines)


@pytest.fixture
def find(window):
    """Finds a widget of the window by its objectName."""

    def find(name, kind=None):
        widget = window.findChild(kind or QWidget, name)
        assert widget is not None, name
        return widget

    return find


@pytest.fixture
def jobs():
    jobs = BackgroundJobs()
    yield jobs
    assert jobs.join(60)


@pytest.fixture
def show(qtbot):
    """Show a widget in a size, alone in a window."""

    def show(widget, width=320, height=640):
        qtbot.addWidget(widget)
        widget.resize(width, height)
        widget.show()
        qtbot.waitExposed(widget)
        return widget

    return show
