"""The Draw tab: a canvas, and the answers of all networks."""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRandomGenerator, Slot
from PySide6.QtWidgets import QWidget

from cadl_gui.domain.drawing import Drawing
from cadl_gui.domain.drawing_form import INK, DrawingForm
from cadl_gui.domain.position import Position
from cadl_gui.domain.requests import FetchTestImage, FindEvidence, FindNearest, Request
from cadl_gui.domain.run import RunDescription
from cadl_gui.engine.question import Question
from cadl_gui.engine.run import Run
from cadl_gui.imaging.drawing.seen import see
from cadl_gui.ui.controls.parts import column_in
from cadl_gui.ui.draw import answer_area, canvas_bar, fool_panel, labelling, sections
from cadl_gui.ui.draw.answer_area import AnswerArea
from cadl_gui.ui.draw.canvas_bar import CanvasBar
from cadl_gui.ui.draw.drawing_analyses import DrawingAnalyses
from cadl_gui.ui.draw.drawing_answers import DrawingAnswers, can_answer
from cadl_gui.ui.draw.drawing_canvas import DrawingCanvas
from cadl_gui.ui.draw.evidence_panel import EvidencePanel
from cadl_gui.ui.draw.fool_panel import FoolPanel
from cadl_gui.ui.draw.history_panel import HistoryPanel
from cadl_gui.ui.draw.labelling import Labelling
from cadl_gui.ui.draw.labelling_panel import LabellingPanel
from cadl_gui.ui.draw.layout import DrawLayout, DrawParts
from cadl_gui.ui.draw.nearest_panel import NearestPanel
from cadl_gui.ui.draw.nearest_search import Found
from cadl_gui.ui.draw.networks_panel import NetworksPanel
from cadl_gui.ui.draw.preprocessing_panel import PreprocessingPanel
from cadl_gui.ui.draw.sections import Sections
from cadl_gui.ui.figures.figure_panel import FigurePanel
from cadl_gui.ui.tab_page import PageContext, TabPage
from cadl_gui.ui.tab_run import TabRun

_N_NUMBERS = 2**31 - 1


