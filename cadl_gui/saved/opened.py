"""Opens what holds a network: a run folder, a checkpoint, one of the course's notebooks, or a frozen graph.

A run folder answers, and is shown, without TensorFlow; all else imports it where it is needed.
"""

import copy
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from cadl_gui.datasets.split import split
from cadl_gui.domain.branching import Branch, can_branch
from cadl_gui.domain.class_names import numbered
from cadl_gui.domain.configuration import RunConfig
from cadl_gui.domain.errors import CheckpointError, DatasetError, UserError
from cadl_gui.domain.evaluation_artifacts import read_only
from cadl_gui.domain.events import RunOpened
from cadl_gui.domain.exports import CLASSIFY, RECONSTRUCT, NetworkFunction
from cadl_gui.domain.graph import FROZEN_GRAPH, Graph
from cadl_gui.domain.history import History
from cadl_gui.domain.model_spec import model_spec
from cadl_gui.domain.position import Position, end_of_epoch
from cadl_gui.domain.run import UNKNOWN_DATASET, RunDescription
from cadl_gui.domain.snapshot import NO_WEIGHTS, Snapshot
from cadl_gui.domain.training_requests import OpenFile
from cadl_gui.inference.numpy_network import NumpyNetwork
from cadl_gui.interop.export.contents import refuse_what_only_others_load
from cadl_gui.runs import layout
from cadl_gui.runs.fitting import require_fitting
from cadl_gui.runs.lock import writer_of
from cadl_gui.runs.manifest import Manifest
from cadl_gui.runs.reader import StoredRun, read_run
from cadl_gui.runs.snapshots import read_snapshot, read_snapshot_if_there
from cadl_gui.system.words import _
from cadl_gui.training.examples import examples_at_hand, unchanged_dataset

if TYPE_CHECKING:
    from cadl_gui.inference.graph.graph_network import GraphNetwork
    from cadl_gui.inference.stateless_network import StatelessNetwork
    from cadl_gui.models import Network

_MOST_EVALUATED = 10_000
"""Number of images on which a checkpoint is evaluated: all of a usual validation part."""

MOST_MULTIPLICATIONS = 2 * 10**10
"""Work of evaluating a checkpoint, a second or two: a file may hold a network of any size."""

FEWEST_EVALUATED = 100
"""Fewer images would tell little of a network that takes long."""

_QUICK_AT_ONCE = 100
"""Graphs with smaller batches are too large to be evaluated while the user waits for the window."""


