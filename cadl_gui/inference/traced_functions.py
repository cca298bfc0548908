"""Functions that were traced, as long as they are asked now and then."""

from collections import OrderedDict
from collections.abc import Callable, Hashable

from cadl_gui.inference.stateless import StatelessFunction

_MOST = 48
"""About 60 MB. A window that compares six runs in every tab asks twenty or so."""


class TracedFunctions:
    """The functions of all networks that were asked last.

    Each takes about a megabyte, and a network has dozens: one for each question about each layer, bent and
    not. Without a bound, the memory would grow with every layer that someone has ever looked at. One that
    was let go is traced anew in about a tenth of a second, as when it was asked first.

    Args:
        most: so many are kept.
    """

    def __init__(self, most: int = _MOST) -> None:
        self._most = most
        self._retained: OrderedDict[tuple[object, Hashable], StatelessFunction] = OrderedDict()

    def get(
        self, network: object, name: Hashable, trace: Callable[[], StatelessFunction]
    ) -> StatelessFunction:
        """Find a function of a network, or trace it.

        Args:
            network: whose function.
            name: of the function within the network.
            trace: makes it.
        """
        key = network, name
        if key not in self._retained:
            self._retained[key] = trace()
        self._retained.move_to_end(key)
        while len(self._retained) > self._most:
            self._retained.popitem(last=False)
        return self._retained[key]

    def forget(self, network: object) -> None:
        """Let go of a network that nobody asks any more."""
        for key in [key for key in self._retained if key[0] is network]:
            del self._retained[key]
