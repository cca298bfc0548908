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
    *,
    cancels: bool = False,
    box: QCheckBox | None = None,
) -> QMessageBox:
    """Ask, and do it after a yes; the texts may hold any name, since none is read as HTML.

    Args:
        parent: its window waits for the answer.
        texts: the question, and a sentence about what then happens.
        cancels: whether Return cancels.
        box: a choice beside the buttons.
    """
    plain = Qt.TextFormat.PlainText
    question = QMessageBox(parent, textFormat=plain, text=texts[0], informativeText=texts[1])
    question.setObjectName(name)
    question.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    question.addButton(button, QMessageBox.ButtonRole.AcceptRole)
    cancel = question.addButton(_("Cancel"), QMessageBox.ButtonRole.RejectRole)
    if cancels:
        question.setDefaultButton(cancel)
    if box is not None:
        question.setCheckBox(box)
    question.accepted.connect(then)
    question.open()
    return question
