"""A least-recently-used cache of traced functions."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cadl_gui.inference.stateless import StatelessFunction

_MOST = 48
"""About 60 MB. A window that compares six runs in every tab uses twenty or so."""


class TracedFunctions:
    """Caches the most recently used functions of all networks.

    Each takes about a megabyte, and a network has dozens: one for each question about each layer, with and
    without bends. Without a limit, memory would grow with each layer that is ever viewed. Tracing an evicted
    function again takes about a tenth of a second, as at its first use.

    Args:
        most: largest number of functions to retain.
    """

    def __init__(self, most: int = _MOST) -> None:
        self._most = most
        self._retained: OrderedDict[tuple[object, Hashable], StatelessFunction] = OrderedDict()

    def get(
        self, network: object, name: Hashable, trace: "Callable[[], StatelessFunction]"
    ) -> "StatelessFunction":
        """Return a function of a network, tracing it if it is not cached.

        Args:
            name: key of the function within the network.
        """
        key = network, name
        if key not in self._retained:
            self._retained[key] = trace()
        self._retained.move_to_end(key)
        while len(self._retained) > self._most:
            self._retained.popitem(last=False)
        return self._retained[key]

    def forget(self, network: object) -> None:
        """Release the functions of a network that is no longer used."""
        for key in [key for key in self._retained if key[0] is network]:
            del self._retained[key]
