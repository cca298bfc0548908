"""Actions of the Help menu."""

from pathlib import Path

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMainWindow, QTabWidget

from cadl_gui.engine.engine import Engine
from cadl_gui.system.resources import resource_path
from cadl_gui.system.words import _
from cadl_gui.ui.actions import ActionRow, ActionSet
from cadl_gui.ui.theme.theme import Theme
from cadl_gui.ui.window.command_palette import CommandPalette
from cadl_gui.ui.window.help_pages import AboutDialog, GlossaryDialog, KeysDialog
from cadl_gui.ui.window.report_dialog import ReportDialog
from cadl_gui.ui.window.window_part import WindowPart


class HelpActions(WindowPart):
    """Opens the dialogs of the Help menu.

    Args:
        window: parent of the dialogs.
        engine: provides facts for a report.
        theme: for icons, and for a report.
        log_file: path of the log, as shown to the user.

    Attributes:
        action_set: the actions of this module's rows, in order.
        theme: see above.
    """

    def __init__(self, window: QMainWindow, engine: Engine, theme: Theme, log_file: str) -> None:
        super().__init__(window)
        self._engine = engine
        self.theme = theme
        self._log_file = log_file
        self.action_set = ActionSet(ROWS, self, theme, window)

    def show_about(self) -> None:
        """Open the dialog with versions and licences."""
        notice = resource_path("licences/NOTICE.md")
        self.show_one(AboutDialog, lambda: AboutDialog(self.window, self._log_file, notice))

    def report(self) -> None:
        """Open the dialog that saves log, versions and system facts as one file."""
        self.show_one(ReportDialog, self._report_dialog)

    def _report_dialog(self) -> ReportDialog:
        notifications = self._engine.notifications
        return ReportDialog(self.window, Path(self._log_file), self._facts(), notifications)

    def _facts(self) -> dict[str, str]:
        """Return facts about the window for a report."""
        engine, window = self._engine, self.window
        tabs = window.findChild(QTabWidget, "tabs")
        return {
            "TensorFlow": f"{engine.training.state.name.lower()} {engine.device}".rstrip(),
            "runs": str(len(engine.runs.listed)),
            "tab": "" if tabs is None else tabs.currentWidget().objectName(),
            "theme": self.theme.mode,
            "window": _("{width}×{height}, {ratio:g} pixels a point").format(
                width=window.width(), height=window.height(), ratio=window.devicePixelRatioF()
            ),
            "platform": QGuiApplication.platformName(),
        }


ROWS: tuple[ActionRow[HelpActions], ...] = (
    ActionRow(
        key="keys", menu="Help", text="Keyboard shortcuts", shortcuts=("F1",), icon="keyboard",
        help="Everything that can be done, with its key.",
        callback=lambda host: host.show_one(KeysDialog, lambda: KeysDialog(host.window, host.theme)),
    ),
    ActionRow(
        key="palette", menu="Help", text="Command palette…", shortcuts=("Ctrl+Shift+P",),
        help="Find anything that can be done by typing a part of its name.",
        callback=lambda host: CommandPalette(host.window, host.window.menuBar()).show(),
    ),
    ActionRow(
        key="glossary", menu="Help", text="Glossary",
        help="A sentence for each word that a class may not know.",
        callback=lambda host: host.show_one(GlossaryDialog, lambda: GlossaryDialog(host.window)),
    ),
    ActionRow(
        key="report", menu="Help", text="Report a problem…",
        help="Save log, versions and system facts as one file that you can send.",
        callback=HelpActions.report,
    ),
    ActionRow(
        key="about", menu="Help", text="About CADL",
        help="Version, licences, and where the log is.",
        callback=HelpActions.show_about,
    ),
)  # fmt: skip
