"use strict";

// The page: a canvas, the answers of its networks at each stroke, and the plane of those that have one.
//
// What comes from the model block, names above all, is put on the page as text only.

const MOST_SHOWN = 10; // classes that are shown at a time
const MOSAIC = 14; // images along each side of a plane
const KEY_STEP = 1 / 50; // how far an arrow key moves the handle, as a fraction of the plane; with Shift five times
const SPOKEN_AFTER_MS = 500; // after the last change, so that a screen reader is not interrupted all along a stroke

const UNKNOWN = "At this epoch, the page has its answers to the digits below the canvas only.";

const strokes = [];
let taken = null; // one of the page's digits, instead of a drawing
const byId = (id) => document.getElementById(id);
let isUpdating = false;
let saying = 0;

// An element with a class and a text, appended to another.
function add(parent, tag, className = "", text = "") {
  const element = document.createElement(tag);
  element.className = className;
  element.textContent = text;
  parent.append(element);
  return element;
}

// The name of a network and its epoch, whose element it returns.
function addName(parent, tag, { name, position }, before = "") {
  const element = add(parent, tag);
  add(element, "span", "name", `${before}${name}`).title = name;
  return add(element, "span", "secondary", position);
}

function canvasIn(parent, width, height, label) {
  const canvas = add(parent, "canvas");
  [canvas.width, canvas.height] = [width, height];
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", label);
  return canvas;
}

// A choice with a visible label.
function chooser(parent, text, names) {
  const label = add(parent, "label", "choice");
  add(label, "span", "", text);
  const select = add(label, "select");
  for (const name of names) add(select, "option", "", name);
  return select;
}

// Paints an image; null paints black.
function paint(canvas, image, left = 0, top = 0) {
  const context = canvas.getContext("2d");
  if (image === null) {
    blacken(context);
    return;
  }
  const pixels = context.createImageData(SIZE, SIZE);
  image.forEach((value, i) => pixels.data.set([255 * value, 255 * value, 255 * value, 255], 4 * i));
  context.putImageData(pixels, left, top);
}

// Paints an image over all of a canvas.
function paintLarge(canvas, image) {
  const small = new OffscreenCanvas(SIZE, SIZE);
  paint(small, image);
  const context = canvas.getContext("2d");
  context.imageSmoothingEnabled = false;
  context.drawImage(small, 0, 0, canvas.width, canvas.height);
}

// Not only by the style, which a copy or a print leaves out.
function blacken(context) {
  context.fillStyle = "#000";
  context.fillRect(0, 0, context.canvas.width, context.canvas.height);
}

// Calls `onMove` with places in [0, 1] while the pointer is down, and once before that `onDown`.
function drag(canvas, onDown, onMove) {
  const place = (event) => {
    const box = canvas.getBoundingClientRect();
    const pressure = event.pointerType === "pen" ? event.pressure : 1;
    return { x: (event.clientX - box.left) / box.width, y: (event.clientY - box.top) / box.height, pressure };
  };
  let pointer = null;
  canvas.addEventListener("pointerdown", (event) => {
    if (pointer !== null || event.button !== 0) return;
    pointer = event.pointerId;
    canvas.setPointerCapture(pointer);
    onDown(place(event));
  });
  canvas.addEventListener("pointermove", (event) => {
    if (event.pointerId !== pointer) return;
    for (const each of event.getCoalescedEvents ? event.getCoalescedEvents() : [event]) onMove(place(each));
  });
  canvas.addEventListener("lostpointercapture", (event) => {
    if (event.pointerId === pointer) pointer = null;
  });
}

// What one classifier says: the most probable class in large, and a bar for each.
class Answer extends NetworkPart {
  constructor(timeline, parent) {
    super(timeline);
    const { about } = timeline;
    const box = (this.box = add(parent, "article", "answer"));
    this.position = addName(box, "h2", about);
    this.best = add(box, "div", "best name");
    const bars = add(box, "div", "bars");
    const n = Math.min(about.classNames.length, MOST_SHOWN);
    this.rows = Array.from({ length: n }, (_, i) => {
      const name = add(bars, "div", "name", about.classNames[i]);
      const bar = add(bars, "div", "bar");
      return { name, bar, fill: add(bar, "div"), share: add(bars, "div", "share") };
    });
    this.note = add(box, "p", "secondary", UNKNOWN);
  }

