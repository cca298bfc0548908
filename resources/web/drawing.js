"use strict";

// Makes of strokes the image that networks get: as MNIST's digits were made, and as CADL does it in the window.
//
// It is the part of cadl_gui/imaging/drawing that concerns strokes of one pen, which only add ink. A stroke is a list
// of points {x, y, pressure}; x and y are in units of the canvas's side, pressure is in [0, 1]. An image here is
// {height, width, pixels}, with pixels from 0, black, to 1.

const SIZE = 28; // side of the image that networks get, in pixels
const FIT = 20; // longer side of the ink in it
const RAW_SIDE = 224; // side of the raster of a drawing
const FINE = 4; // pixels of a redrawn stroke for each pixel of the fitted image
const STROKE_WIDTHS = [1.8, 2.9]; // MNIST's, in pixels of the fitted image
const PEN = 0.08; // width of the pen at full pressure, in units of the canvas's side
const LIGHTEST = 0.4; // its width at pressure 0, as a fraction of that
const DOT = 0.625; // extent, in widths of the pen, below which ink is only a dot
const STEP = 0.08; // shortest segment of a redrawn stroke, in units of the drawing's longer side
const VISIBLE = 1 / 512; // half a grey level

// The image of a drawing, (SIZE, SIZE); null without ink.
function normalised(strokes) {
  if (!strokes.length) return null;
  const box = boxOf(strokes);
  const pen = meanWidth(strokes);
  if (box.extent < DOT * pen) {
    // A dot does not become as large as a digit, but as wide as a stroke.
    const side = clamped(pen * SIZE, ...STROKE_WIDTHS) * (1 + box.extent / pen);
    return fittedAndCentred(rasterised(strokes, RAW_SIDE), rounded(side));
  }
  const fittedPen = (pen * FIT) / (box.extent + pen);
  const wanted = clamped(fittedPen, ...STROKE_WIDTHS);
  if (wanted === fittedPen && box.extent * RAW_SIDE >= FIT * FINE) {
    return fittedAndCentred(rasterised(strokes, RAW_SIDE), FIT);
  }
  // Drawn again with another pen: so a small 8 keeps its holes.
  const factor = (wanted * box.extent) / (FIT - wanted) / pen;
  const side = box.extent + 2 * pen * factor;
  const region = { left: (box.left + box.right - side) / 2, top: (box.top + box.bottom - side) / 2, side };
  return fittedAndCentred(rasterised(strokes, FIT * FINE, region, factor, STEP * box.extent), FIT);
}

// Where the points are, as far as they are on the canvas.
function boxOf(strokes) {
  const xs = strokes.flat().map((point) => clamped(point.x, 0, 1));
  const ys = strokes.flat().map((point) => clamped(point.y, 0, 1));
  const least = (numbers) => numbers.reduce((a, b) => Math.min(a, b));
  const most = (numbers) => numbers.reduce((a, b) => Math.max(a, b));
  const [left, top, right, bottom] = [least(xs), least(ys), most(xs), most(ys)];
  return { left, top, right, bottom, extent: Math.max(right - left, bottom - top) };
}

function widthAt(point) {
  return PEN * (LIGHTEST + (1 - LIGHTEST) * point.pressure);
}

// Width of the strokes, averaged along them.
function meanWidth(strokes) {
  let total = 0;
  let length = 0;
  for (const [a, b] of strokes.flatMap((points) => segments(points, 0))) {
    const piece = Math.hypot(b.x - a.x, b.y - a.y) + 1e-9; // a dot has no length, but it has a width
    total += (piece * (widthAt(a) + widthAt(b))) / 2;
    length += piece;
  }
  return total / length;
}

// Straight segments of a stroke; points that are nearer to the one before than `step` are left out, except the last.
function segments(points, step) {
  if (points.length === 1) return [[points[0], points[0]]];
  const kept = [points[0]];
  for (const point of points.slice(1, -1)) {
    const last = kept.at(-1);
    if (Math.hypot(point.x - last.x, point.y - last.y) >= step) kept.push(point);
  }
  kept.push(points.at(-1));
  return kept.slice(1).map((point, i) => [kept[i], point]);
}

// A square part of the canvas as pixels, with all widths multiplied by a factor.
function rasterised(strokes, side, region = { left: 0, top: 0, side: 1 }, factor = 1, step = 0) {
  const pixels = new Float32Array(side * side);
  const scale = side / region.side;
  const placed = (point) => ({
    x: (point.x - region.left) * scale,
    y: (point.y - region.top) * scale,
    radius: (widthAt(point) * factor * scale) / 2,
  });
  for (const [a, b] of strokes.flatMap((points) => segments(points, step))) {
    addSegment(pixels, side, placed(a), placed(b));
  }
  return { height: side, width: side, pixels };
}

