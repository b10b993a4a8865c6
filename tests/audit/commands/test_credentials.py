"""Commands about credentials: clear about mistakes, silent about secrets."""

from __future__ import annotations

import datetime as dt
import json
import logging
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import parse_qs, urlsplit

import pytest
from typer.testing import Result

from audit import client as client_module
from audit.client import Client
from audit.commands import credentials as commands
from audit.jobs import credentials as jobs
from audit.jobs.authorising import REDIRECT
from audit.platforms.access import s256
from audit.recorder import Recorder
from audit.settings import Settings
from audit.store import credentials
from audit.store.credentials import Standing, State
from audit.store.database import open_store
from tests.audit.jobs.renewing import CLIENTS, PAIR
from tests.audit.test_cli import call as typed
from tests.oauth import X_TOKENS, Authority, as_json, asked, route_to, x_of
from tests.organisation import Organisation
from tests.serving import Server, serving

FACEBOOK = '{"facebook": {"id": "app-2", "secret": "hush-canary"}}'
ACCOUNTS = (
    "account_id,platform,handle,url,unit\n"
    "library,x,library,,Library\n"
    "museum,x,museum,,Museum\n"
    "page,facebook,thepage,,Library\n"
    "blog,bluesky,blog.example,,Library\n"
)


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    with serving() as running:
        route_to(running, monkeypatch)
        yield running


@pytest.fixture
def authority(server: Server) -> Authority:
    made = Authority()
    x_of(made, server)
    return made


class Desk:
    """Somebody at a command line."""

    def __init__(self, folder: Path, server: Server) -> None:
        Organisation(folder)
        self.folder, self.server = folder, server
        self.said, self.clients = "", CLIENTS
        (folder / "accounts.csv").write_text(ACCOUNTS)
        self.types("registry", "import", str(folder / "accounts.csv"))

    def types(self, *words: str, stdin: str | None = None) -> Result:
        done = typed(
            self.folder,
            *words,
            stdin=stdin,
            AUDIT_ALLOW_HOSTS=self.server.pair,
            AUDIT_OAUTH_CLIENTS=self.clients,
            AUDIT_HTTP_TIMEOUT_S="2",
        )
        self.said += done.output
        return done

    def listed(self) -> list[dict[str, object]]:
        return json.loads(self.types("credentials", "list", "--json").stdout)

    def doctor(self) -> dict[str, dict[str, object]]:
        found = json.loads(self.types("doctor", "--json").stdout)
        return {one["what"]: one for one in found if one["what"].startswith("credential")}


@pytest.fixture
def desk(tmp_path: Path, server: Server) -> Desk:
    return Desk(tmp_path, server)


def test_a_bare_token_is_stored_and_listed_without_it(desk: Desk) -> None:
    done = desk.types("credentials", "set", "x", stdin="AAAAAAAA-canary\n")
    assert done.exit_code == 0
    assert "all accounts of x" in done.stderr
    (row,) = desk.listed()
    assert (row["platform"], row["account"], row["state"]) == ("x", None, "valid")
    assert row["scopes"] is None
    assert "canary" not in desk.said
    table = desk.types("credentials", "list").stdout
    assert "not told" in table
    assert "by hand only" in table


def test_the_platforms_answer_is_read_from_a_file(desk: Desk) -> None:
    file = desk.folder / "answer.json"
    file.write_text(PAIR % 7200)
    done = desk.types("credentials", "set", "x", "--account", "library", "--file", str(file))
    assert "is renewed by itself" in done.stderr
    (row,) = desk.listed()
    assert row["account"] == "library"
    assert row["scopes"] == ["offline.access", "tweet.read", "users.read"]
    assert "canary" not in desk.said
    assert desk.types("credentials", "remove", "x", "--account", "library").exit_code == 0
    assert desk.listed() == []


