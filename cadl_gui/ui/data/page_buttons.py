"""The buttons that choose a page of the column beside the montage."""

from collections.abc import Iterator, Mapping

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QLayout, QSizePolicy, QWidget

from cadl_gui.ui.controls.choice_group import ChoiceGroup
from cadl_gui.ui.controls.parts import grid_in, push_button
from cadl_gui.ui.theme.tokens import GAP_SMALL_PX


class PageButtons(QWidget):
    """Shows the buttons in one row, or in two where they would be cut off.

    Args:
        titles: titles of the pages, by the names in their buttons' objectNames.

    Attributes:
        chosen: signal (int), the user chose the page with this number.
    """

    def __init__(self, titles: Mapping[str, str]) -> None:
        super().__init__()
        self._group = ChoiceGroup(self)
        self._grid = grid_in(self, GAP_SMALL_PX, GAP_SMALL_PX)
        self._placed: tuple[QWidget, ...] = ()
        self._n_columns = 0
        self._names = tuple(titles)
        for number, (name, title) in enumerate(titles.items()):
            button = push_button(title, f"{name}PanelButton")
            button.setCheckable(True)
            self._group.addButton(button, number)
        self.chosen = self._group.idClicked
        # The width is the column's, however much the buttons would like.
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._grid.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)
        self._arrange()

    def of(self, *names: str) -> Iterator[QWidget]:
        """Yield the buttons of these pages."""
        return (self._group.button(self._names.index(name)) for name in names)

    def check(self, number: int) -> None:
        """Mark the page that is shown, without emitting `chosen`."""
        self._group.button(number).setChecked(True)

    def event(self, event: QEvent) -> bool:
        """Arrange the buttons anew where the width or a text has changed."""
        handled = super().event(event)
        if event.type() in {QEvent.Type.Resize, QEvent.Type.LayoutRequest}:
            self._arrange()
        return handled

    def _arrange(self) -> None:
        """Lay out the buttons that stand there."""
        # One that was neither shown nor hidden yet counts as hidden, too.
        hidden = Qt.WidgetAttribute.WA_WState_ExplicitShowHide
        buttons = tuple(
            button
            for button in self._group.buttons()
            if not (button.testAttribute(hidden) and button.isHidden())
        )
        needed = sum(button.sizeHint().width() + GAP_SMALL_PX for button in buttons) - GAP_SMALL_PX
        is_one_row = needed <= self.width()
        n_columns = len(buttons) if is_one_row else (len(buttons) + 1) // 2
        if (n_columns, buttons) == (self._n_columns, self._placed):
            return
        self._n_columns, self._placed = n_columns, buttons
        for number, button in enumerate(buttons):
            self._grid.addWidget(button, *divmod(number, n_columns))
        for column in range(len(self._names) + 1):
            is_stretched = column == n_columns if is_one_row else column < n_columns
            self._grid.setColumnStretch(column, 1 if is_stretched else 0)
