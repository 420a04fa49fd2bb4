# Copyright (c) 2026, Brickwork contributors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Put the collections of requirements.yml, or of the named files, under TARGET/ansible_collections.

They are taken out of the PyPI package C(ansible), which holds them all and can be mirrored like any Python package;
where that can't be had, ansible-galaxy is asked. The package is kept in the user's cache folder.

usage: tools/fetch_collections.py TARGET [FILE...]
"""

import os
import pathlib
import shutil
import subprocess
import sys
import zipfile

import yaml

#: The last release for Python 3.11.
ANSIBLE = "12.3.0"
ROOT = pathlib.Path(__file__).resolve().parent.parent
CACHE = pathlib.Path(os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache") / "brickwork" / "wheels"


def wanted(files):
    """Return the names of the collections in these files."""
    requirements = [yaml.safe_load((ROOT / name).read_text()) for name in files]
    return [collection["name"] for required in requirements for collection in required["collections"]]


def cached_wheel():
    """Return the path of the ansible package, downloaded when the cache does not hold it whole."""
    wheel = CACHE / f"ansible-{ANSIBLE}-py3-none-any.whl"
    if not zipfile.is_zipfile(wheel):
        CACHE.mkdir(parents=True, exist_ok=True)
        pip = [sys.executable, "-m", "pip", "download", "-qq", "--disable-pip-version-check", "--no-deps"]
        subprocess.run([*pip, "--dest", str(CACHE), f"ansible=={ANSIBLE}"], check=True)
    return wheel


def extract(wheel, names, target):
    """Unpack the named collections, without their tests, into the target folder."""
    folders = tuple(f"ansible_collections/{name.replace('.', '/')}/" for name in names)
    with zipfile.ZipFile(wheel) as archive:
        members = [name for name in archive.namelist() if name.startswith(folders) and "/tests/" not in name]
        missing = [folder for folder in folders if not any(name.startswith(folder) for name in members)]
        if missing:
            raise KeyError(f"ansible {ANSIBLE} does not hold {', '.join(missing)}")
        archive.extractall(target, members)


def install_from_galaxy(target, files):
    """Let ansible-galaxy install what these files name."""
    galaxy = shutil.which("ansible-galaxy", path=str(pathlib.Path(sys.executable).parent))
    for name in files:
        subprocess.run([galaxy, "collection", "install", "-r", str(ROOT / name), "-p", str(target)], check=True)


def main():
    target = pathlib.Path(sys.argv[1])
    files = sys.argv[2:] or ["requirements.yml"]
    names = wanted(files)
    if all((target / "ansible_collections" / name.replace(".", "/") / "MANIFEST.json").exists() for name in names):
        return
    try:
        extract(cached_wheel(), names, target)
    except (subprocess.CalledProcessError, KeyError, OSError) as error:
        print(f"fetch_collections: {error}; asking Galaxy instead", file=sys.stderr)
        install_from_galaxy(target, files)


if __name__ == "__main__":
    main()
