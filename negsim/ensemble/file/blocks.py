"""The blocks of a result file: batches as bytes, and back.

The runs of a cell are cut into blocks of 1,000, what is left into blocks of 100, and the last has what is then left:
2,345 runs into 1,000, 1,000, 100, 100, 100 and 45. So the blocks hang on the runs alone, not on how they came together,
and each run is packed three times at most. A block that is read is somebody else's.
"""

from __future__ import annotations

import sys
import zlib
from array import array
from typing import Any

import attrs
import msgspec

from negsim.ensemble.run.columns import ERROR, LONGEST_MESSAGE, MISSING, OUTCOME, REAL, WHOLE, Batch, Numbers, Shape
from negsim.kernel.observing import LARGEST_MEASURE

BLOCK, PART = 1_000, 100  # runs
# Of zlib: a higher level takes ten times as long for a twentieth less, a larger window takes longer to set up than a
# block of a hundred runs to pack.
LEVEL, WINDOW_BITS, MEMORY_LEVEL = 1, 12, 5
LONGEST_ERROR, LONGEST_LARGE = 6 * LONGEST_MESSAGE + 64, 64  # bytes beside the columns for each, unpacked


def cuts(runs: int, *, start: int = 0) -> list[tuple[int, int]]:
    """(number of the first run, how many) of the blocks of so many runs, from one that starts with `start`."""
    found = []
    for size in (BLOCK, PART):
        found += [(at, size) for at in range(start, runs - size + 1, size)]
        start += len(range(start, runs - size + 1, size)) * size
    return [*found, (start, runs - start)] if start < runs else found


class _Beside(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    """What no column has room for, by place; large numbers by measure before."""

    errors: dict[int, str] = msgspec.field(default_factory=dict)
    large: dict[int, dict[int, float]] = msgspec.field(default_factory=dict)


@attrs.frozen(eq=False)
class Block:
    """A row of the table: some runs of a cell, packed. Whatever unpacks it raises `ValueError` where it is damaged."""

    cell: int
    first: int
    count: int
    outcomes: bytes = attrs.field(repr=False)
    numbers: bytes = attrs.field(repr=False)
    beside: bytes | None = attrs.field(repr=False)
    checksum: int

    @classmethod
    def packed(cls, batch: Batch, *, cell: int, first: int) -> Block:
        """The block of a batch."""
        beside = msgspec.json.encode(_Beside(dict(batch.errors), {m: dict(f) for m, f in batch.large.items()}))
        has_more = bool(batch.errors or batch.large)
        block = cls(
            cell,
            first,
            len(batch),
            _packed(batch.outcomes),
            _packed(batch.days, *batch.measures),
            _compressed(beside) if has_more else None,
            0,
        )
        return attrs.evolve(block, checksum=block.sum())

    @classmethod
    def read(cls, row: tuple[Any, ...]) -> Block:
        """The block that a row holds. Its checksum is checked, not yet what it holds."""
        cell, first, count, outcomes, numbers, beside, checksum = row
        whole = all(isinstance(each, int) for each in (cell, first, count, checksum)) and 0 < count <= BLOCK
        _demand(whole and all(isinstance(each, bytes) for each in (outcomes, numbers, beside or b"")))
        block = cls(*row)
        _demand(block.sum() == checksum)
        return block

    def sum(self) -> int:
        """The CRC-32 of all that stands before it in the row."""
        found = zlib.crc32(b"%d %d %d " % (self.cell, self.first, self.count))
        return zlib.crc32(self.beside or b"", zlib.crc32(self.numbers, zlib.crc32(self.outcomes, found)))

    def ends(self, shape: Shape) -> array[int]:
        """The outcomes alone."""
        found: array[int]
        (found,) = _unpacked(self.outcomes, self.count, OUTCOME)
        _demand(min(found) >= ERROR and max(found) < len(shape.outcomes))
        return found

    def batch(self, shape: Shape) -> Batch:
        """All that it holds."""
        outcomes = self.ends(shape)
        days, *measures = _unpacked(self.numbers, self.count, WHOLE, *shape.measures)
        beside = self._beside(len(measures))
        _demand(len(beside.errors) == outcomes.count(ERROR))
        _demand(all(0 <= place < self.count and outcomes[place] == ERROR for place in beside.errors))
        for measure, found in beside.large.items():
            _demand(0 <= measure < len(measures) and shape.measures[measure] == WHOLE)
            _demand(all(0 <= place < self.count and measures[measure][place] == MISSING for place in found))
            _demand(all(abs(value) <= LARGEST_MEASURE for value in found.values()))
        return Batch(outcomes, days, tuple(measures), beside.errors, beside.large)

    def _beside(self, measures: int) -> _Beside:
        if self.beside is None:
            return _Beside()
        most = self.count * (LONGEST_ERROR + measures * LONGEST_LARGE)
        try:
            return msgspec.json.decode(_decompressed(self.beside, most), type=_Beside)
        except msgspec.MsgspecError as error:
            raise ValueError(error) from None


def _demand(holds: bool) -> None:  # noqa: FBT001 - reads as a sentence
    if not holds:
        raise ValueError("some of its runs cannot be read")


# Columns of one width, little-endian, one after the other: first the lowest byte of each number, then the next ones.
# Neighbours are alike so: most numbers are small, and their upper bytes pack to next to nothing.


def _packed(*columns: Numbers) -> bytes:
    width = columns[0].itemsize
    plain = b"".join(_little(column).tobytes() for column in columns)
    return _compressed(b"".join(plain[byte::width] for byte in range(width)))


def _unpacked(packed: bytes, count: int, *codes: str) -> list[Any]:
    """Columns of these types and so many numbers each."""
    width = array(codes[0]).itemsize
    size = width * count * len(codes)
    planes = _decompressed(packed, size + 1)
    _demand(len(planes) == size)
    plain = bytearray(size)
    for byte in range(width):
        plain[byte::width] = planes[byte * count * len(codes) : (byte + 1) * count * len(codes)]
    step = width * count
    columns = [_little(array(code, bytes(plain[at * step : (at + 1) * step]))) for at, code in enumerate(codes)]
    for column in columns:
        _demand(column.typecode != REAL or not any(map(LARGEST_MEASURE.__lt__, map(abs, column))))
    return columns


def _little(column: Numbers) -> Numbers:
    """A column with its bytes in the order of the file, or back."""
    if sys.byteorder == "little":
        return column
    turned = column[:]
    turned.byteswap()
    return turned


def _compressed(plain: bytes) -> bytes:
    stream = zlib.compressobj(LEVEL, zlib.DEFLATED, WINDOW_BITS, MEMORY_LEVEL)
    return stream.compress(plain) + stream.flush()


def _decompressed(packed: bytes, most: int) -> bytes:
    """What was packed, if that is no longer than it may be."""
    stream = zlib.decompressobj()
    try:
        found = stream.decompress(packed, most)
    except zlib.error:
        raise ValueError("some of its runs cannot be read") from None
    _demand(stream.eof and not stream.unused_data)
    return found
