"""The F1 and About dialogs, generated from the action tables and the installed packages."""

from html import escape

from PySide6.QtCore import Qt
from PySide6.QtGui import QIcon, QKeySequence
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QLabel,
    QMainWindow,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

from cadl_gui import __version__
from cadl_gui.ui.actions import ActionSet
from cadl_gui.ui.tabs import TABS
from cadl_gui.ui.widgets.figure_panel import GESTURES


class KeysDialog(QDialog):
    """Lists all actions with their shortcuts."""

    def __init__(self, window: QMainWindow) -> None:
        super().__init__(window)
        self.setObjectName("keysDialog")
        self.setWindowTitle("Keyboard shortcuts")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(640, 640)
        text = QTextBrowser()
        text.setHtml(keys_html(window))
        _fill(self, text)


class AboutDialog(QDialog):
    """Shows the version, licences and the location of the log."""

    def __init__(self, parent: QWidget, log: str) -> None:
        # Searching for installed packages is slow; the window opens without it.
        from cadl_gui.system.versions import installed_version

        super().__init__(parent)
        self.setObjectName("aboutDialog")
        self.setWindowTitle("About CADL")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        libraries = ("tensorflow", "keras", "PySide6-Essentials")
        parts = ", ".join(f"{name} {installed_version(name)}" for name in libraries)
        text = QLabel(
            f"<p><b>CADL {__version__}</b></p>"
            "<p>Watch small neural networks learn, after the lecture “Unsupervised and Supervised "
            "Learning” of Parag Mital’s <i>Creative Applications of Deep Learning with TensorFlow</i>.</p>"
            f"<p>{escape(parts)}</p>"
            "<p>MNIST: Yann LeCun, Corinna Cortes, Christopher J. C. Burges (CC BY-SA 3.0). "
            "Emoji: Noto Emoji by Google (Apache 2.0), named by Cal Henderson (MIT). "
            "Inter: The Inter Project Authors (OFL). Icons: Tabler (MIT).</p>"
            f"<p>The log is in {escape(log)}</p>"
        )
        text.setWordWrap(True)
        text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        text.setMinimumWidth(420)
        _fill(self, text)


def keys_html(window: QMainWindow) -> str:
    """Return the tables of the F1 page as HTML, from the actions of the window and its tabs."""
    sections: dict[str, list[str]] = {}
    for name, key, about in GESTURES:
        sections.setdefault("Images and plots", []).append(_row(name, _native(key), about))
    for spec in TABS:
        page = spec.load()
        rows = [_row(row.text, row.shortcuts_text, row.help) for row in page.ACTIONS]
        rows += [_row(*row) for row in page.KEYS]
        if rows:
            sections[f"{spec.title} tab"] = rows
    listed = [row for actions in window.findChildren(ActionSet) for row in actions.rows]
    menus = [heading.text() for heading in window.menuBar().actions()]
    for menu in (menu for menu in menus if menu not in {spec.title for spec in TABS}):
        sections[menu] = [_row(row.text, row.shortcuts_text, row.help) for row in listed if row.menu == menu]
    return "".join(
        f"<h3>{title}</h3><table cellpadding='4'>{''.join(rows)}</table>" for title, rows in sections.items()
    )


def _native(key: str) -> str:
    return QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText)


def _row(name: str, keys: str, about: str) -> str:
    return f"<tr><td><b>{escape(name)}</b></td><td>{escape(keys)}</td><td>{escape(about)}</td></tr>"


def _fill(dialog: QDialog, content: QWidget) -> None:
    buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
    buttons.rejected.connect(dialog.reject)
    # The style's own icon is made for light windows.
    buttons.button(QDialogButtonBox.StandardButton.Close).setIcon(QIcon())
    layout = QVBoxLayout(dialog)
    layout.addWidget(content)
    layout.addWidget(buttons)
