"""The course's networks as TensorFlow 1 graphs, written anew to compare imported networks with.

Names of variables and the order of operations are those of the lecture and of
https://github.com/pkmital/CADL, `session-3/libs/vae.py`, `utils.py` and `batch_norm.py`.
"""

from dataclasses import dataclass

import numpy as np
import tensorflow as tf

v1 = tf.compat.v1
V1, V2 = v1.train.SaverDef.V1, v1.train.SaverDef.V2


@dataclass
class Graph:
    """Tensors of a network under construction in the default graph."""

    x: object
    y: object
    cost: object
    z_mean: object = None
    z_log_var: object = None
    z: object = None


def variable(name, shape, stddev=0.1):
    return v1.get_variable(name, shape, initializer=v1.random_normal_initializer(stddev=stddev))


def autoencoder(layers=(24, 8)):
    """Lecture, *Fully Connected Model*."""
    x = v1.placeholder(tf.float32, [None, 784])
    hidden, kernels = x, []
    for i, n in enumerate(layers):
        with v1.variable_scope(f"encoder/layer/{i}"):
            kernels.append(variable("W", [int(hidden.shape[1]), n]))
            hidden = tf.nn.relu(tf.matmul(hidden, kernels[-1]))
    for kernel in reversed(kernels):
        hidden = tf.nn.relu(tf.matmul(hidden, tf.transpose(kernel)))
    return Graph(x, hidden, tf.reduce_mean(tf.math.squared_difference(x, hidden)))


def conv_autoencoder(filters=(6, 5, 4), sides=(4, 3, 4)):
    """Lecture, *Convolutional Autoencoder*."""
    x = v1.placeholder(tf.float32, [None, 784])
    hidden = tf.reshape(x, [-1, 28, 28, 1])
    kernels, shapes = [], []
    for i, (n, side) in enumerate(zip(filters, sides, strict=True)):
        with v1.variable_scope(f"encoder/layer/{i}"):
            shapes.append(hidden.shape.as_list())
            kernels.append(variable("W", [side, side, shapes[-1][3], n], 0.3))
            hidden = tf.nn.relu(tf.nn.conv2d(hidden, kernels[-1], strides=[1, 2, 2, 1], padding="SAME"))
    for kernel, shape in zip(reversed(kernels), reversed(shapes), strict=True):
        size = tf.stack([tf.shape(x)[0], *shape[1:]])
        hidden = tf.nn.relu(
            tf.nn.conv2d_transpose(hidden, kernel, size, strides=[1, 2, 2, 1], padding="SAME")
        )
    y = tf.reshape(hidden, [-1, 784])
    return Graph(x, y, tf.reduce_mean(tf.math.squared_difference(x, y)))


def softmax():
    """Lecture, *Fully Connected Network*."""
    x = v1.placeholder(tf.float32, [None, 784])
    y = tf.nn.softmax(linear(x, 10, "layer1"))
    return Graph(x, y, -tf.reduce_sum(tf.math.log(y + 1e-12)[:, 3]))


def conv_classifier(filters=(5, 6), n_hidden=12):
    """Lecture, *Convolutional Networks*."""
    x = v1.placeholder(tf.float32, [None, 784])
    hidden = tf.reshape(x, [-1, 28, 28, 1])
    for kernel_name, bias_name, n in (("W", "b", filters[0]), ("W2", "b2", filters[1])):
        kernel = variable(kernel_name, [5, 5, int(hidden.shape[3]), n])
        convolved = tf.nn.conv2d(hidden, kernel, strides=[1, 2, 2, 1], padding="SAME")
        hidden = tf.nn.relu(tf.nn.bias_add(convolved, variable(bias_name, [n])))
    hidden = tf.nn.relu(linear(tf.reshape(hidden, [-1, 49 * filters[1]]), n_hidden, "fc_1"))
    y = tf.nn.softmax(linear(hidden, 10, "fc_2"))
    return Graph(x, y, -tf.reduce_sum(tf.math.log(y + 1e-12)[:, 3]))


def framework(
    *, convolutional, variational, layers=(6, 5), sides=(3, 3), n_hidden=7, latent_dim=2,
    activation=tf.nn.sigmoid, shape=(28, 28, 1), flat=True,
):  # fmt: skip
    """The course's `VAE()` in inference mode."""
    x = v1.placeholder(tf.float32, [None, int(np.prod(shape))] if flat else [None, *shape], "x")
    hidden = tf.reshape(x, [-1, *shape]) if convolutional else x
    shapes = []

    def normalised(tensor, name):
        return activation(batch_normalised(tensor, name))

    for i, n in enumerate(layers):
        with v1.variable_scope(f"encoder/{i}"):
            shapes.append(hidden.shape.as_list())
            hidden = normalised(
                convolved(hidden, n, sides[i]) if convolutional else linear(hidden, n), f"bn{i}"
            )
    shapes.append(hidden.shape.as_list())
    graph = Graph(x, None, None, z_mean=hidden, z=hidden)
    if variational:
        with v1.variable_scope("variational"):
            hidden = _variational(graph, hidden, n_hidden, latent_dim, normalised)
    for i in range(len(layers)):
        with v1.variable_scope(f"decoder/{i}"):
            target = shapes[-2 - i]
            mapped = deconvolved(hidden, target, sides[i]) if convolutional else linear(hidden, target[1])
            hidden = normalised(mapped, f"dec/bn{i}")
    graph.y = hidden
    graph.cost = tf.reduce_mean(tf.math.squared_difference(tf.reshape(x, [-1]), tf.reshape(hidden, [-1])))
    return graph


