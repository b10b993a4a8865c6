"""What only a real scheduler, executor and api-server show; about two minutes on two cores.

In one process a run has no partition key, an asset starts nothing, secrets are printed as they
are and tasks may reach Airflow's database: none of it could be tested there.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import os
import re
import shutil
import uuid
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Sink
from aiosmtpd.smtp import AuthResult
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

from audit import pack
from audit.clock import NIGHT_HOUR
from audit.installation import open_installation
from audit.jobs.plan import opened
from audit.settings import Settings
from audit.store import migrate
from audit.store.database import connect
from tests.conftest import KEY, POSTGRES
from tests.dags import organisation, real_airflow
from tests.dags.organisation import OWNERS, RELATIONS, SECRET, Site
from tests.dags.real_airflow import NotStarted, RealAirflow

pytestmark = [pytest.mark.airflow, pytest.mark.xdist_group("real-airflow")]

DAGS = Path(__file__).parents[2] / "dags"
NIGHTLY, TRENDS = "nightly_account_audit", "compliance_trends"
PASSWORD = "correct-horse-battery-staple"
TOLD = ("logged ", "printed ", "raised ")
PROBE = """
from airflow.sdk import dag, task

from audit import orchestration as glue


@dag(schedule=None, default_args=glue.default_args())
def probe():
    @task(retries=0)
    def leak():
        import logging

        with glue.installation() as here:
            secret = here.settings.smtp_password.get_secret_value()
            logging.getLogger("audit.probe").warning("logged %s", secret)
            print("printed", here.settings.key.get_secret_value())
            raise RuntimeError(f"raised {secret}")

    @task(retries=0)
    def reach():
        from airflow.models.dagrun import DagRun
        from airflow.utils.session import create_session

        with create_session() as session:
            session.query(DagRun).count()

    leak()
    reach()


