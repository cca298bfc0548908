"""The F1 and About dialogs, generated from the action tables and the installed packages."""

from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from typing import NamedTuple

from PySide6.QtCore import Slot
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QLineEdit,
    QMainWindow,
    QTextBrowser,
    QWidget,
)

from cadl_gui import __version__
from cadl_gui.system.glossary import glossary
from cadl_gui.system.resources import resource_path
from cadl_gui.system.words import _
from cadl_gui.ui.actions import ActionSet
from cadl_gui.ui.controls.parts import named
from cadl_gui.ui.dialog import Dialog
from cadl_gui.ui.figures.figure_panel import GESTURES
from cadl_gui.ui.tabs import TABS
from cadl_gui.ui.theme.theme import Theme
from cadl_gui.ui.theme.tokens import GAP_SMALL_PX, SEMIBOLD

_LETTERS_WIDE, _LINES_HIGH = 84, 40
_ABOUT_LETTERS_WIDE, _ABOUT_LINES_HIGH = 72, 30


class KeyRow(NamedTuple):
    """One line of the F1 page.

    Attributes:
        name: what can be done.
        keys: shortcuts as text; "" if it has none.
        help: what it does.
    """

    name: str
    keys: str
    help: str

    def fits(self, words: Sequence[str], section: str) -> bool:
        """Return whether the row or its section's title contains all of these lower-case words."""
        text = " ".join((*self, section)).lower()
        return all(word in text for word in words)


class KeysDialog(Dialog):
    """Lists all actions with their shortcuts: keys on the left, actions on the right; typing filters them."""

    def __init__(self, window: QMainWindow, theme: Theme) -> None:
        super().__init__(window, "keysDialog", _("Keyboard shortcuts"))
        self._theme = theme
        self._sections = key_rows(window)
        self._search = named(QLineEdit(), "keysSearch", says=_("Search the shortcuts"))
        self._search.setPlaceholderText(_("Search"))
        self._search.setClearButtonEnabled(True)
        self._search.textChanged.connect(self._refresh)
        self._text = _text("keysText", _("Shortcuts"))
        self.lay_out(GAP_SMALL_PX, self._search, self._text, self.close_button())
        theme.changed.connect(self._refresh)
        self._refresh()
        self._search.setFocus()
        self.resize_to_type(_LETTERS_WIDE, _LINES_HIGH)

    @Slot()
    def _refresh(self) -> None:
        words = self._search.text().lower().split()
        found = {
            title: fitting
            for title, rows in self._sections.items()
            if (fitting := [row for row in rows if row.fits(words, title)])
        }
        nothing = _("<p>Nothing matches “{text}”.</p>").format(text=escape(self._search.text()))
        self._text.setHtml(keys_html(found, self._theme.colours.secondary) if found else nothing)


class GlossaryDialog(Dialog):
    """Explains the words that a class may not know, a sentence each; tooltips have the same sentences."""

    def __init__(self, parent: QWidget | None) -> None:
        super().__init__(parent, "glossaryDialog", _("Glossary"))
        text = _text("glossaryText", _("Glossary"))
        words = glossary().items()
        text.setHtml("".join(f"<p><b>{escape(word)}</b>: {escape(sentence)}</p>" for word, sentence in words))
        self.lay_out(GAP_SMALL_PX, text, self.close_button())
        self.resize_to_type(_LETTERS_WIDE, _LINES_HIGH)