def _variational(graph, hidden, n_hidden, latent_dim, normalised):
    shape = hidden.shape.as_list()
    size = int(np.prod(shape[1:]))
    flat = tf.reshape(hidden, [-1, size])
    if n_hidden:
        flat = normalised(linear(flat, n_hidden, "W_fc"), "fc/bn")
    graph.z_mean = linear(flat, latent_dim, "mu")
    half = 0.5 * linear(flat, latent_dim, "log_sigma")
    graph.z_log_var = 2.0 * half
    graph.z = graph.z_mean + tf.random.normal(tf.shape(half)) * tf.exp(half)
    back = normalised(linear(graph.z, n_hidden, "fc_t"), "fc_t/bn") if n_hidden else graph.z
    back = normalised(linear(back, size, "fc_t2"), "fc_t2/bn")
    return tf.reshape(back, [-1, *shape[1:]])


def linear(x, n, name="fc"):
    with v1.variable_scope(name):
        return tf.nn.bias_add(tf.matmul(x, variable("W", [int(x.shape[1]), n])), variable("b", [n]))


def convolved(x, n, side):
    with v1.variable_scope("conv2d"):
        kernel = variable("W", [side, side, int(x.shape[3]), n])
        return tf.nn.bias_add(
            tf.nn.conv2d(x, kernel, strides=[1, 2, 2, 1], padding="SAME"), variable("b", [n])
        )


def deconvolved(x, shape, side):
    with v1.variable_scope("deconv2d"):
        kernel = variable("W", [side, side, shape[3], int(x.shape[3])])
        size = tf.stack([tf.shape(x)[0], *shape[1:]])
        mapped = tf.nn.conv2d_transpose(x, kernel, size, strides=[1, 2, 2, 1], padding="SAME")
        mapped.set_shape([None, *shape[1:]])
        return tf.nn.bias_add(mapped, variable("b", [shape[3]]))


def batch_normalised(x, name):
    with v1.variable_scope(name):
        flat_shape = x.shape.as_list()
        maps = tf.reshape(x, [-1, 1, 1, flat_shape[1]]) if len(flat_shape) == 2 else x
        n = maps.shape.as_list()[-1]
        beta, gamma = variable("beta", [n]), variable("gamma", [n])
        mean, variance = v1.nn.moments(maps, [0, 1, 2], name="moments")
        average = tf.train.ExponentialMovingAverage(decay=0.99)
        average.apply(
            [mean, variance]
        )  # creates variables; the course's graph updates them in inference, too
        used = average.average(mean), average.average(variance)
        normed = tf.nn.batch_normalization(maps, *used, beta, gamma, 1e-5)
        return tf.reshape(normed, [-1, flat_shape[1]]) if len(flat_shape) == 2 else normed


def save(prefix, *builds, version=V2, n_steps=3, optimiser=True, meta=True, beta2_power=None):
    """Put networks into one graph, train the last of them for a few steps, and save a checkpoint.

    Args:
        prefix: path prefix of the checkpoint, as in TensorFlow.
        builds: functions that return a `Graph` each.
        version: format of the checkpoint.
        n_steps: number of training steps.
        optimiser: whether there is an optimiser.
        meta: whether to save the graph, too.
        beta2_power: replaces Adam's value after these steps by that of a longer training.

    Returns:
        A function of (name of a `Graph`'s tensor, feeds by such names) that evaluates the last network.
    """
    session = v1.Session(graph=tf.Graph())
    random = np.random.default_rng(5)
    with session.graph.as_default():
        graphs = [build() for build in builds]
        steps = [v1.train.AdamOptimizer(1e-3).minimize(graph.cost) for graph in graphs] if optimiser else []
        saver = v1.train.Saver(write_version=version)
        session.run(v1.global_variables_initializer())
        graph = graphs[-1]
        images = random.random((3, *graph.x.shape.as_list()[1:]))
        for variable_ in v1.global_variables():
            if "bn" in variable_.op.name and "Adam" not in variable_.op.name:
                variable_.load(random.uniform(0.05, 1.0, variable_.shape.as_list()), session)
        for _ in range(n_steps if optimiser else 0):
            session.run(steps[-1], {graph.x: images})
        for variable_ in v1.global_variables():
            if beta2_power is not None and variable_.op.name == "beta2_power":
                variable_.load(beta2_power, session)
        saver.save(session, str(prefix), write_meta_graph=meta, write_state=False)

    def run(name, **feeds):
        tensors = {getattr(graph, feed): value for feed, value in feeds.items()}
        return session.run(getattr(graph, name), tensors)

    return run
