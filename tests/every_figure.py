"""Every widget that paints data, with two contents that have nothing in common, and how to empty it.

The first content is large, so that what can be scrolled is; images are no squares, and no data is symmetric.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import fakes
import numpy as np

from cadl_gui.domain.dataset_answers import DuplicatePair, Duplicates
from cadl_gui.domain.dataset_description import DatasetDescription
from cadl_gui.domain.evaluation_artifacts import WorstMistakes
from cadl_gui.domain.evidence import Evidence
from cadl_gui.domain.history import History
from cadl_gui.domain.model_spec import LayerSpec, model_spec
from cadl_gui.domain.position import UNTRAINED, Position
from cadl_gui.domain.presets import preset
from cadl_gui.engine.background_jobs import BackgroundJobs
from cadl_gui.engine.run import Run
from cadl_gui.imaging.drawing.normalisation import normalise
from cadl_gui.imaging.latent.points import LatentPoints
from cadl_gui.imaging.latent.view_box import ViewBox
from cadl_gui.imaging.montage.tiles import cell_side, cells_of, rendered_tile
from cadl_gui.imaging.weights.activation_maps import activation_maps
from cadl_gui.imaging.weights.arithmetic import UnitComputation
from cadl_gui.imaging.weights.layer_image import layer_image
from cadl_gui.imaging.weights.layer_weights import LayerWeights
from cadl_gui.imaging.weights.weight_images import weight_images
from cadl_gui.ui.data.counts_view import CountsView
from cadl_gui.ui.data.dataset_montage import DatasetMontage
from cadl_gui.ui.data.duplicates_panel import DuplicatesPanel
from cadl_gui.ui.data.image_panel import ImagePanel
from cadl_gui.ui.data.one_hot_view import OneHotView
from cadl_gui.ui.data.pairs_view import PairsView
from cadl_gui.ui.draw.drawing_history import RunHistory
from cadl_gui.ui.draw.evidence_view import EvidenceView
from cadl_gui.ui.draw.flips_view import FlipsView
from cadl_gui.ui.draw.history_view import HistoryView
from cadl_gui.ui.draw.image_cards import Card, ImageCards
from cadl_gui.ui.draw.normalisation_strip import NormalisationStrip
from cadl_gui.ui.draw.probability_bars import ProbabilityBars
from cadl_gui.ui.figures.image_view import ImageView
from cadl_gui.ui.inspect.activation_view import ActivationView
from cadl_gui.ui.inspect.activations_view import ActivationsView
from cadl_gui.ui.inspect.arithmetic_panel import ArithmeticPanel
from cadl_gui.ui.inspect.epochs_view import EpochsView
from cadl_gui.ui.inspect.histogram_view import HistogramView
from cadl_gui.ui.inspect.lecture_view import LectureView
from cadl_gui.ui.inspect.output_view import OutputView
from cadl_gui.ui.inspect.unit_view import UnitView
from cadl_gui.ui.inspect.weights_view import WeightsView
from cadl_gui.ui.latent.answer_label import AnswerLabel
from cadl_gui.ui.latent.path_strip import PathStrip
from cadl_gui.ui.latent.plane.latent_plane import LatentPlane
from cadl_gui.ui.latent.plane.layer import LatentLayer
from cadl_gui.ui.train.accuracy_line import AccuracyLine
from cadl_gui.ui.train.confusion_view import ConfusionView
from cadl_gui.ui.train.mistakes_view import MistakesView
from cadl_gui.ui.train.network_diagram import NetworkDiagram

NAMES = (("cat", "a deer with long legs", "dog"), tuple("0123456789"))
SHAPES = ((5, 8, 3), (9, 4, 1))
"""Of the images of the two contents."""


@dataclass(frozen=True)
class Figure:
    """How a widget is made, filled with the first or the second content, and emptied.

    Attributes:
        is_filled_again: whether the panel around it fills it again when theme or colours change.
    """

    make: Callable[[Any, Any], Any]
    fill: Callable[[Any, int], object]
    empty: Callable[[Any], object]
    size: tuple[int, int] = (420, 230)
    is_filled_again: bool = False


def noise(i, *shape):
    """Numbers in [0, 1) that are others for each content."""
    return np.random.default_rng(i).random(shape).astype(np.float32)


def images(i, n):
    """Images of one colour each, (n, height, width, channels) uint8, with a corner in another one."""
    found = np.zeros((n, *SHAPES[i]), np.uint8) + np.uint8(40)
    found += (np.arange(n) * 5 + 30 * i).astype(np.uint8)[:, None, None, None]
    found[:, 0, 0] = 255
    return found


def _run(i, name):
    letter = "ABCDEFG"[i]
    return Run(letter, fakes.description(letter, preset(name).config), History(10), [UNTRAINED])


def convolution(i):
    """The weights of a layer that is no square."""
    n_in, n_out = ((2, 14), (3, 3))[i]
    layer = LayerSpec(
        name=f"layer_{i}", kind="convolution", input_shape=(9, 6, n_in), output_shape=(9, 6, n_out),
        kernel_size=3,
    )  # fmt: skip
    return LayerWeights(layer, noise(i, 3, 3, n_in, n_out) - 0.3, noise(i + 5, n_out))


def _odd(i):
    """Weights of which one is not finite, or those of an image in colour."""
    layer = LayerSpec(name="odd", kind="dense", input_shape=(4, 7, 1 + 2 * i), output_shape=(2,))
    kernel = noise(i, 28 + 56 * i, 2) - 0.5
    kernel[5, 1] += (np.nan, 0)[i]
    return LayerWeights(layer, kernel, None)


def _description(i):
    n, names = (37, 11)[i], NAMES[i]
    labels, parts = np.arange(n) % len(names), (np.arange(n) % 5 // 3).astype(np.uint8)
    files = tuple(f"{k}.png" for k in range(n)) if i == 0 else ()
    return DatasetDescription(f"set {i}", SHAPES[i], names, labels, parts, files)


def _fill_montage(view, i):
    about = _description(i)
    numbers = np.arange(about.n, dtype=np.int32)[::-1]
    if i == 0:
        numbers = numbers[np.argsort(about.labels[numbers], kind="stable")]
    view.set_images(about, numbers, by_class=i == 0, subject=f"{i}")
    view.choose(None)
    view.set_parts_shown(i == 0)
    serve(view, i)


def serve(montage, i):
    """Give a montage the tiles that it lacks."""
    while missing := montage.missing_tiles():
        for tile in missing:
            side = cell_side(tile.span, max(SHAPES[i]))
            step, cells = max(SHAPES[i]) // side, cells_of(tile, montage.grid.cells)
            pixels = rendered_tile(cells, lambda which, step=step: images(i, 99)[which, ::step, ::step])
            montage.add_tiles(montage.grid, [tile], [pixels])


def _history(i):
    names = ("lecture-autoencoder", "softmax")
    rows = []
    for k in range((6, 2)[i]):
        run = _run(k, names[(i + k) % 2])
        is_classifier = run.description.config.model.is_classifier
        shape = (10,) if is_classifier else run.description.image_shape
        answers = noise(i + k, 5 - i, *shape)
        if is_classifier:
            answers /= answers.sum(axis=1, keepdims=True)
        else:  # of one grey, as that of the epoch's image
            answers[:] = images(i, 5 - i)[:, 1, 1, 0, None, None, None] / np.float32(255)
        rows.append(RunHistory(run, tuple(Position(each) for each in range(5 - i)), (*answers[:-1], None)))
    return rows


def _cards(i):
    letters = "ABC"
    return [
        Card(image, (f"item {k}", "epoch 3"), "", run=letters[k % 3], place=(0.2, 0.7) if i else None)
        for k, image in enumerate(images(i, (23, 2)[i]))
    ] + ([Card(None, ("softmax",), refusal="It needs colour images.")] if i == 0 else [])


def _work(i):
    weights = convolution(i)
    height, width, n_in = weights.layer.input_shape
    image = noise(i + 3, height, width, n_in)
    return UnitComputation(weights, 1, 1, image, noise(i + 4, height, width))


def _fill_plane(plane, i):
    n = (40, 7)[i]
    plane.set_class_names(NAMES[i])
    plane.set_points(LatentPoints(noise(i, n, 2) * 4 - 2, np.arange(n) % len(NAMES[i]), images(i, n)))
    plane.set_classifier_map(
        np.arange(12).reshape(3, 4) % len(NAMES[i]), noise(i, 3, 4), ViewBox(-1 - i, 2, -2, 1)
    )
    plane.set_density(noise(i + 1, 5, 3), ViewBox(-2, 1, -1 - i, 2))
    for name in ("pins", "path", "trail", "trajectory"):
        getattr(plane, f"set_{name}")(noise(i + len(name), 4 - i, 2) * 3 - 1.5)
    plane.set_ellipse((0.5 - i, 0.25), ((0.2, 0.1), (0.1, 0.4)))
    plane.set_handle(0.3 + i, -0.6)
    plane.show_box(None)


def _empty_plane(plane):
    plane.set_class_names(())
    plane.set_points(LatentPoints(np.empty((0, 2))))
    plane.clear_classifier_map()
    for name in ("pins", "path", "trail", "trajectory"):
        getattr(plane, f"set_{name}")(())
    plane.set_ellipse(None)
    plane.set_handle(0, 0)
    plane.show_box(None)


def _plane(theme, _):
    plane = LatentPlane(theme)
    for layer in (LatentLayer.POINTS, LatentLayer.CLASSIFIER, LatentLayer.THUMBNAILS):
        plane.set_layer(layer, shown=True)
    return plane


def _pairs(i):
    return [
        DuplicatePair(k + i, 100 + k, ("training", "test")[k % 2], "validation", (k + 1 + i) / 99)
        for k in range((15, 3)[i])
    ]


def _fill_pairs(view, i):
    numbers = range(200)
    view.set_pairs(_pairs(i))
    view.set_images(dict(zip(numbers, images(i, 200), strict=True)))


def _fill_duplicates(panel, i):
    panel.set_duplicates(Duplicates(tuple(_pairs(i)), is_sample=not i))
    panel.set_images(range(200), images(i, 200))


def _fill_strip(strip, i):
    strip.set_n_pins(2 + i, "straight")
    strip.set_images(noise(i, 8, *SHAPES[i]))
    answers = np.abs(np.linspace(0, 1, 8)[:, None] - np.linspace(0.1, 0.9, len(NAMES[i]))) ** -1
    strip.set_answers(answers / answers.sum(axis=1, keepdims=True), NAMES[i])
    strip.show_note("A note.") if i == 0 else None
    strip.set_share(0.25 + i / 2)


def _empty_strip(strip):
    strip.set_answers(None)
    strip.set_images(None)
    strip.set_n_pins(0, "straight")


def _fill_evidence(view, i):
    contributions = noise(i, len(NAMES[i]), *SHAPES[i]) - 0.4
    logits = contributions.sum(axis=(1, 2, 3)) + noise(i + 7, len(NAMES[i]))
    view.set_evidence(Evidence(contributions, logits), NAMES[i], ("vik", "coolwarm")[i], None, 2 * i or None)


def _fill_image_panel(panel, i):
    image, about = images(i, 3)[2], _description(i)
    file_name = about.file_names[2] if about.file_names else ""
    panel.set_image(
        image, number=2, label=2, class_names=NAMES[i], file_name=file_name, part=("training", "test")[i]
    )


def _empty_image_panel(panel):
    panel.set_image(None, number=0, label=None, class_names=(), file_name="", part="")


def _fill_bars(bars, i):
    bars.set_classes(NAMES[i])
    bars.set_probabilities(noise(i, len(NAMES[i])) / noise(i, len(NAMES[i])).sum())


def _fill_output(view, i):
    if i == 0:
        view.set_logits(noise(0, 3) * 4, NAMES[0])
    else:
        view.set_image(images(1, 3)[2] / np.float32(255))


def _fill_label(label, i):
    probabilities = noise(i, len(NAMES[i])) ** 3
    label.show_probabilities(probabilities / probabilities.sum(), "AB"[i], NAMES[i])


def _stages(i):
    raw = np.zeros((224, 224), np.float32)
    raw[(20, 100)[i] : 120, 40 : (90, 150)[i]] = 1
    return normalise(raw, widths=None)


def _fill_mistakes(view, i):
    n, names = (30, 4)[i], NAMES[i]
    labels = np.arange(n, dtype=np.int64) % len(names)
    found = WorstMistakes(images(i, n), labels, (labels + 1) % len(names), 0.99 - np.float32(range(n)) / 100)
    view.set_mistakes(found, names)


def _matrix(i):
    n = len(NAMES[i])
    return (noise(i, n, n) * 50).astype(np.int64) + 90 * np.eye(n, dtype=np.int64)


def _quantiles(i):
    return np.sort(noise(i, 6 - 2 * i, 7).astype(float) - 0.3, axis=1)


def _empty(kind, **others):
    return lambda theme, _: kind(theme, empty_text="Nothing yet.", **others)


def _say_nothing(view):
    view.show_message("Nothing yet.")


def _themed(kind, *others):
    return lambda theme, _: kind(theme, *others)


def _of_a_view(kind, **others):
    return lambda theme, view: kind(theme, empty_text="Nothing yet.", view=view, **others)


FIGURES = {
    "flips": Figure(
        _empty(FlipsView),
        lambda view, i: (
            view.set_images(noise(i, *SHAPES[1][:2], 1), noise(i + 1, *SHAPES[1][:2], 1), {(1 + i, 3)}),
            view.set_texts((f"{i}", "80 %"), ("7", "60 %")[: 2 - i]),
        ),
        lambda view: (view.set_images(None, None, frozenset()), view.set_texts((), ())),
        (600, 160),
    ),
    "cards": Figure(
        _empty(ImageCards, n_lines=2, scrolls=True),
        lambda view, i: view.set_cards(_cards(i)), lambda view: view.set_cards(()), (340, 210),
    ),
    "history": Figure(
        _of_a_view(HistoryView),
        lambda view, i: view.set_rows(_history(i)), lambda view: view.set_rows(()), (700, 150),
    ),
    "evidence": Figure(_empty(EvidenceView), _fill_evidence, lambda view: view.clear(), (900, 140), True),
    "normalisation": Figure(
        _empty(NormalisationStrip),
        lambda view, i: view.set_stages(_stages(i), skipped=i == 1), lambda view: view.set_stages(None),
    ),
    "bars": Figure(_themed(ProbabilityBars, print), _fill_bars, lambda view: view.set_probabilities(None)),
    "plane": Figure(_plane, _fill_plane, _empty_plane, (300, 260)),
    "strip": Figure(_themed(PathStrip), _fill_strip, _empty_strip, (640, 110)),
    "answer": Figure(_themed(AnswerLabel), _fill_label, _say_nothing, (260, 140)),
    "counts": Figure(
        _empty(CountsView, rows=3),
        lambda view, i: view.set_counts(
            NAMES[i], range(5, 5 + len(NAMES[i])), (3, 1, 2)[: 3 - 3 * i], images(i, len(NAMES[i]))
        ),
        lambda view: view.set_counts((), (), ()),
    ),
    "montage": Figure(_of_a_view(DatasetMontage), _fill_montage, _say_nothing),
    "one-hot": Figure(
        _empty(OneHotView), lambda view, i: view.set_label(2, NAMES[i]), lambda view: view.set_label(None, ())
    ),
    "pair": Figure(
        _empty(ImageView),
        lambda view, i: view.set_images(images(i, 3)[1 : 3 - i], names=("image", "reconstruction")),
        lambda view: view.set_images(None),
    ),
    "pairs": Figure(_empty(PairsView), _fill_pairs, lambda view: view.set_pairs(()), (460, 330)),
    "pixels": Figure(
        _empty(ImageView, tells_bytes=True),
        lambda view, i: view.set_image(noise(i, *SHAPES[i]), 0.5 + i), lambda view: view.set_image(None),
    ),
    "images": Figure(
        _empty(ImageView),
        lambda view, i: view.set_images(images(i, 10 - 3 * i), 5 - 5 * i), lambda view: view.set_images(None),
    ),
    "activation": Figure(
        _empty(ActivationView),
        lambda view, i: view.set_activation(noise(i, 3, 5 + i) + i / 9, 2.0 - i, has_negative=i == 0),
        lambda view: view.set_activation(None),
    ),
    "activations": Figure(
        _empty(ActivationsView),
        lambda view, i: (
            view.set_class_names(NAMES[i]),
            view.set_maps(
                activation_maps(convolution(i).layer, noise(i, *convolution(i).layer.output_shape) - 0.4), 2.0
            ),
        ),
        lambda view: view.set_maps(None),
    ),
    "unit": Figure(
        _empty(UnitView),
        lambda view, i: view.set_unit(weight_images(convolution(i)), 1, 0.5 + i),
        lambda view: view.set_unit(None),
    ),
    "odd unit": Figure(
        _empty(UnitView),
        lambda view, i: view.set_unit(weight_images(_odd(i), in_colour=i == 1), 1, 0.5 + i),
        lambda view: view.set_unit(None),
    ),
    "epochs": Figure(
        _empty(EpochsView),
        lambda view, i: view.set_quantiles(
            [Position(each) for each in range(6 - 2 * i)], _quantiles(i), 2 * _quantiles(i)
        ),
        lambda view: view.set_quantiles((), np.empty((0, 7)), np.empty((0, 7))),
    ),
    "arithmetic": Figure(
        lambda theme, view: ArithmeticPanel(theme, BackgroundJobs(), view),
        lambda panel, i: panel.set_work(_work(i), f"unit {i}", "note"[: 4 * i]),
        lambda panel: panel.set_work(None), (600, 500),
    ),
    "histogram": Figure(
        _empty(HistogramView),
        lambda view, i: view.set_weights(noise(i, 9), noise(i + 1, 90) - 0.5, 1.0 + i, (0.25, None)[i]),
        lambda view: view.set_weights(None),
    ),
    "lecture": Figure(
        _empty(LectureView),
        lambda view, i: view.set_kernels(convolution(i), is_first=i == 1),
        lambda view: view.set_kernels(None),
    ),
    "output": Figure(_empty(OutputView), _fill_output, lambda view: view.set_logits(None)),
    "weights": Figure(
        _of_a_view(WeightsView),
        lambda view, i: (
            view.set_layer(layer_image(convolution(i), "layer", [convolution(i)], by_norm=i == 0)),
            view.set_tile(1 + i),
        ),
        lambda view: view.set_layer(None),
    ),
    "confusion": Figure(
        _empty(ConfusionView),
        lambda view, i: view.set_confusion(_matrix(i), f"images {i}", NAMES[i]),
        lambda view: view.set_confusion(None),
    ),
    "mistakes": Figure(_empty(MistakesView), _fill_mistakes, lambda view: view.set_mistakes(None)),
    "diagram": Figure(
        _themed(NetworkDiagram),
        lambda view, i: view.set_spec(
            model_spec(preset(("vae", "conv-classifier")[i]).config.model, (28, 28, 1), 10)
        ),
        lambda view: view.set_spec(None),
    ),
    "accuracy": Figure(
        _themed(AccuracyLine),
        lambda view, i: view.set_confusion(_matrix(i), f"images {i}", "A note."[: 9 * i]),
        lambda view: view.set_confusion(None),
    ),
    "duplicates": Figure(
        _themed(DuplicatesPanel, BackgroundJobs(), print, print), _fill_duplicates,
        lambda panel: panel.set_duplicates(None), (460, 400),
    ),
    "image": Figure(
        _themed(ImagePanel, BackgroundJobs()), _fill_image_panel, _empty_image_panel, (300, 420)
    ),
}  # fmt: skip
