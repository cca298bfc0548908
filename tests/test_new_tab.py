"""The recipe for a tab: one file and one line; it is then in the window, on F1 and on the command line."""

import textwrap

import pytest
from fakes import FakeInference, FakeTraining
from PySide6.QtCore import QSettings, Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit, QTabWidget, QTextBrowser
from shown_view import stored_view

from cadl_gui import app
from cadl_gui.engine.engine import Engine
from cadl_gui.ui import tabs
from cadl_gui.ui.settings import Settings
from cadl_gui.ui.tabs import TabSpec
from cadl_gui.ui.theme.theme import Theme
from cadl_gui.ui.window import help_pages, tab_builder
from cadl_gui.ui.window.command_palette import CommandPalette
from cadl_gui.ui.window.main_window import MainWindow

NEW_FILE = textwrap.dedent('''
    """A tab that counts."""

    from PySide6.QtWidgets import QLabel, QVBoxLayout

    from cadl_gui.ui.actions import ActionRow, ActionSet
    from cadl_gui.ui.tab_page import TabPage


    class CountTab(TabPage):
        """Counts how often it was asked to."""

        def __init__(self, context):
            super().__init__(context)
            self._n = 0
            self._label = QLabel("0")
            self._label.setObjectName("countLabel")
            QVBoxLayout(self).addWidget(self._label)
            self._action_set = ActionSet(self.ACTIONS, self, context.theme, self)

        def count(self):
            """Add one, and once there are two, no more."""
            self._n += 1
            self._label.setText(str(self._n))
            self._action_set.refresh()

        @property
        def can_count(self):
            """Whether there are fewer than two."""
            return self._n < 2


    CountTab.ACTIONS = (
        ActionRow(key="count", menu="Counting", text="Count one more", help="Adds one.", shortcuts=("X",),
                  callback=CountTab.count, enabled=lambda host: host.can_count),
    )
''')


@pytest.fixture
def spec(tmp_path, monkeypatch):
    """Adds the file, and its line in the table."""
    (tmp_path / "count_tab.py").write_text(NEW_FILE)
    monkeypatch.syspath_prepend(tmp_path)
    line = TabSpec("count", "Counting", "Count as far as two.", "count_tab:CountTab")
    # The modules that walk the table have read its name already.
    for module in (tabs, app, tab_builder, help_pages):
        monkeypatch.setattr(module, "TABS", (*tabs.TABS, line) if module is tabs else tabs.TABS)
    return line


@pytest.fixture
def window(qtbot, spec, tmp_path):
    QSettings().clear()  # an earlier test may have stored the tab that it showed
    engine = Engine(FakeTraining, FakeInference, runs_folder=None)
    window = MainWindow(engine, Theme("light"), Settings(), "", tmp_path / "work")
    qtbot.addWidget(window)
    window.show()
    qtbot.waitExposed(window)
    yield window
    assert engine.shut_down(60_000)


def tab_titles(window):
    bar = window.findChild(QTabWidget, "tabs")
    return [bar.tabText(i) for i in range(bar.count())]


@pytest.mark.gui
def test_the_window_has_it_with_its_key_menu_and_actions(qtbot, window):
    window.complete()
    assert tab_titles(window)[-1] == "Counting"
    QTest.keyClick(window, Qt.Key.Key_6, Qt.KeyboardModifier.ControlModifier)
    label = window.findChild(QLabel, "countLabel")
    assert label.isVisible()
    menu = next(action for action in window.menuBar().actions() if action.iconText() == "Counting")
    assert menu.isVisible()
    assert [action.text() for action in menu.menu().actions()] == ["Count one more"]
    for _ in range(3):
        QTest.keyClick(window, Qt.Key.Key_X)
    assert label.text() == "2"
    assert not menu.menu().actions()[0].isEnabled()


@pytest.mark.gui
def test_new_tab_can_be_the_first_and_is_stored_as_the_last_one(qtbot, window, tmp_path):
    window.show_tab("count")
    window.complete()
    assert window.findChild(QLabel, "countLabel").isVisible()
    window.close()
    assert stored_view(tmp_path).tab == "countTab"


@pytest.mark.gui
def test_palette_shows_a_tab_whose_title_is_not_its_name(window):
    """It looked for a tab with the name of the menu, found none, and offered its commands as disabled."""
    window.complete()
    assert not window.findChild(QLabel, "countLabel").isVisible()
    palette = CommandPalette(window, window.menuBar())
    QTest.keyClicks(palette.findChild(QLineEdit), "count one more")
    QTest.keyClick(palette.findChild(QLineEdit), Qt.Key.Key_Return)
    assert window.findChild(QLabel, "countLabel").isVisible()
    assert window.findChild(QLabel, "countLabel").text() == "1"


@pytest.mark.gui
def test_f1_lists_it(qtbot, window):
    window.complete()
    window.findChild(QAction, "keysAction").trigger()
    text = window.findChild(QTextBrowser, "keysText").toPlainText()
    assert "Counting tab" in text
    assert "Count one more" in text
    assert "Count as far as two." in text


def test_the_command_line_names_it(spec, capsys):
    with pytest.raises(SystemExit):
        app.main(["--help"])
    assert "count: Count as far as two" in " ".join(capsys.readouterr().out.split())
