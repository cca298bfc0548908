"""What the Help menu does."""

from pathlib import Path

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMainWindow, QTabWidget, QWidget

from cadl_gui.engine.engine import Engine
from cadl_gui.ui.shell.command_palette import CommandPalette
from cadl_gui.ui.shell.help_pages import AboutBox, KeysPage
from cadl_gui.ui.shell.report_dialog import ReportDialog
from cadl_gui.ui.shell.window_part import WindowPart
from cadl_gui.ui.theme.theme import Theme


class HelpDeeds(WindowPart):
    """Opens the pages of the Help menu.

    Args:
        window: parent of the pages.
        engine: for a report.
        theme: for a report.
        log_file: where the log is, for people.

    Signals:
        saved: (path) a report is on disk.
    """

    saved = Signal(object)

    def __init__(self, window: QWidget, engine: Engine, theme: Theme, log_file: str) -> None:
        super().__init__(window)
        self._engine = engine
        self._theme = theme
        self._log_file = log_file
        self.deeds = {
            "keys": self._show_keys,
            "palette": self._show_palette,
            "report": self._report,
            "about": self._show_about,
        }

    @Slot()
    def _show_keys(self) -> None:
        KeysPage(self.window).show()

    @Slot()
    def _show_palette(self) -> None:
        window = self.window
        assert isinstance(window, QMainWindow), "the help belongs to the main window"
        CommandPalette(window, window.menuBar()).show()

    @Slot()
    def _show_about(self) -> None:
        AboutBox(self.window, self._log_file).show()

    @Slot()
    def _report(self) -> None:
        dialog = ReportDialog(self.window, Path(self._log_file), self._facts())
        dialog.saved.connect(self.saved)
        dialog.show()

    def _facts(self) -> dict[str, str]:
        """What a report tells of the window."""
        engine, window = self._engine, self.window
        tabs = window.findChild(QTabWidget, "tabs")
        return {
            "TensorFlow": f"{engine.training.state.name.lower()} {engine.device}".rstrip(),
            "runs": str(len(engine.runs.listed)),
            "tab": "" if tabs is None else tabs.currentWidget().objectName(),
            "theme": f"{self._theme.mode}{', present' if self._theme.present else ''}",
            "window": f"{window.width()}×{window.height()}, {window.devicePixelRatioF():g} pixels a point",
            "platform": QGuiApplication.platformName(),
        }