class AboutDialog(Dialog):
    """Shows the version, licences and the location of the log.

    `notice` says under what licence the packaged app is passed on; elsewhere there is no such file.
    """

    def __init__(self, parent: QWidget | None, log: str, notice: Path) -> None:
        # Searching for installed packages is slow; the window opens without it.
        from cadl_gui.system.versions import installed_version

        super().__init__(parent, "aboutDialog", _("About CADL"))
        libraries = ("tensorflow", "keras", "PySide6-Essentials")
        parts = ", ".join(f"{name} {installed_version(name)}" for name in libraries)
        # It scrolls: in present mode on a small screen it is higher than the screen.
        text = _text("aboutText", _("About CADL"))
        text.setHtml(
            _(
                "<p><b>CADL {version}</b></p>"
                "<p>Watch small neural networks learn, after the lecture “Unsupervised and Supervised "
                "Learning” of Parag Mital’s "
                "<i>Creative Applications of Deep Learning with TensorFlow</i>.</p>"
                "<p>{parts}</p>"
                "<p>© 2026 The cadl_gui founders. The source is under the MIT License, and comes "
                "without any warranty. {passed_on}</p>"
                "<p>Made with TensorFlow and Keras (Apache 2.0), Qt and PySide6 (LGPL 3), libheif and "
                "libde265 (LGPL 3), and PyAV (BSD) with FFmpeg (LGPL 3), x264 and x265 (GPL 2 or later).</p>"
                "<p>MNIST: Yann LeCun, Corinna Cortes, Christopher J. C. Burges (CC BY-SA 3.0). "
                "Emoji: Noto Emoji by Google (Apache 2.0), named by Cal Henderson (MIT). "
                "Inter: The Inter Project Authors (OFL). Icons: Tabler (MIT). Colour maps: Fabio Crameri "
                "(MIT), Kenneth Moreland and Matplotlib (PSF), seaborn (BSD).</p>"
                "<p>The licences of everything that ships: {licences}</p>"
                "<p>The log is in {log}</p>"
            ).format(
                version=__version__,
                parts=escape(parts),
                passed_on=_passed_on(notice) if notice.exists() else "",
                licences=escape(str(resource_path("ATTRIBUTION.md"))),
                log=escape(log),
            )
        )
        self.lay_out(GAP_SMALL_PX, text, self.close_button())
        self.resize_to_type(_ABOUT_LETTERS_WIDE, _ABOUT_LINES_HIGH)


def _passed_on(notice: Path) -> str:
    """Return under what licence the packaged app is passed on, as its notice says at length."""
    return _(
        "This packaged app may be passed on under the GNU General Public License, version 3 or later, since "
        "FFmpeg in it is linked to x264 and x265. How to get the source: {notice}"
    ).format(notice=escape(str(notice)))


def key_rows(window: QMainWindow) -> dict[str, list[KeyRow]]:
    """Return the rows of the F1 page by the title of their section, from the actions of window and tabs."""
    sections: dict[str, list[KeyRow]] = {}
    for name, key, about in GESTURES:
        sections.setdefault(_("Images and plots"), []).append(KeyRow(name, _native(key), about))
    for spec in TABS:
        page = spec.load()
        rows = [KeyRow(_(row.text), row.shortcuts_text, _(row.help)) for row in page.ACTIONS]
        rows += [KeyRow(*row) for row in page.KEYS]
        if rows:
            sections[_("{title} tab").format(title=_(spec.title))] = rows
    listed = [row for actions in window.findChildren(ActionSet) for row in actions.rows]
    menus = [heading.iconText() for heading in window.menuBar().actions()]
    for menu in (menu for menu in menus if menu not in {_(spec.title) for spec in TABS}):
        sections[menu] = [
            KeyRow(_(row.text), row.shortcuts_text, _(row.help)) for row in listed if _(row.menu) == menu
        ]
    return sections


def keys_html(sections: Mapping[str, Sequence[KeyRow]], secondary: str) -> str:
    """Return sections of the F1 page as HTML; a third column would starve in large type.

    Args:
        sections: rows by the title of their section.
        secondary: colour of the keys and the help.
    """
    tables = []
    for title, rows in sections.items():
        lines = "".join(
            f"<tr><td width='24%' style='color:{secondary}'>{escape(row.keys)}</td>"
            f"<td width='76%'><b>{escape(row.name)}</b><br>"
            f"<span style='color:{secondary}'>{escape(row.help)}</span></td></tr>"
            for row in rows
        )
        tables.append(f"<h3>{escape(title)}</h3><table width='100%' cellpadding='4'>{lines}</table>")
    return "".join(tables)


def _native(key: str) -> str:
    return QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText)


def _text(name: str, words: str) -> QTextBrowser:
    """Return a browser of HTML that takes the type's own semibold for bold.

    Of what is bolder, Qt would thicken that, and close the gap below the dot of an i.
    """
    text = named(QTextBrowser(), name, says=words)
    text.document().setDefaultStyleSheet(f"b, h3 {{ font-weight: {SEMIBOLD}; }}")
    return text
