"""Computes with the scripts of a web page as a browser does, in V8."""

import base64
import json
import re
import zlib

import numpy as np
from py_mini_racer import MiniRacer

from cadl_gui.system.resources import resource_path

_ASK = """
let networks;
function open(model, bytes) {
  const numbers = fromHalves(Uint8Array.from(bytes));
  networks = model.networks.map((about) => new Network(about, numbers));
  return networks.length;
}
function ask(i, name, values) { return [...networks[i][name](Float32Array.from(values))]; }
function see(strokes) {
  const image = normalised(strokes.map((points) => points.map(([x, y, pressure]) => ({ x, y, pressure }))));
  return image && [...image];
}
"""


class PageScript:
    """The scripts of a page that need no document, with the networks of one.

    Args:
        page: HTML of the page; "" for the scripts alone.
    """

    def __init__(self, page=""):
        self._context = MiniRacer()
        for name in ("network.js", "drawing.js"):
            self._context.eval(resource_path(f"web/{name}").read_text(encoding="utf-8"))
        self._context.eval(_ASK)
        if page:
            packed = base64.b64decode(data_block(page, "weights"))
            model = json.loads(data_block(page, "model"))
            self._context.call("open", model, list(zlib.decompress(packed)))

    def ask(self, i, name, inputs):
        """Answers of network `i` to each of the inputs, (n, …) float32."""
        answers = [self._context.call("ask", i, name, each.ravel().tolist()) for each in inputs]
        return np.array(answers, np.float32)

    def see(self, strokes):
        """The image, (28, 28), of strokes, each a list of (x, y, pressure); None without ink."""
        image = self._context.call("see", strokes)
        return None if image is None else np.array(image, np.float32).reshape(28, 28)


def data_block(page, name):
    """Content of one of a page's blocks of data, as a browser reads it."""
    return re.search(rf'<script id="{name}" type="[^"]+">(.*?)</script', page, re.DOTALL)[1]