@pytest.mark.parametrize(
    ("words", "stdin", "message"),
    [
        (("set", "twiter"), "token", "unknown platform"),
        (("set", "bluesky"), "token", "bluesky is read without a credential"),
        (("set", "x", "--account", "libary"), "token", "did you mean 'library'"),
        (("set", "x", "--account", "page"), "token", "one of facebook, not of x"),
        (("set", "x"), "", "nothing was given"),
        (("set", "x"), " \n", "nothing was given"),
        (("set", "x"), "two canary words", "is no token"),
        (("set", "x"), "canäry", "is no token"),
        (("set", "x"), '{"token": "canary"}', "holds no access_token"),
        (("set", "x"), '{"error": "canary"}', "is an error"),
        (("set", "x"), '{"access_token": "canary', "cannot be read"),
        (("set", "x"), '["canary"]', "not a list"),
        (("set", "x", "--file", "absent.json"), None, "absent.json: No such file"),
        (("remove", "x"), None, "no credential of x is stored"),
        (("remove", "bluesky"), None, "without a credential"),
        (("renew", "x"), None, "no credential of x is stored"),
        (("renew", "nix"), None, "unknown platform"),
        (("authorise", "bluesky"), None, "without a credential"),
        (("authorise", "youtube"), None, "AUDIT_OAUTH_CLIENTS"),
        (("authorise", "x", "--account", "nobody"), None, "not in the registry"),
    ],
)
def test_a_mistake_is_one_clear_error_and_changes_nothing(
    desk: Desk, words: tuple[str, ...], stdin: str | None, message: str
) -> None:
    done = desk.types("credentials", *words, stdin=stdin)
    assert done.exit_code == 2
    assert done.stderr.splitlines()[-1].startswith("error: ")
    assert message in done.stderr
    assert "canary" not in done.output
    assert desk.listed() == []


def test_renew_replaces_the_pair(desk: Desk, authority: Authority) -> None:
    desk.types("credentials", "set", "x", stdin=PAIR % 7200)
    done = desk.types("credentials", "renew", "x")
    assert done.exit_code == 0
    assert authority.rotations == 1
    desk.server.answers(X_TOKENS, as_json({}, 503))
    failed = desk.types("credentials", "renew", "x")
    assert failed.exit_code == 2
    assert "HTTP 503" in failed.stderr
    assert desk.listed()[0]["problem"] == "the platform answers HTTP 503"
    desk.types("credentials", "set", "x", stdin="AAAAAAAA-app")
    assert "an app's token of x cannot be renewed" in desk.types("credentials", "renew", "x").stderr


def paste(desk: Desk, monkeypatch: pytest.MonkeyPatch, answer: str, *words: str) -> Result:
    """Authorise with an answer that may need the request's state; ``{state}`` stands for it."""
    shown: list[str] = []
    echo = commands.typer.echo

    def noting(text: str, **options: bool) -> None:
        shown.append(text)
        echo(text, **options)

    monkeypatch.setattr(commands.typer, "echo", noting)

    def read(_: str) -> str:
        page = next(one for one in shown if one.startswith("https://"))
        query = parse_qs(urlsplit(page).query)
        return answer.replace("{state}", query.get("state", [""])[0])

    monkeypatch.setattr(commands, "_typed", read)
    return desk.types("credentials", "authorise", *words)