class DrawTab(TabPage):
    """Asks the run shown and every other open run about the drawing on the canvas.

    The drawing has the form of the images that the run of the view state takes. Of the runs for such images,
    a classifier answers, if there is one.
    """

    ACTIONS = (*canvas_bar.ROWS, *answer_area.ROWS, *labelling.ROWS, *sections.ROWS, *fool_panel.ROWS)

    def __init__(self, context: PageContext) -> None:
        super().__init__(context)
        engine, theme = context.engine, context.theme
        self._subject = TabRun(engine, self.suits, self)
        self._canvas = DrawingCanvas(theme, engine.jobs, engine.view)
        self._canvas.setObjectName("digitCanvas")
        self._bar = CanvasBar(self._canvas, engine.view, theme, context.settings)
        engine.view.bind(self._subject, self._what_to_see, self._see)
        self._area = AnswerArea(theme, engine.view, self)
        self._networks = NetworksPanel(theme, engine)
        self._seen = PreprocessingPanel(theme, self._area.preview, self._canvas, engine.view)
        self._why = EvidencePanel(theme, engine.jobs, engine.view)
        self._near = NearestPanel(engine, theme)
        self._shown = TabRun(engine, partial(can_answer, engine.runs, self._canvas.form), self)
        self._random_image = Question(engine, self, self._show_random, engine.notifications.unanswered.emit)
        self._when = HistoryPanel(engine, theme, self._shown)
        self._fool = FoolPanel(engine, theme, self._shown)
        self._bends = self._shown.bends  # of the answer that is shown
        self._answers = DrawingAnswers(engine, self._shown, self)
        self._analyses = DrawingAnalyses(engine, self._shown, self._answers, self)
        self._labelled = LabellingPanel(theme)
        self.labelling = Labelling(engine, self._labelled, theme)
        self.addActions([*self._bar.action_set, *self._area.action_set])
        self.addActions([self.labelling.menu.menuAction(), *self.labelling.action_set])
        self._lay_out()
        self._connect()
        self._on_subject_changed()
        self._on_run_changed()

    @classmethod
    def suits(cls, run: RunDescription) -> bool:
        """Return whether the run takes images that can be drawn."""
        return DrawingForm.of(run).can_be_drawn

    def main_view(self) -> QWidget:
        """Return the canvas."""
        return self._canvas

    def facts(self) -> Mapping[str, float | str]:
        """Return the answer, and how many flipped pixels have made it another one."""
        n, prediction = self._fool.n_fooled, self._area.prediction
        return {"prediction": prediction} | ({"fooled within": n} if n else {})

    def _lay_out(self) -> None:
        pages = {
            "seen": self._seen,
            "evidence": self._why,
            "history": self._when,
            "nearest": self._near,
            "fool": self._fool,
        }
        self._sections = Sections(pages, self._labelled, self._theme)
        self.addActions([*self._sections.action_set, *self._fool.action_set])
        area = self._area
        parts = DrawParts(
            self._canvas, self._bar, area.answer, area.details, area.bars, self._networks, self._sections
        )
        column_in(self, 0, DrawLayout(parts, self._theme))
        for panel in self.findChildren(FigurePanel):
            panel.leave_curtain_to(area.action_set["cover"])

    def _connect(self) -> None:
        self._bar.random_requested.connect(self._ask_for_random)
        self._canvas.failed.connect(self._engine.notifications.unanswered)
        self._subject.run_changed.connect(self._on_subject_changed)
        self._shown.run_changed.connect(self._on_run_changed)
        self._shown.position_changed.connect(self._on_position_changed)
        self._answers.arrived.connect(self._on_answer)
        self._answers.failed.connect(self._on_no_answer)
        self._analyses.run_answered.connect(self._networks.add)
        self._analyses.not_answered.connect(self._on_not_answered)
        self._analyses.evidence_found.connect(self._why.set_evidence)
        self._analyses.compared.connect(self._on_compared)
        self._engine.runs.renamed.connect(self._on_position_changed)
        self._theme.changed.connect(self._on_position_changed)  # repaints the badge
        view = self._engine.view
        view.bind(self, lambda: view.value.draw.section, self._show_section)
        view.bind(self, lambda: view.value.is_guessing, self._cover)
        view.bind(self._subject, lambda: self._engine.runs.descriptions, self._on_runs)
        view.bind(self._subject, lambda: view.drawing.image is None, self._on_image)
        view.bind(self._subject, lambda: len(view.drawing.drawing.flips), self._count_flips)
        self._sections.chosen.connect(lambda name: view.change(draw=replace(view.value.draw, section=name)))

    # From the user.

    def _what_to_see(self) -> tuple[DrawingForm, Drawing, bool, int, str]:
        draw, form = self._engine.view.value.draw, self._canvas.form
        return form, draw.sheet(form), draw.is_normalised, draw.noise, self._corruption

    def _see(self) -> None:
        form, drawing, is_normalised, noise, corruption = self._what_to_see()
        seen = see(
            form,
            drawing,
            self._canvas.raster,
            is_normalised=is_normalised,
            noise=noise / 100,
            corruption=corruption,
        )
        self._engine.view.show_drawing(seen)

    @property
    def _corruption(self) -> str:
        """The kind of noise with which the newest denoising run was trained."""
        trained = [run.description.config for run in self._engine.runs]
        kinds = [config.training.corruption for config in trained if config.is_denoising]
        return kinds[-1] if kinds else "masking"

    def _on_image(self) -> None:
        if self._engine.view.drawing.image is None:
            self._area.show_nothing()
            self._clear_analyses()

    def _count_flips(self) -> None:
        self._sections.set_count("fool", len(self._engine.view.drawing.drawing.flips))

    @Slot()
    def _ask_for_random(self) -> None:
        run = self._run_with_images()
        if run is not None:
            number = QRandomGenerator.global_().bounded(_N_NUMBERS)
            self._random_image.ask_anew(FetchTestImage(run.run_id, number, is_new_to_all=True))

    async def _show_random(self, request: FetchTestImage) -> None:
        self._canvas.set_image((await request)[0])

    def _show_section(self) -> None:
        self._sections.open(self._engine.view.value.draw.section)

    def _cover(self) -> None:
        """Hide what gives the answer away, while the class guesses."""
        self._sections.is_covered = self._engine.view.value.is_guessing
        for part in (self._networks, self._sections):
            self._theme.stage.show(part, not self._sections.is_covered)

    # From the networks.

    @Slot(object, object, object)
    def _on_answer(
        self, position: Position, answer: NDArray[np.float32], trained: NDArray[np.float32] | None
    ) -> None:
        self._bends = self._shown.bends
        self._area.set_source(position)
        self._area.show_answer(answer, trained)
        self._fool.show_answer(answer)

    @Slot(str)
    def _on_no_answer(self, message: str) -> None:
        self._area.show_failure()
        self._engine.notifications.unanswered.emit(message)

    @Slot(object, object)
    def _on_not_answered(self, run: Run, request: Request[Any]) -> None:
        match request:
            case FindEvidence():
                self._why.clear()
            case FindNearest():
                self._near.clear()
            case _:
                self._networks.drop(run, request)

    @Slot(object)
    def _on_compared(self, found: Found) -> None:
        if found.coder is None:
            self._area.show_nearest(found.nearest)
        run = found.coder or self._shown.run
        self._near.show_found(found, () if run is None else run.description.class_names)

    # What is shown.

    @Slot()
    def _on_subject_changed(self) -> None:
        run = self._subject.run
        form = INK if run is None else DrawingForm.of(run.description)
        if form == self._canvas.form:
            return
        self._canvas.set_form(form)
        self._random_image.cancel()
        self._clear_analyses()
        self._shown.set_suits(partial(can_answer, self._engine.runs, form))
        self._engine.view.refresh()
        self._on_runs()

    @Slot()
    def _on_run_changed(self) -> None:
        self._why.clear()
        self._area.set_run(self._shown.run)
        self.labelling.set_run(self._canvas.form, self._shown.run)
        self._on_image()
        self._on_position_changed()

    @Slot()
    def _on_position_changed(self) -> None:
        run = self._shown.run
        if run is not None:
            is_old = self._bends != self._shown.bends
            self._area.set_source(self._shown.position or run.newest, is_old=is_old)

    def _on_runs(self) -> None:
        self._bar.set_images(self._run_with_images() is not None)
        self._networks.refresh()

    def _run_with_images(self) -> Run | None:
        """Return the run that answers, whose dataset is preferred, or else one that takes the drawing."""
        takers = (run for run in self._engine.runs if not self._canvas.form.refusal(run.description))
        return self._shown.run or next(takers, None)

    def _clear_analyses(self) -> None:
        for part in (self._networks, self._near, self._why):
            part.clear()
