"""The files of the checkout, as tests of the whole project see them."""

from __future__ import annotations

import functools
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@functools.cache
def files(*suffixes: str) -> tuple[Path, ...]:
    """Return tracked files, and those that only wait to be added; all without ``suffixes``."""
    git = shutil.which("git")
    if git is None or not (ROOT / ".git").exists():
        reason = "not a git checkout: which files belong to the project is not known"
        pytest.skip(reason, allow_module_level=True)
    command = [git, "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    paths = (ROOT / name for name in sorted(set(listed.split("\0"))) if name)
    return tuple(
        path for path in paths if path.is_file() and (not suffixes or path.suffix in suffixes)
    )


def name(path: Path) -> str:
    """Return a path as messages show it."""
    return path.relative_to(ROOT).as_posix()
