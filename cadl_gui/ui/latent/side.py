"""The column beside the latent plane: what is decoded, the latent vector, its axes and the experiments."""

from collections.abc import Mapping

from PySide6.QtCore import QEvent, QObject, Qt, Slot
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QScrollArea, QSizePolicy, QWidget

from cadl_gui.imaging.latent.posterior import divergences
from cadl_gui.system.words import _
from cadl_gui.ui.controls.action_button import ActionButton
from cadl_gui.ui.controls.parts import column_in, label, named
from cadl_gui.ui.latent.axes_bar import LatentAxesBar
from cadl_gui.ui.latent.cursor import LatentCursor
from cadl_gui.ui.latent.decoded_card import DecodedCard
from cadl_gui.ui.latent.plane_controller import PlaneController
from cadl_gui.ui.latent.vector_panel import LatentVectorPanel
from cadl_gui.ui.theme.stage import When
from cadl_gui.ui.theme.stylesheet import small_control
from cadl_gui.ui.theme.theme import Theme
from cadl_gui.ui.theme.tokens import GAP_PX, GAP_SMALL_PX, UNIT_PX

_WIDTH_PX, _FULL_PX, _LEAST_EMS = 252, 304, 12
"""Widths; in one of so many ems, as on a projector, an answer fits."""

_BESIDE_SLIDERS_PX, _BESIDE_FIELDS_PX = 144, 200
"""Largest side of the decoded image where many latents have sliders, and where two have fields."""

_LEAST_IMAGE_PX = 84
"""Side that the image keeps where there is little height: three pixels for each of 28."""

_EXPERIMENTS = {
    "borderWalk": _("Where one class becomes another"),
    "placeDrawing": _("Your drawing in the plane"),
    "mixPins": _("A weighted mean of the pins"),
    "reencode": _("Decode and encode repeatedly"),
    "drift": _("A slow walk through the data"),
    "grid": _("Each image in a cell of its own"),
}
"""What each experiment shows, by the key of its action."""

_DETAILS = {"mixPins", "reencode", "grid"}


class LatentSide(QWidget):
    """Lays out the parts of the column; present mode has only what is decoded.

    Args:
        theme: Shows and hides controls.
        actions: The actions of the Latent tab, by key.
        cursor: Has the latent vector and the axes.
        controller: Has the encoded images.
        card: What is decoded.
        progress: The progress of an export.
    """

    def __init__(
        self,
        theme: Theme,
        actions: Mapping[str, QAction],
        cursor: LatentCursor,
        controller: PlaneController,
        card: DecodedCard,
        progress: QWidget,
    ) -> None:
        super().__init__()
        self._theme, self._card = theme, card
        self._width = _WIDTH_PX
        self._cursor = cursor
        self._controller = controller
        self._axes = LatentAxesBar(cursor)
        self._latent = LatentVectorPanel(cursor)
        self._experiments = [
            (ActionButton(actions[key]), label(shows, wraps=True, textRole="caption", secondary=True))
            for key, shows in _EXPERIMENTS.items()
        ]
        for key, widgets in zip(_EXPERIMENTS, self._experiments, strict=True):
            theme.stage.put(When.DETAILS if key in _DETAILS else When.ALWAYS, *widgets)
        self._grid = QGridLayout()
        self._grid.setSpacing(GAP_SMALL_PX)
        self._grid.setColumnStretch(1, 1)
        experiments = label(_("Experiments"), wraps=True, textRole="caption", secondary=True)
        self._grid.addWidget(experiments, 0, 0, 1, 2)
        title = label(_("Handle"), wraps=True, textRole="caption", secondary=True)
        title.setMinimumHeight(small_control(theme.sizes))
        self._content = tools = named(QWidget(), "", scrolled=True)
        parts = (title, self._axes, self._latent, progress, None)
        self._column = column_in(tools, GAP_SMALL_PX, *parts, margins=(UNIT_PX, 0, 0, 0))
        # Many sliders are a long list, and a small window has room for neither them nor all experiments.
        self._tools = QScrollArea(widgetResizable=True)
        self._tools.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._tools.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # it follows the focus of what is in it
        self._tools.setWidget(tools)
        tools.installEventFilter(self)
        column_in(self, GAP_SMALL_PX, (card, 1), self._tools, margins=(GAP_PX, 0, 0, 0))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        for due in (theme.changed, card.panel.holding_changed, self._latent.filled):
            due.connect(self._arrange)
        for due in (controller.points_changed, self._latent.filled):
            due.connect(self._show_spread)
        theme.stage.put(When.DETAILS, title, self._axes, self._latent)
        theme.stage.put(When.AT_A_DESK, self._tools)
        self.set_space(cursor.latent_dim)

    @property
    def _is_full(self) -> bool:
        return self._has_many or self._theme.stage.has(When.DETAILS)

    def set_space(self, latent_dim: int) -> None:
        """Adapt to the number of latents of a space."""
        self._has_many = latent_dim > 2
        self._latent.set_space(latent_dim)
        self._theme.stage.show(self._axes, self._has_many)
        # A small window scrolls what is last: not two fields, and not the experiments for many sliders.
        self._column.removeItem(self._grid)
        self._column.insertLayout(0 if self._has_many else self._column.indexOf(self._latent) + 1, self._grid)
        self._arrange()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share the height anew."""
        super().resizeEvent(event)
        self._share_height()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Share the height anew where what the tools need has changed."""
        if event.type() == QEvent.Type.LayoutRequest:
            self._share_height()
        return super().eventFilter(watched, event)

    @Slot()
    def _arrange(self) -> None:
        """Give the image its room: sliders and more experiments leave none for what these are."""
        stage, is_full = self._theme.stage, self._is_full
        for i, (button, words) in enumerate(self._experiments):
            self._grid.addWidget(button, 1 + (i // 2 if is_full else i), i % 2 if is_full else 0)
            self._grid.addWidget(words, 1 + i, 1)
            stage.show(words, not is_full)
        side = max(_WIDTH_PX, _LEAST_EMS * self._theme.sizes.caption)
        self._width = max(side, _FULL_PX if is_full else 0)
        beside = _BESIDE_SLIDERS_PX if self._has_many else _BESIDE_FIELDS_PX
        self._card.set_side(beside if is_full else side)
        self.setFixedWidth(GAP_PX + self._width * (2 if self._card.panel.is_holding else 1))
        self._share_height()

    def _share_height(self) -> None:
        """Keep the experiments in sight; two fields, too, where the image can be smaller."""
        sizes = self._theme.sizes
        least = self._grid.totalHeightForWidth(self._width)
        if self._is_full and not self._has_many:
            of_card = small_control(sizes) + _LEAST_IMAGE_PX + 2 * sizes.control + 2 * GAP_SMALL_PX
            least = max(least, min(self._content.sizeHint().height(), self.height() - of_card))
        self._tools.setMinimumHeight(least)

    @Slot()
    def _show_spread(self) -> None:
        if self._cursor.statistics is None:
            self._latent.forget_statistics()
        else:
            self._latent.set_statistics(self._cursor.statistics)
        if self._controller.posteriors is not None:
            self._latent.show_divergences(divergences(self._controller.posteriors))
