"use strict";

// Makes images of a layer's weights, as CADL shows them in Inspect.
//
// All but the panel is the part of cadl_gui/imaging/weights that concerns networks for grey images: weight_images.py,
// tile_grid.py, limits.py and colour_map.py. A layer is one that `openLayer` returned.

const GAP = 1; // between images, in pixels; each weight is one pixel
const [NARROWEST, FOLDED] = [4, 2]; // a grid whose sides differ more than by the first is folded to the second or less
const ZERO = 128; // index of the colour of zero
const POINT = "Point at an image: a unit, and its weight there.";

// The images of a layer's weights, inputs × units of one size. `at` says where in the kernel the weight of a pixel is;
// -1 says that there is none.
function weightImages({ kind, inputShape, outputShape, kernelSize }) {
  if (kind !== "dense") {
    const [inputs, units] = [inputShape[2], outputShape[2]];
    const place = (cell, source, unit) =>
      kind === "convolution" ? (cell * inputs + source) * units + unit : (cell * units + unit) * inputs + source;
    const at = (source, unit, y, x) => place(y * kernelSize + x, source, unit);
    return { inputs, units, height: kernelSize, width: kernelSize, at };
  }
  const [n, units] = [product(inputShape), product(outputShape)];
  const ofColumn = (unit, i) => i * units + unit;
  if (inputShape.length === 3) return sideBySide(units, inputShape, ofColumn);
  if (outputShape.length === 3) return sideBySide(n, outputShape, (input, i) => input * units + i);
  return sideBySide(units, [1, 1, n], ofColumn);
}

// An image for each unit, with its channels side by side.
function sideBySide(units, [height, width, channels], place) {
  const [rows, columns] = rectangle(channels);
  const at = (_, unit, y, x) => {
    const channel = Math.floor(y / height) * columns + Math.floor(x / width);
    const cell = (y % height) * width + (x % width);
    return channel < channels ? place(unit, cell * channels + channel) : -1;
  };
  return { inputs: 1, units, height: rows * height, width: columns * width, at };
}

// Rows and columns for n cells, without empty cells unless that is too narrow.
function rectangle(n) {
  let rows = Math.floor(Math.sqrt(n));
  while (n % rows) rows--;
  const columns = Math.ceil(Math.sqrt(n));
  return n <= NARROWEST * rows * rows ? [rows, n / rows] : [Math.ceil(n / columns), columns];
}

// Where the images are: rows and columns, and the input and unit of each cell, also of those beyond the last image.
function gridOf(inputs, units) {
  if (inputs === 1 || units === 1) {
    const columns = Math.ceil(Math.sqrt(inputs * units));
    const imageAt = (row, column) => {
      const number = row * columns + column;
      return inputs === 1 ? [0, number] : [number, 0];
    };
    return { rows: Math.ceil((inputs * units) / columns), columns, imageAt };
  }
  const [short, long] = [Math.min(inputs, units), Math.max(inputs, units)];
  let parts = 1;
  if (long > NARROWEST * short) {
    do parts++;
    while (long % parts || long > FOLDED * parts * parts * short);
  }
  const length = long / parts;
  const unfolded = (across, along) => [across % short, Math.floor(across / short) * length + along];
  if (inputs <= units) return { rows: parts * short, columns: length, imageAt: unfolded };
  return { rows: length, columns: parts * short, imageAt: (row, column) => unfolded(column, row).reverse() };
}

// Where in a layer's kernel the weight of a pixel of its montage is, with its input and unit; null in a gap.
function weightAt(images, grid, x, y) {
  const [row, column] = [Math.floor(y / (images.height + GAP)), Math.floor(x / (images.width + GAP))];
  const [source, unit] = grid.imageAt(row, column);
  const [inY, inX] = [y % (images.height + GAP), x % (images.width + GAP)];
  const isInside = inY < images.height && inX < images.width && source < images.inputs && unit < images.units;
  const at = isInside ? images.at(source, unit, inY, inX) : -1;
  return at < 0 ? null : { at, source, unit };
}

// Absolute weight that gets the outermost colour: one in a hundred of those that are not 0 may be larger.
function limitOf(layer) {
  const sizes = layer.kernel.map(Math.abs).filter((size) => size > 0 && size < Infinity).sort();
  return sizes.length ? sizes[sizes.length - 1 - Math.floor((sizes.length - 1) / 100)] : 0;
}

// The montage of a layer's weights, as red, green, blue and opacity of each pixel; gaps are transparent.
// colours: 257 of them, of red, green and blue each, from the negative limit to the positive one.
function montage(layer, colours) {
  const images = weightImages(layer);
  const grid = gridOf(images.inputs, images.units);
  const [height, width] = [grid.rows * (images.height + GAP) - GAP, grid.columns * (images.width + GAP) - GAP];
  const limit = limitOf(layer) || 1;
  const pixels = new Uint8ClampedArray(4 * height * width);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const weight = weightAt(images, grid, x, y);
      if (!weight) continue;
      const index = ZERO + rounded(ZERO * clamped(Math.fround(layer.kernel[weight.at] / limit), -1, 1));
      const pixel = 4 * (y * width + x);
      for (let i = 0; i < 3; i++) pixels[pixel + i] = colours[3 * index + i];
      pixels[pixel + 3] = 255;
    }
  }
  return { height, width, pixels, images, grid };
}

