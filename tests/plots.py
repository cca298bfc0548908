"""The items of a plot, from its scene."""

import pyqtgraph as pg

from cadl_gui.ui.figures.plot_canvas import PlotCanvas


def canvas(plot):
    """The curves and axes of a plot."""
    return plot.findChild(PlotCanvas)


def drawn(plot, kind):
    """The visible items of a kind."""
    shown = canvas(plot)
    return [] if shown is None else [item for item in shown.scene().items() if _is_seen(item, kind)]


def view(plot):
    """The area between the axes."""
    (box,) = (box for box in drawn(plot, pg.ViewBox) if box.linkedView(0) is None)
    return box


def axis(plot, side):
    """The axis at the “left” or at the “bottom”."""
    (found,) = (axis for axis in drawn(plot, pg.AxisItem) if axis.orientation == side)
    return found


def lines(plot):
    """The curves, thick ones first."""
    return sorted(drawn(plot, pg.PlotCurveItem), key=lambda line: -line.zValue())


def names(plot):
    """The labels at the ends of curves, by text."""
    return {name.toPlainText(): name for name in drawn(plot, pg.TextItem) if name.toPlainText()}


def upright_line(plot, theme):
    """The position of the timeline's line in epochs; None if there is none."""
    places = [
        line.value()
        for line in drawn(plot, pg.InfiniteLine)
        if line.angle == 90 and line.pen.color().name() == theme.colours.accent.lower()
    ]
    assert len(places) <= 1
    return places[0] if places else None


def crosshair(plot, theme):
    """The lines that cross at the pointer."""
    return [
        line
        for line in drawn(plot, pg.InfiniteLine)
        if line.pen.color().name() != theme.colours.accent.lower()
    ]


def _is_seen(item, kind):
    return isinstance(item, kind) and item.isVisible()