probe()
"""


@dataclass
class Story:
    """What happened."""

    nights: list[str]
    airflow: RealAirflow
    settings: Settings
    started: dt.datetime
    states: dict[str, dict[str, str]] = field(default_factory=dict)
    seen: dict[str, Any] = field(default_factory=dict)


class Postman(Sink):
    """Keeps who got mail."""

    def __init__(self) -> None:
        super().__init__()
        self.taken: list[str] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        self.taken += envelope.rcpt_tos
        return "250 taken"


@contextlib.contextmanager
def mail_server(postman: Postman) -> Iterator[int]:
    """Take mail from whoever knows the password; yields the port."""
    (port,) = real_airflow.free_ports(1)

    def known(_server: Any, _session: Any, _envelope: Any, _how: str, data: Any) -> AuthResult:
        return AuthResult(success=data.password.decode() == PASSWORD)

    with warnings.catch_warnings():
        # That a password travels in the clear is no harm on this machine.
        warnings.simplefilter("ignore", UserWarning)
        controller = Controller(
            postman,
            hostname="127.0.0.1",
            port=port,
            auth_required=True,
            auth_require_tls=False,
            authenticator=known,
        )
        controller.start()
        try:
            yield port
        finally:
            controller.stop()


@contextlib.contextmanager
def databases(folder: Path) -> Iterator[tuple[str, str | None]]:
    """Yield addresses for Airflow and for the audit: new ones on PostgreSQL, else files."""
    address = os.environ.get(POSTGRES)
    if address is None:
        yield f"sqlite:///{folder / 'airflow.db'}", None
        return
    url = make_url(address).set(drivername="postgresql+psycopg2")
    server = create_engine(url, isolation_level="AUTOCOMMIT")
    names = [f"{kind}_{uuid.uuid4().hex[:12]}" for kind in ("airflow", "audit")]
    try:
        with server.connect() as connection:
            for name in names:
                connection.execute(text(f"CREATE DATABASE {name}"))
        own, audits = (url.set(database=n).render_as_string(hide_password=False) for n in names)
        yield own, audits
    finally:
        with server.connect() as connection:
            for name in names:
                connection.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
        server.dispose()


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    """Start Airflow, live through some nights for all tests of this file, and end it."""
    root = tmp_path_factory.mktemp("real")
    dags = Path(shutil.copytree(DAGS, root / "dags"))
    (dags / "probe.py").write_text(PROBE)
    now, postman = dt.datetime.now(dt.UTC), Postman()
    with contextlib.ExitStack() as stack:
        site = stack.enter_context(organisation.serve(Site(published=now - dt.timedelta(days=20))))
        port = stack.enter_context(mail_server(postman))
        own, audits = stack.enter_context(databases(root))
        environ = organisation.variables(
            root / "audit",
            organisation.write_pack(root / "pack"),
            site,
            AUDIT_SEND="true",
            AUDIT_RELEASE_BASELINE="true",
            AUDIT_SMTP_HOST="127.0.0.1",
            AUDIT_SMTP_PORT=str(port),
            AUDIT_SMTP_TLS="none",
            AUDIT_SMTP_USER="audit",
            AUDIT_SMTP_PASSWORD=PASSWORD,
            AUDIT_MAIL_FROM="Audit <audit@example.edu>",
            **({"AUDIT_DATABASE_URL": audits} if audits else {}),
        )
        if audits:
            engine = connect(Settings.from_env(environ))
            migrate.upgrade(engine)
            engine.dispose()
        registry = organisation.write_registry(root / "registry.csv", site)
        settings = organisation.register(environ, registry)
        try:
            airflow = stack.enter_context(real_airflow.start(root / "airflow", dags, own, environ))
        except NotStarted as error:
            if os.environ.get("CI") == "true":
                raise
            pytest.skip(f"Airflow does not start here: {error}")
        told = Story(organisation.nights_before(now.date(), 2), airflow, settings, now)
        live_through(told, site, postman)
        yield told


def live_through(told: Story, site: Site, postman: Postman) -> None:
    """Let happen what the tests are about."""
    airflow, settings, (calm, bad) = told.airflow, told.settings, told.nights
    told.seen["dags"] = airflow.until("the DAGs", lambda: known_dags(airflow))
    for dag_id in told.seen["dags"]:
        airflow.call("PATCH", f"dags/{dag_id}", {"is_paused": False})
    probe = airflow.trigger("probe")

    run = airflow.trigger(NIGHTLY, partition_key=calm)
    told.seen["unasked"] = [one["dag_run_id"] for one in airflow.runs(NIGHTLY)] != [run]
    told.states["calm"] = airflow.finished(NIGHTLY, run)
    told.seen["mailed"] = sorted(postman.taken)
    told.seen["follower"] = airflow.until("trends", lambda: follower(airflow, calm))
    told.seen["calm"] = organisation.of_night(settings, calm)
    again(airflow, run, "audit_shard", "send")
    told.states["cleared"] = airflow.finished(NIGHTLY, run)
    told.seen["cleared tasks"] = airflow.tasks(NIGHTLY, run)
    told.seen["cleared"] = organisation.of_night(settings, calm)

    site.refuses |= {"museum": 503, "press": 401}
    run = airflow.trigger(NIGHTLY, partition_key=bad)
    told.seen["waiting"] = airflow.until("the retry", lambda: waiting(airflow, run))
    del site.refuses["museum"]
    again(airflow, run, "audit_shard")
    told.states["bad"] = airflow.finished(NIGHTLY, run)
    told.seen["bad"] = airflow.tasks(NIGHTLY, run)
    told.states["probe"] = airflow.finished("probe", probe)

    told.seen["kept"] = [organisation.of_night(settings, night) for night in told.nights]
    asked = len(site.asked)
    airflow.call("POST", "backfills", back_fill(calm, bad))
    told.seen["back-filled"] = airflow.until("the back-fill", lambda: back_filled(airflow))
    told.seen["kept after"] = [organisation.of_night(settings, night) for night in told.nights]
    # Having run by itself once, the DAG now makes up for the latest missed night.
    told.seen["scheduled"] = airflow.until("a scheduled night", lambda: scheduled(airflow))
    told.seen["asked"] = sorted(site.asked[asked:])


def back_fill(first: str, last: str) -> dict[str, Any]:
    """Return the order to run nights again that have run before."""
    return {
        "dag_id": NIGHTLY,
        "from_date": f"{first}T00:00:00Z",
        "to_date": f"{last}T23:59:59Z",
        "reprocess_behavior": "completed",
        "max_active_runs": 2,
    }


def scheduled(airflow: RealAirflow) -> dict[str, Any] | None:
    """Return the run that the schedule started, once it has ended."""
    found = [one for one in airflow.runs(NIGHTLY) if one["run_type"] == "scheduled"]
    return found[0] if found and found[0]["state"] in real_airflow.DONE else None


def back_filled(airflow: RealAirflow) -> list[dict[str, Any]] | None:
    """Return the back-filled runs, once there are two and both have ended."""
    found = [one for one in airflow.runs(NIGHTLY) if one["run_type"] == "backfill"]
    done = [one for one in found if one["state"] in real_airflow.DONE]
    return found if len(done) == 2 else None


def known_dags(airflow: RealAirflow) -> dict[str, Any] | None:
    """Return the DAGs by id, once all are there."""
    found = {one["dag_id"]: one for one in airflow.call("GET", "dags")["dags"]}
    return found if {NIGHTLY, TRENDS, "probe"} <= found.keys() else None


def follower(airflow: RealAirflow, night: str) -> dict[str, Any] | None:
    """Return the run of the trends DAG for a night, once it has ended."""
    for one in airflow.runs(TRENDS):
        if one["partition_key"] == night and one["state"] in real_airflow.DONE:
            return one
    return None


def waiting(airflow: RealAirflow, run: str) -> dict[str, Any] | None:
    """Return the task instances of a run, once one of them waits to be tried again."""
    found = airflow.tasks(NIGHTLY, run)
    return found if "up_for_retry" in [one["state"] for one in found.values()] else None


def again(airflow: RealAirflow, run: str, *tasks: str) -> None:
    """Clear tasks of a run, as the button in Airflow's pages does."""
    body = {"dag_run_id": run, "task_ids": list(tasks), "only_failed": False, "dry_run": False}
    airflow.call("POST", f"dags/{NIGHTLY}/clearTaskInstances", body)