  // Shows the answer to an image, and returns it as a sentence; "" for no image.
  show(image) {
    const names = this.network.about.classNames;
    const probabilities = image && this.network.classify(image);
    this.note.hidden = image === null || probabilities !== null;
    if (!probabilities) {
      this.best.textContent = "";
      for (const { bar, fill, share } of this.rows) {
        bar.classList.remove("first");
        fill.style.width = "0";
        share.textContent = "";
      }
      return "";
    }
    const order = ranked(probabilities);
    const labels = order.length > MOST_SHOWN ? order.slice(0, MOST_SHOWN) : [...probabilities.keys()];
    labels.forEach((label, i) => {
      const { name, bar, fill, share } = this.rows[i];
      [name.textContent, name.title] = [names[label], names[label]];
      bar.classList.toggle("first", label === order[0]);
      fill.style.width = `${100 * probabilities[label]}%`;
      share.textContent = percent(probabilities[label]);
    });
    const best = names[order[0]];
    this.best.textContent = best;
    this.best.classList.toggle("long", best.length > 2);
    return `${this.network.about.name}: ${best}, ${percent(probabilities[order[0]])}.`;
  }
}

// What one autoencoder makes of the drawing.
class Reconstruction extends NetworkPart {
  constructor(timeline, parent) {
    super(timeline);
    const figure = (this.box = add(parent, "figure"));
    this.canvas = canvasIn(figure, SIZE, SIZE, `The drawing as ${timeline.about.name} reconstructs it`);
    this.position = addName(figure, "figcaption", timeline.about);
    this.note = add(figure, "p", "secondary", UNKNOWN);
  }

  show(image) {
    const reconstruction = image && this.network.reconstruct(image);
    paint(this.canvas, reconstruction);
    this.note.hidden = image === null || reconstruction !== null;
    return "";
  }
}

// The latent plane of an autoencoder with two latent dimensions, and the image at its handle.
class Plane extends NetworkPart {
  constructor(timeline, parent) {
    super(timeline);
    const box = (this.box = add(parent, "article", "plane"));
    const header = add(box, "header");
    this.position = addName(header, "h2", timeline.about, "The plane of ");
    add(header, "p", "secondary", "Every place is an image that the network decodes. Drag the handle.");
    this.mosaic = document.createElement("canvas");
    [this.mosaic.width, this.mosaic.height] = [MOSAIC * SIZE, MOSAIC * SIZE];
    this.canvas = canvasIn(box, 784, 784, "");
    this.canvas.setAttribute("role", "application");
    this.canvas.setAttribute("aria-roledescription", "plane");
    this.canvas.tabIndex = 0;
    const figure = add(box, "figure");
    this.image = canvasIn(figure, SIZE, SIZE, "The image at the handle");
    this.image.className = "image";
    this.text = add(figure, "figcaption");
    this.place = { x: 0.5, y: 0.5 };
    drag(this.canvas, (place) => this.moveTo(place), (place) => this.moveTo(place));
    this.canvas.addEventListener("keydown", (event) => this.onKey(event));
    this.moveTo(this.place);
    this.paintRow(0);
  }

  setEpoch(epoch) {
    super.setEpoch(epoch);
    this.moveTo(this.place);
    clearTimeout(this.next);
    this.paintRow(0);
  }

  // The latent vector of a place; the second dimension points upwards.
  latentAt({ x, y }) {
    const [[left, right], [bottom, top]] = this.network.about.extent;
    return Float32Array.of(left + x * (right - left), top + y * (bottom - top));
  }

  // Moves the handle to where the drawing is encoded.
  show(image) {
    const latent = image && this.network.encode(image);
    if (latent) this.moveToLatent(latent, true);
    return "";
  }

  moveToLatent([z0, z1], isDrawing = false) {
    const [[left, right], [bottom, top]] = this.network.about.extent;
    this.moveTo({ x: (z0 - left) / (right - left), y: (z1 - top) / (bottom - top) }, isDrawing);
  }

