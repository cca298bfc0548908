"""The presets' networks as a user of PyTorch would write them, trained eagerly or by `torch.compile`.

Where TensorFlow pads one side more than the other, PyTorch pads both equally: the same amount of arithmetic,
different edges.
"""

import contextlib
from collections.abc import Callable, Iterator
from itertools import pairwise

import torch
from plain_training import Trainer, TrainingData, over_epochs, require_same_size, training_data
from torch import Tensor, nn
from torch.nn import functional

from cadl_gui.domain.configuration import RunConfig
from cadl_gui.domain.model_spec import LayerSpec, model_spec


def classifier(config: RunConfig, data: TrainingData) -> nn.Module:
    """Softmax regression, or convolutions and two dense layers; outputs logits."""
    modules: list[nn.Module] = []
    for layer in model_spec(config.model, data.image_shape, data.n_classes).encoder:
        if layer.kind == "convolution":
            channels = layer.input_shape[-1], layer.output_shape[-1]
            modules.append(nn.Conv2d(*channels, layer.kernel_size, layer.stride, _padding(layer)))
        else:
            modules += [nn.Flatten(), nn.Linear(*layer.kernel_shape)]
        modules.append(nn.ReLU())
    return nn.Sequential(*modules[:-1])


class TiedAutoencoder(nn.Module):
    """Dense layers, and a decoder with their transposed kernels."""

    def __init__(self, config, data):
        super().__init__()
        table = model_spec(config.model, data.image_shape, data.n_classes).encoder
        shapes = (reversed(layer.kernel_shape) for layer in table)
        self.kernels = nn.ParameterList(0.02 * torch.randn(*shape) for shape in shapes)

    def forward(self, images):
        hidden = images.flatten(1)
        for kernel in self.kernels:
            hidden = functional.relu(functional.linear(hidden, kernel))
        for kernel in reversed(self.kernels):
            hidden = functional.relu(functional.linear(hidden, kernel.T))
        return hidden.view_as(images)


class TiedConvAutoencoder(nn.Module):
    """Convolutions, and a decoder with their transposed kernels."""

    def __init__(self, config, data):
        super().__init__()
        self.table = model_spec(config.model, data.image_shape, data.n_classes).encoder
        shapes = (
            (layer.output_shape[-1], layer.input_shape[-1], layer.kernel_size, layer.kernel_size)
            for layer in self.table
        )
        self.kernels = nn.ParameterList(0.02 * torch.randn(shape) for shape in shapes)

    def forward(self, images):
        hidden = images
        for layer, kernel in zip(self.table, self.kernels, strict=True):
            hidden = functional.conv2d(hidden, kernel, stride=layer.stride, padding=_padding(layer))
            hidden = functional.relu(hidden)
        for layer, kernel in zip(reversed(self.table), reversed(self.kernels), strict=True):
            padding = _padding(layer)
            natural = (layer.output_shape[0] - 1) * layer.stride - 2 * padding + layer.kernel_size
            hidden = functional.conv_transpose2d(
                hidden,
                kernel,
                stride=layer.stride,
                padding=padding,
                output_padding=layer.input_shape[0] - natural,
            )
            hidden = functional.relu(hidden)
        return hidden


class VariationalAutoencoder(nn.Module):
    """Dense layers to a Gaussian, and back from a sample; outputs mean, log-variance and logits."""

    def __init__(self, config, data):
        super().__init__()
        n_pixels = data.images[0].size
        sizes = (n_pixels, *config.model.layers)
        self.encoder = _dense(sizes)
        self.z_mean = nn.Linear(sizes[-1], config.model.latent_dim)
        self.z_log_var = nn.Linear(sizes[-1], config.model.latent_dim)
        self.decoder = nn.Sequential(
            _dense((config.model.latent_dim, *reversed(config.model.layers))), nn.Linear(sizes[1], n_pixels)
        )

    def forward(self, images):
        hidden = self.encoder(images.flatten(1))
        z_mean, z_log_var = self.z_mean(hidden), self.z_log_var(hidden)
        z = z_mean + torch.exp(0.5 * z_log_var) * torch.randn_like(z_mean)
        return z_mean, z_log_var, self.decoder(z).view_as(images)


@contextlib.contextmanager
def eager(config: RunConfig, *, compile_loss: bool = False) -> Iterator[Trainer]:
    """The training loop of PyTorch's tutorials, on tensors in memory."""
    data = training_data(config)
    network, loss = _network_and_loss(config, data)
    require_same_size(sum(weights.numel() for weights in network.parameters()), config, data)
    optimizer = torch.optim.Adam(network.parameters(), lr=config.training.learning_rate)
    images = torch.from_numpy(data.images - data.mean).permute(0, 3, 1, 2).contiguous()
    labels = torch.from_numpy(data.labels.copy())
    batches = _batches(len(images), config.training.batch_size)
    if compile_loss:
        loss = torch.compile(loss)

    def step() -> None:
        which = next(batches)
        optimizer.zero_grad()
        loss(network, images[which], labels[which]).backward()
        optimizer.step()

    yield over_epochs(step, config, data)


@contextlib.contextmanager
def compiled(config: RunConfig) -> Iterator[Trainer]:
    """The same with network and loss compiled, which needs a C++ compiler."""
    with eager(config, compile_loss=True) as run:
        yield run


Loss = Callable[[nn.Module, Tensor, Tensor], Tensor]


def _network_and_loss(config: RunConfig, data: TrainingData) -> tuple[nn.Module, Loss]:
    if config.model.is_classifier:
        return classifier(config, data), _cross_entropy
    if config.model.is_variational:
        return VariationalAutoencoder(config, data), _negative_bound
    autoencoder = TiedConvAutoencoder if config.model.convolutional else TiedAutoencoder
    return autoencoder(config, data), _squared_difference


def _cross_entropy(network: nn.Module, images: Tensor, labels: Tensor) -> Tensor:
    return functional.cross_entropy(network(images), labels)


def _squared_difference(network: nn.Module, images: Tensor, _: Tensor) -> Tensor:
    return functional.mse_loss(network(images), images)


def _negative_bound(network: nn.Module, images: Tensor, _: Tensor) -> Tensor:
    z_mean, z_log_var, logits = network(images)
    nats = functional.binary_cross_entropy_with_logits(logits, images, reduction="sum")
    divergence = -0.5 * torch.sum(1 + z_log_var - z_mean.pow(2) - z_log_var.exp())
    return (nats + divergence) / len(images)


def _batches(n: int, batch_size: int) -> Iterator[Tensor]:
    while True:
        yield from torch.randperm(n)[: n // batch_size * batch_size].split(batch_size)


def _dense(sizes: tuple[int, ...]) -> nn.Sequential:
    return nn.Sequential(*(module for pair in pairwise(sizes) for module in (nn.Linear(*pair), nn.ReLU())))


def _padding(layer: LayerSpec) -> int:
    """Padding of each side that gives the same output size as in TensorFlow."""
    needed = (layer.output_shape[0] - 1) * layer.stride + layer.kernel_size - layer.input_shape[0]
    return -(-max(0, needed) // 2)
