"""Computes with the script of a web page as a browser does, in V8, but without a document."""

import base64
import json
import re
import zlib

import numpy as np
from py_mini_racer import MiniRacer

from cadl_gui.interop.export.web_page import web_page

_ASK = """
let networks, timelines, digits;
function open(model, bytes, pictures) {
  const [numbers, levels] = [fromHalves(Uint8Array.from(bytes)), Uint8Array.from(pictures)];
  const digit = (_, i) => fromLevels(levels, model.digits.start + i * SIZE * SIZE, SIZE * SIZE);
  digits = Array.from({ length: model.digits.n }, digit);
  timelines = model.networks.map((about) => new Timeline(about, numbers, digits, levels));
  networks = timelines.map(({ last }) => last);
  return networks.length;
}
function epochs() { return epochsOf(timelines).map(({ at }) => at); }
function askAt(i, at, name, values) {
  const inputs = typeof values === "number" ? digits[values] : Float32Array.from(values);
  const answer = timelines[i].at({ at })[name](inputs);
  return answer && [...answer];
}
function ask(i, name, values) { return [...networks[i][name](Float32Array.from(values))]; }
function nearest(i, values) {
  const base = Float32Array.from(values);
  return values.map((_, at) => {
    const image = flipped(base, [at]);
    const [near, all] = [networks[i].classifyNear(base, image, at), networks[i].classify(image)];
    return Math.max(...near.map((x, label) => Math.abs(x - all[label])));
  });
}
function flips(i, values, target) {
  let found;
  for (found of fooling(networks[i], Float32Array.from(values), target)) {
    if (found.isFooled) break;
  }
  return [found.flips, found.isFooled];
}
function layerMontage(i, path, maps) {
  const layer = [...networks[i].encoder, ...networks[i].decoder].find(({ name }) => name === path);
  const { height, width, pixels } = montage(layer, fromHex(maps));
  return [height, width, [...pixels]];
}
function see(strokes) {
  const image = normalised(strokes.map((points) => points.map(([x, y, pressure]) => ({ x, y, pressure }))));
  return image && [...image];
}
function dragged(events) {
  const [said, listeners] = [[], {}];
  const canvas = {
    addEventListener: (type, listener) => (listeners[type] = listener),
    getBoundingClientRect: () => ({ left: 100, top: 10, width: 200, height: 100 }),
    setPointerCapture: () => {},
  };
  drag(canvas, (place) => said.push(["down", place]), (place) => said.push(["move", place]));
  for (const [type, event] of events) listeners[type]({ button: 0, pointerType: "mouse", ...event });
  return said;
}
"""


class PageScript:
    """The script of a page with its networks, before it starts.

    Args:
        page: HTML of the page; by default one without networks.
    """

    def __init__(self, page=""):
        self._context = MiniRacer()
        page = page or web_page([])
        script = re.search(r"<script>(.*?)</script", page, re.DOTALL)[1]
        assert script.endswith("start();\n")
        self._context.eval(script.removesuffix("start();\n") + _ASK)
        model = json.loads(data_block(page, "model"))
        self._maps = model["colourMaps"]
        self._context.call("open", model, *(_bytes(page, name) for name in ("weights", "pictures")))

    def ask(self, i, name, inputs):
        """Answers of network `i` to each of the inputs, (n, …) float32."""
        answers = [self._context.call("ask", i, name, each.ravel().tolist()) for each in inputs]
        return np.array(answers, np.float32)

    def epochs(self):
        """The positions among which the slider chooses."""
        return [tuple(at) for at in self._context.call("epochs")]

    def ask_at(self, i, position, name, inputs):
        """Answer of network `i` at a position to an input, or to a digit of the page by its number."""
        inputs = inputs if isinstance(inputs, int) else inputs.ravel().tolist()
        answer = self._context.call("askAt", i, list(position), name, inputs)
        return None if answer is None else np.array(answer, np.float32)

    def see(self, strokes):
        """The image, (28, 28), of strokes, each a list of (x, y, pressure); None without ink."""
        image = self._context.call("see", strokes)
        return None if image is None else np.array(image, np.float32).reshape(28, 28)

    def nearest(self, i, image):
        """For each number of an image: when it is inverted, how far `classifyNear` is from `classify`."""
        return list(self._context.call("nearest", i, image.ravel().tolist()))

    def flips(self, i, image, target):
        """The pixels, in order, whose inversion makes network `i` answer the target, and whether it does."""
        pixels, is_fooled = self._context.call("flips", i, image.ravel().tolist(), target)
        return [divmod(pixel, image.shape[1]) for pixel in pixels], is_fooled

    def montage(self, i, layer, colours):
        """The montage of a layer of network `i` in colours of the page, (height, width, 4) uint8."""
        height, width, pixels = self._context.call("layerMontage", i, layer, self._maps[colours])
        return np.array(pixels, np.uint8).reshape(height, width, 4)

    def drag(self, *events):
        """What a canvas at (100, 10), of 200 × 100 pixels, is told: (“down” or “move”, x, y, pressure)."""
        said = self._context.call("dragged", events)
        return [(kind, place["x"], place["y"], place["pressure"]) for kind, place in said]


def _bytes(page, name):
    return list(zlib.decompress(base64.b64decode(data_block(page, name))))


def data_block(page, name):
    """Content of one of a page's blocks of data, as a browser reads it."""
    return re.search(rf'<script id="{name}" type="[^"]+">(.*?)</script', page, re.DOTALL)[1]
