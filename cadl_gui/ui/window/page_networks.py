"""The choice of the networks of a web page."""

from cadl_gui.domain.position import Position
from cadl_gui.domain.training_requests import page_refusal
from cadl_gui.engine.run import Run
from cadl_gui.engine.run_registry import RunRegistry
from cadl_gui.system.words import _
from cadl_gui.ui.controls.no_scroll_combo_box import NoScrollComboBox
from cadl_gui.ui.controls.parts import named

_ALL = _("All that take drawn digits")


class PageNetworks(NoScrollComboBox):
    """Offers all networks that can be on a web page, or a run's alone.

    Args:
        name: its objectName.
        runs: the open runs.
        run: comes first.
        position: of the first run's weights; None for the newest.
    """

    def __init__(self, name: str, runs: RunRegistry, run: Run, position: Position | None) -> None:
        super().__init__()
        self._runs = runs
        self._first = run, position
        named(self, name)
        self.addItem(_ALL, "")
        self.addItem(_("Only {name}").format(name=run.description.name), run.run_id)

    @property
    def chosen(self) -> list[tuple[Run, Position | None]]:
        """The runs of the page, each with its position; the others with their newest weights."""
        first, _ = self._first
        others = [run for run in self._runs if run is not first and not page_refusal(run.description)]
        return [self._first, *(() if self.currentData() else ((run, None) for run in others))]