def test_a_person_lets_the_app_in(
    desk: Desk, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.answers(X_TOKENS, as_json(json.loads(PAIR % 7200)))
    answer = f"{REDIRECT}?state={{state}}&code=code-canary"
    done = paste(desk, monkeypatch, answer, "x", "--account", "library")
    assert done.exit_code == 0
    page = urlsplit(next(line for line in done.stdout.splitlines() if "authorize" in line))
    query = {name: values[0] for name, values in parse_qs(page.query).items()}
    assert f"{page.scheme}://{page.netloc}{page.path}" == "https://x.com/i/oauth2/authorize"
    assert query["scope"] == "tweet.read users.read offline.access"
    assert (query["client_id"], query["redirect_uri"]) == ("app-1", REDIRECT)
    (body,) = server.bodies
    form = {name: values[0] for name, values in parse_qs(body.decode()).items()}
    assert s256(form.pop("code_verifier")) == query["code_challenge"]
    assert form == {
        "grant_type": "authorization_code",
        "code": "code-canary",
        "redirect_uri": REDIRECT,
    }
    assert desk.listed()[0]["account"] == "library"
    assert "canary" not in desk.said


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        ("", "nothing was given"),
        (f"{REDIRECT}?state=other&code=canary", "another request"),
        (f"{REDIRECT}?state={{state}}&error=access_denied", "did not let the app in"),
        (f"{REDIRECT}?state={{state}}", "holds no code"),
        ("two canary words", "neither an address nor a code"),
        (f"{REDIRECT}?state={{state}}&code=spent-canary", "invalid_grant"),
    ],
)
def test_an_answer_of_no_use_stores_nothing(
    desk: Desk, server: Server, monkeypatch: pytest.MonkeyPatch, answer: str, message: str
) -> None:
    server.answers(X_TOKENS, as_json({"error": "invalid_grant"}, 400))
    done = paste(desk, monkeypatch, answer, "x")
    assert done.exit_code == 2
    assert message in done.stderr
    assert "canary" not in done.output
    assert desk.listed() == []