// 257 colours as one array, from "#RRGGBB#RRGGBB…".
function fromHex(text) {
  const letters = text.replaceAll("#", "");
  return Uint8Array.from({ length: letters.length / 2 }, (_, i) => parseInt(letters.slice(2 * i, 2 * i + 2), 16));
}

// The weights of one of a network's layers, which is chosen; they are computed when they are first opened.
class WeightsPanel extends NetworkPart {
  constructor(timeline, parent, colourMaps) {
    super(timeline);
    const { about, last } = timeline;
    this.colourMaps = colourMaps;
    const details = add(parent, "details");
    this.position = addName(add(details, "summary"), "h2", about, "The weights of ");
    this.details = this.box = details;
    const box = add(details, "div", "weights");
    this.layers = chooser(box, "Layer", [...last.encoder, ...last.decoder].map(layerText));
    this.about = add(box, "p", "secondary");
    this.known = add(box, "div", "known");
    const frame = add(this.known, "div", "frame");
    [frame.tabIndex, frame.ariaLabel] = [0, "The weights as images"];
    frame.setAttribute("role", "group");
    this.canvas = canvasIn(frame, 1, 1, "");
    const legend = add(this.known, "div", "legend");
    this.lowest = add(legend, "span");
    this.scale = canvasIn(legend, 2 * ZERO + 1, 1, "The colours of the weights, from negative to positive");
    this.highest = add(legend, "span");
    this.pointed = add(this.known, "p", "secondary name", POINT);
    this.isDark = matchMedia("(prefers-color-scheme: dark)");
    for (const [target, event] of [[details, "toggle"], [this.layers, "change"], [this.isDark, "change"]]) {
      target.addEventListener(event, () => this.repaint());
    }
    for (const event of ["pointermove", "pointerdown"]) {
      this.canvas.addEventListener(event, (pointer) => this.point(pointer));
    }
    this.canvas.addEventListener("pointerleave", () => (this.pointed.textContent = POINT));
  }

  get layer() {
    const { encoder, decoder } = this.network;
    return [...encoder, ...decoder][this.layers.selectedIndex];
  }

  setEpoch(epoch) {
    super.setEpoch(epoch);
    this.repaint();
  }

  show() {
    return "";
  }

  // Opens a layer, or the first if there is none with this name.
  choose(name) {
    const { encoder, decoder } = this.network;
    this.layers.selectedIndex = Math.max(0, [...encoder, ...decoder].findIndex((layer) => layer.name === name));
    this.details.open = true;
    this.repaint();
  }

  repaint() {
    if (!this.details.open) return;
    this.known.hidden = this.network instanceof RecordedNetwork;
    if (this.known.hidden) {
      this.about.textContent = `The page has these weights at ${this.timeline.about.position} only.`;
      return;
    }
    const { layer } = this;
    const colours = fromHex(this.colourMaps[this.network.about.colourMaps[this.isDark.matches ? "dark" : "light"]]);
    this.montage = montage(layer, colours);
    const { height, width, pixels } = this.montage;
    [this.canvas.width, this.canvas.height] = [width, height];
    this.canvas.style.minWidth = `${width}px`; // a narrower one would drop lines of weights
    this.canvas.getContext("2d").putImageData(new ImageData(pixels, width, height), 0, 0);
    this.canvas.setAttribute("aria-label", `The weights of ${layer.name}`);
    const scale = this.scale.getContext("2d").createImageData(2 * ZERO + 1, 1);
    for (let i = 0; i <= 2 * ZERO; i++) scale.data.set([...colours.subarray(3 * i, 3 * i + 3), 255], 4 * i);
    this.scale.getContext("2d").putImageData(scale, 0, 0);
    const limit = limitOf(layer);
    [this.lowest.textContent, this.highest.textContent] = [`≤ ${numberText(-limit)}`, `≥ ${numberText(limit)}`];
    this.about.textContent = layer.about;
  }

  // Says which weight is under the pointer.
  point({ clientX, clientY }) {
    const { images, grid, width, height } = this.montage;
    const box = this.canvas.getBoundingClientRect();
    const x = clamped(Math.floor(((clientX - box.left) / box.width) * width), 0, width - 1);
    const y = clamped(Math.floor(((clientY - box.top) / box.height) * height), 0, height - 1);
    const found = weightAt(images, grid, x, y);
    if (!found) return;
    const { layer } = this;
    const names = layer.name === "logits" ? this.network.about.classNames : null;
    const input = images.inputs > 1 ? ` · input ${found.source}` : "";
    const unit = names ? `class ${names[found.unit]}` : `unit ${found.unit}`;
    this.pointed.textContent = `${unit}${input} · ${numberText(layer.kernel[found.at])}`;
  }
}

// The name of a layer with the shapes of what it takes and gives.
function layerText({ name, inputShape, outputShape }) {
  const shape = (sides) => (sides.length > 1 && sides.at(-1) === 1 ? sides.slice(0, -1) : sides).join("×");
  return `${name}: ${shape(inputShape)} → ${shape(outputShape)}`;
}

function numberText(number) {
  return String(Number(number.toPrecision(3))).replace("-", "−");
}
