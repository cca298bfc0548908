"""A least-recently-used cache of traced functions."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import Any, TypeVar

from cadl_gui.domain.errors import NotYetError

_MOST = 48
"""About 60 MB. A window that compares six runs in every tab uses twenty or so."""

_Traced = TypeVar("_Traced")


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
        self._retained: OrderedDict[tuple[object, Hashable], Any] = OrderedDict()
        self._in_work: dict[tuple[object, Hashable], Future[Any]] = {}
        self._thread: ThreadPoolExecutor | None = None
        self._on_traced: Callable[[], object] = _nothing

    def trace_behind(self, on_traced: Callable[[], object]) -> None:
        """Trace in a thread from now on, so that what is traced already is answered meanwhile.

        Otherwise a drag stands still for a fifth of a second when another run is first asked.

        Args:
            on_traced: called in that thread whenever a function has been traced.
        """
        self._thread, self._on_traced = ThreadPoolExecutor(1, thread_name_prefix="tracing"), on_traced

    def close(self) -> None:
        """End the thread."""
        if self._thread is not None:
            self._thread.shutdown(cancel_futures=True)

    def get(self, network: object, name: Hashable, trace: Callable[[], _Traced]) -> _Traced:
        """Return a function of a network, tracing it if it is not cached.

        Args:
            name: key of the function within the network.

        Raises:
            NotYetError: while it is traced in the thread.
        """
        key = network, name
        if key not in self._retained:
            self._retained[key] = trace() if self._thread is None else self._behind(self._thread, key, trace)
        self._retained.move_to_end(key)
        while len(self._retained) > self._most:
            self._retained.popitem(last=False)
        traced: _Traced = self._retained[key]
        return traced

    def forget(self, network: object) -> None:
        """Release the functions of a network that is no longer used, and stop or end tracing them."""
        for key in [key for key in self._retained if key[0] is network]:
            del self._retained[key]
        in_work = [self._in_work.pop(key) for key in [*self._in_work] if key[0] is network]
        wait([future for future in in_work if not future.cancel()])

    def _behind(
        self, thread: ThreadPoolExecutor, key: tuple[object, Hashable], trace: Callable[[], _Traced]
    ) -> _Traced:
        if key not in self._in_work:
            self._in_work[key] = thread.submit(trace)
            self._in_work[key].add_done_callback(lambda _: self._on_traced())
        if not self._in_work[key].done():
            raise NotYetError
        traced: _Traced = self._in_work.pop(key).result()
        return traced


def _nothing() -> None:
    """Tell nobody: who traces waits for it."""
