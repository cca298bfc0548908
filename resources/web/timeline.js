"use strict";

// The epochs of a network that are on the page: computed by their weights or, of a large network, recorded.

const PLANE_LEVELS = 15; // the brightest of the levels of a recorded plane

// A network at each of its epochs, in order.
class Timeline {
  constructor(about, numbers, digits, levels) {
    this.about = about;
    this.networks = [...about.earlier, about].map((epoch) =>
      epoch.weights ? new Network(about, numbers, epoch) : new RecordedNetwork(about, epoch, digits, levels),
    );
  }

  get last() {
    return this.networks.at(-1);
  }

  // The network at the last of its epochs that is not later than this one; at its first if all are.
  at(epoch) {
    return this.networks.findLast((network) => byTime(network.epoch, epoch) <= 0) ?? this.networks[0];
  }
}

// Shows a network at the epoch that is chosen.
class NetworkPart {
  constructor(timeline) {
    [this.timeline, this.network] = [timeline, timeline.last];
  }

  setEpoch(epoch) {
    this.network = this.timeline.at(epoch);
    this.position.textContent = this.network.epoch.position;
  }
}

// A network of which the page has no weights at this epoch, but its answers to the page's digits, and its plane.
//
// It answers as a Network does, and null to what is not recorded.
class RecordedNetwork {
  constructor(about, epoch, digits, levels) {
    [this.about, this.epoch, this.digits, this.levels] = [about, epoch, digits, levels];
  }

  classify(image) {
    return this.answer(image, this.about.classNames.length);
  }

  reconstruct(image) {
    return this.answer(image, SIZE * SIZE);
  }

  encode(image) {
    return this.epoch.latents[this.digits.indexOf(image)] ?? null;
  }

  // The nearest image of its plane.
  decode([z0, z1]) {
    const [[left, right], [bottom, top]] = this.about.extent;
    const cell = (share) => clamped(Math.floor(MOSAIC * share), 0, MOSAIC - 1);
    const [row, column] = [cell((top - z1) / (top - bottom)), cell((z0 - left) / (right - left))];
    const half = SIZE / 2;
    const start = this.epoch.plane + (row * MOSAIC + column) * half * half;
    return Float32Array.from({ length: SIZE * SIZE }, (_, i) => {
      const [y, x] = [Math.floor(i / SIZE / 2), Math.floor((i % SIZE) / 2)];
      return this.levels[start + y * half + x] / PLANE_LEVELS;
    });
  }

  answer(image, n) {
    const i = this.digits.indexOf(image);
    return i < 0 ? null : fromLevels(this.levels, this.epoch.answers + i * n, n);
  }
}

function fromLevels(levels, start, n) {
  return Float32Array.from(levels.subarray(start, start + n), (level) => level / 255);
}

// All epochs of several networks, each once, in order.
function epochsOf(timelines) {
  const epochs = timelines.flatMap(({ networks }) => networks.map(({ epoch }) => epoch)).sort(byTime);
  return epochs.filter((epoch, i) => i === 0 || byTime(epochs[i - 1], epoch) !== 0);
}

// `at` is an epoch and a number of batches after it.
function byTime({ at: [a, i] }, { at: [b, j] }) {
  return a - b || i - j;
}
