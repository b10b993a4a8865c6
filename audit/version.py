"""The version of the code that judges: what it says about an item may change with it."""

from __future__ import annotations

import functools
import hashlib
from pathlib import Path

HERE = Path(__file__).parent
JUDGING = ("checks", "language", "engine.py", "results.py", "threads.py", "data/models")
"""What takes part in judging, besides the policy pack, which has a version of its own."""


@functools.cache
def code_version() -> str:
    """Return a hash over the judging code, as 12 hexadecimal digits."""
    digest = hashlib.sha256()
    for name in JUDGING:
        root = HERE / name
        files = [root] if root.is_file() else sorted(root.rglob("*"))
        for file in files:
            if file.is_file() and file.suffix != ".pyc":
                digest.update(str(file.relative_to(HERE)).encode())
                digest.update(file.read_bytes())
    return digest.hexdigest()[:12]
