"""What a workbook may be at most, looked at before anything unpacks it.

A workbook is a zip file, and a small one may hold very much. Its directory is read
first; then every part is unpacked piece by piece, and never more of it than declared.
"""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from typing import IO

from keyaccount.exceptions import Problems


__all__ = ["MOST_BYTES", "DamagedError", "check_parts", "pieces"]


MOST_BYTES = 100_000_000  # unpacked, all parts together
_MOST_PARTS = 1_000
_MOST_RATIO = 200
_SMALL = 1_000_000  # below it a ratio says nothing
_PIECE = 1 << 16
_HEADER = 30  # of a part, before its name
_SIGNATURE = b"PK\x03\x04"
_ENCRYPTED = 1


class DamagedError(Exception):
    """A part is not what the directory says; the text says what is the matter."""


def check_parts(
    name: str, size: int, parts: list[zipfile.ZipInfo], problems: Problems
) -> bool:
    """Tell whether the directory of a zip file promises what may be unpacked."""
    before = len(problems.all())
    total = sum(part.file_size for part in parts)
    if len(parts) > _MOST_PARTS:
        problems.add(
            name, "too-large", len(parts), f"{_MOST_PARTS} parts in a workbook"
        )
    if total > MOST_BYTES:
        wanted = f"{MOST_BYTES} bytes when unpacked"
        problems.add(name, "too-large", total, wanted)
    elif total > max(_SMALL, size * _MOST_RATIO):
        wanted = f"{_MOST_RATIO} times its size when unpacked"
        problems.add(name, "too-large", f"{total // max(size, 1)} times", wanted)
    for part in parts:
        if part.flag_bits & _ENCRYPTED:
            remedy = "save it without a password"
            problems.add(name, "bad-syntax", "a workbook with a password", remedy)
            break
        kinds = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
        if part.compress_type not in kinds or ".." in part.filename.split("/"):
            problems.add(name, "bad-syntax", part.filename, "save it as .xlsx again")
            break
    return len(problems.all()) == before


def pieces(file: IO[bytes], part: zipfile.ZipInfo) -> Iterator[bytes]:
    """Unpack a part piece by piece, whatever its directory entry says.

    Raises:
        DamagedError: it is another size than declared, or cannot be unpacked, or is
            a zip file itself.
    """
    file.seek(part.header_offset)
    header = file.read(_HEADER)
    if len(header) < _HEADER or not header.startswith(_SIGNATURE):
        raise DamagedError("a part is missing")
    name_size = int.from_bytes(header[26:28], "little")
    more_size = int.from_bytes(header[28:30], "little")
    file.seek(name_size + more_size, 1)
    seen = 0
    for piece in _unpacked(file, part):
        if not seen and piece.startswith(_SIGNATURE):
            raise DamagedError("a zip file within the workbook")
        seen += len(piece)
        if seen > part.file_size:
            break
        yield piece
    if seen != part.file_size:
        raise DamagedError("a part is another size than declared")


def _unpacked(file: IO[bytes], part: zipfile.ZipInfo) -> Iterator[bytes]:
    left = part.compress_size
    stored = part.compress_type == zipfile.ZIP_STORED
    inflate = zlib.decompressobj(-zlib.MAX_WBITS)
    while left and not inflate.eof:
        packed = file.read(min(left, _PIECE))
        if not packed:
            raise DamagedError("the file ends within a part")
        left -= len(packed)
        while packed and stored:
            yield packed
            packed = b""
        while packed and not inflate.eof:
            try:
                piece = inflate.decompress(packed, _PIECE)
            except zlib.error:
                raise DamagedError("a part cannot be unpacked") from None
            packed = inflate.unconsumed_tail
            if piece:
                yield piece
    if not stored and not inflate.eof:
        raise DamagedError("a part ends too soon")
