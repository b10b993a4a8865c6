"""A real WordPress site, written to as its staff and its readers do: through its own pages."""

from __future__ import annotations

import os
import secrets
import time
from dataclasses import dataclass, field
from typing import Any

import requests
from requests.adapters import HTTPAdapter

from tests.live.at_network import PIXEL


class _FromElsewhere(HTTPAdapter):
    """Calls from another address of this machine: each may comment once in 15 seconds."""

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        source = f"127.0.{secrets.randbelow(254)}.{2 + secrets.randbelow(250)}"
        super().init_poolmanager(*args, source_address=(source, 0), **kwargs)


@dataclass
class Writer:
    """Somebody who is logged in; without name, a reader who is not."""

    site: str
    name: str = ""
    password: str = ""
    session: requests.Session = field(default_factory=requests.Session)

    def __post_init__(self) -> None:
        if not self.name:
            if self.site.startswith("http://127.0.0.1:"):
                self.session.mount("http://", _FromElsewhere())
            return
        page = f"{self.site}/wp-login.php"
        self.session.get(page, timeout=30)
        form = {"log": self.name, "pwd": self.password, "testcookie": "1"}
        self.session.post(page, data=form, allow_redirects=False, timeout=30)
        nonce = self.session.get(
            f"{self.site}/wp-admin/admin-ajax.php", params={"action": "rest-nonce"}, timeout=30
        )
        assert nonce.text.isalnum(), f"{self.name} cannot log in at {self.site}"
        self.session.headers["X-WP-Nonce"] = nonce.text

    def call(self, method: str, route: str, **data: Any) -> dict[str, Any]:
        """Call the REST API with JSON."""
        answer = self.session.request(
            method, f"{self.site}/wp-json/wp/v2/{route}", json=data or None, timeout=30
        )
        assert answer.status_code in (200, 201), f"{method} {route}: {answer.text[:300]}"
        found: dict[str, Any] = answer.json()
        return found

    def post(self, title: str, html: str, **more: Any) -> str:
        """Publish a post; returns its id."""
        fields = {"title": title, "content": html, "status": "publish", **more}
        return str(self.call("POST", "posts", **fields)["id"])

    def picture(self, alt: str) -> int:
        """Upload a picture with its alternative text."""
        answer = self.session.post(
            f"{self.site}/wp-json/wp/v2/media",
            data=PIXEL,
            headers={
                "Content-Type": "image/png",
                "Content-Disposition": 'attachment; filename="pixel.png"',
            },
            timeout=30,
        )
        assert answer.status_code == 201, answer.text
        number: int = answer.json()["id"]
        self.call("POST", f"media/{number}", alt_text=alt)
        return number

    def answer(self, post: str, text: str, parent: str = "") -> str:
        """Comment with one's login; returns the number of the comment."""
        made = self.call("POST", "comments", post=int(post), content=text, parent=int(parent or 0))
        return str(made["id"])

    def comment(self, post: str, text: str, name: str) -> str:
        """Comment as a reader without login, through the form; returns the number."""
        form = {
            "comment_post_ID": post,
            "comment": text,
            "author": name,
            "email": f"{secrets.token_hex(4)}@mail.example",
        }
        for _ in range(20):
            answer = self.session.post(
                f"{self.site}/wp-comments-post.php", data=form, allow_redirects=False, timeout=30
            )
            if answer.status_code != 429:  # one comment in 15 seconds from one address
                break
            time.sleep(1)
        assert answer.status_code == 302, answer.text
        return answer.headers["Location"].rpartition("#comment-")[2]


def staff(site: str) -> Writer:
    """Log in as the site's administrator."""
    return Writer(
        site,
        os.environ.get("AUDIT_TEST_WORDPRESS_USER", "admin"),
        os.environ.get("AUDIT_TEST_WORDPRESS_PASSWORD", "adminpass"),
    )


def subscriber(editor: Writer) -> Writer:
    """Make a reader with a login, and log in."""
    name, password = f"reader{secrets.token_hex(4)}", secrets.token_urlsafe(12)
    editor.call(
        "POST",
        "users",
        username=name,
        password=password,
        email=f"{name}@mail.example",
        roles=["subscriber"],
    )
    return Writer(editor.site, name, password)