@dataclass(frozen=True, eq=False)
class Opened:
    """A saved network with the weights of one position; it computes the same as in the window.

    Attributes:
        path: the file or folder.
        manifest: description of the run.
        history: recorded history of the run.
        recorded: positions whose weights are available, in order.
        snapshot: the weights.
        model: the network of a checkpoint, with its optimiser; None for one that is not built yet.
        graph: the function of a frozen graph, which has no weights, or None.
        notes: sentences on what was assumed or left out; empty if the file is complete.
    """

    path: Path
    manifest: Manifest
    history: History
    recorded: tuple[Position, ...]
    snapshot: Snapshot
    model: "Network | None" = None
    graph: Graph | None = None
    notes: tuple[str, ...] = ()

    @property
    def functions(self) -> dict[str, NetworkFunction]:
        """The functions that can be asked by name, the default one first."""
        functions = self.manifest.config.model.kind.functions if self.graph is None else (self.graph.about,)
        return {function.name: function for function in functions}

    @property
    def latent_dim(self) -> int:
        """Number of latent dimensions, which *decode* takes."""
        about = self.manifest
        if self.graph is not None:
            return self.graph.input_shape[-1] or 0
        return model_spec(about.config.model, about.image_shape, about.n_classes).latent_dim

    def require(self, name: str) -> None:
        """Check that a function exists, before its inputs are prepared.

        Raises:
            UserError: if there is no such function.
        """
        if name not in self.functions:
            raise UserError(
                _("“{path}” cannot {name}; what it can: {functions}.").format(
                    path=self.path, name=name, functions=", ".join(self.functions)
                )
            )

    def ask(self, name: str, inputs: NDArray[np.float32]) -> NDArray[np.float32]:
        """Compute one of the functions.

        Args:
            inputs: images (n, *image_shape) in [0, 1] or latent vectors (n, latent_dim).

        Raises:
            UserError: if there is no such function.
            CadlError: if the outputs are not finite.
        """
        self.require(name)
        asked = self.functions[name].request("", None, inputs)
        outputs: NDArray[np.float32] = self._answering.respond(self.snapshot.weights, asked)
        return outputs

    @cached_property
    def _answering(self) -> "NumpyNetwork | StatelessNetwork | GraphNetwork":
        about = self.manifest
        shapes = about.config.model, about.image_shape, about.n_classes
        if self.graph is not None:
            from cadl_gui.inference.graph.graph_network import GraphNetwork

            return GraphNetwork(self.graph)
        if self.model is None:
            return NumpyNetwork(*shapes)
        from cadl_gui.inference.stateless_network import StatelessNetwork

        return StatelessNetwork(*shapes)

    def network(self) -> "Network":
        """Return the network, to be evaluated or exported.

        Raises:
            UserError: if it is a frozen graph.
            CheckpointError: if the weights do not fit it.
        """
        if self.graph is not None:
            raise UserError(
                _("“{path}” is a frozen graph; a checkpoint or run is needed.").format(path=self.path)
            )
        if self.model is not None:
            return self.model
        from cadl_gui.training.train_state import network_of

        return network_of(self.manifest, self.snapshot.weights, str(self.path))

    def branch(self) -> Branch:
        """Return the end of the epoch as the start of another run.

        Raises:
            UserError: if it is not the end of an epoch.
        """
        if not can_branch(at := self.snapshot.position):
            sentence = _("“{path}” holds {at}; a branch begins at the end of an epoch that it holds.").format(
                path=self.path, at=at
            )
            raise UserError(sentence)
        return Branch(self.described(), self.history, self.recorded, self._evaluated(MOST_MULTIPLICATIONS))

    def described(self, run_id: str = "", *, is_own: bool = False) -> RunDescription:
        """Describe the run for the program.

        Args:
            is_own: whether the user trained the run, so that the path of its dataset can be trusted.
        """
        return RunDescription(
            **self.manifest.info,
            run_id=run_id,
            examples=examples_at_hand(self.manifest, is_own=is_own),
            source=self.path,
            graph=self.graph,
        )

    def as_event(self, request: OpenFile, most_multiplications: int = MOST_MULTIPLICATIONS) -> RunOpened:
        """Report the run to the window; a classifier's file is evaluated by at most so many multiplications.

        Raises:
            CheckpointError: if it is a graph that is neither a classifier nor an autoencoder.
        """
        if self.graph is not None and self.graph.about not in {CLASSIFY, RECONSTRUCT}:
            name = self.graph.about.name
            raise CheckpointError(
                _("“{path}” can only {name}: `cadl {name}` asks it.").format(path=self.path, name=name)
            )
        is_folder = self.path.is_dir()
        is_own = request.is_own and is_folder and not layout.stranger_path(self.path).exists()
        return RunOpened(
            self.described(request.run_id, is_own=is_own),
            copy.deepcopy(self.history),
            self.recorded,
            self._evaluated(most_multiplications),
            writer=writer_of(self.path) if is_folder else "",
            notes=self.notes,
        )

    def _evaluated(self, most_multiplications: int) -> Snapshot:
        """The snapshot, with the confusion summary of a classifier, which its file does not hold.

        A network that was trained elsewhere is evaluated on the test images; none that would take long, or
        whose images are not at hand.
        """
        about = self.manifest
        if self.path.is_dir() or not about.config.model.is_classifier:
            return self.snapshot
        dataset = unchanged_dataset(about)
        if dataset is None or dataset.labels is None or dataset.n_classes != about.n_classes:
            return self.snapshot
        try:
            parts = split(dataset, about.config)
        except DatasetError:
            return self.snapshot
        which = parts.test if about.dataset_fingerprint == UNKNOWN_DATASET else parts.validation
        from cadl_gui.training.evaluation import N_EARLY_ARTIFACTS, Evaluation, confusion_summary

        if self.graph is not None:
            if self.graph.at_once < _QUICK_AT_ONCE:
                return self.snapshot
            which = which[:N_EARLY_ARTIFACTS]
            artifacts = confusion_summary(dataset, which, self.ask("classify", dataset.as_floats(which)))
        else:
            network = self.network()
            n_affordable = most_multiplications // max(1, network.spec.n_multiplications)
            n = min(len(which), _MOST_EVALUATED, n_affordable)
            if n < min(len(which), FEWEST_EVALUATED) or n == 0:
                return self.snapshot
            artifacts = Evaluation(network).metrics(dataset, which[:n])[1]
        return replace(self.snapshot, artifacts=read_only(artifacts))


