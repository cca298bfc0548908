"""A panel with the nearest training images, and a choice of the distance."""

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from cadl_gui.engine.engine import Engine
from cadl_gui.engine.run import Run
from cadl_gui.system.words import _
from cadl_gui.ui.chosen import Chosen
from cadl_gui.ui.controls.no_scroll_combo_box import NoScrollComboBox
from cadl_gui.ui.controls.parts import label, named, row_in
from cadl_gui.ui.draw.cards import nearest_cards
from cadl_gui.ui.draw.image_cards import ImageCards
from cadl_gui.ui.draw.nearest_search import Found, coder_of, coders
from cadl_gui.ui.draw.side_panel import SidePanel
from cadl_gui.ui.figures.figure_panel import FigurePanel
from cadl_gui.ui.run_text import NOT_AT_HAND, lacks_images
from cadl_gui.ui.theme.stage import When
from cadl_gui.ui.theme.theme import Theme
from cadl_gui.ui.theme.tokens import GAP_PX

_PIXELS = _("Pixels")
_EMPTY = _("The ten training images that look most like your drawing.")
_ABOUT = _("The network learned from images like these. The smaller the distance, the more alike.")


class NearestPanel(QWidget):
    """Shows the nearest images, by pixels or by the latent vectors of an open autoencoder.

    Args:
        engine: has the runs; its view state has the one that is compared by.
        theme: for colours and fonts.

    Attributes:
        panel: shows the images.
    """

    def __init__(self, engine: Engine, theme: Theme) -> None:
        super().__init__()
        self._engine = engine
        self._cards = named(ImageCards(theme, empty_text=_EMPTY, n_lines=2), "nearestCards")
        self.panel = FigurePanel(self._cards, theme, engine.jobs, _("Nearest training images"))
        tip = _("Compare pixels, or the latent vectors of an autoencoder")
        self._combo = named(NoScrollComboBox(), "nearestCombo", tip, says=_("Compare by"))
        view = engine.view
        self._nearest = Chosen(self._combo, view, "draw", "nearest")
        caption = label(_("Compare by"), secondary=True)
        caption.setBuddy(self._combo)
        side = SidePanel(theme, _ABOUT, caption, self._combo)
        theme.stage.put(When.AT_A_DESK, side)  # on a projector, the images have its room
        row_in(self, GAP_PX, (self.panel, 1), side)
        view.bind(self, lambda: (view.drawing.form, engine.runs.descriptions), self._offer)
        view.bind(self, lambda: view.shown, self._say_what_appears)

    def show_found(self, found: Found, class_names: Sequence[str]) -> None:
        """Show the nearest images, unless other distances are chosen now."""
        if found.coder is not coder_of(self._engine):
            return
        self._cards.set_cards(nearest_cards(found.nearest, class_names))
        self.panel.set_note(
            _("distance over pixels") if found.coder is None else _("distance in latent space")
        )

    def clear(self) -> None:
        """Show no images."""
        self._cards.set_cards(())

    def _say_what_appears(self) -> None:
        is_missing = lacks_images(self._engine.view.run)
        self._cards.set_empty_text(NOT_AT_HAND if is_missing else _EMPTY)
        if is_missing:
            self.clear()

    def _offer(self) -> None:
        offered = [(_text(run), self._engine.runs.key(run)) for run in coders(self._engine)]
        self._combo.offer_entries([(_PIXELS, ""), *offered])
        self._nearest.show()


def _text(run: Run) -> str:
    return _("Latent space of {letter} · {name}").format(letter=run.letter, name=run.description.name)
