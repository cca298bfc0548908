"""A section that changes a few pixels of the drawing until the classifier answers another class."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from cadl_gui.domain.class_names import class_name, ranked
from cadl_gui.domain.drawing import Pixels
from cadl_gui.domain.drawing_form import DrawingForm
from cadl_gui.domain.formatting import count_text, percent_text
from cadl_gui.domain.requests import Classify
from cadl_gui.domain.view_step import new_gesture
from cadl_gui.engine.engine import Engine
from cadl_gui.engine.question import Question
from cadl_gui.engine.run import Run
from cadl_gui.imaging.drawing.flip_search import MOST_FLIPS
from cadl_gui.system.words import _
from cadl_gui.ui.actions import ActionRow, ActionSet
from cadl_gui.ui.chosen import Chosen
from cadl_gui.ui.controls.action_button import ActionButton
from cadl_gui.ui.controls.no_scroll_combo_box import NoScrollComboBox
from cadl_gui.ui.controls.parts import label, named, row_in
from cadl_gui.ui.draw.flips_view import FlipsView
from cadl_gui.ui.draw.fooling import Fooling
from cadl_gui.ui.draw.side_panel import SidePanel
from cadl_gui.ui.figures.figure_panel import FigurePanel
from cadl_gui.ui.tab_run import TabRun
from cadl_gui.ui.theme.theme import Theme
from cadl_gui.ui.theme.tokens import GAP_PX, GAP_SMALL_PX

_EMPTY = _("A few pixels are flipped until the network sees another class in your drawing.")
_UNDO = _("Undo restores your drawing.")
_ABOUT = _("Flips pixels until the answer changes.")
_NO_CLASSIFIER = _("Fool it needs a digit classifier.")
_RUNNER_UP = _("2nd")


class FoolPanel(QWidget):
    """Shows the drawing before and after, how many pixels were changed, and a button that begins or stops.

    Args:
        engine: answers the requests; its view has the drawing, whose pixels are changed.
        theme: for colours and fonts.
        shown: the run that answers.

    Attributes:
        panel: shows the images.
        action_set: the action of `ROWS`, which begins or stops.
    """

    def __init__(self, engine: Engine, theme: Theme, shown: TabRun) -> None:
        super().__init__()
        self._view = engine.view
        self._shown = shown
        self._gesture = 0
        self._is_in_vain = False
        self._probabilities: NDArray[np.float32] | None = None
        self._before: NDArray[np.float32] | None = None
        self._before_of: NDArray[np.float32] | None = None
        self._question = Question(engine, self, self._ask_before, lambda _answer: None)
        self._fooling = Fooling(engine, shown, self)
        self._fooling.flipped.connect(self._on_flipped)
        self._fooling.ended.connect(self._on_ended)
        self._flips = named(FlipsView(theme, empty_text=_EMPTY), "flipsView")
        self.panel = FigurePanel(self._flips, theme, engine.jobs, _("Before and after"))
        tip = _("The class that the network should see in the drawing; 2nd: its second guess")
        self._target = named(NoScrollComboBox(), "foolTargetCombo", tip, says=_("Make it"))
        self._wished = Chosen(self._target, engine.view, "draw", "fool_target")
        self.action_set = ActionSet(ROWS, self, theme, self)
        controls = QWidget()
        row_in(controls, GAP_SMALL_PX, label(_("Make it")), (self._target, 1))
        self._side = SidePanel(theme, _ABOUT, controls, ActionButton(self.action_set["fool"]), ems=12)
        row_in(self, GAP_PX, (self.panel, 1), self._side)
        shown.run_changed.connect(self._on_run)
        shown.position_changed.connect(self._question.ask_anew)
        self._on_run()
        self._view.bind(self, self._asked, self._offer)
        self._view.bind(self, lambda: engine.view.value.draw.fool_target, self._show)
        engine.view.bind(self._fooling, lambda: engine.view.drawing, self._on_image)

    def show_answer(self, probabilities: NDArray[np.float32]) -> None:
        """Show a classifier's answer about the drawing with the changed pixels, (n_classes,)."""
        if self._can_fool():
            self._probabilities = probabilities
            if not self._flipped:
                self._before_of = self._view.drawing.unflipped
            self._show()

    def _can_fool(self) -> bool:
        run = self._shown.run
        is_classifier = run is not None and run.description.config.model.is_classifier
        return is_classifier and self._view.drawing.form.is_ink

    @property
    def _flipped(self) -> Pixels:
        return self._view.drawing.drawing.flips

    @Slot()
    def _on_run(self) -> None:
        self._probabilities = self._before = None
        self._show()

    def _asked(self) -> tuple[Run | None, DrawingForm]:
        return self._shown.run, self._view.drawing.form

    def _offer(self) -> None:
        run = self._shown.run
        names = () if run is None or not self._can_fool() else run.description.class_names
        self._target.offer_entries([(_RUNNER_UP, ""), *((name, name) for name in names)])
        self._wished.show()

    async def _ask_before(self) -> None:
        """Ask about the drawing before its pixels were changed."""
        run, unflipped = self._shown.run, self._view.drawing.unflipped
        if run is not None and unflipped is not None and self._flipped and self._can_fool():
            probabilities, _position = await Classify(run.run_id, self._shown.position, unflipped[np.newaxis])
            self._before = probabilities[0]
            self._show()

    def _on_image(self) -> None:
        if self._view.drawing.image is None:
            self._probabilities = None
        if not self._flipped:
            self._question.cancel()
        elif not self._knows_before():
            self._before, self._before_of = None, self._view.drawing.unflipped
            self._question.ask_anew()
        self._show()

    def _knows_before(self) -> bool:
        """Whether the answer before is about this drawing, with this noise, or was asked for."""
        before, unflipped = self._before_of, self._view.drawing.unflipped
        return before is not None and unflipped is not None and np.array_equal(before, unflipped)

    @property
    def is_running(self) -> bool:
        """Whether pixels are being searched."""
        return self._fooling.is_running

    @property
    def can_run(self) -> bool:
        """Whether there is a drawing, and the answer of a classifier to change."""
        is_drawn = self._view.drawing.image is not None
        return self._can_fool() and is_drawn and self._probabilities is not None and not self._already

    @property
    def n_fooled(self) -> int:
        """Number of pixels whose change has made the answer another one; 0 if it has not."""
        before, now = self._before, self._probabilities
        is_other = before is not None and now is not None and ranked(before)[0] != ranked(now)[0]
        return len(self._flipped) if is_other else 0

    @property
    def why_not(self) -> str:
        """Why there is nothing to change."""
        return (self._already or _("Draw something first.")) if self._can_fool() else _NO_CLASSIFIER

    @property
    def _already(self) -> str:
        """That the network sees the wished class already; "" if it does not."""
        wished, probabilities, run = self._view.value.draw.fool_target, self._probabilities, self._shown.run
        if probabilities is None or run is None or self.is_running:
            return ""
        said = class_name(run.description.class_names, int(ranked(probabilities)[0]))
        return _("It says {said} already: choose another class.").format(said=said) if said == wished else ""

    def toggle(self) -> None:
        """Begin to search pixels, or stop."""
        if self._fooling.is_running:
            self._fooling.stop()
        elif self._probabilities is not None and self._shown.run is not None and not self._already:
            names, wished = self._shown.run.description.class_names, self._view.value.draw.fool_target
            second = int(ranked(self._probabilities)[1])
            self._gesture = new_gesture()
            self._fooling.start(names.index(wished) if wished in names else second)
            self._show()

    @Slot(object)
    def _on_flipped(self, flips: Pixels) -> None:
        seen, draw = self._view.drawing, self._view.value.draw
        draw = draw.with_sheet(seen.form, replace(seen.drawing, flips=flips))
        self._view.change(draw=draw, undo=_("flipped pixels"), gesture=self._gesture)

    @Slot(bool)
    def _on_ended(self, is_fooled: bool) -> None:
        self._is_in_vain = not is_fooled and len(self._flipped) >= MOST_FLIPS
        self._show()

    def _show(self) -> None:
        seen, flipped, can_fool = self._view.drawing, self._flipped, self._can_fool()
        images = (seen.unflipped, seen.image) if can_fool else (None, None)
        self._flips.set_images(*images, flipped)
        self._target.setEnabled(can_fool and not self._fooling.is_running)
        self.action_set.refresh()
        if not flipped:
            self._before = self._probabilities
            self._flips.set_texts(self._answer(self._before), ())
        else:
            changed = _("{pixels} changed").format(pixels=count_text(len(flipped), "pixel"))
            self._flips.set_texts(self._answer(self._before), (*self._answer(self._probabilities), changed))
        self._side.set_text(self._text())

    def _answer(self, probabilities: NDArray[np.float32] | None) -> tuple[str, ...]:
        run = self._shown.run
        if run is None or probabilities is None:
            return ()
        label = int(ranked(probabilities)[0])
        return class_name(run.description.class_names, label), percent_text(float(probabilities[label]))

    def _text(self) -> str:
        if not self._can_fool():
            return _NO_CLASSIFIER
        n = len(self._flipped)
        if self._fooling.is_running:
            return _("{pixels} of at most {most_flips} changed …").format(
                pixels=count_text(n, "pixel"), most_flips=MOST_FLIPS
            )
        if n >= MOST_FLIPS and self._is_in_vain:
            return _("Not fooled after {pixels}. {undo}").format(pixels=count_text(n, "pixel"), undo=_UNDO)
        changed = _("{pixels} changed. {undo}").format(pixels=count_text(n, "pixel"), undo=_UNDO)
        return changed if n else self._already or _ABOUT


ROWS: tuple[ActionRow[FoolPanel], ...] = (
    ActionRow(key="fool", menu="Draw", text="Flip pixels", shortcuts=("Shift+P",),
              help="Flip one pixel after another until the network answers another class, or stop.",
              callback=FoolPanel.toggle, enabled=lambda host: host.can_run,
              why_not=lambda host: host.why_not,
              label=lambda host: _("Stop") if host.is_running else _("Flip pixels")),
)  # fmt: skip