// A pixel is covered as far as its centre is inside the edge; of two segments, the one that covers more counts.
function addSegment(pixels, side, a, b) {
  const reach = Math.max(a.radius, b.radius) + 1;
  const most = Math.min(1, 2 * Math.max(a.radius, b.radius)); // thinner than a pixel, it covers no more than its width
  const [dx, dy] = [b.x - a.x, b.y - a.y];
  const squared = Math.max(dx * dx + dy * dy, 1e-6);
  const right = Math.min(side, Math.ceil(Math.max(a.x, b.x) + reach));
  const bottom = Math.min(side, Math.ceil(Math.max(a.y, b.y) + reach));
  for (let row = Math.max(0, Math.floor(Math.min(a.y, b.y) - reach)); row < bottom; row++) {
    for (let column = Math.max(0, Math.floor(Math.min(a.x, b.x) - reach)); column < right; column++) {
      const x = column + 0.5 - a.x;
      const y = row + 0.5 - a.y;
      const along = clamped((x * dx + y * dy) / squared, 0, 1);
      const distance = Math.sqrt((x - dx * along) ** 2 + (y - dy * along) ** 2);
      const inside = a.radius + 0.5 - distance + along * (b.radius - a.radius);
      const coverage = Math.floor(clamped(inside, 0, most) * 255 + 0.5) / 255;
      const at = row * side + column;
      pixels[at] = Math.max(pixels[at], coverage);
    }
  }
}

// The ink alone, scaled so that its longer side has `fit` pixels, with its centre of mass in the middle.
function fittedAndCentred(raster, fit) {
  const ink = cropped(raster);
  if (ink === null) return null;
  const longest = Math.max(ink.height, ink.width);
  const length = (side) => Math.max(1, rounded((side * fit) / longest));
  const fitted = resized(ink, length(ink.height), length(ink.width));
  let [mass, row, column] = [0, 0, 0];
  fitted.pixels.forEach((value, i) => {
    mass += value;
    row += value * Math.floor(i / fitted.width);
    column += value * (i % fitted.width);
  });
  const top = clamped(Math.floor(SIZE / 2 - row / mass + 0.5), 0, SIZE - fitted.height);
  const left = clamped(Math.floor(SIZE / 2 - column / mass + 0.5), 0, SIZE - fitted.width);
  const centred = new Float32Array(SIZE * SIZE);
  fitted.pixels.forEach((value, i) => {
    centred[(top + Math.floor(i / fitted.width)) * SIZE + left + (i % fitted.width)] = value;
  });
  return centred;
}

function cropped({ height, width, pixels }) {
  let [top, left, bottom, right] = [height, width, 0, 0];
  pixels.forEach((value, i) => {
    if (value <= VISIBLE) return;
    const [row, column] = [Math.floor(i / width), i % width];
    [top, bottom] = [Math.min(top, row), Math.max(bottom, row + 1)];
    [left, right] = [Math.min(left, column), Math.max(right, column + 1)];
  });
  if (bottom === 0) return null;
  const size = { height: bottom - top, width: right - left };
  const kept = new Float32Array(size.height * size.width);
  return {
    ...size,
    pixels: kept.map((_, i) => pixels[(top + Math.floor(i / size.width)) * width + left + (i % size.width)]),
  };
}

// Every pixel is the average over its area in the image, which is at least one of the image's pixels wide.
function resized(image, height, width) {
  const rows = areas(image.height, height);
  const columns = areas(image.width, width);
  const pixels = new Float32Array(height * width);
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      let sum = 0;
      for (const [y, share] of rows[row]) {
        for (const [x, part] of columns[column]) sum += share * part * image.pixels[y * image.width + x];
      }
      pixels[row * width + column] = clamped(sum, 0, 1);
    }
  }
  return { height, width, pixels };
}

// For each pixel of the result the pixels that it is an average of, with their shares.
function areas(from, to) {
  const scale = from / to;
  const half = Math.max(scale, 1) / 2;
  return Array.from({ length: to }, (_, i) => {
    const centre = (i + 0.5) * scale;
    const parts = [];
    for (let cell = Math.max(0, Math.floor(centre - half)); cell < Math.min(from, centre + half); cell++) {
      const overlap = Math.min(centre + half, cell + 1) - Math.max(centre - half, cell);
      if (overlap > 0) parts.push([cell, overlap]);
    }
    const sum = parts.reduce((total, [, overlap]) => total + overlap, 0);
    return parts.map(([cell, overlap]) => [cell, overlap / sum]);
  });
}

function clamped(x, least, most) {
  return Math.min(Math.max(x, least), most);
}

// As Python rounds: halves to the even number.
function rounded(x) {
  const lower = Math.floor(x);
  if (x - lower !== 0.5) return Math.round(x);
  return lower % 2 ? lower + 1 : lower;
}
