"""Opens web pages in Firefox and WebKitGTK: they say and show what the program does, as in Chromium.

    python tests/campaigns/other_browsers.py [--browser firefox|webkit] [--digits 1000] [--drawings 200]

The pages are opened from a file, half of the digits and drawings in the size of a phone and half in that of a
desktop. Their answers equal the program's, their images differ by 2/255 at most, names are text, and nothing
is requested or complained about; a page that does both comes first, to see whether it would be noticed. The
exit status is 1 if something of it is not so. `.ci/browsers` installs what it needs on Debian.
"""

import argparse
import os
import sys
import tempfile
import time
import traceback
from functools import partial
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
sys.path.insert(0, str(Path(__file__).parents[1]))

import numpy as np
from acceptance.waiting import eventually
from in_chromium import DESKTOP, PHONE
from in_other_browsers import Browser, Firefox, WebKit
from numpy.typing import NDArray
from web_pages import (
    CHOSEN,
    HOSTILE,
    IS_WIDE,
    NAMES,
    PAINTED,
    PIXELS,
    SHOWN,
    are_answered,
    are_decoded,
    drawing_of,
    drawings_of,
    image_of,
    mnist_digits,
    named,
    texts_of,
    three_networks,
    written,
)

from cadl_gui.imaging.drawing.normalisation import normalise_drawing

Size = tuple[int, int]
Images = NDArray[np.float32]

BROWSERS: dict[str, type[Browser]] = {"firefox": Firefox, "webkit": WebKit}

BAD = """<!doctype html><meta name="viewport" content="width=device-width">
<script>throw new Error("It complains")</script>
<img src="http://192.0.2.1/network.png"><img src="beside.png">"""

CLEAR = "() => document.querySelector('#clear').click()"

OPEN = "() => document.querySelectorAll('summary').forEach((summary) => summary.click())"


def bad_pages_are_noticed(browser: Browser, folder: Path, size: Size) -> str:
    """Else, that nothing is noticed of other pages would say nothing."""
    path = folder / "bad.html"
    path.write_text(BAD, "utf-8")
    browser.show(path, size)
    for asked in ("192.0.2.1", "beside.png") if browser.sees_files else ("192.0.2.1",):
        eventually(lambda asked=asked: asked in " ".join(browser.requests()), f"a request for {asked}")
    eventually(lambda: any("It complains" in text for text in browser.complaints()), "its error")
    return "a request and an error were noticed"


def digits_are_answered(browser: Browser, folder: Path, size: Size, digits: Images) -> str:
    """They are all on the page, to be chosen one after the other."""
    networks = three_networks()
    with browser.opened(written(folder, networks, digits), size):
        are_answered(networks, digits, browser.evaluate(CHOSEN))
    return f"{len(digits)} digits"


def drawings_are_answered(browser: Browser, folder: Path, size: Size, digits: Images) -> str:
    """What the pointer did is what is seen, and answered."""
    networks, images, shown = three_networks(), [], []
    pointer = browser.pointer_on_phone if size == PHONE else "mouse"
    with browser.opened(written(folder, networks), size):
        for strokes in drawings_of(digits, np.random.default_rng(1)):
            sent = [browser.drag("#canvas", stroke[:, :2], pointer) for stroke in strokes]
            browser.evaluate(PAINTED)
            shown.append(browser.evaluate(SHOWN))
            drawing = drawing_of([[(*place, 1.0) for place in places] for places in sent])
            images.append(normalise_drawing(drawing).centred[..., np.newaxis])
            browser.evaluate(CLEAR)
    seen = np.stack([image_of(answer["seen"]) for answer in shown])
    np.testing.assert_allclose(seen, images, atol=2 / 255)
    are_answered(networks, np.stack(images), shown)
    return f"{len(digits)} drawings by {pointer}"


def places_are_decoded(browser: Browser, folder: Path, size: Size) -> str:
    """The images at the ends of drags over the plane."""
    network, images, places = three_networks()[2], [], []
    with browser.opened(written(folder, [network]), size):
        for place in np.random.default_rng(2).random((20, 2)):
            places.append(browser.drag(".plane > canvas", [(0.3, 0.3), place])[-1])
            browser.evaluate(PAINTED)
            images.append(browser.evaluate(PIXELS, ".plane .image"))
    are_decoded(network, places, images)
    return f"{len(places)} places"


def names_are_text(browser: Browser, folder: Path, size: Size) -> str:
    """They add no element, and do not widen the page."""
    elements = []
    for name in ("x", *HOSTILE):
        with browser.opened(written(folder, named(name)), size):
            browser.drag("#canvas", [(0.4, 0.2), (0.4, 0.8)])
            browser.evaluate(PAINTED)
            browser.evaluate(OPEN)
            texts, found = browser.evaluate(NAMES)
            elements.append(found)
            assert texts == texts_of(name)
            assert not browser.evaluate(f"() => {IS_WIDE}")
    assert all(found == elements[0] for found in elements)
    return f"{len(HOSTILE)} names"


def main() -> int:
    """Check all browsers in both sizes."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--browser", choices=BROWSERS, help="only this one")
    parser.add_argument("--digits", type=int, default=1000)
    parser.add_argument("--drawings", type=int, default=200)
    arguments = parser.parse_args()
    sizes = {"phone": PHONE, "desktop": DESKTOP}
    digits = np.array_split(mnist_digits(arguments.digits), 2)
    drawn = np.array_split(mnist_digits(arguments.drawings), 2)
    is_good = True
    for kind in BROWSERS if arguments.browser is None else [arguments.browser]:
        with BROWSERS[kind]() as browser, tempfile.TemporaryDirectory() as folder:
            print(f"{kind} {browser.version}")
            for i, (name, size) in enumerate(sizes.items()):
                about = browser, Path(folder), size
                for check in (
                    partial(bad_pages_are_noticed, *about),
                    partial(digits_are_answered, *about, digits[i]),
                    partial(drawings_are_answered, *about, drawn[i]),
                    partial(places_are_decoded, *about),
                    partial(names_are_text, *about),
                ):
                    began = time.monotonic()
                    try:
                        said = check()
                    except (AssertionError, RuntimeError):
                        said = f"NOT SO: {check.func.__name__}\n{traceback.format_exc()}"
                        is_good = False
                    print(f"  {name}: {said}, {time.monotonic() - began:.0f} s", flush=True)
    return int(not is_good)


if __name__ == "__main__":
    sys.exit(main())
