"""A section that shows why a classifier answers as it does."""

from operator import attrgetter

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QComboBox, QPushButton, QSizePolicy, QStackedWidget, QWidget

from cadl_gui.domain.class_names import class_name
from cadl_gui.domain.evidence import Evidence
from cadl_gui.engine.background_jobs import BackgroundJobs
from cadl_gui.engine.run import Run
from cadl_gui.engine.view_state import ViewState
from cadl_gui.imaging.drawing.reason import reason
from cadl_gui.imaging.weights.colour_map import usual_colour_map
from cadl_gui.system.words import _
from cadl_gui.ui.chosen import Chosen
from cadl_gui.ui.controls.no_scroll_combo_box import NoScrollComboBox
from cadl_gui.ui.controls.parts import label, named, row_in
from cadl_gui.ui.controls.timer import REFRESH_MS, Timer
from cadl_gui.ui.draw.cards import evidence_cards
from cadl_gui.ui.draw.evidence_view import EvidenceView
from cadl_gui.ui.draw.image_cards import ImageCards
from cadl_gui.ui.draw.side_panel import SidePanel
from cadl_gui.ui.figures.figure_panel import FigurePanel
from cadl_gui.ui.theme.stage import When
from cadl_gui.ui.theme.theme import Theme
from cadl_gui.ui.theme.tokens import GAP_PX, GAP_SMALL_PX

_EMPTY = _("Which pixels speak for and against the answer, where a classifier answers.")
_SECOND, _NAME_LETTERS = _("2nd"), 8


class EvidencePanel(QWidget):
    """Explains in pictures and in a few sentences why the answer is one class and not another.

    The other class is the second most probable one, or the one that the user chose. All classes can be
    shown, too.

    Args:
        theme: for colours and fonts.
        jobs: saves images.
        view: has the class that is compared with, and whether all are shown.

    Attributes:
        panels: show the images of two classes, and of all.
    """

    def __init__(self, theme: Theme, jobs: BackgroundJobs, view: ViewState) -> None:
        super().__init__()
        self._view = view
        self._theme = theme
        self._found: tuple[Run, Evidence, NDArray[np.float32]] | None = None
        self._two = named(EvidenceView(theme, empty_text=_EMPTY), "evidenceView")
        self._cards = named(ImageCards(theme, empty_text=_EMPTY, n_lines=4), "evidenceCards")
        self.panels = (
            FigurePanel(self._two, theme, jobs, _("Evidence")),
            FigurePanel(self._cards, theme, jobs, _("Evidence for every class")),
        )
        self._stack = QStackedWidget()
        for panel in self.panels:
            self._stack.addWidget(panel)
        tip = _("Show what speaks for and against every class")
        self._all = named(QPushButton(_("All")), "allEvidenceButton", tip, says=_("All classes"))
        self._all.setCheckable(True)
        Chosen(self._all, view, "draw", "has_all_evidence")
        tip = _("The class with which the answer is compared")
        self._other = named(NoScrollComboBox(), "otherClassCombo", tip, says=_("Why not"))
        self._other.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self._other.setMinimumContentsLength(_NAME_LETTERS)
        self._other.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._why_not = Chosen(self._other, view, "draw", "why_not")
        self._controls = QWidget()
        row_in(self._controls, GAP_SMALL_PX, label(_("Why not")), (self._other, 1), self._all)
        self._side = SidePanel(theme, "", self._controls, ems=20)
        theme.stage.put(When.AT_A_DESK, self._controls)
        theme.stage.show(self._controls, wanted=False)
        self._timer = Timer(self, self._refresh, REFRESH_MS)
        row_in(self, GAP_PX, (self._stack, 1), self._side)
        chosen = attrgetter("why_not", "has_all_evidence")
        view.bind(self, lambda: (chosen(view.value.draw), theme.look), self._refresh)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave the sentences out where the images need their room, as beside a lesson on a projector."""
        super().resizeEvent(event)
        self._theme.stage.show(self._side, self.width() >= 2 * self._side.sizeHint().width())

    def set_evidence(self, run: Run, evidence: Evidence, image: NDArray[np.float32]) -> None:
        """Show why a run answers as it does, soon: at every answer, this would slow down the bars.

        Args:
            evidence: contributions of the pixels.
            image: the image, (height, width, channels) in [0, 1].
        """
        self._found = run, evidence, image
        self._timer.plan()

    def clear(self) -> None:
        """Show nothing."""
        self._found = None
        self._timer.stop()
        self._two.clear()
        self._cards.set_cards(())
        self._side.set_text("")
        self._theme.stage.show(self._controls, wanted=False)
        for panel in self.panels:
            panel.set_note("")

    @Slot()
    def _refresh(self) -> None:
        self._stack.setCurrentIndex(int(self._view.value.draw.has_all_evidence))
        if self._found is None:
            return
        run, evidence, image = self._found
        about = run.description
        colours = usual_colour_map(about.config.preset, is_dark=self._theme.is_dark)
        ink = image[..., 0] if about.is_ink_on_black and image.shape[-1] == 1 else None
        n_classes = len(evidence.logits)
        names = [class_name(about.class_names, label) for label in range(n_classes)]
        wished = self._view.value.draw.why_not
        self._other.offer_entries([(_SECOND, ""), *((name, name) for name in names)])
        self._why_not.show()
        other = names.index(wished) if wished in names else None
        self._two.set_evidence(evidence, about.class_names, colours, ink, other)
        self._cards.set_cards(evidence_cards(evidence, colours, about.class_names))
        is_linear = not about.config.model.layers and not about.config.model.n_hidden
        product = _("weight × pixel") if is_linear else _("gradient × pixel")
        two, every = (
            _("{letter} · red: for it · blue: against it"),
            _("{letter} · red: for · Σ pixels + b biases = score"),
        )
        for panel, words in zip(self.panels, (two, every), strict=True):
            panel.set_note(words.format(letter=run.letter), product)
        self._theme.stage.show(self._controls, wanted=True)
        self._side.set_text(_in_words(evidence, about.class_names, other))


def _in_words(evidence: Evidence, class_names: tuple[str, ...], other: int | None) -> str:
    labels = evidence.compared(other)
    if len(labels) == 1:
        return ""
    (first, second), biases = labels, evidence.biases
    pixels = evidence.contributions.sum(axis=3)
    names = class_name(class_names, first), class_name(class_names, second)
    return reason(pixels[first] - pixels[second], float(biases[first] - biases[second]), names)