  moveTo({ x, y }, isDrawing = false) {
    this.place = { x: clamped(x, 0, 1), y: clamped(y, 0, 1) };
    this.isOutside = isDrawing && (x !== this.place.x || y !== this.place.y);
    if (this.isMoving) return;
    this.isMoving = true;
    requestAnimationFrame(() => {
      this.isMoving = false;
      const latent = this.latentAt(this.place);
      paint(this.image, this.network.decode(latent));
      const [z0, z1] = [...latent].map((number) => number.toFixed(2).replace("-", "−"));
      this.text.textContent = `z₀ ${z0}   z₁ ${z1}${this.isOutside ? " · your drawing is further out" : ""}`;
      this.canvas.setAttribute("aria-label", `The handle at ${z0}, ${z1}; arrow keys move it`);
      this.repaint();
    });
  }

  onKey(event) {
    const way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    if (!way) return;
    event.preventDefault();
    const step = event.shiftKey ? 5 * KEY_STEP : KEY_STEP;
    this.moveTo({ x: this.place.x + step * way[0], y: this.place.y + step * way[1] });
  }

  // Decodes the mosaic a row at a time, so that the page answers meanwhile.
  paintRow(row) {
    for (let column = 0; column < MOSAIC; column++) {
      const place = { x: (column + 0.5) / MOSAIC, y: (row + 0.5) / MOSAIC };
      paint(this.mosaic, this.network.decode(this.latentAt(place)), column * SIZE, row * SIZE);
    }
    this.repaint();
    if (row + 1 < MOSAIC) this.next = setTimeout(() => this.paintRow(row + 1));
  }

  repaint() {
    const context = this.canvas.getContext("2d");
    const side = this.canvas.width;
    context.imageSmoothingEnabled = false;
    context.drawImage(this.mosaic, 0, 0, side, side);
    for (const [colour, radius] of [["#000", 31], ["#fff", 27], ["#000", 23]]) {
      context.beginPath();
      context.arc(this.place.x * side, this.place.y * side, radius, 0, 2 * Math.PI);
      [context.strokeStyle, context.lineWidth] = [colour, 4];
      context.stroke();
    }
  }
}

function percent(probability) {
  if (probability > 0 && probability < 0.005) return "< 1 %";
  return `${Math.round(100 * probability)} %`;
}

function paintStrokes() {
  const canvas = byId("canvas");
  const context = canvas.getContext("2d");
  blacken(context);
  if (taken && !strokes.length) paintLarge(canvas, taken);
  [context.strokeStyle, context.lineCap] = ["#fff", "round"];
  for (const [a, b] of strokes.flatMap((points) => segments(points, 0))) {
    context.lineWidth = ((widthAt(a) + widthAt(b)) / 2) * canvas.width;
    context.beginPath();
    context.moveTo(a.x * canvas.width, a.y * canvas.height);
    context.lineTo(b.x * canvas.width, b.y * canvas.height);
    context.stroke();
  }
}

// Shows the drawing and all answers to it, at the next frame; only the newest drawing counts.
function update(parts) {
  if (isUpdating) return;
  isUpdating = true;
  requestAnimationFrame(() => {
    isUpdating = false;
    for (const id of ["undo", "clear"]) byId(id).disabled = !strokes.length && !taken;
    paintStrokes();
    const image = taken ?? normalised(strokes);
    paint(byId("seen"), image);
    const said = parts.map((part) => part.show(image)).filter(Boolean).join(" ");
    clearTimeout(saying);
    saying = setTimeout(() => (byId("said").textContent = said), SPOKEN_AFTER_MS);
  });
}

