"""The dialog that shows what happened to each file while a dataset was prepared."""

from PySide6.QtCore import Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from cadl_gui.domain.errors import UserError
from cadl_gui.domain.formatting import count_text
from cadl_gui.domain.import_report import ImportReport
from cadl_gui.system.atomic_write import atomic_output
from cadl_gui.system.whole_file import telling
from cadl_gui.system.words import _
from cadl_gui.ui.controls.parts import label, named, push_button
from cadl_gui.ui.dialog import Dialog
from cadl_gui.ui.file_dialogs import ask_where_to_save
from cadl_gui.ui.settings import FileKind
from cadl_gui.ui.theme.tokens import GAP_SMALL_PX

_N_LETTERS_WIDE, _N_LINES_HIGH = 72, 24


class PrepareReport(Dialog):
    """Lists the files by what happened to them, with reasons; the text can be copied and saved.

    Args:
        parent: the window.
        name: name of the dataset.
        report: the report.
    """

    def __init__(self, parent: QWidget, name: str, report: ImportReport) -> None:
        super().__init__(parent, "prepareReport", _("Import report of {name}").format(name=name))
        self._name = name
        text = "\n\n".join(
            [_("{images} opened").format(images=count_text(report.opened, "image")), *report.lines]
        )
        self._text = named(QPlainTextEdit(text, readOnly=True), "prepareReportText", says=_("Import report"))
        self._error = label("", "prepareReportError", wraps=True, invalid=True)
        self._error.hide()
        buttons = self.close_button(
            push_button(_("Copy"), "prepareReportCopyButton", slot=self._copy),
            push_button(_("Save…"), "prepareReportSaveButton", slot=self._save),
        )
        self.lay_out(GAP_SMALL_PX, self._text, self._error, buttons)
        self.resize_to_type(_N_LETTERS_WIDE, _N_LINES_HIGH)

    @Slot()
    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._text.toPlainText())

    @Slot()
    def _save(self) -> None:
        name = _("{name} import report.txt").format(name=self._name)
        path = ask_where_to_save(
            self, FileKind.REPORT, _("Save import report"), name, _("Text files (*.txt)")
        )
        if path is None:
            return
        try:
            with telling(path.name, UserError, writes=True), atomic_output(path) as beside:
                beside.write_text(f"{self._text.toPlainText()}\n", encoding="utf-8", errors="replace")
        except UserError as error:
            self._error.setText(str(error))
            self._error.show()
        else:
            self._error.hide()
