"""Publishes the story on real WordPress sites, one after the other, with the story's dates.

Needs PHP, the WordPress files (``WP_FILES``, by default where Debian puts them) and a MariaDB
that lets ``WP_DB_USER`` write to ``WP_DB_NAME`` at ``WP_DB_HOST``; see ``php/wp-config.php``.
Each site has its own tables, which are dropped at the start of a recording.
"""

from __future__ import annotations

import datetime as dt
import html
import json
import os
import re
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import requests

from examples.story import Entry, Story, Version

PHP = Path(__file__).parent / "php"
FILES = Path(os.environ.get("WP_FILES", "/usr/share/wordpress"))
PORT = int(os.environ.get("SAMPLE_WP_PORT", "8191"))


class Site:
    """One WordPress site."""

    def __init__(self, story: Story, root: Path) -> None:
        """Prepare a site.

        Args:
            story: of the account.
            root: a copy of WordPress, from ``unpack``.
        """
        self.story = story
        self.root = root
        self.local = f"http://127.0.0.1:{PORT}"
        self._environment = {
            **os.environ,
            "SAMPLE_SITE": re.sub(r"\W", "_", story.account),
            "SAMPLE_HOME": self.local,
            "SAMPLE_ROOT": str(root),
        }

    def apply(self, moment: dt.datetime, *, reset: bool = False) -> dict[str, str]:
        """Bring the site to where the story is at a moment; returns WordPress's ids by key."""
        profile = self.story.profile.as_of(moment) or self.story.profile.versions[0]
        wanted = {
            "site": {"title": profile.name, "tagline": profile.text},
            "reset": reset,
            "comments": any(entry.kind == "comment" for entry in self.story.entries),
            "items": [
                self._item(entry, moment)
                for entry in sorted(self.story.entries, key=lambda one: one.at)
                if entry.at < moment
            ],
        }
        done = subprocess.run(
            ["php", "-d", "memory_limit=256M", str(PHP / "apply.php")],  # noqa: S607
            input=json.dumps(wanted),
            env=self._environment,
            capture_output=True,
            text=True,
            check=True,
        )
        return {key: str(number) for key, number in json.loads(done.stdout).items()}

    @contextmanager
    def serving(self) -> Iterator[str]:
        """Serve the site while the block runs; yields its local address."""
        command = ["php", "-S", f"127.0.0.1:{PORT}", "-t", str(self.root), str(PHP / "router.php")]
        with subprocess.Popen(  # noqa: S603
            command, env=self._environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        ) as server:
            try:
                _wait(f"{self.local}/wp-json/")
                yield self.local
            finally:
                server.terminate()

    def _item(self, entry: Entry, moment: dt.datetime) -> dict[str, Any]:
        version = entry.as_of(moment)
        shown = version or entry.versions[0]
        return {
            "key": entry.key,
            "kind": entry.kind,
            "to": entry.to,
            "by": entry.by,
            "at": _stamp(entry.at),
            "changed": _stamp(shown.at),
            "title": shown.title or "",
            "html": self._html(entry, shown) if entry.kind == "post" else shown.text,
            "deleted": version is None,
        }

    def _html(self, entry: Entry, version: Version) -> str:
        month = entry.at.strftime("%Y/%m")
        figures = [
            f'<figure class="wp-block-image"><img src="{self.local}/wp-content/uploads/{month}/'
            f'{entry.key}-{number}.jpg" alt="{html.escape(alt)}"/></figure>'
            for number, alt in enumerate(version.images, start=1)
        ]
        paragraphs = [f"<p>{_linked(part)}</p>" for part in version.text.split("\n\n")]
        return "\n".join([*figures, *paragraphs])


def unpack(folder: Path) -> Path:
    """Copy WordPress into a folder, with the sample's settings; returns its root."""
    root = folder / "wordpress"
    if not root.exists():
        shutil.copytree(
            FILES, root, ignore=shutil.ignore_patterns("wp-config.php", ".htaccess", "languages")
        )
    shutil.copy(PHP / "wp-config.php", root / "wp-config.php")
    return root


def _linked(text: str) -> str:
    return re.sub(
        r"https://[\w./-]*[\w/]",
        lambda match: f'<a href="{match[0]}">{match[0]}</a>',
        html.escape(text, quote=False),
    )


def _stamp(moment: dt.datetime) -> str:
    return moment.strftime("%Y-%m-%d %H:%M:%S")


def _wait(url: str) -> None:
    for _ in range(60):
        try:
            requests.get(url, timeout=10).raise_for_status()
        except requests.ConnectionError:
            time.sleep(0.25)
        else:
            return
    raise TimeoutError(f"{url} does not answer")
