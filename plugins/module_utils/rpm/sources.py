# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the files of a folder are: on this node, brought from the controller, or on a web server. PRIVATE.

Each source has C(files()), the FolderFiles, C(names()), and C(missing()), the names of those that somebody else has to
bring first. C(lacking()) names those that are not on this node yet, and brings none.
"""

import calendar
import email.utils
import hashlib
import os
import re
import shutil
import urllib.error
import urllib.parse
import urllib.request
from http.client import HTTPResponse
from typing import Any, Dict, List, NamedTuple, Optional, Sequence, Tuple, Union

from ansible_collections.brickwork.gluster.plugins.module_utils.errors import CommandError, InputError, PlanError
from ansible_collections.brickwork.gluster.plugins.module_utils.grammar import one_line, rpm_file
from ansible_collections.brickwork.gluster.plugins.module_utils.rpm.records import FolderFile
from ansible_collections.brickwork.gluster.plugins.module_utils.sizes import MIB, format_size

#: Where files that come from elsewhere stay, so that the next run need not bring them again.
STAGING = "/var/cache/brickwork/rpms"
#: Left free beside the files.
_RESERVE = 16 * MIB
_LINK = re.compile(r"""href\s*=\s*["']([^"'?#]+\.rpm)["']""", re.IGNORECASE)
_URL = re.compile(r"https?://")


def is_url(path: str) -> bool:
    """Whether a folder is on a web server."""
    return bool(_URL.match(path))


def sha256_of(path: str) -> str:
    """Return the sha256 of a file's content, in hexadecimal."""
    digest = hashlib.sha256()
    with open(path, "rb") as stream:
        for block in iter(lambda: stream.read(MIB), b""):
            digest.update(block)
    return digest.hexdigest()


def rpm_names(folder: str, where: str = "") -> List[str]:
    """Return the names of a folder's packages; raises InputError where there is none. where: on which machine."""
    if not os.path.isdir(folder):
        raise InputError("path: found no folder %s%s; write the folder that holds the RPMs" % (folder, where))
    names = sorted(one_line("path", name) for name in os.listdir(folder) if name.endswith(".rpm"))
    if not names:
        raise InputError("path: found no file *.rpm in %s%s; put the RPMs there" % (folder, where))
    return names


class NodeFolder:
    """A folder on this node. Its files are used where they are."""

    def __init__(self, folder: str) -> None:
        self._folder = folder

    def missing(self) -> List[str]:
        """Nothing: all is here."""
        return []

    lacking = missing

    def names(self) -> List[str]:
        """Return the names of the files."""
        return rpm_names(self._folder)

    def files(self) -> Tuple[FolderFile, ...]:
        """Return the FolderFiles."""
        paths = [(name, os.path.join(self._folder, name)) for name in self.names()]
        return tuple(FolderFile(name, path, path, os.path.getsize(path)) for name, path in paths)


class BroughtFolder:
    """A folder of the controller. listed: name, sha256 and size of its files, and path of those just brought."""

    def __init__(self, listed: Sequence[Dict[str, Any]], staging: str = STAGING) -> None:
        self._listed = listed
        self._staging = staging
        self._kept = {each["name"] for each in listed if self._is_kept(each)}

    def _place(self, each: Dict[str, Any]) -> str:
        return os.path.join(self._staging, each["name"])

    def _is_kept(self, each: Dict[str, Any]) -> bool:
        place = self._place(each)
        return os.path.isfile(place) and sha256_of(place) == each["sha256"]

    def missing(self) -> List[str]:
        """Return the names of the files that must be brought; raises PlanError where there is no space for them."""
        lacking = [each for each in self._listed if each["name"] not in self._kept and not each.get("path")]
        refuse_full(self._staging, sum(each["size"] for each in lacking))
        return [each["name"] for each in lacking]

    lacking = missing

    def names(self) -> List[str]:
        """Return the names of the files."""
        return [each["name"] for each in self._listed]

    def files(self) -> Tuple[FolderFile, ...]:
        """Return the FolderFiles: those that were just brought are still where they were brought to."""
        return tuple(
            FolderFile(each["name"], self._path(each), self._place(each), each["size"]) for each in self._listed
        )

    def _path(self, each: Dict[str, Any]) -> str:
        # What was brought is gone from there once it is in its place.
        brought = each.get("path")
        return brought if brought and os.path.exists(brought) else self._place(each)


class Remote(NamedTuple):
    """A file on a web server, as its headers say; None for what they do not say. changed is in seconds since 1970."""

    size: Optional[int]
    changed: Optional[int]