function build(timelines, images, { digits: { offered }, colourMaps }) {
  const digits = images.slice(0, offered);
  const classifiers = timelines.filter(({ about }) => !about.decoder.length);
  const autoencoders = timelines.filter(({ about }) => about.decoder.length);
  byId("notice").hidden = true;
  byId("main").hidden = false;
  for (const id of ["classifiers", "fool"]) byId(id).hidden = !classifiers.length;
  byId("autoencoders").hidden = !autoencoders.length;
  const tiles = byId("autoencoders").querySelector(".tiles");
  const parts = [
    ...classifiers.map((timeline) => new Answer(timeline, byId("classifiers"))),
    ...autoencoders.map((timeline) => new Reconstruction(timeline, tiles)),
    ...(classifiers.length ? [new FoolPanel(classifiers, byId("fool"))] : []),
    ...autoencoders.filter(({ about }) => about.extent).map((timeline) => new Plane(timeline, byId("planes"))),
    ...timelines.map((timeline) => new WeightsPanel(timeline, byId("layers"), colourMaps)),
  ];
  const change = (how) => (place) => {
    taken = null;
    how(place);
    update(parts);
  };
  let stroke = [];
  const begin = (place) => strokes.push((stroke = [place]));
  drag(byId("canvas"), change(begin), change((place) => stroke.push(place))); // it may be undone meanwhile
  byId("undo").addEventListener("click", change(() => strokes.pop()));
  byId("clear").addEventListener("click", change(() => strokes.splice(0)));
  for (const digit of digits) {
    const button = add(byId("digits"), "button");
    button.type = "button";
    button.ariaLabel = `Digit ${1 + digits.indexOf(digit)} of ${digits.length}`;
    const canvas = add(button, "canvas");
    [canvas.width, canvas.height, canvas.ariaHidden] = [SIZE, SIZE, true];
    paint(canvas, digit);
    button.addEventListener("click", change(() => {
      strokes.splice(0);
      taken = digit;
    }));
  }
  const chooseEpoch = buildSlider(epochsOf(timelines), parts);
  update(parts);
  if (!byId("steps")) return;
  const { drawings, steps } = JSON.parse(byId("steps").textContent);
  new LessonPanel(steps, (step) => {
    if (step.drawing !== null) {
      const { strokes: drawn, image } = drawings[step.drawing];
      strokes.splice(0, Infinity, ...structuredClone(drawn));
      taken = image === null ? null : images[image];
    }
    chooseEpoch(step.at);
    showStep(step, timelines, parts);
  });
}

// Shows the network of a lesson's step, of each kind of part what the step chooses, and brings its place into view.
function showStep({ network, place, z, layer, target }, timelines, parts) {
  const timeline = timelines[network] ?? null; // all are shown if the page lacks it
  const own = parts.filter((part) => timeline === null || part.timeline === timeline);
  for (const part of parts) if (part.box) part.box.hidden = !own.includes(part);
  byId("classifiers").hidden = !own.some((part) => part instanceof Answer);
  byId("autoencoders").hidden = !own.some((part) => part instanceof Reconstruction);
  byId("fool").hidden = byId("classifiers").hidden;
  const places = { draw: document.querySelector("section.draw"), fool: byId("fool"), time: byId("time") };
  for (const part of parts) {
    if (part instanceof FoolPanel && place === "fool") part.choose(timeline, target);
    if (part.timeline !== timeline) continue;
    if (part instanceof Plane) {
      places.plane = part.box;
      if (z.length) requestAnimationFrame(() => part.moveToLatent(z)); // after the update, which goes to the drawing
    }
    if (part instanceof WeightsPanel) {
      places.weights = part.box;
      if (place === "weights") part.choose(layer);
    }
  }
  places[place]?.scrollIntoView();
}

// Lets all parts show another epoch; returns what chooses one by its position, or null for the last.
function buildSlider(epochs, parts) {
  const slider = byId("epoch");
  byId("time").hidden = epochs.length < 2;
  slider.max = slider.value = epochs.length - 1;
  const show = () => {
    const epoch = epochs[slider.value];
    byId("at").textContent = slider.ariaValueText = epoch.position;
    for (const part of parts) part.setEpoch(epoch);
    update(parts);
  };
  slider.addEventListener("input", show);
  byId("at").textContent = slider.ariaValueText = epochs.at(-1).position;
  return (at) => {
    slider.value = at === null ? epochs.length - 1 : epochs.findIndex((epoch) => byTime(epoch, { at }) === 0);
    show();
  };
}

async function inflated(text) {
  const letters = atob(text);
  const packed = new Uint8Array(letters.length);
  for (let i = 0; i < packed.length; i++) packed[i] = letters.charCodeAt(i); // Uint8Array.from takes 25 times as long
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

async function start() {
  const model = JSON.parse(byId("model").textContent);
  byId("footer").textContent =
    `Made with ${model.madeWith}. It works offline and sends nothing. ` +
    "The ten digits are from MNIST by Y. LeCun, C. Cortes and C. Burges, CC BY-SA 3.0.";
  const numbers = fromHalves(await inflated(byId("weights").textContent));
  const levels = await inflated(byId("pictures").textContent);
  const { start: first, n } = model.digits;
  const images = Array.from({ length: n }, (_, i) => fromLevels(levels, first + i * SIZE * SIZE, SIZE * SIZE));
  const timelines = model.networks.map((about) => new Timeline(about, numbers, images, levels));
  build(timelines, images, model);
}

start();
