"""A question that is asked before something is done."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QMessageBox, QWidget

from cadl_gui.system.words import _


def confirm(
    parent: QWidget,
    name: str,
    texts: tuple[str, str],
    button: str,
    then: Callable[[], object],
    box: QCheckBox | None = None,
) -> QMessageBox:
    """Ask, and do it after a yes; Return cancels. No text is read as HTML, since it may hold any name.

    Args:
        parent: its window waits for the answer.
        texts: the question, and a sentence about what then happens.
        box: a choice beside the buttons.
    """
    plain = Qt.TextFormat.PlainText
    question = QMessageBox(parent, textFormat=plain, text=texts[0], informativeText=texts[1])
    question.setObjectName(name)
    question.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    question.addButton(button, QMessageBox.ButtonRole.AcceptRole)
    question.setDefaultButton(question.addButton(_("Cancel"), QMessageBox.ButtonRole.RejectRole))
    if box is not None:
        question.setCheckBox(box)
    question.accepted.connect(then)
    question.open()
    return question
