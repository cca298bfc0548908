"use strict";

// Computes what a trained network answers, one image at a time.
//
// It is cadl_gui/inference/numpy_network.py and numpy_layers.py in JavaScript, with the same names in the same order.
// An image, and what a layer gives, is a Float32Array: row by row, in a row pixel by pixel, of a pixel all channels.

const EPSILON = 1e-3; // Keras adds it to the variance in batch normalisation.
const LEAK = 0.2; // Slope of Keras's leaky ReLU below zero.

const ACTIVATIONS = {
  linear: (x) => x,
  relu: (x) => Math.max(x, 0),
  leaky_relu: (x) => Math.max(x, LEAK * x),
  elu: (x) => (x > 0 ? x : Math.expm1(x)),
  tanh: Math.tanh,
  sigmoid: (x) => 0.5 * (1 + Math.tanh(0.5 * x)),
};

class Network {
  // about: one of the networks of the page's model block.
  // numbers: all weights of the page, as `fromHalves` returns them.
  // epoch: one of its epochs that has weights; itself is the last.
  constructor(about, numbers, epoch = about) {
    [this.about, this.epoch] = [about, epoch];
    const array = (path) => {
      const { start, length, rest } = epoch.weights[path];
      const rounded = numbers.subarray(start, start + length);
      return rest === null ? rounded : rounded.map((x, i) => x + numbers[rest + i]);
    };
    const open = (layer) => openLayer(layer, array);
    this.mean = array("mean_subtraction/mean");
    this.encoder = about.encoder.map(open);
    this.decoder = about.decoder.map(open);
  }

  // Probability of each class.
  classify(image) {
    return softmax(this.encode(image));
  }

  // The same of an image that differs from `base` in one number: what follows from the others is computed once.
  classifyNear(base, image, at) {
    if (base !== this.base) {
      let inputs = this.withoutMean(base);
      [this.base, this.outputs] = [base, this.encoder.map((layer) => (inputs = layerOutput(layer, inputs)))];
    }
    const [, width, channels] = this.encoder[0].inputShape;
    const pixel = Math.floor(at / channels);
    let ranges = [Math.floor(pixel / width), pixel % width].map((i) => [i, i + 1]);
    let inputs = this.withoutMean(image);
    this.encoder.forEach((layer, i) => {
      if (layer.kind === "convolution") [inputs, ranges] = changedOutput(layer, inputs, ranges, this.outputs[i]);
      else inputs = layerOutput(layer, inputs);
    });
    return softmax(inputs);
  }

  // The latent vector, of a variational network its mean; of a classifier, the logits.
  encode(image) {
    if (image !== this.seen) [this.seen, this.latent] = [image, through(this.encoder, this.withoutMean(image))];
    return this.latent;
  }

  // The image of a latent vector, clipped to [0, 1].
  decode(latent) {
    const outputs = through(this.decoder, latent);
    const image = this.about.isBernoulli ? outputs : outputs.map((x, i) => x + this.mean[i]);
    return image.map((x) => Math.min(Math.max(x, 0), 1));
  }

  reconstruct(image) {
    return this.decode(this.encode(image));
  }

  withoutMean(image) {
    return image.map((x, i) => x - this.mean[i]);
  }
}

// A layer with its weights. A tied one has the kernel of another: if dense transposed, else as it is.
function openLayer(layer, array) {
  const own = { ...layer, kernel: array(`${layer.tiedTo || layer.name}/linear/kernel`) };
  if (layer.kind === "dense" && layer.tiedTo) {
    own.kernel = transposed(own.kernel, product(layer.outputShape), product(layer.inputShape));
  }
  if (layer.useBias) own.bias = array(`${layer.name}/linear/bias`);
  if (layer.batchNormalisation) {
    const [gamma, beta, mean, variance] = ["gamma", "beta", "moving_mean", "moving_variance"].map((name) =>
      array(`${layer.name}/batch_normalisation/${name}`),
    );
    own.factor = gamma.map((x, i) => x / Math.sqrt(variance[i] + EPSILON));
    own.offset = beta.map((x, i) => x - mean[i] * own.factor[i]);
  }
  return own;
}

function through(layers, inputs) {
  for (const layer of layers) inputs = layerOutput(layer, inputs);
  return inputs;
}

function layerOutput(layer, inputs) {
  let outputs;
  if (layer.kind === "dense") outputs = dense(inputs, layer.kernel);
  else if (layer.kind === "convolution") outputs = convolution(inputs, layer);
  else outputs = transposedConvolution(inputs, layer);
  activate(layer, outputs, 0, outputs.length);
  return outputs;
}

// Makes of sums of a layer its outputs, from the first unit of a pixel to before that of another.
function activate({ bias, factor, offset, activation }, outputs, from, to) {
  const n = (bias || factor || outputs).length; // units, of a convolution channels
  for (let i = from; i < to; i++) {
    let x = outputs[i];
    if (bias) x += bias[i % n];
    if (factor) x = x * factor[i % n] + offset[i % n];
    outputs[i] = ACTIVATIONS[activation](x);
  }
}