def open_path(path: Path, epoch: int | None = None, *, newest: bool = False) -> Opened:
    """Open whatever holds a network.

    Args:
        path: a run folder, a checkpoint, one of the course's notebooks, or a frozen graph.
        epoch: recorded epoch to open; by default the last complete one.
        newest: whether to open a run folder at its newest weights instead, which may be within an epoch.

    Raises:
        CheckpointError: if it cannot be read, or holds no network that is computed here.
        UserError: if it does not hold that epoch.
    """
    refuse_what_only_others_load(path)
    if path.is_dir():
        return open_run(read_run(path), epoch, newest=newest)
    opened = _opened_file(path)
    if epoch is not None and opened.graph is not None:
        raise UserError(_("“{path}” is a frozen graph: it has no epochs.").format(path=path))
    if epoch not in {None, opened.snapshot.position.epoch}:
        raise UserError(
            _("“{path}” holds {position}, not epoch {epoch}.").format(
                path=path, position=opened.snapshot.position, epoch=epoch
            )
        )
    return opened


def open_run(run: StoredRun, epoch: int | None = None, *, newest: bool = False) -> Opened:
    """Open a run folder that was read; see `open_path`."""
    if newest:
        snapshot = _newest_snapshot(run)
    else:
        ends = [position for position in run.recorded if position.step == 0]
        if not ends:
            raise CheckpointError(
                _("The run in “{folder}” has no complete epoch yet.").format(folder=run.folder)
            )
        end = (
            ends[-1]
            if epoch is None
            else end_of_epoch(epoch, ends, _("The run in “{folder}”").format(folder=run.folder))
        )
        snapshot = read_snapshot(run.folder, end)
    require_fitting(run, sum(array.size for array in snapshot.weights.values()), run.folder)
    recorded = tuple(each for each in run.recorded if not newest or each <= snapshot.position)
    return Opened(run.folder, run, run.history, recorded, snapshot)


def read_without_tensorflow(request: OpenFile) -> RunOpened | None:
    """Open a run folder before TensorFlow is loaded.

    Returns:
        None for what waits for TensorFlow: files, denoising runs, whose examples it corrupts, and runs that
        another process is training.

    Raises:
        CheckpointError: if the folder holds no weights, or they cannot be read.
    """
    if not request.path.is_dir() or writer_of(request.path):
        return None
    opened = open_path(request.path, newest=True)
    return None if opened.manifest.config.is_denoising else opened.as_event(request)


def _newest_snapshot(run: StoredRun) -> Snapshot:
    """Read the newest weights that are still there: another process that trains the run drops some."""
    snapshots = (read_snapshot_if_there(run.folder, position) for position in reversed(run.recorded))
    newest = next((snapshot for snapshot in snapshots if snapshot is not None), None)
    if newest is None:
        raise CheckpointError(_("“{folder}” holds no weights yet.").format(folder=run.folder))
    return newest


def _opened_file(path: Path) -> Opened:
    from cadl_gui.interop.course.imported import Imported, import_checkpoint
    from cadl_gui.interop.course.variables import is_course_checkpoint
    from cadl_gui.interop.graph_file import is_graph_file
    from cadl_gui.runs.checkpoint import Checkpoint, open_checkpoint

    if is_graph_file(path):
        return _opened_graph(path)
    found: Imported | Checkpoint
    if is_course_checkpoint(path):
        found = import_checkpoint(path)
        manifest, notes = found.manifest, found.notes
    else:
        found = manifest = open_checkpoint(path)
        notes = ()
    snapshot = Snapshot(found.position, found.model.weights_by_path)
    return Opened(path, manifest, found.history, (found.position,), snapshot, found.model, notes=notes)


def _opened_graph(path: Path) -> Opened:
    """Open a frozen graph as a run with one position and no history."""
    from cadl_gui.inference.graph.open_graph import open_graph

    graph, position = open_graph(path), Position(1)
    model = "classifier" if graph.about == CLASSIFY else "autoencoder"
    manifest = Manifest(
        name=path.stem,
        config=RunConfig.of(preset=FROZEN_GRAPH, model=model, epochs=1, batch_size=1),
        image_shape=graph.image_shape,
        steps_per_epoch=1,
        dataset_name=FROZEN_GRAPH,
        dataset_fingerprint=UNKNOWN_DATASET,
        class_names=numbered(graph.n_classes),
        is_ink_on_black=graph.image_shape[-1] == 1,
    )
    return Opened(path, manifest, History(1), (position,), Snapshot(position, NO_WEIGHTS), graph=graph)