def test_a_persons_token_becomes_that_of_the_page(
    desk: Desk, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = "/graph.facebook.com/v25.0"
    server.answers(
        f"{root}/oauth/access_token",
        as_json({"access_token": "short-canary", "expires_in": 3600}),
        as_json({"access_token": "long-canary", "expires_in": 5184000}),
    )
    server.answers(f"{root}/thepage", as_json({"access_token": "page-canary", "id": "1"}))
    desk.clients = FACEBOOK
    done = paste(desk, monkeypatch, "code-canary#_", "facebook", "--account", "page")
    assert done.exit_code == 0, done.output
    assert [url.partition("?")[0] for url, _ in server.requests] == [
        f"{root}/oauth/access_token",
        f"{root}/oauth/access_token",
        f"{root}/thepage",
    ]
    assert asked(server, f"{root}/oauth/access_token")[-1]["fb_exchange_token"] == "short-canary"
    assert server.requests[-1][1]["authorization"] == "Bearer long-canary"
    (row,) = desk.listed()
    assert (row["expires_at"], row["renewable"]) == (None, False)
    assert "canary" not in desk.said


def test_the_doctor_says_what_each_account_lacks(desk: Desk, authority: Authority) -> None:
    found = desk.doctor()
    assert set(found) == {"credential library", "credential museum", "credential page"}
    assert {one["state"] for one in found.values()} == {"wrong"}
    assert (
        "account-audit credentials authorise x --account library"
        in found["credential library"]["detail"]
    )


def test_the_doctor_tries_renews_and_compares_scopes(desk: Desk, authority: Authority) -> None:
    desk.types("credentials", "set", "x", "--account", "library", stdin=PAIR % 1)
    one = desk.doctor()["credential library"]
    assert (one["state"], one["works"], one["missing_scopes"]) == ("well", True, [])
    assert authority.rotations == 1
    assert "all scopes granted" in one["detail"]
    assert one["expires_at"] > f"{dt.datetime.now(dt.UTC):%Y-%m-%dT%H:%M}"
    authority.scope = "users.read offline.access"
    desk.types("credentials", "renew", "x", "--account", "library")
    one = desk.doctor()["credential library"]
    assert (one["state"], one["missing_scopes"]) == ("wrong", ["tweet.read"])
    assert "scopes are missing: tweet.read" in one["detail"]
    assert desk.types("doctor").exit_code == 2


def test_the_doctor_says_what_a_platform_refuses(desk: Desk, authority: Authority) -> None:
    desk.types("credentials", "set", "x", stdin="AAAAAAAA-canary")
    one = desk.doctor()["credential library"]
    assert (one["state"], one["works"]) == ("wrong", False)
    assert "does not work" in one["detail"]
    assert "account-audit credentials authorise x" in one["detail"]


def test_the_doctor_asks_the_platform_about_a_token(desk: Desk, server: Server) -> None:
    root = "/graph.facebook.com/v25.0"
    soon = dt.datetime.now(dt.UTC) + dt.timedelta(days=3)
    told = {"is_valid": True, "scopes": ["pages_show_list"], "expires_at": int(soon.timestamp())}
    server.answers(f"{root}/debug_token", as_json({"data": told}))
    server.answers(f"{root}/thepage", as_json({"id": "1", "name": "Page", "username": "thepage"}))
    desk.types("credentials", "set", "facebook", stdin="EAA-canary")
    desk.clients = FACEBOOK
    one = desk.doctor()["credential page"]
    assert one["works"] is True
    assert one["missing_scopes"] == ["pages_read_engagement", "pages_read_user_content"]
    (row,) = desk.listed()
    assert row["expires_at"] == soon.replace(microsecond=0).isoformat()
    assert row["renewable"] is True
    assert "ends on" in desk.doctor()["credential facebook"]["detail"]
    assert "canary" not in desk.said


def test_the_doctor_is_of_use_without_a_network(desk: Desk) -> None:
    desk.types("credentials", "set", "x", stdin=PAIR % 7200)
    desk.server.port = 1  # nothing answers there, and the guard knows no such pair
    found = desk.doctor()
    assert {found[f"credential {one}"]["state"] for one in ("library", "museum")} == {"note"}
    assert "could not be tried" in found["credential library"]["detail"]


def test_the_doctor_knows_wrong_settings(desk: Desk) -> None:
    desk.clients = '{"tik-tok": {"id": "app"}}'
    said = desk.types("doctor")
    assert "'tik-tok', and no platform of that name" in said.stdout
    assert "did you mean 'tiktok'" in said.stdout
    said = typed(desk.folder, "doctor", AUDIT_RECORDINGS=str(desk.folder / "absent"))
    assert "AUDIT_RECORDINGS" in said.stdout
    assert "registry" in said.stdout
    assert said.exit_code == 2


def test_the_doctor_gives_up_on_a_platform_that_does_not_answer(desk: Desk) -> None:
    rows = "".join(f"x{number},x,name{number},,Unit\n" for number in range(5))
    (desk.folder / "accounts.csv").write_text(f"account_id,platform,handle,url,unit\n{rows}")
    desk.types("registry", "import", str(desk.folder / "accounts.csv"))
    desk.types("credentials", "set", "x", stdin="AAAAAAAA-canary")
    desk.server.answers("/api.x.com/2/users/by/username/name0", as_json({}, 503))
    desk.server.answers("/api.x.com/2/users/by/username/name1", as_json({}, 503))
    found = desk.doctor()
    assert {one["state"] for one in found.values()} == {"note"}
    assert [one["detail"].startswith("not tried") for one in found.values()] == [
        False, False, True, True, True,
    ]  # fmt: skip
    assert len(desk.server.requests) == 2


def test_nothing_typed_is_nothing_given(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def closed(_: str) -> str:
        raise EOFError

    monkeypatch.setattr(commands.getpass, "getpass", closed)
    monkeypatch.setattr(commands.sys, "stdin", SimpleNamespace(isatty=lambda: True))
    assert commands._typed("token: ") == ""
    monkeypatch.setattr(commands.getpass, "getpass", lambda _: "typed")
    assert commands._typed("token: ") == "typed"


def test_the_doctor_sees_a_renewal_that_never_ended(desk: Desk, authority: Authority) -> None:
    desk.types("credentials", "set", "x", "--account", "library", stdin=PAIR % 1)
    past = dt.datetime.now(dt.UTC) - dt.timedelta(hours=1)
    store = open_store(Settings(home=desk.folder / "home"))
    with store.write() as session:
        found = credentials.find(session, "x", "library")
        assert found is not None
        credentials.take(session, found.standing, "of the dead", past, past)
    store.close()
    authority.refresh_token = "rotated away by whoever died"
    found = desk.doctor()
    assert "whoever did so is gone" in found["credential x library"]["detail"]
    assert found["credential library"]["state"] == "wrong"
    assert "credentials authorise x --account library" in found["credential library"]["detail"]
    again = desk.doctor()
    assert "credential x library" not in again
    assert again["credential library"]["detail"] == found["credential library"]["detail"]
    assert desk.listed()[0]["state"] == "lost"


NOW = dt.datetime(2026, 11, 1, 10, tzinfo=dt.UTC)


def standing(**changes: object) -> Standing:
    return Standing(**{"platform": "linkedin", "account_id": "library", "saved_at": NOW, **changes})


def days(number: float) -> dt.datetime:
    return NOW + dt.timedelta(days=number)


@pytest.mark.parametrize(
    ("one", "kind"),
    [
        pytest.param(standing(), None, id="no end is known"),
        pytest.param(standing(expires_at=days(14.1)), None, id="a day before the notice"),
        pytest.param(standing(expires_at=days(14)), "ends", id="fourteen days before"),
        pytest.param(standing(expires_at=days(1)), "ends", id="the day before"),
        pytest.param(standing(expires_at=days(-1)), "ended", id="too late"),
        pytest.param(standing(renewable=True, expires_at=days(0.1)), None, id="renewed by itself"),
        pytest.param(
            standing(renewable=True, expires_at=days(0.1), renewable_until=days(13)),
            "ends",
            id="the refresh token ends",
        ),
        pytest.param(
            standing(renewable=True, expires_at=days(0.1), renewable_until=days(15)),
            None,
            id="the refresh token lasts",
        ),
        pytest.param(
            standing(renewable=True, expires_at=days(0.1), problem="HTTP 503"),
            "failing",
            id="the last renewal failed",
        ),
        pytest.param(standing(state=State.LOST), "lost", id="lost"),
        pytest.param(
            standing(state=State.RENEWING, leased_at=days(-1), lease_until=days(-0.9)),
            "renewing",
            id="somebody died at it",
        ),
        pytest.param(
            standing(state=State.RENEWING, leased_at=days(0), lease_until=days(0.1)),
            None,
            id="somebody is at it",
        ),
    ],
)
def test_operators_are_told_in_time(one: Standing, kind: str | None) -> None:
    found = jobs.ending([one], NOW)
    assert [notice.kind for notice in found] == ([] if kind is None else [kind])
    if kind in ("lost", "ended", "ends"):
        assert "account-audit credentials authorise linkedin --account library" in found[0].detail


def test_secrets_are_nowhere(
    desk: Desk,
    authority: Authority,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Planted tokens are in no byte of the database, no line of output and no recording."""
    caplog.set_level(logging.DEBUG)
    recorder = Recorder(desk.folder / "recordings")
    real = client_module.Client.__init__

    def recording(self: Client, *args: object, **kwargs: object) -> None:
        real(self, *args, **{**kwargs, "recorder": recorder})  # type: ignore[arg-type]

    monkeypatch.setattr(client_module.Client, "__init__", recording)
    desk.types("credentials", "set", "x", "--account", "library", stdin=PAIR % 1)
    desk.types("credentials", "set", "facebook", stdin="EAA-canary")
    desk.doctor()
    desk.types("doctor")
    desk.types("fetch")
    desk.types("credentials", "renew", "x", "--account", "library")
    desk.server.answers(X_TOKENS, as_json({"error": "canary", "error_description": "canary"}, 400))
    desk.types("credentials", "renew", "x", "--account", "library")
    desk.types("credentials", "list")
    assert authority.rotations == 2
    assert "canary" not in desk.said
    assert "canary" not in caplog.text
    assert "app-1" not in caplog.text
    written = [path for path in desk.folder.rglob("*") if path.is_file()]
    assert any(path.suffix == ".db" for path in written)
    assert any("recordings" in path.parts for path in written), "the account itself is recorded"
    assert [path for path in written if b"canary" in path.read_bytes()] == []
