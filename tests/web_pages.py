"""What web pages are tested with: networks, names, strokes; and what the program says that they show."""

import dataclasses

import numpy as np
from described import described
from oracles import learned
from tools.skeleton import strokes_of

from cadl_gui.datasets.load import load
from cadl_gui.domain.configuration import RunConfig
from cadl_gui.domain.drawing import Drawing, Point, Stroke
from cadl_gui.domain.position import Position
from cadl_gui.domain.requests import Classify, Decode, Reconstruct
from cadl_gui.domain.snapshot import Snapshot
from cadl_gui.domain.training_requests import OpenFile
from cadl_gui.inference.numpy_network import NumpyNetwork
from cadl_gui.interop.export.web_page import PageNetwork, web_page
from cadl_gui.models import build_for_inference
from cadl_gui.saved.backend import Training
from cadl_gui.system.resources import shipped_run

HOSTILE = [
    "</script><script>alert(1)</script>",
    "\"'`${name}<!--",
    "\u202eמספר",
    "x" * 10_000,
    "]]>&lt;\u2028",
]

EXTENT = np.array([[-3, 2.5], [-2, 3]], np.float32)

PIXELS = """(selector) => {
  const { data } = document.querySelector(selector).getContext("2d").getImageData(0, 0, 28, 28);
  return String.fromCharCode(...data.filter((_, i) => i % 4 === 0));
}"""
"""The image of a canvas, as `image_of` reads it."""

SHOWN = f"""() => {{
  const pixels = {PIXELS};
  return {{
    labels: [...document.querySelectorAll(".best")].map(({{ textContent }}) => textContent),
    seen: pixels("#seen"),
    reconstruction: pixels("#autoencoders canvas"),
  }};
}}"""
"""What the page shows of a drawing."""

CHOSEN = f"""async () => {{
  const answers = [];
  for (const button of document.querySelectorAll("#digits button")) {{
    button.click();
    await new Promise(requestAnimationFrame);
    answers.push(({SHOWN})());
  }}
  return answers;
}}"""
"""What the page shows of each of its digits, chosen one after the other."""

PAINTED = """async () => {
  for (let i = 0; i < 2; i++) await new Promise(requestAnimationFrame);
}"""
"""Ends when the page has shown what follows from all events: answers at a frame, the plane at the next."""

NAMES = """() => [
  [...document.querySelectorAll("h2 .name, .bars .name")].map(({ textContent }) => textContent),
  [...document.querySelectorAll("*")].map(({ tagName }) => tagName),
]"""
"""The names on a page of `named` networks, and all its elements."""

IS_WIDE = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
"""Whether a page has to be scrolled sideways."""


def page_network(config, shape=(13, 10, 3), name="Run", classes=("a", "b", "c")):
    """A network with weights as after a training."""
    weights = learned(build_for_inference(config.model, shape, len(classes)))
    about = described("id", config, shape, name=name, class_names=tuple(classes))
    return PageNetwork(about, Snapshot(Position(1), weights), None)


def shipped(*names):
    opened = [Training().open(OpenFile("", shipped_run(name))) for name in names]
    return [PageNetwork(each.description, each.snapshot, None) for each in opened]


def numpy_answer(network, request, weights=None):
    about = network.description
    asked = NumpyNetwork(about.config.model, about.image_shape, about.n_classes)
    return asked.respond(network.snapshot.weights if weights is None else weights, request)


def random_strokes(random):
    """One to three strokes of a hand: large and small, dots, and some beyond the edge of the canvas."""
    strokes, middle, size = [], random.uniform(0.1, 0.9, 2), random.choice([0.1, 0.4, 1.0])
    for _ in range(random.integers(1, 4)):
        n = random.choice([1, 2, 30])
        path = random.uniform(-0.4, 0.4, 2) + np.cumsum(
            random.normal(0, random.choice([0.002, 0.03]), (n, 2)), 0
        )
        pressures = random.uniform(0, 1, n) if random.random() < 0.5 else np.ones(n)
        strokes.append(np.column_stack([middle + size * path, pressures]).tolist())
    return strokes


def named(name):
    """Networks that have the same name as their classes."""
    classifier = RunConfig.of(preset="test", layers=(8,), use_bias=True, model="classifier")
    autoencoder = RunConfig.of(preset="test", layers=(8,), latent_dim=2)
    shape = (28, 28, 1)
    return [
        page_network(classifier, shape, name, (name, "b", name)),
        dataclasses.replace(page_network(autoencoder, shape, name), extent=EXTENT),
    ]


def texts_of(name):
    """What a page of `named` networks shows as its names."""
    return [name, name, "b", name, f"The plane of {name}", *[f"The weights of {name}"] * 2]


def mnist_digits(n, first=0):
    """Some of MNIST's test digits, which follow 60,000 others."""
    return load("mnist").as_floats(60_000 + np.arange(first, first + n))


def drawing_of(strokes):
    return Drawing(tuple(Stroke(tuple(Point(*point) for point in stroke), 0.08) for stroke in strokes))


def drawings_of(digits, random):
    """Digits as strokes of a changing pressure, in any size at any place."""
    for image in digits:
        strokes = strokes_of(image[..., 0])
        low = np.concatenate(strokes).min(axis=0)
        extent = np.ptp(np.concatenate(strokes), axis=0)
        scale, place = random.uniform(0.15, 0.9) / extent.max(), 0.05 + 0.9 * random.random(2)
        corner = (1 - scale * extent) * place
        yield [
            np.column_stack([(stroke - low) * scale + corner, random.uniform(0.2, 1, len(stroke))])[::5]
            for stroke in strokes
        ]


def image_of(text):
    return np.frombuffer(text.encode("latin-1"), np.uint8).reshape(28, 28, 1) / np.float32(255)


def three_networks():
    networks = shipped("conv-classifier", "softmax", "vae")
    return [*networks[:2], dataclasses.replace(networks[2], extent=EXTENT)]


def written(tmp_path, *arguments):
    path = tmp_path / "page.html"
    path.write_text(web_page(*arguments), encoding="utf-8")
    return path


def are_answered(networks, images, shown):
    """Two classifiers and an autoencoder say of each image on the page what they say of it in the program."""
    for i, network in enumerate(networks[:2]):
        expected = numpy_answer(network, Classify("", None, images)).argmax(axis=1)
        assert [answer["labels"][i] for answer in shown] == [str(label) for label in expected]
    expected = numpy_answer(networks[2], Reconstruct("", None, images))
    reconstructions = np.stack([image_of(answer["reconstruction"]) for answer in shown])
    np.testing.assert_allclose(reconstructions, expected, atol=2 / 255)


def are_decoded(network, places, shown):
    """At each place of the plane, the page shows the image that the program does."""
    (left, right), (bottom, top) = EXTENT
    latents = np.array([(left + x * (right - left), top + y * (bottom - top)) for x, y in places], np.float32)
    expected = numpy_answer(network, Decode("", None, latents))
    np.testing.assert_allclose(np.stack([image_of(text) for text in shown]), expected, atol=2 / 255)
