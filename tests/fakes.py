"""NumPy backends in place of TensorFlow's, so that interface tests take milliseconds.

The fake network learns one number, its brightness: it reconstructs each image as `image * brightness`, and
brightness increases from 0 to 1 during the training. A fake classifier with brightness b predicts the label
of its image, which is stored in the image's first pixel as a tenth of it, with probability 0.1 + 0.9 b. A
fake variational network encodes an image as (mean of the image, brightness), and decodes a latent vector to
its first number. The error of an image is smaller by brightness times a
tenth of the last digit of its number.
"""

import dataclasses

import numpy as np
from described import described

from cadl_gui.domain.branching import past_of
from cadl_gui.domain.class_names import numbered
from cadl_gui.domain.configuration import RunConfig
from cadl_gui.domain.errors import CadlError, CheckpointError, ExportError, NonFiniteLossError
from cadl_gui.domain.evaluation_artifacts import EvaluationArtifacts, WorstMistakes
from cadl_gui.domain.events import (
    EpochCompleted,
    RunOpened,
    SnapshotTaken,
    StepsTaken,
    TrainingEnded,
    TrainingStarted,
)
from cadl_gui.domain.evidence import Evidence
from cadl_gui.domain.exports import CLASSIFY, Exported, ExportedLog, ExportStage
from cadl_gui.domain.graph import FROZEN_GRAPH, Graph
from cadl_gui.domain.history import EpochRecord, History
from cadl_gui.domain.nearest import NearestImages
from cadl_gui.domain.position import UNTRAINED, Position, is_recorded, steps_to_next_record
from cadl_gui.domain.presets import preset
from cadl_gui.domain.requests import (
    Classify,
    ComputeErrors,
    Decode,
    Encode,
    FetchPosteriors,
    FetchSnapshot,
    FetchTestImage,
    FindEvidence,
    FindNearest,
    Reconstruct,
    RunImagesRequest,
)
from cadl_gui.domain.run import UNKNOWN_DATASET
from cadl_gui.domain.snapshot import Snapshot, freeze
from cadl_gui.inference.snapshot_cache import SnapshotCache
from cadl_gui.system.atomic_write import atomic_write

STEPS_PER_EPOCH = 10
SHAPE = (28, 28, 1)


def examples():
    """A hundred images; the i-th is uniformly i percent grey."""
    images = (
        np.ones((100, *SHAPE), np.float32) * np.linspace(0, 0.99, 100, dtype=np.float32)[:, None, None, None]
    )
    images.flags.writeable = False
    return images


def _write(path, text):
    """As the program does: who sees the file sees all of it."""
    with atomic_write(path) as beside:
        beside.write_text(text)


def description(run_id, config, source=None, name=""):
    """The description of a run of the fake training."""
    return described(
        run_id, config, SHAPE, name=name or config.preset, dataset_name="Fake", source=source,
        steps_per_epoch=STEPS_PER_EPOCH, examples=examples(), class_names=numbered(10), is_ink_on_black=True,
    )  # fmt: skip


def resumed_history(learning_rate):
    """The recorded first epoch of a fake run."""
    history = History(STEPS_PER_EPOCH)
    history.add_learning_rate(0, learning_rate)
    history.add_steps({"loss": np.ones(STEPS_PER_EPOCH, np.float32)})
    history.add_epoch(EpochRecord(0, {"val_loss": 1.0}))
    history.add_epoch(EpochRecord(1, {"loss": 1.0, "val_loss": 1.0}, 1000.0))
    return history


def bright(brightness):
    """The weights of a fake network with this brightness."""
    return freeze({"brightness": np.array([brightness], np.float32)})


def artifacts(config, done):
    """Evaluation artifacts of a fake run: a fraction `done` of the predictions is right, the others are 0."""
    if not config.model.is_classifier:
        grid = np.linspace(-2, 2, 50, dtype=np.float16)
        latents = np.zeros((50, max(2, config.model.latent_dim)), np.float16)
        latents[:, 0], latents[:, 1] = grid, done * grid
        return EvaluationArtifacts(latents=latents, labels=np.arange(50) % 10)
    n_right = round(100 * done)
    confusion = np.diag(np.full(10, n_right))
    confusion[:, 0] += 100 - n_right
    wrong = (examples()[:25] * 255).astype(np.uint8)
    labels, answers = np.arange(25) % 9 + 1, np.zeros(25, np.int64)
    return EvaluationArtifacts(
        confusion=confusion, mistakes=WorstMistakes(wrong, labels, answers, np.linspace(1, 0.5, 25))
    )


