"""Files are written beside and renamed, so that nothing a user had is ever half written."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Yield a temporary path in the same folder; on success rename it to `path`.

    Raises
    ------
    PermissionError
        If the target cannot be replaced (an open workbook on Windows); the temporary file is removed.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.stem}-", suffix=path.suffix)
    os.close(handle)
    temporary = Path(name)
    try:
        yield temporary
        temporary.chmod(0o644)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def write_beside_if_held(path: Path, temporary: Path) -> Path:
    """Rename `temporary` to `path`; if `path` is held open by another program, to ``name-neu-2.ext``.

    Returns
    -------
    Path
        Where the content now stands; differs from `path` if that was held.
    """
    candidates = [path] + [path.with_name(f"{path.stem}-neu-{k}{path.suffix}") for k in range(2, 100)]
    for candidate in candidates:
        try:
            temporary.replace(candidate)
        except PermissionError:
            continue
        return candidate
    raise PermissionError(str(path))


def keep_old(path: Path) -> Path | None:
    """Copy an existing file to the next free ``name.alt-N.ext`` before it is replaced; None if there was none."""
    if not path.exists():
        return None
    number = 1
    while (old := path.with_name(f"{path.stem}.alt-{number}{path.suffix}")).exists():
        number += 1
    old.write_bytes(path.read_bytes())
    return old


def sha256_of(path: Path) -> str:
    """SHA-256 of a file's content, as hex."""
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        for block in iter(lambda: stream.read(1 << 20), b""):
            digest.update(block)
    return digest.hexdigest()
