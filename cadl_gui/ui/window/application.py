"""The application object, which can be given files while it runs."""

from pathlib import Path

from PySide6.QtCore import QEvent, QLocale, Signal
from PySide6.QtGui import QFileOpenEvent, QIcon
from PySide6.QtWidgets import QApplication

from cadl_gui import __version__
from cadl_gui.system import resources
from cadl_gui.ui.figures.accessible_items import tell_items


class Application(QApplication):
    """On macOS, a double-clicked file arrives as an event rather than an argument.

    Signals:
        file_opened: (path) a file should be opened.
    """

    file_opened = Signal(object)

    def event(self, event: QEvent) -> bool:
        """Emit `file_opened` for a file event."""
        if isinstance(event, QFileOpenEvent):
            self.file_opened.emit(Path(event.file()))
            return True
        return super().event(event)


def the_application(name: str) -> QApplication:
    """Return the application, created with the program's name and icon if there is none yet.

    Numbers are read and written as everywhere in the program, with a decimal point. In the user's language, a
    field might take “0.5” for 5, its point for a separator of thousands.
    """
    QLocale.setDefault(QLocale.c())
    application = QApplication.instance() or Application([name])
    assert isinstance(application, QApplication), "a window needs more than a QCoreApplication"
    tell_items()
    application.setApplicationName(name)
    application.setOrganizationName(name)
    application.setApplicationVersion(__version__)
    application.setApplicationDisplayName("CADL")
    application.setDesktopFileName("cadl-gui")
    application.setWindowIcon(QIcon(str(resources.resource_path("icons/app.png"))))
    return application