def metrics(config, loss):
    """All metrics at this loss."""
    measured = {"loss": loss}
    if config.model.is_classifier:
        measured["accuracy"] = 1 - loss
    if config.model.is_variational:
        measured |= {"reconstruction_loss": 0.75 * loss, "kl_loss": 0.25 * loss}
    return measured


def beginning(request, resumed_rate, facts):
    """The first events of a fake training, and the epoch that it completes at once, if any."""
    rate = request.config.training.learning_rate
    described = facts.description(request.run_id, request.config, request.folder, request.name)
    validation = {f"val_{name}": value for name, value in facts.metrics(request.config, 1.0).items()}
    if request.resume:
        return TrainingStarted(described, resumed_history(resumed_rate), (UNTRAINED, Position(1))), None
    if request.branch is None:
        first = EpochCompleted(request.run_id, EpochRecord(0, validation))
        history = History(STEPS_PER_EPOCH)
        history.add_learning_rate(0, rate)
        return TrainingStarted(described, history), first
    described = dataclasses.replace(described, branched_from=request.branch.origin)
    history = past_of(request.branch)
    history.add_learning_rate(history.n_steps, rate)
    started = TrainingStarted(described, history)
    epoch = request.branch.position.epoch
    return started, EpochCompleted(request.run_id, EpochRecord(epoch, validation, 1000.0))


def continued(turns, budget):
    """The rest of a training whose first turn was taken from it, given the budget of the second."""
    while True:
        try:
            budget = yield turns.send(budget)
        except StopIteration:
            return


class Facts:
    """What fake backends report; a test replaces a function to let them report something else."""

    def __init__(self):
        self.description = description
        self.artifacts = artifacts
        self.metrics = metrics
        self.image_of_dataset = image_of_dataset

    def value_of(self, request, snapshot):
        """The answer of a snapshot's network."""
        return value_of(request, snapshot, self.artifacts)


