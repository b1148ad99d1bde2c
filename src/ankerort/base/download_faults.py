"""Why a download failed, as a code that a sentence explains; exceptions of the line are told apart by what a person can do."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from urllib.parse import urlsplit

import requests
import urllib3

_DISK_FULL = {errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)}
_WINDOWS_DISK_FULL = {39, 112}
# By what files of this kind begin; a login page or an error message does not.
_BEGINNINGS: dict[str, bytes] = {
    ".zip": b"PK",
    ".xlsx": b"PK",
    ".gpkg": b"SQLite format 3",
    ".gz": b"\x1f\x8b",
}
_MARKS = ("<html", "<!doctype html")
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


class DownloadError(Exception):
    """A download that failed.

    Parameters
    ----------
    code
        ``offline`` (no name resolved), ``refused``, ``broken`` (the line broke), ``timeout``, ``proxy``, ``proxy_login``, ``certificate``,
        ``certificate_file`` (the file of own certificates is missing),
        ``status`` (the server says no), ``server`` (it is in trouble), ``redirects``, ``downgrade``, ``address``, ``html`` (a page instead of
        the file), ``content`` (not what its name promises), ``checksum``, ``too_short``, ``too_long``, ``unsteady`` (the file changes
        again and again), ``disk_full``, ``not_writable``, ``held`` (another program holds the file open).
    transient
        Trying again may help.
    wait_s
        The server asks to wait so long.
    params
        What the sentence names; never a password.
    """

    def __init__(self, code: str, *, transient: bool = False, wait_s: float = 0.0, **params: object) -> None:
        self.code = code
        self.transient = transient
        self.wait_s = wait_s
        self.params = params
        super().__init__(f"{code} {params}")


def is_transient(error: requests.exceptions.RequestException) -> bool:
    """Whether another attempt may help: a broken or slow line, not a proxy, a certificate or a missing network."""
    if isinstance(error, (requests.exceptions.ProxyError, requests.exceptions.SSLError)):
        return False
    if any(isinstance(e, urllib3.exceptions.NameResolutionError) for e in _chain(error)):
        return False
    return isinstance(
        error,
        (
            requests.exceptions.ConnectionError,
            requests.exceptions.Timeout,
            requests.exceptions.ChunkedEncodingError,
            requests.exceptions.ContentDecodingError,
        ),
    )


def fault_of(error: requests.exceptions.RequestException, url: str) -> DownloadError:
    """The fault behind an exception of `requests`."""
    host = host_of(url)
    if isinstance(error, (requests.exceptions.ProxyError, requests.exceptions.InvalidProxyURL)):
        login = any("407" in str(e) for e in _chain(error))
        return DownloadError("proxy_login" if login else "proxy", host=host, proxy=proxy_host(url))
    if isinstance(error, requests.exceptions.SSLError):
        return DownloadError("certificate", host=host)
    if any(isinstance(e, urllib3.exceptions.NameResolutionError) for e in _chain(error)):
        return DownloadError("offline", host=host)
    if any(isinstance(e, urllib3.exceptions.NewConnectionError) for e in _chain(error)):
        return DownloadError("refused", transient=True, host=host)
    if isinstance(error, requests.exceptions.Timeout) or any(
        isinstance(e, urllib3.exceptions.TimeoutError) for e in _chain(error)
    ):
        return DownloadError("timeout", transient=True, host=host)
    if isinstance(
        error, (requests.exceptions.InvalidURL, requests.exceptions.InvalidSchema, requests.exceptions.MissingSchema)
    ):
        return DownloadError("address", host=host)
    return DownloadError("broken", transient=True, host=host)


def disk_fault(error: OSError, *, needed_mb: int) -> DownloadError:
    """The fault behind an exception of the file system."""
    if error.errno in _DISK_FULL or getattr(error, "winerror", None) in _WINDOWS_DISK_FULL:
        return DownloadError("disk_full", needed_mb=needed_mb, free_mb=0)
    if "CA certificate bundle" in str(error):  # how requests says that the file of certificates is missing
        return DownloadError("certificate_file")
    return DownloadError("not_writable", reason=error.strerror or type(error).__name__)


def answered(status: int, url: str | None, *, proxy: str) -> DownloadError:
    """The fault behind an answer that holds no file."""
    if status == 407:
        return DownloadError("proxy_login", host=host_of(url), proxy=proxy)
    return DownloadError("status", status=status, host=host_of(url))


def host_of(url: str | None) -> str:
    """Host of an address; never its name and password."""
    return urlsplit(url or "").hostname or ""


def proxy_host(url: str) -> str:
    """Host of the proxy that is set for an address; a dash without one. Its password is never told."""
    proxies = requests.utils.get_environ_proxies(url)
    return host_of(proxies.get(urlsplit(url).scheme) or proxies.get("all")) or "–"


def promised_content_fault(head: bytes, name: str) -> str:
    """Code of the fault if the first bytes cannot be those of a file with this name; empty if they can.

    A web page with status 200 instead of the file is common: login pages of networks, moved downloads.
    """
    lower = name.lower()
    text = head.removeprefix(_BYTE_ORDER_MARK).lstrip().lower()
    if not lower.endswith((".html", ".htm")) and text.startswith(b"<"):
        shown = text[:2048].decode("latin-1")
        if any(mark in shown for mark in _MARKS):
            return "html"
    for suffix, beginning in _BEGINNINGS.items():
        if lower.endswith(suffix) and len(head) >= len(beginning) and not head.startswith(beginning):
            return "content"
    return ""


def _chain(error: BaseException) -> Iterator[BaseException]:
    """An exception and what it wraps: causes, contexts, reasons, arguments."""
    queue: list[BaseException] = [error]
    seen: set[int] = set()
    while queue:
        one = queue.pop()
        if id(one) in seen:
            continue
        seen.add(id(one))
        yield one
        inner = [one.__cause__, one.__context__, getattr(one, "reason", None), *one.args]
        queue += [e for e in inner if isinstance(e, BaseException)]