// Outputs of a convolution, and the ranges of rows and columns in which they differ from `before`, those to other
// inputs; these differ from `inputs` in such ranges.
function changedOutput(layer, inputs, ranges, before) {
  const { kernelSize: side, stride, inputShape, outputShape } = layer;
  const changed = ranges.map(([first, end], axis) => {
    const padding = paddingBefore(inputShape[axis], side, stride);
    const least = Math.max(0, Math.ceil((first + padding - side + 1) / stride));
    return [least, Math.min(outputShape[axis], Math.floor((end - 1 + padding) / stride) + 1)];
  });
  const [[top, bottom], [left, right]] = changed;
  const [, width, filters] = outputShape;
  const outputs = before.slice();
  const forEachRow = (use) => {
    for (let row = top; row < bottom; row++) use((row * width + left) * filters, (row * width + right) * filters);
  };
  forEachRow((from, to) => outputs.fill(0, from, to));
  convolution(inputs, layer, outputs, changed);
  forEachRow((from, to) => activate(layer, outputs, from, to));
  return [outputs, changed];
}

// Inputs times kernel, whose rows are the inputs' and whose columns the outputs'.
function dense(inputs, kernel) {
  const n = kernel.length / inputs.length;
  const outputs = new Float32Array(n);
  addProduct(outputs, 0, inputs, 0, inputs.length, kernel, 0, n);
  return outputs;
}

// Slides kernels over an image with zeros around it: TensorFlow's padding SAME.
function convolution(image, layer, outputs = new Float32Array(product(layer.outputShape)), ranges = undefined) {
  const [channels, filters] = [layer.inputShape[2], layer.outputShape[2]];
  forEachMeeting(layer, layer.inputShape, layer.outputShape, (pixel, position, cell) => {
    const at = cell * channels * filters;
    addProduct(outputs, position * filters, image, pixel * channels, channels, layer.kernel, at, filters);
  }, ranges);
  return outputs;
}

// Paints kernels where a convolution of the image would have seen them: tf.nn.conv2d_transpose.
function transposedConvolution(inputs, layer) {
  const image = new Float32Array(product(layer.outputShape));
  const [filters, channels] = [layer.inputShape[2], layer.outputShape[2]];
  forEachMeeting(layer, layer.outputShape, layer.inputShape, (pixel, position, cell) => {
    const from = position * filters;
    for (let channel = 0; channel < channels; channel++) {
      const at = (cell * channels + channel) * filters;
      let sum = 0;
      for (let k = 0; k < filters; k++) sum += inputs[from + k] * layer.kernel[at + k];
      image[pixel * channels + channel] += sum;
    }
  });
  return image;
}

// Calls a function for each cell of the kernels at each of their positions that is over a pixel of the image; of their
// positions, only those in ranges of rows and columns.
function forEachMeeting({ kernelSize: side, stride }, [height, width], [rows, columns], meet, ranges = undefined) {
  const [[top, bottom], [first, end]] = ranges ?? [[0, rows], [0, columns]];
  const above = paddingBefore(height, side, stride);
  const left = paddingBefore(width, side, stride);
  for (let row = top; row < bottom; row++) {
    for (let column = first; column < end; column++) {
      for (let i = 0; i < side; i++) {
        const y = row * stride + i - above;
        if (y < 0 || y >= height) continue;
        for (let j = 0; j < side; j++) {
          const x = column * stride + j - left;
          if (x >= 0 && x < width) meet(y * width + x, row * columns + column, i * side + j);
        }
      }
    }
  }
}

// Zeros before a row or column of pixels; see cadl_gui/domain/layer_arithmetic.py.
function paddingBefore(length, side, stride) {
  return Math.floor(Math.max(0, (Math.ceil(length / stride) - 1) * stride + side - length) / 2);
}

// Adds to n sums some inputs times the rows of a kernel that begin at `at`: nearly all of the time is spent here.
// Inputs of zero, as many are, are left out; of the others, four are added at once, so that sums are stored less often.
function addProduct(sums, to, inputs, from, length, kernel, at, n) {
  for (let i = 0; i < length; ) {
    const [factors, rows] = [[0, 0, 0, 0], [0, 0, 0, 0]];
    let used = 0;
    for (; i < length && used < 4; i++) {
      if (inputs[from + i] === 0) continue;
      factors[used] = inputs[from + i];
      rows[used++] = at + i * n;
    }
    const [a, b, c, d] = factors;
    const [p, q, r, s] = rows;
    for (let k = 0; k < n; k++) {
      sums[to + k] += a * kernel[p + k] + b * kernel[q + k] + c * kernel[r + k] + d * kernel[s + k];
    }
  }
}

function softmax(logits) {
  const highest = logits.reduce((a, b) => Math.max(a, b));
  const powers = logits.map((x) => Math.exp(x - highest));
  const sum = powers.reduce((a, b) => a + b);
  return powers.map((x) => x / sum);
}

function product(numbers) {
  return numbers.reduce((a, b) => a * b, 1);
}

function transposed(matrix, rows, columns) {
  return matrix.map((_, i) => matrix[(i % rows) * columns + Math.floor(i / rows)]);
}

// Numbers of half precision, two bytes each with the lower one first, as Float32Array.
function fromHalves(bytes) {
  const numbers = new Float32Array(bytes.length / 2);
  for (let i = 0; i < numbers.length; i++) {
    const half = bytes[2 * i] | (bytes[2 * i + 1] << 8);
    const exponent = (half >> 10) & 31;
    const fraction = half & 1023;
    const size = exponent ? (1024 + fraction) * 2 ** (exponent - 25) : fraction * 2 ** -24;
    numbers[i] = half & 0x8000 ? -size : size;
  }
  return numbers;
}