class FakeTraining:
    """Trains by counting; a learning rate of 1,000 or more makes the loss infinite at batch 3."""

    def __init__(self):
        self.facts = Facts()
        self.saved = []
        self.renamed = []
        self.followed = []
        self.died, self.unreadable = [], []
        self.writer = ""
        self.requests = []
        self.learning_rates = []
        self._rate_in = {}
        self.stopped = []

    def start_device(self, niceness):
        return "CPU"

    def train(self, request):
        self.requests.append(request)
        config = request.config
        total = config.training.epochs * STEPS_PER_EPOCH
        folder = request.folder
        rate = self._rate_in.get(folder, config.training.learning_rate)
        started, completed = beginning(request, rate, self.facts)
        position = started.recorded[-1] if request.resume else Position(completed.record.epoch)

        def snapshot(*, recorded):
            done = (position.epoch * STEPS_PER_EPOCH + position.step) / total
            retained = self.facts.artifacts(config, done) if recorded else None
            weights = bright(done)
            return SnapshotTaken(request.run_id, Snapshot(position, weights, retained), recorded)

        events = (started, snapshot(recorded=not request.resume))
        events = events if completed is None else (*events, completed)
        while position.epoch < config.training.epochs:
            budget = yield events
            self.learning_rates.append(budget.learning_rate)
            self._rate_in[folder] = budget.learning_rate
            if budget.max_steps == 0:
                self.stopped.append(request.run_id)
                newest = () if is_recorded(position) else (snapshot(recorded=True),)
                yield (*newest, TrainingEnded(request.run_id, position, complete=False))
                return
            n = min(budget.max_steps or 4, steps_to_next_record(position, STEPS_PER_EPOCH))
            if budget.learning_rate >= 1000 and position.step + n >= 3:
                raise NonFiniteLossError(position.epoch + 1, 3)
            epoch, step = divmod(position.epoch * STEPS_PER_EPOCH + position.step + n, STEPS_PER_EPOCH)
            position = Position(epoch, step)
            taken = self.facts.metrics(config, 1 / (1 + epoch))
            steps = freeze({name: np.full(n, value, np.float32) for name, value in taken.items()})
            events = (
                StepsTaken(request.run_id, position, steps, budget.learning_rate, 1000.0),
                snapshot(recorded=is_recorded(position)),
            )
            if step == 0:
                trained = self.facts.metrics(config, 1 / epoch)
                measured = trained | {f"val_{name}": value for name, value in trained.items()}
                record = EpochRecord(epoch, measured, 1000.0)
                events = (*events, EpochCompleted(request.run_id, record))
        yield (*events, TrainingEnded(request.run_id, position, complete=True))

    def open(self, request):
        if not request.path.exists():
            raise CheckpointError(f"“{request.path}” does not exist.")
        snapshot = Snapshot(Position(2), bright(0.5))
        history = History(STEPS_PER_EPOCH)
        history.add_epoch(EpochRecord(2, {"loss": 0.5, "val_loss": 0.5}))
        config = preset("lecture-autoencoder").config
        if request.path.suffix == ".pb":
            return opened_graph(request, self.facts)
        return RunOpened(
            self.facts.description(request.run_id, config, request.path),
            history,
            (snapshot.position,),
            snapshot,
            self.writer,
            ("The mean was not in it.", "Left out: other/W.") if "ckpt" in request.path.name else (),
        )

    def follow(self, request):
        """Events of another process: the batches that a test has put here."""
        yield from self.followed

    def interrupted(self, folder):
        return self.died, self.unreadable

    def rename(self, request):
        self.renamed.append(request)

    def save(self, request):
        if not request.path.parent.is_dir():
            raise CheckpointError(f"“{request.path}” cannot be written.")
        self.saved.append(request)
        _write(request.path, "saved")

    def export(self, request):
        """The name of an exported file is its format; one named `bad` fails, one named `slow` never ends."""
        for n in range(3):
            yield ExportStage(n, 3, f"Stage {n}")
            while request.path.stem == "slow":
                yield ExportStage(n, 3, "Waiting")
        if request.path.stem == "bad":
            raise ExportError(f"“{request.path}” cannot be written.")
        _write(request.path, f"{request.made} {request.function} {request.snapshot.position}")
        return Exported(request.path, ("reconstruct",), "onnxruntime 1.0", 100, 1e-7)

    def export_page(self, request):
        """As `export`; the file holds the names of the runs, the positions of each, and a lesson."""
        yield ExportStage(0, 1, "Writing")
        while request.path.stem == "slow":
            yield ExportStage(0, 1, "Waiting")
        if request.path.stem == "bad":
            raise ExportError(f"“{request.path}” cannot be written.")
        held = [
            f"{about.name} {' → '.join(str(snapshot.position) for snapshot in snapshots)}"
            for about, snapshots in request.networks
        ]
        if request.lesson is not None:
            step = request.lesson.lesson.steps[0]
            held += [request.lesson.lesson.title, request.lesson.texts(step).hint]
        _write(request.path, "; ".join(held))
        return Exported(request.path, ("reconstruct",), "numpy 1.0", 100, 1e-3)

    def export_log(self, request):
        """As `export`; the file holds the epochs, those whose weights are given, and those of the curves."""
        for n, position in enumerate(request.positions):
            yield ExportStage(n, len(request.positions), f"Writing {position}")
            while request.path.stem == "slow":
                yield ExportStage(n, len(request.positions), "Waiting")
        if request.path.stem == "bad":
            raise ExportError(f"“{request.path}” cannot be written.")
        epochs = tuple(position.epoch for position in request.positions)
        given = [snapshot.position.epoch for snapshot in request.snapshots]
        curves = [record.epoch for record in request.history.epochs]
        _write(request.path, f"{[*epochs]} {given} {curves}")
        return ExportedLog(request.path, epochs)


class ReadingTraining(FakeTraining):
    """Reads run folders as the program does."""

    def open(self, request):
        from cadl_gui.saved.opened import read_without_tensorflow

        return read_without_tensorflow(request)


def opened_graph(request, facts):
    """A frozen graph: a classifier whose predictions are those of the fake backend."""
    position = Position(1)
    config = RunConfig.of(preset=FROZEN_GRAPH, model="classifier", epochs=1, batch_size=1)
    graph = Graph((), "probabilities", CLASSIFY, (None, *SHAPE), SHAPE, (10,), 1)
    about = dataclasses.replace(
        facts.description(request.run_id, config, request.path),
        name=request.path.stem,
        dataset_fingerprint=UNKNOWN_DATASET,
        graph=graph,
    )
    snapshot = Snapshot(position, bright(0.9), facts.artifacts(config, 0.9))
    return RunOpened(about, History(1), (position,), snapshot)


def probabilities(images, brightness):
    """The fake classifier's probabilities for images."""
    labels = np.rint(10 * images[:, 0, 0, 0]).astype(int) % 10
    answers = np.full((len(images), 10), 0.1 * (1 - brightness), np.float32)
    answers[np.arange(len(images)), labels] += brightness
    return answers


