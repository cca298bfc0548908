"""The run list at the left edge of the window, collapsed to its badges where space is short."""

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt, Slot
from PySide6.QtGui import QCursor, QEnterEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from cadl_gui.engine.engine import Engine
from cadl_gui.system.words import _
from cadl_gui.ui.controls.parts import column_in, label, named
from cadl_gui.ui.controls.run_delegate import COLLAPSED_WIDTH_PX, FULL_WIDTH_PX
from cadl_gui.ui.controls.run_list import RunList
from cadl_gui.ui.theme.style_property import set_style_property
from cadl_gui.ui.theme.theme import Theme
from cadl_gui.ui.theme.tokens import GAP_SMALL_PX, PAGE_MARGIN_PX


class RunsPanel(QWidget):
    """Holds the run list, which can open as a drawer over the page.

    Collapsed, the panel is only as wide as the badges; under the pointer, and while a run is renamed, the
    list opens over the page beside it. In present mode it is a rail of large badges and stays one.
    """

    def __init__(self, engine: Engine, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("runsPanel")
        self._engine = engine
        self._theme = theme
        self._is_collapsed = False
        self._drawer = named(QFrame(self), "runsDrawer")
        self._drawer.setAutoFillBackground(True)
        self._drawer.installEventFilter(self)
        self.list = RunList(engine, theme)
        self.list.renaming_ended.connect(self._on_renaming_ended)
        self._title = label(_("Runs"), secondary=True)
        no_run = _("No run yet. A run appears here when it starts training.")
        self._empty = label(no_run, wraps=True, secondary=True)
        self._empty.setContentsMargins(PAGE_MARGIN_PX, GAP_SMALL_PX, PAGE_MARGIN_PX, GAP_SMALL_PX)
        column_in(self._drawer, 0, self._head(), self._empty, (self.list, 1))
        engine.view.bind(self, lambda: (bool(engine.runs.listed), theme.look), self._refresh)
        self.set_collapsed(False)

    def _head(self) -> QHBoxLayout:
        """Return the title, and over the boxes of the rows what they are for."""
        tip = _("Train draws the curves of the ticked runs and always of the run shown")
        self._compare = named(label(_("Compare with"), textRole="caption", secondary=True), "", tip)
        self._compare.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._compare.setContentsMargins(0, 0, PAGE_MARGIN_PX, 0)
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._title)
        row.addWidget(self._compare)
        return row

    def set_collapsed(self, collapsed: bool) -> None:
        """Collapse to the width of the badges, or expand to that of the names."""
        self._is_collapsed = collapsed or self._is_rail
        self.setFixedWidth(self._width)
        self._lay(open_over_page=False)

    def rename_current(self) -> None:
        """Start editing the name of the run shown."""
        self._lay(open_over_page=self._is_collapsed)
        self.list.rename_current()

    def sizeHint(self) -> QSize:
        """Return the collapsed or full width."""
        return QSize(self._width, self._drawer.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the drawer as high as the panel."""
        super().resizeEvent(event)
        self._lay(open_over_page=self._is_open)

    def enterEvent(self, event: QEnterEvent) -> None:
        """Open the drawer over the page if collapsed."""
        super().enterEvent(event)
        self._lay(open_over_page=self._is_collapsed and not self._is_rail)

    def eventFilter(self, watched: QWidget, event: QEvent) -> bool:  # type: ignore[override] # the drawer
        """Collapse again once the pointer has left, unless a name is being edited."""
        if event.type() is QEvent.Type.Leave and self._is_open and not self.list.is_renaming:
            self._lay(open_over_page=False)
        return super().eventFilter(watched, event)

    @Slot()
    def _on_renaming_ended(self) -> None:
        """Collapse again unless the pointer, whose leaving does it otherwise, is over the drawer."""
        is_over = self._drawer.rect().contains(self._drawer.mapFromGlobal(QCursor.pos()))
        if self._is_open and not is_over and not self.list.is_renaming:
            self._lay(open_over_page=False)

    @property
    def _width(self) -> int:
        if not self._is_collapsed:
            return FULL_WIDTH_PX
        return self._theme.sizes.rail or COLLAPSED_WIDTH_PX

    @property
    def _is_rail(self) -> bool:
        return self._theme.sizes.rail > 0

    @property
    def _is_open(self) -> bool:
        return self._drawer.parentWidget() is not self

    def _lay(self, *, open_over_page: bool) -> None:
        """Put the drawer into the panel, or over the page, with the window as its parent."""
        width = FULL_WIDTH_PX if open_over_page else self._width
        home = self.window() if open_over_page else self
        if self._drawer.parentWidget() is not home:
            had_focus = self.list.hasFocus()
            self._drawer.setParent(home)
            self._drawer.show()
            if had_focus:  # which Qt takes from a widget that gets another parent
                self.list.setFocus()
        corner = self.mapTo(home, QPoint(0, 0)) if open_over_page else QPoint(0, 0)
        self._drawer.setGeometry(QRect(corner, QSize(width, self.height())))
        self._drawer.raise_()
        set_style_property(self._drawer, "over", value=open_over_page)
        self._refresh()

    @Slot()
    def _refresh(self) -> None:
        narrow = self._is_collapsed and not self._is_open
        title, metrics = _("Runs"), self._title.fontMetrics()
        fits = not narrow or metrics.horizontalAdvance(title) + GAP_SMALL_PX < COLLAPSED_WIDTH_PX
        self._title.setText(title if fits and not self._is_rail else "")
        self._title.setFixedHeight(self._theme.sizes.tab_bar)
        self._title.setContentsMargins(GAP_SMALL_PX if narrow else PAGE_MARGIN_PX, 0, 0, 0)
        self._compare.setVisible(bool(self._engine.runs.listed) and not narrow)
        self._empty.setVisible(not self._engine.runs.listed and not narrow)
        self._drawer.setAttribute(Qt.WidgetAttribute.WA_StyledBackground, True)
