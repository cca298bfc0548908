"""The dialog behind Help → Report a problem: what a report contains, and where to save it."""

from collections.abc import Mapping
from pathlib import Path

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QLabel, QWidget

from cadl_gui.domain.errors import UserError
from cadl_gui.engine.notifications import Notifications
from cadl_gui.system.problem_report import CONTENTS, write_report
from cadl_gui.system.whole_file import telling
from cadl_gui.system.words import _
from cadl_gui.ui.controls.parts import label, push_button
from cadl_gui.ui.dialog import Dialog
from cadl_gui.ui.file_dialogs import ask_where_to_save
from cadl_gui.ui.settings import FileKind
from cadl_gui.ui.theme.tokens import GAP_PX

_FILE_NAME = "cadl-report.zip"
_LETTERS_WIDE = 60


class ReportDialog(Dialog):
    """Lists what a report contains and saves it where the user chooses; nothing is sent.

    Args:
        parent: the window.
        log: file of the program's log.
        facts: facts about the window for the report, by name.
        notifications: reports what was saved.
    """

    def __init__(
        self, parent: QWidget, log: Path, facts: Mapping[str, str], notifications: Notifications
    ) -> None:
        super().__init__(parent, "reportDialog", _("Report a problem"))
        self._log = log
        self._facts, self._notifications = facts, notifications
        contents = "".join(f"<li>{part}</li>" for part in CONTENTS)
        text = QLabel(
            _(
                "<p>This saves one file, which you can send to someone who can help. It contains:</p>"
                "<ul>{contents}</ul>"
                "<p>Nothing else: no images, drawings or networks. Nothing is sent automatically.</p>"
            ).format(contents=contents)
        )
        text.setWordWrap(True)
        self._error = label("", "reportError", wraps=True, invalid=True)
        self._error.hide()
        save = push_button(_("Save report…"), "saveReportButton", slot=self._save, primary=True)
        self.lay_out(GAP_PX, text, self._error, self.close_button(save))
        self.resize_to_text(_LETTERS_WIDE)

    @Slot()
    def _save(self) -> None:
        path = ask_where_to_save(self, FileKind.REPORT, _("Save report"), _FILE_NAME, _("Reports (*.zip)"))
        if path is None:
            return
        try:
            with telling(path.name, UserError, writes=True):
                write_report(path, self._log, self._facts)
        except UserError as error:
            self._error.setText(str(error))
            self._error.show()
            return
        self._notifications.report_saved(path)
        self.accept()
