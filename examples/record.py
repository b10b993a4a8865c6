"""Records the sample: publishes the story on real servers, night by night, and reads it back.

The reading is the product's own (``audit.jobs.fetch``), so what is recorded is exactly what a
night asks for. ``README.md`` says which servers are needed and how to start them. Run

    python -m examples.record

which replaces ``bayline/recordings`` and takes about two minutes.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

from audit import registry
from audit.client import Client, Params
from audit.errors import ConfigError
from audit.installation import Installation, open_installation
from audit.jobs.fetch import fetch_account
from audit.jobs.plan import plan
from audit.model.account import Account
from audit.recorder import Recorder
from audit.response import Response
from audit.settings import Settings
from audit.store import accounts
from audit.store.runs import Run
from examples.servers.bluesky import Network
from examples.servers.wordpress import PORT, Site, unpack
from examples.story import BAYLINE, Sample, load

RECORDINGS = BAYLINE / "recordings"
PUBLIC_APPVIEW = "https://public.api.bsky.app"
KEPT = {"content-type", "etag", "last-modified", "link", "x-wp-total", "x-wp-totalpages"}
CONDITIONS = {"if-none-match", "if-modified-since"}


class Unconditional(Client):
    """Asks without conditions, so that each night's recordings stand on their own."""

    def get(
        self, url: str, params: Params | None = None, headers: Mapping[str, str] | None = None
    ) -> Response:
        """Ask; see ``Client.get``."""
        kept = {
            name: text for name, text in (headers or {}).items() if name.lower() not in CONDITIONS
        }
        return super().get(url, params, kept)


class Slim(Recorder):
    """Leaves out headers that nobody reads, some of which change from one recording to the next."""

    def write(
        self,
        method: str,
        url: str,
        status: int,
        headers: Mapping[str, str],
        body: bytes,
        query: bytes = b"",
    ) -> Path:
        """Keep one answer; see ``Recorder.write``."""
        kept = {name: text for name, text in headers.items() if name.lower() in KEPT}
        return super().write(method, url, status, kept, body, query)


class Studio:
    """The servers, and the accounts as they are reached on them."""

    def __init__(self, sample: Sample, registered: tuple[Account, ...], folder: Path) -> None:
        """Prepare the sites below ``folder``.

        Raises:
            ConfigError: the environment does not name the Bluesky servers.
        """
        self.sample = sample
        try:
            pds = os.environ["AUDIT_TEST_BLUESKY_PDS"]
            self.appview = os.environ["AUDIT_TEST_BLUESKY_APPVIEW"]
        except KeyError as error:
            raise ConfigError(f"environment: {error.args[0]} is not set; see README.md") from None
        self._network = Network(pds, self.appview)
        root = unpack(folder)
        self._sites = {
            one.account_id: Site(sample.stories[one.account_id], root)
            for one in registered
            if one.platform in ("wordpress", "feed")
        }
        self._fresh = set(self._sites)

    def local(self, account: Account) -> Account:
        """Return an account with the address at which it is reached here."""
        if account.platform == "bluesky":
            return replace(account, url=self.appview)
        if account.account_id in self._sites:
            # All sites have one address: each is served only while it is read.
            path = urlsplit(account.url or "").path
            return replace(account, url=f"{self._sites[account.account_id].local}{path}")
        return account

    def origins(self, account: Account) -> dict[str, str]:
        """Return what the recordings call the servers."""
        if account.platform == "bluesky":
            return {self.appview: PUBLIC_APPVIEW}
        parts = urlsplit(account.url or "")
        public = f"{parts.scheme}://{parts.netloc}"
        local = self._sites[account.account_id].local
        # WordPress leaves the port out of the feed's own address, PHP tells the host alone.
        return {
            local: public,
            local.rpartition(":")[0]: public,
            urlsplit(local).netloc: parts.netloc,
        }

    @contextmanager
    def on_air(self, account: Account, run: Run) -> Iterator[None]:
        """Bring an account to a night's state and serve it while the block runs."""
        story = self.sample.stories[account.account_id]
        if account.platform == "bluesky":
            self._network.apply(account.handle, story, run.as_of)
            self._network.settle(account.handle, story, run.as_of)
            yield
            return
        site = self._sites[account.account_id]
        site.apply(run.as_of, reset=account.account_id in self._fresh)
        self._fresh.discard(account.account_id)
        with site.serving():
            yield


def record(target: Path = RECORDINGS) -> None:
    """Make all recordings anew.

    Raises:
        ConfigError: the environment or a file of the sample is wrong.
    """
    sample = load()
    registered = registry.read(BAYLINE / "registry.csv")
    with tempfile.TemporaryDirectory() as scratch:
        studio = Studio(sample, registered, Path(scratch))
        settings = Settings(
            home=Path(scratch) / "home",
            policy=str(BAYLINE / "pack"),
            allow_hosts=(f"127.0.0.1:{PORT}", urlsplit(studio.appview).netloc),
        )
        shutil.rmtree(target, ignore_errors=True)
        with open_installation(settings) as installation:
            local = [studio.local(one) for one in registered]
            with installation.store.write() as session:
                accounts.replace_all(session, local, sample.nights[0])
            for moment in sample.nights:
                run = plan(installation, moment).run
                for account in registered:
                    if account.platform != "archive":
                        _record_one(installation, studio, account, run, target / run.night)
                print(f"{run.night}: recorded")


def _record_one(
    installation: Installation, studio: Studio, account: Account, run: Run, folder: Path
) -> None:
    recorder = Slim(folder, studio.origins(account))
    with (
        studio.on_air(account, run),
        Unconditional(installation.settings, recorder=recorder, pause_s=0.0) as client,
    ):
        fetched = fetch_account(installation, run, account.account_id, client)
    readable = studio.sample.stories[account.account_id].readable(run.as_of)
    gaps = [one.gap.reason for one in fetched if one.gap and one.gap.kind.value != "unsupported"]
    if bool(gaps) is readable:
        raise ConfigError(f"{run.night}, {account.account_id}: recorded with gaps {gaps}")


if __name__ == "__main__":
    record()
