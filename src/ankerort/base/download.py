"""One file from one address: resumed after a break, checked, and never half under its final name.

What has arrived lies in ``<name>.teil``, and beside it in ``.<name>.teil.json`` from which version of the file it is. A break in the
line, Ctrl+C or a switched-off computer lose nothing: the next call asks only for the bytes that are missing, and only if the publisher
has not replaced the file since (``If-Range``, RFC 9110). What came is compared with the announced size and a checksum before it is renamed.
"""

from __future__ import annotations

import json
import re
import shutil
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

import requests

from ankerort.base.download_faults import (
    DownloadError,
    answered,
    disk_fault,
    fault_of,
    host_of,
    is_transient,
    promised_content_fault,
    proxy_host,
)
from ankerort.base.files import sha256_of
from ankerort.base.progress import SILENT, Progress, Task

PART_SUFFIX = ".teil"
# A broken block is lost, so blocks are small.
_BLOCK_BYTES = 1 << 16
_MEGABYTE = 1_000_000
_REDIRECTS = (301, 302, 303, 307, 308)
_RETRY_STATUS = (408, 429, 500, 502, 503, 504)
# A line that breaks again and again still brings something; but not without end.
_MOST_ATTEMPTS = 100
_WORTH_A_FRESH_START_BYTES = 1 << 16
_RANGE = re.compile(r"bytes (?:(\d+)-(\d+)|\*)/(\d+|\*)")


@dataclass(frozen=True)
class Version:
    """What the server said about the version of a file; empty = nothing."""

    etag: str = ""
    last_modified: str = ""

    @property
    def strong(self) -> str:
        """What proves that bytes belong to the same version (a weak etag does not)."""
        return self.etag if self.etag and not self.etag.startswith("W/") else self.last_modified


@dataclass(frozen=True)
class Patience:
    """How long to wait and how often to try.

    Parameters
    ----------
    connect_s, read_s
        Seconds until a connection stands, and between two pieces of the file.
    tries
        Attempts in a row that bring nothing.
    pause_s, longest_pause_s
        Pause after the first failure; doubles each time up to the longest.
    redirects
        Most redirects of one request.
    sleep
        Waits so many seconds.
    """

    connect_s: float = 15.0
    read_s: float = 60.0
    tries: int = 4
    pause_s: float = 2.0
    longest_pause_s: float = 60.0
    redirects: int = 8
    sleep: Callable[[float], None] = field(default=time.sleep)


@dataclass(frozen=True)
class Fetched:
    """What came of it.

    Parameters
    ----------
    unchanged
        The file was there already and is still the current one.
    resumed_from_bytes
        So many bytes were there from an earlier attempt; 0 = fetched from the start.
    host
        Host that sent the file in the end (after redirects); empty if none was asked.
    """

    path: Path
    size_bytes: int
    sha256: str
    version: Version
    host: str
    unchanged: bool = False
    resumed_from_bytes: int = 0


def part_path(target: Path) -> Path:
    """Where an unfinished file lies."""
    return target.with_name(target.name + PART_SUFFIX)


def download(
    url: str,
    target: Path,
    *,
    sha256: str = "",
    known: Version | None = None,
    patience: Patience | None = None,
    progress: Progress = SILENT,
    text_id: str = "progress.download",
) -> Fetched:
    """Fetch one file.

    Parameters
    ----------
    url
        https; http only if asked for so (it is never accepted as a redirect from https).
    target
        Final name. Its folder is made. A file there is replaced only when the new one is complete.
    sha256
        Expected checksum; empty = none. If the file at `target` has it, nobody is asked.
    known
        Version of the file at `target`; if the server still has it, nothing is fetched.
    patience
        Timeouts, retries and the clock to wait by.
    progress, text_id
        Whom to tell of each megabyte, and the sentence.

    Returns
    -------
    Fetched

    Raises
    ------
    DownloadError
        With the code of the fault and its parameters (`ankerort.base.download_faults`). What has arrived stays for the next attempt,
        unless it is not what was promised.
    """
    waiting = patience or Patience()
    target.parent.mkdir(parents=True, exist_ok=True)
    if sha256 and target.is_file() and sha256_of(target) == sha256:
        return Fetched(target, target.stat().st_size, sha256, known or Version(), "", unchanged=True)
    if sha256:
        known = None  # the file there is not the one that is wanted, whatever its version
    with ExitStack() as stack:
        session = stack.enter_context(requests.Session())
        # Bytes as they lie on the server: a compressed transfer could not be resumed nor measured.
        session.headers.update({"User-Agent": "Ankerort", "Accept-Encoding": "identity"})
        work = _Work(url, target, sha256, known, waiting, session, progress, text_id, stack)
        return work.run()


class _ChangedError(Exception):
    """What lies there belongs to another version: start anew."""


