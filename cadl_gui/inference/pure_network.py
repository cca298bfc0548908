"""The pure functions of one architecture, traced."""

from collections.abc import Callable
from typing import Any

import numpy as np

from cadl_gui.core.configuration import Configuration
from cadl_gui.core.errors import CadlError
from cadl_gui.core.requests import Classify, Decode, Encode, Reconstruct, Request
from cadl_gui.core.run import PictureShape
from cadl_gui.core.snapshot import Weights
from cadl_gui.inference.pure import PureFunction, pure
from cadl_gui.models import Autoencoder, build

_Answer = Callable[[Weights, Any], Any]


class PureNetwork:
    """What a network of one architecture can be asked.

    Everything is traced, and called once, when it is made: the first call of a traced function costs a tenth
    of a second, which the hand should not pay.

    Args:
        configuration: of the network.
        picture_shape: (height, width, channels).
        n_labels: how many kinds of pictures there are.
    """

    def __init__(self, configuration: Configuration, picture_shape: PictureShape, n_labels: int) -> None:
        network = build(configuration, picture_shape, n_labels)
        weights = tuple(variable.value.numpy() for variable in network.variables)
        pictures = (None, *picture_shape)
        if isinstance(network, Autoencoder):
            functions = {
                Reconstruct: (network.call, pictures),
                Encode: (network.encode, pictures),
                Decode: (network.decode, (None, network.n_code)),
            }
        else:
            functions = {Classify: (network.call, pictures)}
        self._functions: dict[type[Request], PureFunction] = {}
        for kind, (function, shape) in functions.items():
            traced = pure(network, function, shape)
            traced(weights, np.zeros((1, *shape[1:]), np.float32))
            self._functions[kind] = traced

    def answer(self, weights: Weights, request: Request) -> Any:
        """Answer with given weights; what comes is told by the request's docstring.

        Raises:
            CadlError: if this kind of network has no such answer.
        """
        match request:
            case Reconstruct() | Encode() | Classify():
                inputs = request.pictures
            case Decode():
                inputs = request.codes
            case _:
                raise TypeError(f"Expected a request that a network can answer. Received: {request!r}")
        if type(request) not in self._functions:
            raise CadlError(
                "A classifier has no code."
                if Classify in self._functions
                else "An autoencoder does not classify."
            )
        return self._functions[type(request)](weights, inputs)
