"""Uses the program's file dialogs, which are Qt's."""

from pathlib import Path

from acceptance.accessibility import Role, State
from acceptance.window import Window


def give_file_name(window: Window, title: str, path: Path | str) -> None:
    """Type a path, or a name in the folder shown, into the file dialog with this title, and confirm it."""
    dialog = window.see(Role.DIALOG, f"{title} — *")
    window.wait(lambda: dialog.showing(Role.TEXT), "a field for the name")
    (field,) = [field for field in dialog.showing(Role.TEXT) if field.name == "File name:"]
    (confirm,) = [button for button in dialog.showing(Role.BUTTON) if button.name in {"Open", "Save"}]

    def type_it() -> bool:
        window.hand.key("Ctrl+A")
        window.hand.type(str(path))
        return field.text == str(path) and confirm.has(State.ENABLED)

    # A dialog that has not read the folder yet does not know the file, and asks for its name again.
    window.wait(type_it, f"{path} to be accepted")
    window.hand.key("Enter")
    window.wait(lambda: not window.find(Role.DIALOG, f"{title} — *"), "the dialog to close")
    window.take_keyboard()
