"""Publishes the story on a real AT Protocol network (PDS and AppView), with the story's dates.

Accounts of the sample and of the public are made on first use; handles end in ``.test``, which
belongs to nobody. A post's record key is made from its own time, as a client would have made it.
"""

from __future__ import annotations

import datetime as dt
import re
import struct
import time
import zlib
from collections.abc import Mapping
from typing import Any

import requests

from examples.story import Entry, Story, Version

POST = "app.bsky.feed.post"
PROFILE = "app.bsky.actor.profile"
BASE32 = "234567abcdefghijklmnopqrstuvwxyz"
FACETS = re.compile(r"(?P<link>https://[\w./-]*[\w/])|(?<!\w)#(?P<tag>[^\W\d]\w*)")

Reference = dict[str, str]


class Network:
    """A network on which several accounts post and answer each other."""

    def __init__(self, pds: str, appview: str) -> None:
        """Use the network behind two addresses."""
        self._pds, self._appview = pds, appview
        self._sessions: dict[str, dict[str, Any]] = {}
        self._records: dict[tuple[str, str], tuple[str, Reference]] = {}
        self._profiles: dict[str, Version] = {}
        self._clock = 0

    def apply(self, handle: str, story: Story, moment: dt.datetime) -> dict[str, str]:
        """Bring an account to where its story is at a moment; returns addresses by key."""
        self._profile(handle, story, moment)
        for entry in sorted(story.entries, key=lambda one: one.at):
            key = (story.account, entry.key)
            version = entry.as_of(moment)
            if version is not None and key not in self._records:
                self._records[key] = self._post(handle, story, entry, version)
            elif version is None and key in self._records and self._records[key][1].get("cid"):
                self._delete(key)
        if not story.readable(moment):
            self._call("com.atproto.server.deactivateAccount", {}, self._session(handle))
        return {
            key: reference["uri"]
            for (account, key), (_, reference) in self._records.items()
            if account == story.account
        }

    def settle(self, handle: str, story: Story, moment: dt.datetime) -> None:
        """Wait until the AppView shows what was posted, and no longer what was deleted.

        Raises:
            TimeoutError: it does not catch up.
        """
        wanted = {
            self._records[story.account, entry.key][1]["uri"]
            for entry in story.entries
            if story.readable(moment) and entry.as_of(moment) is not None
        }
        every = [
            reference["uri"]
            for (account, _), (_, reference) in self._records.items()
            if account == story.account
        ]
        for _ in range(120):
            shown = self._shown(every) if story.readable(moment) else set()
            if shown == wanted and self._visible(handle) == story.readable(moment):
                return
            time.sleep(0.5)
        raise TimeoutError(f"{handle}: the AppView does not catch up")

    def _shown(self, addresses: list[str]) -> set[str]:
        found: set[str] = set()
        for start in range(0, len(addresses), 25):
            answer = requests.get(
                f"{self._appview}/xrpc/app.bsky.feed.getPosts",
                params={"uris": addresses[start : start + 25]},
                timeout=30,
            )
            answer.raise_for_status()
            found |= {post["uri"] for post in answer.json()["posts"]}
        return found

    def _visible(self, handle: str) -> bool:
        answer = requests.get(
            f"{self._appview}/xrpc/app.bsky.actor.getProfile", params={"actor": handle}, timeout=30
        )
        profile = self._profiles.get(handle)
        return answer.ok and (
            profile is None or answer.json().get("description", "") == profile.text
        )

    def _profile(self, handle: str, story: Story, moment: dt.datetime) -> None:
        version = story.profile.as_of(moment)
        if version is None or self._profiles.get(handle) == version:
            return
        record = {"$type": PROFILE, "displayName": version.name, "description": version.text}
        session = self._session(handle)
        body = {"repo": session["did"], "collection": PROFILE, "rkey": "self", "record": record}
        self._call("com.atproto.repo.putRecord", body, session)
        self._profiles[handle] = version

    def _post(
        self, handle: str, story: Story, entry: Entry, version: Version
    ) -> tuple[str, Reference]:
        author = _handle(entry.by) if entry.by else handle
        session = self._session(author)
        record: dict[str, Any] = {
            "$type": POST,
            "text": version.text,
            "langs": ["en"],
            "createdAt": f"{entry.at:%Y-%m-%dT%H:%M:%S}.000Z",
        }
        facets = _facets(version.text)
        if facets:
            record["facets"] = facets
        if version.images:
            record["embed"] = {
                "$type": "app.bsky.embed.images",
                "images": [self._image(alt, session) for alt in version.images],
            }
        if entry.to is not None:
            record["reply"] = {
                "root": self._records[story.account, _root(story, entry).key][1],
                "parent": self._records[story.account, entry.to][1],
            }
        body = {"repo": session["did"], "collection": POST, "record": record}
        body["rkey"] = self._key(entry.at)
        made = self._call("com.atproto.repo.createRecord", body, session)
        return author, {"uri": made["uri"], "cid": made["cid"]}

    def _delete(self, key: tuple[str, str]) -> None:
        author, reference = self._records[key]
        session = self._session(author)
        record_key = reference["uri"].rpartition("/")[2]
        body = {"repo": session["did"], "collection": POST, "rkey": record_key}
        self._call("com.atproto.repo.deleteRecord", body, session)
        self._records[key] = (author, {"uri": reference["uri"]})

    def _image(self, alt: str, session: Mapping[str, Any]) -> dict[str, Any]:
        answer = requests.post(
            f"{self._pds}/xrpc/com.atproto.repo.uploadBlob",
            data=_png(16, 9, zlib.crc32(alt.encode())),
            headers={
                "Authorization": f"Bearer {session['accessJwt']}",
                "Content-Type": "image/png",
            },
            timeout=30,
        )
        answer.raise_for_status()
        ratio = {"width": 16, "height": 9}
        return {"image": answer.json()["blob"], "alt": alt, "aspectRatio": ratio}

    def _session(self, handle: str) -> dict[str, Any]:
        """Log in; an account left over from an earlier recording is emptied first."""
        if handle in self._sessions:
            return self._sessions[handle]
        name = handle.partition(".")[0]
        known = {"handle": handle, "password": f"pass-{name}"}
        try:
            body = {**known, "email": f"{name}@mail.example"}
            session = self._call("com.atproto.server.createAccount", body)
        except RuntimeError:
            login = {"identifier": handle, "password": known["password"]}
            session = self._call("com.atproto.server.createSession", login)
            if session.get("active") is False:
                self._call("com.atproto.server.activateAccount", None, session)
            self._empty(session)
        self._sessions[handle] = session
        return session

    def _empty(self, session: Mapping[str, Any]) -> None:
        answer = requests.get(
            f"{self._pds}/xrpc/com.atproto.repo.listRecords",
            params={"repo": session["did"], "collection": POST, "limit": "100"},
            timeout=30,
        )
        answer.raise_for_status()
        for record in answer.json()["records"]:
            key = record["uri"].rpartition("/")[2]
            body = {"repo": session["did"], "collection": POST, "rkey": key}
            self._call("com.atproto.repo.deleteRecord", body, session)
        for _ in range(120):
            feed = requests.get(
                f"{self._appview}/xrpc/app.bsky.feed.getAuthorFeed",
                params={"actor": session["did"]},
                timeout=30,
            )
            if feed.ok and not feed.json()["feed"]:
                return
            time.sleep(0.5)
        raise TimeoutError("an account left from an earlier recording does not become empty")

    def _call(
        self,
        method: str,
        body: Mapping[str, Any] | None,
        session: Mapping[str, Any] | None = None,
    ) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {session['accessJwt']}"} if session else {}
        answer = requests.post(f"{self._pds}/xrpc/{method}", json=body, headers=headers, timeout=30)
        if not answer.ok:
            raise RuntimeError(f"{method}: {answer.status_code} {answer.text[:300]}")
        return dict(answer.json()) if answer.content else {}

    def _key(self, moment: dt.datetime) -> str:
        """Return a record key of the kind TID: microseconds, then a counter of ten bits.

        Source: https://atproto.com/specs/tid
        """
        self._clock += 1
        number = (int(moment.timestamp() * 1_000_000) << 10) | (self._clock & 1023)
        return "".join(BASE32[(number >> shift) & 31] for shift in range(60, -1, -5))


def _handle(name: str) -> str:
    return re.sub(r"\W", "", name).lower() + ".test"


def _root(story: Story, entry: Entry) -> Entry:
    while entry.to is not None:
        entry = story.entry(entry.to)
    return entry


def _facets(text: str) -> list[dict[str, Any]]:
    """Mark links and tags; positions count bytes of UTF-8."""
    facets = []
    for match in FACETS.finditer(text):
        start, end = (len(text[:place].encode()) for place in match.span())
        feature = (
            {"$type": "app.bsky.richtext.facet#link", "uri": match["link"]}
            if match["link"]
            else {"$type": "app.bsky.richtext.facet#tag", "tag": match["tag"]}
        )
        facets.append({"index": {"byteStart": start, "byteEnd": end}, "features": [feature]})
    return facets


def _png(width: int, height: int, color: int) -> bytes:
    """Return a picture of one color; what it shows, the story only tells."""
    row = b"\0" + (color & 0xFFFFFF).to_bytes(3, "big") * width
    parts = [
        (b"IHDR", struct.pack(">2I5B", width, height, 8, 2, 0, 0, 0)),
        (b"IDAT", zlib.compress(row * height)),
        (b"IEND", b""),
    ]
    chunks = [
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in parts
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)