class _Work:
    """One download with its attempts."""

    def __init__(
        self,
        url: str,
        target: Path,
        sha256: str,
        known: Version | None,
        patience: Patience,
        session: requests.Session,
        progress: Progress,
        text_id: str,
        stack: ExitStack,
    ) -> None:
        self._url, self._target, self._sha256, self._known = url, target, sha256, known
        self._patience, self._session, self._stack = patience, session, stack
        self._progress, self._text_id = progress, text_id
        self._part = part_path(target)
        self._note = target.with_name(f".{target.name}{PART_SUFFIX}.json")
        self._task: Task | None = None
        self._told_mb = 0
        self._first_bytes = self._have()
        self._whole_again = False

    def run(self) -> Fetched:
        """Attempts until the file is complete; each break goes on where the last one ended."""
        in_vain = 0
        for attempt in range(_MOST_ATTEMPTS):
            before = self._have()
            try:
                return self._attempt()
            except _ChangedError:
                self._drop()
                self._first_bytes = 0
                if self._whole_again and attempt > self._patience.tries:
                    raise DownloadError("unsteady", host=host_of(self._url)) from None
                self._whole_again = True
                continue
            except DownloadError as error:
                pause_s = error.wait_s
                if not error.transient:
                    raise
                fault = error
            except requests.exceptions.RequestException as error:
                fault = fault_of(error, self._url)
                pause_s = 0.0
                if not is_transient(error):
                    raise fault from error
            except OSError as error:
                raise disk_fault(error, needed_mb=_mb(self._have())) from error
            in_vain = 0 if self._have() - before >= _WORTH_A_FRESH_START_BYTES else in_vain + 1
            if in_vain >= self._patience.tries:
                raise fault
            backoff_s = self._patience.pause_s * 2 ** max(in_vain - 1, 0)
            self._patience.sleep(min(max(backoff_s, pause_s), self._patience.longest_pause_s))
        raise fault

    def _attempt(self) -> Fetched:
        have, note = self._have(), self._read_note()
        headers = self._headers(have, note)
        with self._asked(headers) as response:
            status = response.status_code
            if status == 304 and "If-None-Match" not in headers and "If-Modified-Since" not in headers:
                raise DownloadError("status", status=status, host=host_of(response.url))
            if status == 304 or (status == 200 and self._is_known(response)):
                self._drop()
                return self._fetched(self._known or Version(), response, unchanged=True)
            if status == 416 and have:
                if note is None or _total(response) != have:
                    raise _ChangedError
                return self._finish(_version(note), have, response)
            if status in _RETRY_STATUS:
                raise DownloadError(
                    "server", transient=True, wait_s=_retry_after(response), status=status, host=host_of(response.url)
                )
            if status not in (200, 206):
                raise answered(status, response.url, proxy=proxy_host(self._url))
            version = Version(response.headers.get("ETag", ""), response.headers.get("Last-Modified", ""))
            start = 0
            if status == 206:
                start = self._checked_start(response, have, note, version)
                version = _version(note) if note is not None else version
            total = _total(response) if status == 206 else _length(response)
            self._check_space(total, start)
            if start == 0:
                self._first_bytes = 0
                self._write_note(Version() if _is_compressed(response) else version, total)
            self._receive(response, start, total)
            have = self._have()
            if total is not None and have != total:
                code = "too_short" if have < total else "too_long"
                if have > total:
                    self._drop()
                raise DownloadError(code, transient=have < total, have=have, total=total, host=host_of(response.url))
            return self._finish(version, have, response)

    def _headers(self, have: int, note: Mapping[str, Any] | None) -> dict[str, str]:
        headers: dict[str, str] = {}
        if have and note is not None and _version(note).strong:
            headers = {"Range": f"bytes={have}-", "If-Range": _version(note).strong}
        if self._known is not None and self._target.is_file():
            if self._known.etag:
                headers["If-None-Match"] = self._known.etag
            elif self._known.last_modified:
                headers["If-Modified-Since"] = self._known.last_modified
        return headers

    @contextmanager
    def _asked(self, headers: Mapping[str, str]) -> Iterator[requests.Response]:
        """The answer after all redirects; from a secured address never to one that is not."""
        url, seen = self._url, 0
        while True:
            response = self._session.get(
                url,
                headers=dict(headers),
                stream=True,
                allow_redirects=False,
                timeout=(self._patience.connect_s, self._patience.read_s),
            )
            with response:
                if response.status_code not in _REDIRECTS or not response.headers.get("Location"):
                    yield response
                    return
                new = urljoin(url, response.headers["Location"])
            seen += 1
            if seen > self._patience.redirects:
                raise DownloadError("redirects", count=seen, host=host_of(new))
            if urlsplit(new).scheme not in ("http", "https"):
                raise DownloadError("address", host=host_of(new))
            if urlsplit(url).scheme == "https" and urlsplit(new).scheme != "https":
                raise DownloadError("downgrade", host=host_of(new))
            url = new

    def _is_known(self, response: requests.Response) -> bool:
        """A server without conditional requests still says which version it has."""
        if self._known is None or not self._target.is_file():
            return False
        size = _length(response)
        if size is None or size != self._target.stat().st_size or not self._known.strong:
            return False
        return Version(response.headers.get("ETag", ""), response.headers.get("Last-Modified", "")) == self._known

    def _checked_start(
        self, response: requests.Response, have: int, note: Mapping[str, Any] | None, version: Version
    ) -> int:
        match = _RANGE.fullmatch(response.headers.get("Content-Range", "").strip())
        if note is None or match is None or match[1] is None or int(match[1]) != have:
            raise _ChangedError
        old, total = _version(note), note.get("total")
        same = (not version.etag or version.etag == old.etag) and (total is None or _total(response) in (None, total))
        if not same:
            raise _ChangedError
        return have

    def _receive(self, response: requests.Response, start: int, total: int | None) -> None:
        with self._part.open("ab" if start else "wb") as sink:
            self._tell(start, total)
            arrived, head = start, b""
            for block in response.iter_content(_BLOCK_BYTES):
                if arrived < 2048 and start == 0:
                    # the first bytes show whether a login page came instead of the file
                    head += block[:2048]
                    if fault := promised_content_fault(head, self._target.name):
                        sink.close()
                        self._drop()
                        raise DownloadError(fault, host=host_of(response.url))
                sink.write(block)
                arrived += len(block)
                self._tell(arrived, total)

    def _finish(self, version: Version, size_bytes: int, response: requests.Response) -> Fetched:
        checksum = sha256_of(self._part)
        if self._sha256 and checksum != self._sha256:
            self._drop()
            if response.status_code != 200:
                raise _ChangedError  # pieces of two versions; once more from the start
            raise DownloadError("checksum", host=host_of(response.url), found=checksum, expected=self._sha256)
        if self._target.is_file() and sha256_of(self._target) == checksum:
            self._drop()
            return self._fetched(version, response, unchanged=True)
        try:
            self._part.replace(self._target)
        except PermissionError as error:
            raise DownloadError("held") from error
        self._note.unlink(missing_ok=True)
        return Fetched(
            self._target,
            size_bytes,
            checksum,
            version,
            host_of(response.url),
            resumed_from_bytes=self._first_bytes,
        )

    def _fetched(self, version: Version, response: requests.Response, *, unchanged: bool) -> Fetched:
        size = self._target.stat().st_size
        return Fetched(self._target, size, sha256_of(self._target), version, host_of(response.url), unchanged=unchanged)

    def _check_space(self, total: int | None, start: int) -> None:
        free = shutil.disk_usage(self._part.parent).free
        if total is not None and total - start > free:
            raise DownloadError("disk_full", needed_mb=_mb(total - start), free_mb=_mb(free))

    def _tell(self, arrived: int, total: int | None) -> None:
        if self._task is None:
            whole = None if total is None else max(1, _mb(total))
            self._task = self._stack.enter_context(self._progress.task(self._text_id, whole))
        if (now := arrived // _MEGABYTE) > self._told_mb:
            self._task.advance(now - self._told_mb)
            self._told_mb = now

    def _have(self) -> int:
        return self._part.stat().st_size if self._part.is_file() else 0

    def _read_note(self) -> Mapping[str, Any] | None:
        try:
            note = json.loads(self._note.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None
        return note if isinstance(note, dict) and note.get("url") == self._url else None

    def _write_note(self, version: Version, total: int | None) -> None:
        self._part.write_bytes(b"")  # first, so that no old bytes ever meet a new note
        note = {"url": self._url, **asdict(version), "total": total}
        self._note.write_text(json.dumps(note, indent=1, ensure_ascii=False), encoding="utf-8")

    def _drop(self) -> None:
        self._part.unlink(missing_ok=True)
        self._note.unlink(missing_ok=True)


def _version(note: Mapping[str, Any]) -> Version:
    return Version(str(note.get("etag") or ""), str(note.get("last_modified") or ""))


def _is_compressed(response: requests.Response) -> bool:
    return response.headers.get("Content-Encoding", "").lower() not in ("", "identity")


def _length(response: requests.Response) -> int | None:
    """Announced bytes of the body; None if none are, or if they count a compressed transfer."""
    if _is_compressed(response):
        return None
    text = response.headers.get("Content-Length", "")
    return int(text) if text.isdigit() else None


def _total(response: requests.Response) -> int | None:
    match = _RANGE.fullmatch(response.headers.get("Content-Range", "").strip())
    return int(match[3]) if match is not None and match[3].isdigit() else None


def _retry_after(response: requests.Response) -> float:
    text = response.headers.get("Retry-After", "")
    return float(text) if text.isdigit() else 0.0


def _mb(size_bytes: int) -> int:
    return -(-size_bytes // _MEGABYTE)
