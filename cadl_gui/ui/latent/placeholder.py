"""What is shown for a run that has no latent plane: a sentence, and a button that shows a run with one."""

from PySide6.QtCore import QPoint, QRect, Qt, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from cadl_gui.engine.engine import Engine
from cadl_gui.system.resources import shipped_run
from cadl_gui.system.words import _
from cadl_gui.ui.actions import literal
from cadl_gui.ui.controls.overlay import Overlay
from cadl_gui.ui.controls.parts import label, named, push_button, row_in
from cadl_gui.ui.tab_run import TabRun
from cadl_gui.ui.theme.stage import When
from cadl_gui.ui.theme.theme import Theme
from cadl_gui.ui.theme.tokens import GAP_PX, GAP_SMALL_PX, UNIT_PX


class Placeholder(QWidget):
    """Fills the page while no open run has a plane; its button opens the trained vae.

    Args:
        engine: Opens the run.
    """

    def __init__(self, engine: Engine) -> None:
        super().__init__()
        self._engine = engine
        self._message = label("", "noPlaneSentence", wraps=True, textRole="section")
        self._message.setAlignment(Qt.AlignmentFlag.AlignCenter)
        tip = _("Open the trained vae that ships with the program")
        button = push_button(_("Show vae"), "showVaeButton", tip, self._open_vae, primary=True)
        column = QVBoxLayout(self)
        column.setSpacing(GAP_PX)
        column.addStretch(1)
        column.addWidget(self._message)
        column.addWidget(button, alignment=Qt.AlignmentFlag.AlignHCenter)
        button.setVisible(shipped_run("vae") is not None)
        column.addStretch(1)
        engine.view.bind(self, lambda: (engine.view.run, engine.runs.descriptions), self._name_run)

    def _name_run(self) -> None:
        run = self._engine.view.run
        self._message.setText(
            _("There is no run yet.")
            if run is None
            else _("{name} has no latent plane.").format(name=run.description.name)
        )

    @Slot()
    def _open_vae(self) -> None:
        folder = shipped_run("vae")
        if folder is not None:
            self._engine.runs.open(folder)


class OtherRunNote(QWidget):
    """Lies over the foot of the plane while it is that of another run than the one selected.

    The plane stays, since it is where a classifier is watched while it learns; but never without a word.

    Args:
        engine: Has the selected run.
        shown: The run whose plane is shown.
        theme: tells what stands there in present mode, and how large.
        plane: The widget to lie over; it must be in a layout already.
    """

    def __init__(self, engine: Engine, shown: TabRun, theme: Theme, plane: QWidget) -> None:
        super().__init__(plane.parentWidget())
        self._engine = engine
        self._shown = shown
        named(self, "otherRunNote", notice="information")
        self.setAttribute(Qt.WidgetAttribute.WA_NoMousePropagation)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._message = label("", "otherRunSentence")
        self._whose = label("", "planeOwner")  # in present mode the title of the plane says it
        theme.stage.put(When.AT_A_DESK, self._whose)
        tip = _("Select the run whose plane this is")
        self._button = push_button("", "showPlaneRunButton", tip, self._select)
        margins = (GAP_SMALL_PX + UNIT_PX, UNIT_PX, UNIT_PX, UNIT_PX)
        row = row_in(self, UNIT_PX, self._message, self._whose, margins=margins)
        row.addSpacing(GAP_PX)
        row.addWidget(self._button)
        self.hide()
        self._overlay = Overlay(self, plane, _in_the_corner)
        engine.view.bind(
            plane, lambda: (engine.view.run, engine.runs.descriptions, theme.look), self._refresh
        )
        shown.run_changed.connect(self._refresh)

    @Slot()
    def _refresh(self) -> None:
        selected, run = self._engine.view.run, self._shown.run
        is_other = selected is not None and run is not None and selected is not run
        if selected is not None and run is not None and is_other:
            self._message.setText(_("{name} has no latent plane.").format(name=selected.description.name))
            self._whose.setText(
                _("This is that of {letter} · {name}.").format(letter=run.letter, name=run.description.name)
            )
            self._button.setText(_("Show {name}").format(name=literal(run.description.name)))
        self.setVisible(is_other)
        self._overlay.follow()

    @Slot()
    def _select(self) -> None:
        if self._shown.run is not None:
            self._engine.view.show_run(self._shown.run)


def _in_the_corner(note: QWidget, plane: QWidget) -> QRect:
    """Return the lower left corner, as wide as the sentence."""
    size = note.sizeHint().boundedTo(plane.size())
    return QRect(plane.geometry().bottomLeft() - QPoint(0, size.height() - 1), size)
