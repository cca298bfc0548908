"""Which dataset the Data tab shows: that of the run shown, or the one that the user chose last."""

from PySide6.QtCore import QObject, Signal, Slot

from cadl_gui.domain.configuration import RunConfig
from cadl_gui.domain.dataset_requests import DatasetRef
from cadl_gui.engine.engine import Engine
from cadl_gui.engine.run import Run


class ShownDataset(QObject):
    """Tracks the dataset to show.

    It is that of the run in the view state, split as the run splits it. Once the user opens a dataset, or
    while no run is shown, it is the next run's; another run brings its own back, but while the page is open
    that shows what another network makes of it, only once that is left.

    Args:
        engine: provides the view state.
        parent: parent object.

    Signals:
        changed: (bool) another dataset, another split or the dataset of another run is shown; True if the
            user opened it, so that it has to be read again.
    """

    changed = Signal(bool)

    def __init__(self, engine: Engine, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._engine = engine
        self._run: Run | None = None
        self._is_run_put_off = False
        self._dataset: DatasetRef | None = None
        self._n_opened = engine.opened_datasets.n_opened
        self._state: tuple[DatasetRef | None, Run | None, bool] = None, None, False
        engine.view.bind(self, self._wished, self._on_next)
        engine.view.bind(self, lambda: (engine.view.run, engine.view.value.data.opened), self._on_run_changed)
        engine.view.bind(self, lambda: engine.view.value.data.page == "reinterpret", self._on_page_changed)

    @property
    def dataset(self) -> DatasetRef | None:
        """The dataset; None if the next run has an invalid split and no other was shown."""
        return self._dataset

    @property
    def run(self) -> Run | None:
        """The run whose dataset it is; None if it is the next run's."""
        return self._run

    @property
    def is_asked_for(self) -> bool:
        """Whether the user opened this dataset, so that its path may be looked up."""
        return self._dataset is not None and self._dataset.config.dataset in self._engine.opened_datasets

    @Slot()
    def _on_run_changed(self) -> None:
        run, chosen = self._engine.view.run, self._engine.view.value.data
        self._is_run_put_off = (
            chosen.page == "reinterpret"
            and self._dataset is not None
            and (self._run is None or self._run in self._engine.runs)
        )
        if self._is_run_put_off:
            return
        # A frozen graph does not know what it was trained on.
        if chosen.opened or run is None or run.description.is_graph:
            self._run = None
            self._on_next()
            return
        self._run = run
        self._set(DatasetRef.of(run.description.config))

    def _on_page_changed(self) -> None:
        if self._is_run_put_off:
            self._on_run_changed()

    def _wished(self) -> tuple[int, RunConfig | None]:
        return self._engine.opened_datasets.n_opened, self._engine.view.value.next.dataset_config

    def _on_next(self) -> None:
        n_opened, config = self._wished()
        if config is None:
            return
        is_anew = n_opened != self._n_opened
        if is_anew:
            self._n_opened, self._run, self._is_run_put_off = n_opened, None, False
        if self._run is None:
            self._set(DatasetRef.of(config), is_anew=is_anew)

    def _set(self, dataset: DatasetRef, *, is_anew: bool = False) -> None:
        before = self._state
        self._dataset = dataset
        self._state = dataset, self._run, self.is_asked_for
        if self._state != before or is_anew:
            self.changed.emit(is_anew)
