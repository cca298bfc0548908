"""The decoded plane, requested in chunks so that the handle takes precedence."""

import time
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject

from cadl_gui.domain.position import Position
from cadl_gui.domain.requests import Decode
from cadl_gui.engine.engine import Engine
from cadl_gui.engine.inference_broker import InferenceClient
from cadl_gui.engine.weights_ref import WeightsRef
from cadl_gui.imaging.latent.axes import LatentAxes
from cadl_gui.imaging.latent.tiles import Tile, centres, finest_level, refinement, smallest_tile_px
from cadl_gui.imaging.latent.view_box import ViewBox
from cadl_gui.ui.latent.plane.latent_plane import LatentPlane

if TYPE_CHECKING:
    from collections.abc import Iterator


_FIRST_TILES, _FEWEST_TILES, _MOST_TILES = 64, 32, 256
_CHUNK_SECONDS = 0.012
"""Target duration of a chunk, since the handle's image may have to wait for one."""


@dataclass(frozen=True, eq=False)
class _Source:
    """The decoder, the plane, and the smallest width of a tile on it."""

    decoder: WeightsRef
    axes: LatentAxes
    tile_px: float


@dataclass(frozen=True, eq=False)
class _Chunk:
    source: _Source
    tiles: list[Tile]
    asked_at: float


class Manifold(QObject):
    """Decodes the tiles missing from a view, coarse ones first, one small request at a time.

    New weights or a new plane start over; the old tiles stay visible until the first new ones arrive, and
    late replies are dropped. During training, weights change faster than a view can be decoded: the view is
    then shown once it is complete, one level coarser than usual, before the next weights are requested.

    Args:
        engine: Decodes.
        plane: Shows the tiles, and has those available; the set may change during iteration.
        parent: The parent object.
    """

    def __init__(self, engine: Engine, plane: LatentPlane, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._engine = engine
        self._client = InferenceClient(engine.inference, self)
        self._plane = plane
        self._source: _Source | None = None
        self._next_source: _Source | None = None
        self._is_fresh = False
        self._swept: list[tuple[list[Tile], NDArray[np.float32]]] | None = None
        self._view: tuple[ViewBox, float] | None = None
        self._missing: Iterator[Tile] = iter(())
        self._in_flight: _Chunk | None = None
        self._n_tiles = _FIRST_TILES

    def set_source(self, decoder: WeightsRef | None, axes: LatentAxes, image_width: int = 0) -> None:
        """Set the decoder and the plane; None stops decoding.

        Args:
            decoder: The weights that decode.
            image_width: Width of the decoded images: larger ones have larger tiles.
        """
        source = None if decoder is None else _Source(decoder, axes, smallest_tile_px(image_width))
        old = self._source
        if source is None or old is None or source.axes is not old.axes:
            self._begin(source)
        elif source.decoder == old.decoder:
            return
        elif not source.decoder.continues(old.decoder):
            self._begin(source)
        elif self._in_flight is not None:
            self._next_source = source
        else:
            self._begin(source, sweeps=True)

    def set_view(self, box: ViewBox, width_px: float) -> None:
        """Decode the tiles missing from a view that is `width_px` device pixels wide."""
        self._view = box, width_px
        self._plan()
        self._ask()

    def _begin(self, source: _Source | None, *, sweeps: bool = False) -> None:
        """Start over; a sweep shows the view only when it is complete, to avoid flicker."""
        self._source, self._next_source = source, None
        self._is_fresh, self._swept = True, [] if sweeps else None
        self._plan()
        self._ask()

    def _plan(self) -> None:
        if self._view is None or self._source is None:
            return
        box, width_px = self._view
        finest = finest_level(box, width_px, self._source.tile_px) - int(self._source.decoder.is_training)
        decoded = frozenset() if self._is_fresh else self._plane.tiles
        self._missing = refinement(box, finest, decoded, self._source.tile_px)

    def _ask(self) -> None:
        source = self._source
        if source is None or self._in_flight is not None:
            return
        tiles = list(islice(self._missing, _FIRST_TILES if self._is_fresh else self._n_tiles))
        if not tiles:
            self._finish_sweep()
            return
        self._in_flight = chunk = _Chunk(source, tiles, time.perf_counter())
        latents = source.axes.to_z(centres(tiles))
        latents.flags.writeable = False
        request = Decode(source.decoder.run_id, source.decoder.position, latents)
        self._client.ask(request, partial(self._on_images, chunk), partial(self._on_failure, chunk))

    def _on_images(self, chunk: _Chunk, images: NDArray[np.float32], _: Position | None) -> None:
        self._in_flight = None
        if chunk.source is not self._source:
            self._ask()
            return
        self._adapt(time.perf_counter() - chunk.asked_at)
        if self._is_fresh or self._swept is not None:
            self._take(chunk.tiles, images)
            self._ask()
        else:  # the next chunk is decoded while these tiles become images
            self._ask()
            self._take(chunk.tiles, images)

    def _on_failure(self, chunk: _Chunk, message: str) -> None:
        self._in_flight = None
        if chunk.source is not self._source:
            self._ask()
            return
        self._source = None
        self._plane.clear_manifold()
        self._engine.notifications.unanswered.emit(message)

    def _take(self, tiles: list[Tile], images: NDArray[np.float32]) -> None:
        if self._swept is not None:
            self._swept.append((tiles, images))
            return
        if not self._is_fresh:
            self._plane.add_tiles(tiles, images)
            return
        self._plane.clear_manifold()
        self._plane.add_tiles(tiles, images)
        self._is_fresh = False
        self._plan()

    def _finish_sweep(self) -> None:
        swept, self._swept = self._swept, None
        if swept:
            self._take([tile for tiles, _ in swept for tile in tiles], np.concatenate([p for _, p in swept]))
        if self._next_source is not None:
            self._begin(self._next_source, sweeps=True)

    def _adapt(self, seconds: float) -> None:
        """Adapt the size of chunks to their duration, to keep the handle responsive."""
        n = self._n_tiles * 2 if seconds < _CHUNK_SECONDS / 2 else self._n_tiles
        n = n // 2 if seconds > _CHUNK_SECONDS else n
        self._n_tiles = max(_FEWEST_TILES, min(_MOST_TILES, n))
