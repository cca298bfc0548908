"""The list model of the window's runs."""

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt, Slot
from PySide6.QtWidgets import QWidget

from cadl_gui.domain.families import family_of
from cadl_gui.engine.engine import Engine
from cadl_gui.engine.expected_run import ExpectedRun
from cadl_gui.engine.run import Run
from cadl_gui.engine.training_status import TrainingState
from cadl_gui.system.resources import ships
from cadl_gui.system.words import _
from cadl_gui.ui.plain_tip import plain_tip
from cadl_gui.ui.run_text import describe, difference_text, kind_text, varying_among

RUN_ROLE, PROGRESS_ROLE, DIFFERENCE_ROLE, HEADING_ROLE = (Qt.ItemDataRole.UserRole + n for n in range(4))
"""Roles of the `Run` or `ExpectedRun` of a row, of its progress and of how it differs as text, and of the
heading above it, "" if it is not the first of its group."""

INCLUDED, OWN = _("Included"), _("Yours · kept automatically")
OF_SESSION = _("From a session · until you close it")
"""Headings of the runs that ship with the program, of the user's, and of those of sessions."""

_GROUPS = (INCLUDED, OF_SESSION, OWN)

_Index = QModelIndex | QPersistentModelIndex


class RunListModel(QAbstractListModel):
    """Lists the engine's runs, including runs still to be loaded, which are read-only; included ones first.

    `DisplayRole` is the text for screen readers, `EditRole` the name, and `CheckStateRole` whether the run is
    compared.
    """

    def __init__(self, engine: Engine, parent: QWidget) -> None:
        super().__init__(parent)
        self._engine = engine
        self._differences: dict[str, tuple[object, str]] = {}
        self._varying: dict[str, tuple[str, ...]] = {}
        self._texts: dict[str, str] = {}
        self._runs = self._sorted()
        engine.runs.changed.connect(self._on_changed)
        engine.view.bind(self, lambda: (engine.view.compared, engine.training.status), self._refresh)
        engine.view.bind(self, lambda: engine.runs.listed, self._show_listed)

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 (Qt's own default)
        """Return the number of runs."""
        return 0 if parent.isValid() else len(self._runs)

    def flags(self, index: _Index) -> Qt.ItemFlag:
        """Make a row selectable, editable and checkable; a run still to be loaded is only enabled."""
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        if isinstance(self._runs[index.row()], ExpectedRun):
            return Qt.ItemFlag.ItemIsEnabled
        return super().flags(index) | Qt.ItemFlag.ItemIsEditable | Qt.ItemFlag.ItemIsUserCheckable

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return the texts, the check state or the run of a row."""
        if role == HEADING_ROLE:
            return self._heading(index.row())
        run = self._runs[index.row()]
        return self._data_of_expected(run, role) if isinstance(run, ExpectedRun) else self._data_of(run, role)

    def _data_of(self, run: Run, role: int) -> object:
        about = run.description
        if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole}:
            return self._text(run)
        if role == Qt.ItemDataRole.CheckStateRole:
            is_compared = run in self._engine.view.compared
            return Qt.CheckState.Checked if is_compared else Qt.CheckState.Unchecked
        value: object = None
        match role:
            case Qt.ItemDataRole.EditRole:
                value = about.name
            case Qt.ItemDataRole.ToolTipRole:
                value = plain_tip(_tool_tip(run))
            case _ if role == RUN_ROLE:
                value = run
            case _ if role == PROGRESS_ROLE:
                value = self._progress(run)
            case _ if role == DIFFERENCE_ROLE:
                value = self._difference(run)
        return value

    def _data_of_expected(self, run: ExpectedRun, role: int) -> object:
        progress = _("not loaded") if self._engine.training.state is TrainingState.UNAVAILABLE else "loading"
        match role:
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.AccessibleTextRole:
                return f"{run.letter} {run.name}, {progress}"
            case Qt.ItemDataRole.ToolTipRole:
                return plain_tip(str(run.path))
            case Qt.ItemDataRole.CheckStateRole:
                return Qt.CheckState.Unchecked
        own: dict[int, object] = {RUN_ROLE: run, PROGRESS_ROLE: progress}
        return own.get(role)

    def setData(self, index: _Index, value: object, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Rename a run, or change whether it is compared."""
        run = self._runs[index.row()]
        if isinstance(run, ExpectedRun):
            return False
        if role == Qt.ItemDataRole.CheckStateRole:
            self._engine.view.compare(run, on=Qt.CheckState(value) is Qt.CheckState.Checked)
            return True
        if role == Qt.ItemDataRole.EditRole:
            self._engine.runs.rename(run, " ".join(str(value).split()))
            return True
        return False

    def _text(self, run: Run) -> str:
        """Return all that a row says."""
        parts = (f"{run.letter} {run.description.name}", self._difference(run), self._progress(run))
        return ", ".join(filter(None, parts))

    def _progress(self, run: Run) -> str:
        """Return the progress of a run, and whether its network is bent."""
        return (
            _("modified · {describe}").format(describe=describe(run))
            if self._engine.bending.of(run.run_id)
            else describe(run)
        )

    def _difference(self, run: Run) -> str:
        """Return how a run differs from the others, computed once: it is read at every paint."""
        about, cached = run.description, self._differences.get(run.run_id)
        if cached is None or cached[0] is not about:
            if cached is not None:
                self._varying.pop(about.config.preset, None)  # its configuration may be another one
            if self._is_included(run):
                more = family_of(about.config).value.does
            else:
                more = difference_text(run, self._varying_among_own(about.config.preset))
            text = " · ".join(filter(None, (kind_text(run), more)))
            cached = self._differences[run.run_id] = about, text
        return cached[1]

    def _varying_among_own(self, preset: str) -> tuple[str, ...]:
        """Return the fields in which the user's runs of a preset differ, computed once for all of them."""
        if preset not in self._varying:
            own = (run for run in self._runs if isinstance(run, Run) and not self._is_included(run))
            self._varying[preset] = varying_among(own, preset)
        return self._varying[preset]

    def _forget_differences(self) -> None:
        self._differences.clear()
        self._varying.clear()

    def _heading(self, row: int) -> str:
        """Return the heading above a row; there are none where all are the user's."""
        group, first = self._group(self._runs[row]), self._group(self._runs[0])
        is_first = row == 0 or group != self._group(self._runs[row - 1])
        return group if is_first and first != OWN else ""

    def _group(self, run: Run | ExpectedRun) -> str:
        if self._engine.runs.is_of_session(run):
            return OF_SESSION
        return INCLUDED if self._is_included(run) else OWN

    def _is_included(self, run: Run | ExpectedRun) -> bool:
        """Return whether a run ships with the program."""
        path = run.path if isinstance(run, ExpectedRun) else run.description.source
        return path is not None and ships(path)

    def _sorted(self) -> list[Run | ExpectedRun]:
        return sorted(self._engine.runs.listed, key=lambda run: _GROUPS.index(self._group(run)))

    def row_of(self, run: Run | ExpectedRun | None) -> int:
        """Return the row of a run, or -1."""
        return self._runs.index(run) if run in self._runs else -1

    def _show_listed(self) -> None:
        """Insert, replace and remove rows: runs have been opened, expected, read, removed or brought back."""
        self._forget_differences()
        listed = self._sorted()
        ids = {run.run_id for run in listed}
        for row in [row for row, run in enumerate(self._runs) if run.run_id not in ids][::-1]:
            self.beginRemoveRows(QModelIndex(), row, row)
            del self._runs[row]
            self.endRemoveRows()
        for row, run in enumerate(listed):
            here = next((n for n, other in enumerate(self._runs) if other.run_id == run.run_id), None)
            if here is not None:
                if here > row:  # it was kept
                    self.beginMoveRows(QModelIndex(), here, here, QModelIndex(), row)
                    self._runs.insert(row, self._runs.pop(here))
                    self.endMoveRows()
                self._runs[row] = run
                self.refresh_run(run)
                continue
            self.beginInsertRows(QModelIndex(), row, row)
            self._runs.insert(row, run)
            self.endInsertRows()

    @Slot(object)
    def _on_changed(self, run: Run) -> None:
        """Paint a row again if it says something else: most batches change nothing in it."""
        text = f"{self._group(run)}: {self._text(run)}"
        if self._texts.get(run.run_id) != text:
            self._texts[run.run_id] = text
            self.refresh_run(run)
            if self._runs != self._sorted():
                self._show_listed()

    @Slot(object)
    def refresh_run(self, run: Run | ExpectedRun) -> None:
        """Paint the row of a run again, after its miniature has changed."""
        index = self.index(self.row_of(run))
        if index.isValid():  # a removed run may still be followed
            self.dataChanged.emit(index, index)

    def _refresh(self) -> None:
        """Refresh all rows: other runs may be compared, or runs still to be loaded be unavailable."""
        if self._runs:
            self.dataChanged.emit(self.index(0), self.index(len(self._runs) - 1))


def _tool_tip(run: Run) -> str:
    about = run.description
    lines = [
        _("{name} · {preset} on {dataset} · {describe}").format(
            name=about.name, preset=about.config.preset, dataset=about.dataset_name, describe=describe(run)
        )
    ]
    if run.best_text:
        lines.append(_("Measured on all validation images, at the end of the last epoch."))
        lines.append(about.config.model.kind.help)
    if about.branched_from:
        lines.append(
            _("Branched from {branched_from}; the optimiser was reset there.").format(
                branched_from=about.branched_from
            )
        )
    if about.precision_choice:
        lines.append(about.precision_choice)
    lines.append(str(about.source) if about.source else _("In memory only"))
    lines.append(_("The box at the right compares it with the run that is shown."))
    return "\n".join(lines)