def nearest_of_part(part, by_latent):
    """Ten images with the label `part` at the distances part, part + 3, …; there are three parts."""
    images, labels = np.full((10, *SHAPE), 80 * part, np.uint8), np.full(10, part)
    distances = part + 3 * np.arange(10, dtype=np.float32) + 0.5 * by_latent
    return NearestImages(images, labels, distances, part == 2)


def image_of_dataset(request):
    """Each test image is a vertical stroke; the i-th training image is i grey everywhere."""
    if isinstance(request, FetchTestImage):
        image = np.zeros(SHAPE, np.uint8)
        image[4:24, 13:15] = 255
        return image
    return np.zeros((len(request.numbers), *SHAPE), np.uint8) + np.uint8(request.numbers).reshape(-1, 1, 1, 1)


def value_of(request, snapshot, artifacts=artifacts):
    """The answer of a snapshot's network."""
    brightness = snapshot.weights["brightness"][0]
    match request:
        case FetchSnapshot():
            value = dataclasses.replace(snapshot, artifacts=None) if request.bends else snapshot
        case Reconstruct():
            value = request.images * brightness
        case Classify():
            value = probabilities(request.images, brightness)
        case Encode():
            means = request.images.mean(axis=(1, 2, 3))
            value = np.stack([means, np.full_like(means, brightness)], axis=1)
        case FetchPosteriors():
            latents = artifacts(preset("vae").config, brightness).latents[request.first :][: request.n]
            value = np.stack([latents, np.broadcast_to((0.1, 0.2), latents.shape)], 1).astype(np.float32)
        case FindEvidence():
            logits = np.log(np.maximum(probabilities(request.image[None], brightness)[0], 1e-6))
            value = Evidence(np.repeat(request.image[None], 10, axis=0), logits)
        case ComputeErrors():
            value = (1 - brightness * (request.numbers % 10) / 10).astype(np.float32)
            value[(request.predicted is not None) & (request.numbers % 7 != request.predicted)] = -1
        case FindNearest():
            value = nearest_of_part(request.part, request.by_latent)
        case Decode():
            images = np.ones((len(request.latents), *SHAPE), np.float32)
            value = np.clip(images * request.latents[:, :1, None, None], 0, 1)
        case _:
            raise TypeError(request)
    return value


def refuse_what_it_cannot(request, config):
    """A classifier has no decoder, an autoencoder no labels, only variational networks posteriors."""
    able = {Classify, FindEvidence} if config.model.is_classifier else {Reconstruct, Encode, Decode}
    able |= {FetchPosteriors} if config.model.is_variational else set()
    kind = type(request)
    if kind in {Classify, FindEvidence, Reconstruct, Encode, Decode, FetchPosteriors} - able:
        what = "a classifier" if config.model.is_classifier else "an autoencoder"
        raise CadlError(f"This run is {what}: it cannot {kind.__name__.lower()}.")


class FakeInference:
    """Answers from the brightness in a snapshot."""

    def __init__(self):
        self.facts = Facts()
        self.descriptions = {}
        self.snapshots = SnapshotCache(2**30, read_nothing, lambda folder, position: False)

    def complete(self, on_answerable):
        """It never makes a request wait."""

    def close(self):
        """It traces nothing."""

    def register(self, description):
        self.descriptions[description.run_id] = description
        self.snapshots.add_run(description.run_id, None)

    def update(self, run_id, snapshot, recorded):
        self.snapshots.add(run_id, snapshot, recorded=recorded)

    def return_to(self, run_id, position):
        self.snapshots.return_to(run_id, position)

    def drop(self, run_id, positions):
        self.snapshots.drop(run_id, positions)

    def unregister(self, run_id):
        self.descriptions.pop(run_id, None)
        self.snapshots.forget(run_id)

    def respond_in_parts(self, request):
        if isinstance(request, FindEvidence):
            yield
        return self.answer(request)

    def answer(self, request):
        if request.run_id not in self.descriptions:
            raise CadlError("This run is not open.")
        if isinstance(request, RunImagesRequest):
            return None, self.facts.image_of_dataset(request)
        snapshot = self.snapshots.get(request.run_id, request.position)
        refuse_what_it_cannot(request, self.descriptions[request.run_id].config)
        value = self.facts.value_of(request, snapshot)
        if isinstance(value, np.ndarray):
            value.flags.writeable = False
        return snapshot.position, value


def read_nothing(folder, position):
    """Fake runs exist in memory only."""
    raise AssertionError