def run_of(told: Story, night: str, run_type: str) -> dict[str, Any]:
    """Return the one run of the nightly DAG of that kind."""
    (found,) = [
        one
        for one in told.airflow.runs(NIGHTLY)
        if one["partition_key"] == night and one["run_type"] == run_type
    ]
    return found


def written(told: Story) -> dict[str, str]:
    """Return everything that the parts of Airflow and the tasks wrote, by file."""
    files = [one for kind in ("*.log", "*.txt") for one in told.airflow.home.rglob(kind)]
    return {str(one): one.read_text(errors="replace") for one in files}


def test_dags_start_paused_and_unpausing_runs_no_missed_night(story):
    assert all(one["is_paused"] for one in story.seen["dags"].values())
    assert story.seen["unasked"] is False
    due = dt.datetime.fromisoformat(story.seen["dags"][NIGHTLY]["next_dagrun_run_after"])
    assert due > story.started


def test_a_night_that_saw_everything_is_green(story):
    assert set(story.states["calm"].values()) == {"success"}
    assert story.seen["mailed"] == sorted([*OWNERS, RELATIONS])


def test_the_partition_key_names_the_night(story):
    run = run_of(story, story.nights[0], "manual")
    assert run["logical_date"] is None
    with open_installation(story.settings) as here:
        night = opened(here, story.nights[0])
        local = night.as_of.astimezone(here.policy.zone)
    assert local.isoformat().startswith(f"{story.nights[0]}T{NIGHT_HOUR:02}:00:00")


def test_the_asset_hands_the_night_to_the_trends(story):
    assert story.seen["follower"]["run_type"] == "asset_triggered"
    assert story.seen["follower"]["partition_key"] == story.nights[0]
    assert story.seen["follower"]["state"] == "success"
    assert (story.settings.home / "site" / "index.html").is_file()


def test_mapped_tasks_are_named_after_their_shard(story):
    names = {name: one["rendered_map_index"] for name, one in story.seen["bad"].items()}
    assert names["audit_shard[0]"] == "archive from alumni"
    assert names["audit_shard[1]"] == "feed from library"