class WebClient:
    """What is asked of a web server. Proxies are those of the environment."""

    def __init__(self, timeout: int) -> None:
        self._timeout = timeout
        self._opener = urllib.request.build_opener()

    def _open(self, url: str, method: str = "GET") -> HTTPResponse:
        try:
            return self._opener.open(urllib.request.Request(url, method=method), timeout=self._timeout)
        except (urllib.error.URLError, OSError, ValueError) as error:
            raise CommandError("path: %s: %s" % (url, getattr(error, "reason", error) or error))

    def text(self, url: str) -> str:
        """Return a page."""
        with self._open(url) as answer:
            return answer.read(4 * MIB).decode("utf-8", "replace")

    def look(self, url: str) -> Remote:
        """Return the Remote."""
        with self._open(url, "HEAD") as answer:
            size, changed = answer.headers.get("Content-Length"), answer.headers.get("Last-Modified")
        parsed = email.utils.parsedate(changed) if changed else None
        return Remote(int(size) if size else None, calendar.timegm(parsed) if parsed else None)

    def fetch(self, url: str, path: str) -> None:
        """Write a file's content to a path."""
        with self._open(url) as answer, open(path, "wb") as stream:
            shutil.copyfileobj(answer, stream)


class WebFolder:
    """A folder on a web server. names: its files, None to take them from the links of its index page.

    A file is fetched if size or time differ from those of the one that was fetched before.
    """

    def __init__(
        self, url: str, names: Optional[Sequence[str]], temporary: str, client: WebClient, staging: str = STAGING
    ) -> None:
        self._url = url.rstrip("/") + "/"
        self._names = names and [rpm_file("files", name) for name in names]
        self._temporary = temporary
        self._client = client
        # Two servers may have two files of one name.
        self._staging = os.path.join(staging, hashlib.sha256(self._url.encode()).hexdigest()[:16])

    def missing(self) -> List[str]:
        """Nothing: this node gets the files itself."""
        return []

    def lacking(self) -> List[str]:
        """Return the names of the files that are not here as the server has them."""
        remotes = self._remotes()
        return [name for name, remote in remotes.items() if not self._is_kept(name, remote)]

    def names(self) -> List[str]:
        """Return the names of the files."""
        return list(self._names or self._listed())

    def _remotes(self) -> Dict[str, Remote]:
        return {name: self._client.look(self._link(name)) for name in self.names()}

    def files(self) -> Tuple[FolderFile, ...]:
        """Fetch what is not here yet to the temporary folder, and return the FolderFiles."""
        remotes = self._remotes()
        names = list(remotes)
        due = [name for name in names if not self._is_kept(name, remotes[name])]
        refuse_full(self._temporary, sum(remotes[name].size or 0 for name in due))
        for name in due:
            self._fetch(name, remotes[name])
        paths = {name: self._path(name) for name in names}
        return tuple(FolderFile(name, paths[name], self._place(name), os.path.getsize(paths[name])) for name in names)

    def _link(self, name: str) -> str:
        return self._url + urllib.parse.quote(name)

    def _place(self, name: str) -> str:
        return os.path.join(self._staging, name)

    def _listed(self) -> List[str]:
        """Return the names that the index page links to; raises InputError where it links to none."""
        links = {urllib.parse.urljoin(self._url, link) for link in _LINK.findall(self._client.text(self._url))}
        names = [urllib.parse.unquote(link[len(self._url) :]) for link in links if link.startswith(self._url)]
        names = sorted(one_line("path: link of %s" % self._url, name) for name in names if "/" not in name)
        if not names:
            raise InputError(
                "path: found no link to a file *.rpm on the page %s; if the server shows no index, name the files in "
                "files" % self._url
            )
        return names

    def _is_kept(self, name: str, remote: Remote) -> bool:
        path = self._path(name)
        if not os.path.isfile(path) or remote.changed is None:
            return False
        status = os.stat(path)
        return int(status.st_mtime) == remote.changed and remote.size in (None, status.st_size)

    def _path(self, name: str) -> str:
        fetched = os.path.join(self._temporary, name)
        return fetched if os.path.exists(fetched) else self._place(name)

    def _fetch(self, name: str, remote: Remote) -> None:
        path = os.path.join(self._temporary, name)
        self._client.fetch(self._link(name), path)
        if remote.changed is not None:
            os.utime(path, (remote.changed, remote.changed))


Source = Union[NodeFolder, BroughtFolder, WebFolder]


def refuse_full(folder: str, size: int) -> None:
    """Raise PlanError if there is no space for size bytes where a folder is or will be."""
    place = folder
    while not os.path.isdir(place):
        place = os.path.dirname(place)
    status = os.statvfs(place)
    free = status.f_bavail * status.f_frsize
    if size and size + _RESERVE > free:
        raise PlanError(
            "path: its files need %s in %s, and %s are free there; free space there"
            % (format_size(size + _RESERVE), folder, format_size(free))
        )
