"use strict";

// Searches the few pixels that make a classifier answer another class.
//
// `fooling` is the search of cadl_gui/imaging/drawing/flip_search.py.

const MOST_FLIPS = 60;
const [SHORT_LIST, SHORT_ROUNDS] = [98, 4]; // after all pixels, so many of the best are tried again, this many times
const TINY = 1e-37;
const TURN_MS = 12; // of a search, so that the page answers meanwhile

// Inverts one pixel after another, each time the one that brings the target nearest.
//
// It yields after each image that it tries: the pixels that are inverted so far, which part of those that can be next
// was tried, and whether the classifier answers the target. The caller stops when it does.
function* fooling(network, image, target) {
  let base = image;
  const flips = [];
  const every = [...image.keys()];
  let shortList = every;
  for (let round = 0; flips.length < MOST_FLIPS; round++) {
    const pixels = round % (1 + SHORT_ROUNDS) ? shortList : every;
    const candidates = pixels.filter((each) => !flips.includes(each));
    const tried = [];
    for (const pixel of candidates) {
      tried.push({ pixel, ...judged(network.classifyNear(base, flipped(base, [pixel]), pixel), target) });
      yield { flips, share: tried.length / candidates.length, isFooled: false };
    }
    tried.sort((a, b) => b.score - a.score);
    shortList = tried.slice(0, SHORT_LIST).map(({ pixel }) => pixel);
    const [best] = tried;
    flips.push(best.pixel);
    base = flipped(image, flips);
    yield { flips, share: 0, isFooled: best.isTarget };
  }
}

// How much more probable the target is than the most probable other class, as a logarithm; and whether it is answered.
function judged(probabilities, target) {
  const logs = [...probabilities].map((p) => Math.log(Math.max(p, TINY)));
  const others = logs.filter((_, label) => label !== target);
  const isTarget = probabilities.indexOf(Math.max(...probabilities)) === target;
  return { score: logs[target] - Math.max(...others), isTarget };
}

// Labels from the most to the least probable.
function ranked(probabilities) {
  return [...probabilities.keys()].sort((a, b) => probabilities[b] - probabilities[a]);
}

// The drawing before and after pixels were flipped, with the answers; a button begins or stops.
class FoolPanel {
  constructor(timelines, parent) {
    this.timelines = timelines;
    this.classifiers = timelines.map(({ last }) => last);
    this.network = chooser(parent, "Network", timelines.map(({ about }) => about.name));
    this.network.parentNode.hidden = timelines.length === 1;
    this.target = chooser(parent, "Make it", []);
    this.button = add(parent, "button", "", "Flip pixels");
    this.button.type = "button";
    const pair = add(parent, "div", "tiles");
    [this.before, this.after] = ["Before", "After"].map((name) => {
      const figure = add(pair, "figure");
      const canvas = canvasIn(figure, 10 * SIZE, 10 * SIZE, `${name}: the drawing`);
      return { canvas, text: add(figure, "figcaption", "name") };
    });
    this.progress = add(parent, "progress");
    this.progress.ariaLabel = "Pixels tried";
    this.said = add(parent, "p", "secondary name");
    this.said.setAttribute("role", "status");
    this.network.addEventListener("change", () => this.offer());
    this.target.addEventListener("change", () => this.restart());
    this.button.addEventListener("click", () => (this.search ? this.stop() : this.start()));
    this.image = null;
    this.offer();
  }

  get classifier() {
    return this.classifiers[this.network.selectedIndex];
  }

  // Offers the classes of the chosen network.
  offer() {
    this.target.replaceChildren();
    for (const name of ["2nd", ...this.classifier.about.classNames]) add(this.target, "option", "", name);
    this.restart();
  }

  // Chooses a network, and a class by its name; "" is the second one.
  choose(timeline, name) {
    this.network.selectedIndex = this.timelines.indexOf(timeline);
    this.offer();
    this.target.selectedIndex = 1 + timeline.about.classNames.indexOf(name);
    this.restart();
  }

  setEpoch(epoch) {
    this.classifiers = this.timelines.map((timeline) => timeline.at(epoch));
  }

  show(image) {
    this.image = image;
    this.restart();
    return "";
  }

  // Forgets the pixels: the drawing, the network or the target is another.
  restart() {
    this.stop();
    this.said.textContent = "A few pixels are flipped until the network sees another class in your drawing.";
    this.button.disabled = this.image === null;
    this.paint(this.before, []);
    this.paint(this.after, []);
    if (this.image === null) return;
    if (this.classifier instanceof RecordedNetwork) {
      this.button.disabled = true;
      this.said.textContent = `At this epoch, the page has no weights of ${this.classifier.about.name}.`;
      return;
    }
    const [first, second] = ranked(this.classifier.classify(this.image));
    this.label = this.target.selectedIndex === 0 ? second : this.target.selectedIndex - 1;
    if (this.label !== first) return;
    this.button.disabled = true;
    this.said.textContent = `It says ${this.classifier.about.classNames[first]} already: choose another class.`;
  }

  start() {
    this.search = fooling(this.classifier, this.image, this.label);
    this.button.textContent = "Stop";
    this.progress.hidden = false;
    this.paint(this.after, []);
    this.go();
  }

  stop() {
    clearTimeout(this.next);
    this.search = null;
    this.progress.hidden = true;
    this.button.textContent = "Flip pixels";
  }

  // Searches for a short time, and then again, until the network is fooled or too many pixels are flipped.
  go() {
    const end = performance.now() + TURN_MS;
    let found;
    do found = this.search.next();
    while (!found.done && found.value.share > 0 && performance.now() < end);
    if (found.done) {
      this.said.textContent = `Not fooled after ${MOST_FLIPS} pixels.`;
      this.stop();
      return;
    }
    const { flips, share, isFooled } = found.value;
    this.progress.value = share;
    if (share === 0) this.showFlips(flips, isFooled);
    if (isFooled) this.stop();
    else this.next = setTimeout(() => this.go());
  }

  showFlips(flips, isFooled) {
    this.paint(this.after, flips);
    const pixels = `${flips.length} ${flips.length === 1 ? "pixel" : "pixels"}`;
    this.said.textContent = isFooled ? `${pixels} changed.` : `${pixels} of at most ${MOST_FLIPS} changed …`;
  }

  // Shows the drawing with flipped pixels, which have an edge, and what the network says of it.
  paint({ canvas, text }, flips) {
    const context = canvas.getContext("2d");
    blacken(context);
    text.textContent = "";
    if (this.image === null) return;
    const image = flips.length ? flipped(this.image, flips) : this.image;
    paintLarge(canvas, image);
    context.strokeStyle = "#e24a3b";
    context.lineWidth = 2;
    for (const pixel of flips) context.strokeRect(10 * (pixel % SIZE), 10 * Math.floor(pixel / SIZE), 10, 10);
    const probabilities = this.classifier.classify(image);
    if (!probabilities) return;
    const [first] = ranked(probabilities);
    text.textContent = `${this.classifier.about.classNames[first]}, ${percent(probabilities[first])}`;
  }
}

function flipped(image, flips) {
  const changed = image.slice();
  for (const pixel of flips) changed[pixel] = 1 - changed[pixel];
  return changed;
}
