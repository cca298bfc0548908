"""The application, which can be handed a file while it runs."""

from pathlib import Path

from PySide6.QtCore import QEvent, Signal
from PySide6.QtGui import QFileOpenEvent, QIcon
from PySide6.QtWidgets import QApplication

from cadl_gui import __version__
from cadl_gui.system import resources


class Application(QApplication):
    """macOS tells a program by an event, not by an argument, which file was double-clicked.

    Signals:
        file_opened: (path) a file is to be opened.
    """

    file_opened = Signal(object)

    def event(self, event: QEvent) -> bool:
        """Pass the file on."""
        if isinstance(event, QFileOpenEvent):
            self.file_opened.emit(Path(event.file()))
            return True
        return super().event(event)


def the_application(name: str) -> QApplication:
    """The application, made if there is none yet, which says who it is and wears the program's icon."""
    application = QApplication.instance() or Application([name])
    assert isinstance(application, QApplication), "a window needs more than a QCoreApplication"
    application.setApplicationName(name)
    application.setOrganizationName(name)
    application.setApplicationVersion(__version__)
    application.setApplicationDisplayName("CADL")
    application.setDesktopFileName("cadl-gui")
    application.setWindowIcon(QIcon(str(resources.resource_path("icons/app.png"))))
    return application