def test_clearing_tasks_changes_no_count_and_mails_nobody(story):
    assert set(story.states["cleared"].values()) == {"success"}
    tries = {name: one["try_number"] for name, one in story.seen["cleared tasks"].items()}
    assert {name for name, number in tries.items() if number == 2} == {
        "audit_shard[0]",
        "audit_shard[1]",
        "send",
    }
    assert story.seen["cleared"] == story.seen["calm"]


def test_a_platform_that_does_not_answer_for_now_is_tried_again(story):
    tasks = story.seen["waiting"]
    assert tasks["audit_shard[1]"]["state"] == "up_for_retry"
    assert tasks["audit_shard[0]"]["state"] in {None, "scheduled", "queued", "running", "success"}
    assert tasks["reconcile"]["state"] is None
    said = [text for name, text in written(story).items() if "task_id=audit_shard" in name]
    assert any("a platform did not answer; it may soon" in text for text in said)


def test_an_unreadable_account_turns_only_the_last_task_red_and_at_once(story):
    red = {name for name, state in story.states["bad"].items() if state != "success"}
    assert red == {"", "verify"}
    verify = story.seen["bad"]["verify"]
    assert (verify["try_number"], verify["max_tries"]) == (1, 2)
    said = [text for name, text in written(story).items() if "task_id=verify" in name]
    assert any(re.search(r"press: [a-z, ]*posts[a-z, ]*: denied", text) for text in said)


def test_back_filled_nights_change_nothing_and_mail_nothing(story):
    runs = story.seen["back-filled"]
    assert [one["partition_key"] for one in runs] == story.nights
    assert [one["state"] for one in runs] == ["success", "success"]
    assert story.seen["kept after"] == story.seen["kept"]


def test_a_scheduled_night_is_called_by_its_local_date(story):
    run, zone = story.seen["scheduled"], pack.time_zone("ucsf")
    due = dt.datetime.fromisoformat(run["run_after"]).astimezone(zone)
    assert run["partition_key"] == due.date().isoformat()
    assert due.replace(tzinfo=None).time() == dt.time(NIGHT_HOUR)
    # One feed each, though two nights were back-filled besides.
    assert story.seen["asked"] == ["library", "museum", "press"]


def test_secrets_are_masked_in_logs_even_when_a_task_tells_them(story):
    assert story.states["probe"]["leak"] == "failed"
    (said,) = [text for name, text in written(story).items() if "task_id=leak" in name]
    for words in TOLD:
        assert f"{words}***" in said
    assert PASSWORD not in said
    assert KEY not in said


def test_tasks_cannot_reach_the_database_of_airflow(story):
    """And ours, which work all the same, do not try."""
    assert story.states["probe"]["reach"] == "failed"
    (said,) = [text for name, text in written(story).items() if "task_id=reach" in name]
    assert "Direct database access" in said


def test_nothing_that_airflow_wrote_holds_a_secret_an_address_or_a_word(story):
    """What LocalExecutor repeats of the task logs on the scheduler's output is not masked."""
    texts = written(story)
    assert any("task_id=owner_reports" in name for name in texts)
    for name, said in texts.items():
        lines = [line for line in said.splitlines() if not any(one in line for one in TOLD)]
        for word in (PASSWORD, KEY, *OWNERS, RELATIONS, *SECRET.split(", ")):
            assert word not in "\n".join(lines), f"{word!r} in {name}"


def test_nothing_of_airflow_outlives_it(tmp_path):
    script = "sleep 300 & setsid sleep 300 & wait"
    airflow = RealAirflow(tmp_path, "")
    env = {**os.environ, "AIRFLOW_HOME": str(tmp_path)}
    real_airflow.begin(airflow, "part", ["sh", "-c", script], env)
    if Path("/proc/self/environ").exists():
        airflow.until("its children", lambda: len(real_airflow.leftovers(tmp_path)) == 3, 10)
    real_airflow.end(airflow)
    assert airflow.parts["part"].returncode is not None
    airflow.parts.clear()
    airflow.until("the end", lambda: not real_airflow.leftovers(tmp_path), 10)
