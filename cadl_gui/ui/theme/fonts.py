"""The fonts that ship with the program."""

from PySide6.QtGui import QFontDatabase

from cadl_gui.system.resources import resource_path


def load_fonts() -> None:
    """Load them; there has to be an application."""
    for style in ("Regular", "SemiBold"):
        QFontDatabase.addApplicationFont(str(resource_path(f"fonts/Inter-{style}.ttf")))
