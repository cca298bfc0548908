"""The file dialogs of the program."""

from pathlib import Path

from acceptance.accessibility import Role
from acceptance.window import Window


def give_file_name(window: Window, title: str, path: Path) -> None:
    """Type a path into the file dialog with this title, and confirm it."""
    dialog = window.see(Role.DIALOG, f"{title} — *")
    window.wait(lambda: dialog.showing(Role.TEXT), "a field for the name")
    window.hand.key("Ctrl+A")
    window.hand.type(str(path))
    fields = dialog.showing(Role.TEXT)
    window.wait(lambda: str(path) in [field.text for field in fields], f"{path} to stand in the field")
    window.hand.key("Enter")
    window.wait(lambda: not window.find(Role.DIALOG, f"{title} — *"), "the dialog to close")
    window.take_keyboard()
