"""What can be known of docker-compose.yml without an engine to run it.

Each check is a function from the parsed file to a list of complaints. The real file must earn none;
for each check there are copies with one mistake, and every one of them must earn a complaint.

The schema beside this file covers the part of the Compose format that is in use, and refuses every
other key. It was written for this repository; it is no copy of the format's own schema.
"""

from __future__ import annotations

import importlib.util
import json
import re
import tomllib
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from audit.errors import ConfigError
from audit.settings import Settings

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docker-compose.yml").read_text()
DOTENV = (ROOT / ".env.example").read_text()
SCHEMA = json.loads((Path(__file__).parent / "compose.schema.json").read_text())

OPTIONAL_SECRETS = {"AUDIT_SMTP_PASSWORD"}
"""A mail relay inside the institution may have no login."""

Compose = dict[str, Any]
Check = Callable[[Compose], list[str]]
REFERENCE = re.compile(r"\$\{(\w+)(?:(:[-?])([^}]*))?\}")
SECRET = re.compile(r"(PASSWORD|SECRET|SECRET_KEY|FERNET_KEY|TOKEN|AUDIT_KEY)$")
VARIABLE = re.compile(r"^(?:# )?([A-Z_]+)=(.*)$", re.MULTILINE)


def ours(compose: Compose) -> Iterator[tuple[str, dict[str, Any]]]:
    """The services that run this project's image."""
    for service, body in compose["services"].items():
        if body["image"].startswith(f"{compose['name']}:"):
            yield service, body


def environments(compose: Compose) -> Iterator[tuple[str, str, str]]:
    """Each variable of each service: service, name, value."""
    for service, body in compose["services"].items():
        for name, value in body.get("environment", {}).items():
            yield service, name, str(value)


def references(value: object) -> Iterator[tuple[str, str, str]]:
    """Every ``${NAME:?argument}`` at any depth: name, operator, argument."""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for inner in value:
            yield from references(inner)
    elif isinstance(value, str):
        yield from REFERENCE.findall(value)


def resolve(value: str, dotenv: dict[str, str]) -> str:
    """Fill in ``${...}`` as Compose does; a KeyError where it would refuse to start."""

    def fill(match: re.Match[str]) -> str:
        name, operator, argument = match.groups()
        if dotenv.get(name):
            return dotenv[name]
        if operator == ":?":
            raise KeyError(f"{name} {argument}")
        return argument if operator == ":-" else ""

    return REFERENCE.sub(fill, value).replace("$$", "$")


def filled_in() -> dict[str, str]:
    """.env.example as someone fills it in who sets the secrets and nothing else."""
    dotenv = dict(re.findall(r"^([A-Z_]+)=(.+)$", DOTENV, re.MULTILINE))
    for name in re.findall(r"\$\{(\w+):\?", TEXT):
        # Also of the right form for a key: 32 bytes in base64.
        dotenv[name] = "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="
    return dotenv


@cache
def airflow_options() -> frozenset[str]:
    """SECTION__OPTION, as Airflow's config.yml and the providers in use declare them."""
    spec = importlib.util.find_spec("airflow")
    assert spec is not None
    assert spec.submodule_search_locations is not None
    # Read as files: importing Airflow takes seconds.
    files = [
        path
        for folder in spec.submodule_search_locations
        for path in Path(folder).glob("config_templates/config.yml")
    ]
    assert files, "Airflow's config.yml is not where it was"
    sections: dict[str, Any] = yaml.safe_load(files[0].read_text())
    for provider in ("celery", "fab"):
        for folder in spec.submodule_search_locations:
            info = Path(folder) / f"providers/{provider}/get_provider_info.py"
            if info.is_file():
                names: dict[str, Any] = {"__name__": provider}
                exec(compile(info.read_text(), info, "exec"), names)  # noqa: S102 - installed code
                sections |= names["get_provider_info"]()["config"]
    return frozenset(
        f"{section}__{option}".upper()
        for section, body in sections.items()
        for option in body["options"]
    )


# --- The checks ----------------------------------------------------------------------------------


def keys_are_known(compose: Compose) -> list[str]:
    """Every key and form is one of the Compose format."""
    errors = jsonschema.Draft202012Validator(SCHEMA).iter_errors(compose)
    return [f"{error.json_path}: {error.message}" for error in errors]


def dependencies_resolve(compose: Compose) -> list[str]:
    """Whom a service waits for is there, in the same profiles, and can come to what is awaited."""
    services = compose["services"]
    found = []
    for name, body in services.items():
        for other, how in body.get("depends_on", {}).items():
            target = services.get(other)
            if target is None:
                found.append(f"{name} waits for {other}, which is not there")
            elif not set(target.get("profiles", ())) <= set(body.get("profiles", ())):
                found.append(f"{name} waits for {other}, which may not be started")
            elif how["condition"] == "service_healthy" and "healthcheck" not in target:
                found.append(f"{name} waits for {other} to be healthy, which nothing checks")
            elif (how["condition"] == "service_completed_successfully") != (
                target["restart"] == "no"
            ):
                found.append(f"{name} waits for {other} to end or to run, and it does the other")
    return found


def names_resolve(compose: Compose) -> list[str]:
    """Networks and volumes that are named exist, and those that exist are named."""
    found = []
    for kind in ("networks", "volumes"):
        sources = {
            entry.partition(":")[0]
            for body in compose["services"].values()
            for entry in body.get(kind, ())
        }
        named = {source for source in sources if not source.startswith((".", "/"))}
        declared = set(compose.get(kind, {}))
        found += [f"{kind}: {name} is not declared" for name in named - declared]
        found += [f"{kind}: {name} is not used" for name in declared - named]
        # ./site is the institution's own folder, and Compose makes it.
        found += [
            f"{source} is not in the checkout"
            for source in sources - named - {"./site"}
            if not (ROOT / source).exists()
        ]
    return found


def airflow_options_exist(compose: Compose) -> list[str]:
    """Every AIRFLOW... variable of our services is an option of Airflow's configuration."""
    return [
        f"{service}: Airflow knows no {name}"
        for service, body in ours(compose)
        for name in body["environment"]
        if name.startswith("AIRFLOW")
        if name.removeprefix("AIRFLOW__") not in airflow_options()
    ]


def audit_settings_are_valid(compose: Compose) -> list[str]:
    """The audit takes its settings as they stand, and sends nothing until told to."""
    known = {f"AUDIT_{field}".upper() for field in Settings.model_fields}
    # By name first: a variable that is set to nothing is not looked at when they are read.
    found = [
        f"{service}: the audit knows no {name}"
        for service, body in ours(compose)
        for name in body["environment"]
        if name.startswith("AUDIT_") and name not in known
    ]
    for service, body in ours(compose):
        try:
            settings = Settings.from_env(
                {name: resolve(value, filled_in()) for name, value in body["environment"].items()}
            )
        except (ConfigError, KeyError) as error:
            found.append(f"{service}: {error}")
            continue
        if settings.embedded or settings.key is None:
            found.append(f"{service}: the audit would not use PostgreSQL with a key")
        if settings.send or settings.release_baseline:
            found.append(f"{service}: mail would leave without anybody's decision")
    return found


def ports_are_on_loopback(compose: Compose) -> list[str]:
    """Nothing listens on the host's outer addresses."""
    return [
        f"{service}: {port} is open to the network"
        for service, body in compose["services"].items()
        for port in body.get("ports", ())
        if not port.startswith("127.0.0.1:")
    ]


def secrets_are_required(compose: Compose) -> list[str]:
    """A secret has neither a value nor a default here; without it Compose says what to do."""
    found = [
        f"${{{name}}} may be empty"
        for name, operator, argument in set(references(compose))
        if SECRET.search(name) and name not in OPTIONAL_SECRETS
        if operator != ":?" or ".env" not in argument
    ]
    for service, name, value in environments(compose):
        if SECRET.search(name) and not REFERENCE.search(value):
            found.append(f"{service}: {name} is written out")
        if re.search(r"://[^/@]*:[^/@]+@", REFERENCE.sub("", value)):
            found.append(f"{service}: {name} has a password written out")
    return found


def variables_are_explained(compose: Compose) -> list[str]:
    """.env.example explains the variables that are read, and no others."""
    used = {name for name, _, _ in references(compose)}
    # COMPOSE_PROFILES is read by Compose itself.
    explained = {name for name, _ in VARIABLE.findall(DOTENV)} - {"COMPOSE_PROFILES"}
    found = [f".env.example does not explain {name}" for name in used - explained]
    return found + [f".env.example explains {name}, unread" for name in explained - used]


def images_are_pinned(compose: Compose) -> list[str]:
    """Each image names its version; ours is the project's."""
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    found = []
    for service, body in compose["services"].items():
        _, _, tag = body["image"].partition(":")
        if not re.match(r"v?\d+\.\d+", tag):
            found.append(f"{service}: {body['image']} is not pinned")
    for service, body in ours(compose):
        if body["image"] != f"{compose['name']}:{version}":
            found.append(f"{service}: the image is not of version {version}")
    return found


def services_are_confined(compose: Compose) -> list[str]:
    """Our processes are not root, hold no capability and cannot gain one."""
    found = []
    for service, body in ours(compose):
        if body.get("user", "0").startswith("0"):
            found.append(f"{service} runs as root")
        if body.get("cap_drop") != ["ALL"]:
            found.append(f"{service} holds capabilities")
        if "no-new-privileges:true" not in body.get("security_opt", ()):
            found.append(f"{service} can gain privileges")
    return found


def airflow_is_careful(compose: Compose) -> list[str]:
    """DAGs start paused, users have roles, and no health check imports Airflow."""
    demands = {
        "AIRFLOW__CORE__DAGS_ARE_PAUSED_AT_CREATION": "True",
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__CORE__AUTH_MANAGER": (
            "airflow.providers.fab.auth_manager.fab_auth_manager.FabAuthManager"
        ),
    }
    found = []
    for service, body in ours(compose):
        for name, value in demands.items():
            if body["environment"].get(name) != value:
                found.append(f"{service}: {name} is not {value}")
        if "airflow " in " ".join(body.get("healthcheck", {}).get("test", ())):
            found.append(f"{service}: each health check would cost seconds of CPU")
    return found


CHECKS: list[Check] = [
    keys_are_known,
    dependencies_resolve,
    names_resolve,
    airflow_options_exist,
    audit_settings_are_valid,
    ports_are_on_loopback,
    secrets_are_required,
    variables_are_explained,
    images_are_pinned,
    services_are_confined,
    airflow_is_careful,
]


# --- The file as it is, and copies with one mistake ----------------------------------------------

Mutation = Callable[[Compose], None]


def parent(compose: Compose, path: str) -> tuple[Any, str]:
    """What holds the last key of a dotted path, and that key."""
    *keys, last = path.split("/")
    target: Any = compose
    for key in keys:
        target = target[int(key)] if isinstance(target, list) else target[key]
    return target, last


def put(path: str, value: object) -> Mutation:
    """Set what stands at a path."""

    def mutate(compose: Compose) -> None:
        target, key = parent(compose, path)
        target[key] = value

    return mutate


def rename(path: str, to: str) -> Mutation:
    """Misspell the last key of a path, which must be there."""

    def mutate(compose: Compose) -> None:
        target, key = parent(compose, path)
        target[to] = target.pop(key)

    return mutate


API = "services/api-server"
ENV = f"{API}/environment"
MISTAKES: list[tuple[Check, str, Mutation]] = [
    (keys_are_known, "misspelt key", rename(f"{API}/healthcheck", "heathcheck")),
    (keys_are_known, "misspelt inner key", rename(f"{API}/healthcheck/interval", "intervall")),
    (keys_are_known, "misspelt section", rename("services", "service")),
    (keys_are_known, "no health check", rename("services/postgres/healthcheck", "x-healthcheck")),
    (keys_are_known, "unknown condition", put(f"{API}/depends_on/init/condition", "is_ready")),
    (keys_are_known, "no unit", put(f"{API}/healthcheck/timeout", "10")),
    (keys_are_known, "no string", put(f"{ENV}/AIRFLOW__CORE__LOAD_EXAMPLES", False)),
    (keys_are_known, "misspelt env_file", rename(f"{API}/env_file/0/required", "requird")),
    (dependencies_resolve, "missing service", rename("services/init", "initialise")),
    (dependencies_resolve, "other profile", put("services/init/profiles", ["dev"])),
    (dependencies_resolve, "unchecked", rename("services/postgres/healthcheck", "x")),
    (dependencies_resolve, "never ends", put("services/init/restart", "unless-stopped")),
    (names_resolve, "missing network", rename("networks/inside", "insde")),
    (names_resolve, "missing volume", rename("volumes/airflow-logs", "logs")),
    (names_resolve, "unused volume", put("volumes/leftover", {})),
    (names_resolve, "missing file", put(f"{API}/volumes", ["./docker/database.sh:/x:ro"])),
    (
        airflow_options_exist,
        "option",
        rename(f"{ENV}/AIRFLOW__CORE__EXECUTOR", "AIRFLOW__CORE__EXE"),
    ),
    (airflow_options_exist, "section", put(f"{ENV}/AIRFLOW__COR__EXECUTOR", "LocalExecutor")),
    (airflow_options_exist, "provider", put(f"{ENV}/AIRFLOW__CELERY__BROKER_URI", "redis://")),
    (airflow_options_exist, "underscore", put(f"{ENV}/AIRFLOW_CORE__PARALLELISM", "8")),
    (audit_settings_are_valid, "name", rename(f"{ENV}/AUDIT_SMTP_HOST", "AUDIT_SMPT_HOST")),
    (audit_settings_are_valid, "choice", put(f"{ENV}/AUDIT_SMTP_TLS", "ssl")),
    (audit_settings_are_valid, "number", put(f"{ENV}/AUDIT_SMTP_PORT", "smtp")),
    (audit_settings_are_valid, "embedded", put(f"{ENV}/AUDIT_DATABASE_URL", "")),
    (audit_settings_are_valid, "sends", put(f"{ENV}/AUDIT_SEND", "${AUDIT_SENDING:-true}")),
    (ports_are_on_loopback, "any address", put(f"{API}/ports", ["8080:8080"])),
    (ports_are_on_loopback, "all addresses", put(f"{API}/ports", ["0.0.0.0:8080:8080"])),
    (secrets_are_required, "default", put(f"{ENV}/AUDIT_KEY", "${AUDIT_KEY:-0000}")),
    (secrets_are_required, "may be empty", put(f"{ENV}/AUDIT_KEY", "${AUDIT_KEY}")),
    (secrets_are_required, "no advice", put(f"{ENV}/AUDIT_KEY", "${AUDIT_KEY:?}")),
    (secrets_are_required, "written out", put(f"{ENV}/AIRFLOW__CORE__FERNET_KEY", "")),
    (secrets_are_required, "in address", put(f"{ENV}/AIRFLOW__CELERY__BROKER_URL", "redis://:r@h")),
    (variables_are_explained, "unexplained", put(f"{ENV}/AUDIT_POLICY", "${AUDIT_PACK:-ucsf}")),
    (variables_are_explained, "unread", put("services/mailpit/ports", ["127.0.0.1:8025:8025"])),
    (images_are_pinned, "no tag", put("services/postgres/image", "postgres")),
    (images_are_pinned, "latest", put("services/postgres/image", "postgres:latest")),
    (images_are_pinned, "other version", put(f"{API}/image", "social-account-audit:9.9.9")),
    (services_are_confined, "root", put(f"{API}/user", "0:0")),
    (services_are_confined, "no user", rename(f"{API}/user", "usr")),
    (services_are_confined, "capabilities", put(f"{API}/cap_drop", ["NET_RAW"])),
    (services_are_confined, "privileges", put(f"{API}/security_opt", ["seccomp:default"])),
    (
        airflow_is_careful,
        "unpaused",
        put(f"{ENV}/AIRFLOW__CORE__DAGS_ARE_PAUSED_AT_CREATION", "False"),
    ),
    (airflow_is_careful, "no roles", rename(f"{ENV}/AIRFLOW__CORE__AUTH_MANAGER", "X")),
    (
        airflow_is_careful,
        "health check",
        put(f"{API}/healthcheck/test", ["CMD-SHELL", "airflow jobs"]),
    ),
]


@pytest.fixture
def compose() -> Compose:
    """The parsed file, no part of it shared between two services."""
    unshared: Compose = json.loads(json.dumps(yaml.safe_load(TEXT)))
    return unshared


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_the_file_as_it_is(compose: Compose, check: Check) -> None:
    assert check(compose) == []


@pytest.mark.parametrize(
    ("check", "mutate"),
    [(check, mutate) for check, _, mutate in MISTAKES],
    ids=[f"{check.__name__}-{mistake}" for check, mistake, mutate in MISTAKES],
)
def test_a_mistake_is_caught(compose: Compose, check: Check, mutate: Mutation) -> None:
    mutate(compose)
    assert check(compose) != []


def test_every_check_has_a_mistake_that_it_catches() -> None:
    assert {check for check, _, _ in MISTAKES} == set(CHECKS)


def repeated_keys(node: yaml.Node) -> list[str]:
    """Keys given twice in one mapping, which YAML lets pass in silence and Compose refuses."""
    if isinstance(node, yaml.SequenceNode):
        return [key for inner in node.value for key in repeated_keys(inner)]
    if not isinstance(node, yaml.MappingNode):
        return []
    keys = Counter(key.value for key, _ in node.value)
    return [key for key, times in keys.items() if times > 1] + [
        key for _, value in node.value for key in repeated_keys(value)
    ]


def test_no_key_is_given_twice() -> None:
    assert repeated_keys(yaml.compose(TEXT)) == []
    assert repeated_keys(yaml.compose("a: {b: [{c: 1, c: 2}]}")) == ["c"]


def test_the_example_holds_no_secret() -> None:
    values = dict(VARIABLE.findall(DOTENV))
    assert [name for name, value in values.items() if SECRET.search(name) and value] == []


@pytest.mark.parametrize("name", re.findall(r"\$\{(\w+):\?", TEXT))
def test_compose_refuses_to_start_without(name: str, compose: Compose) -> None:
    values = " ".join(value for _, _, value in environments(compose))
    resolve(values, filled_in())
    with pytest.raises(KeyError, match=name):
        resolve(values, filled_in() | {name: ""})


def test_the_image_is_pinned_and_not_run_as_root() -> None:
    lines = (ROOT / "Dockerfile").read_text().splitlines()
    assert [line for line in lines if re.match(r"ARG PYTHON_IMAGE=python:3\.\d+\.\d+-", line)]
    assert {line for line in lines if line.startswith("FROM ")} == {
        "FROM ${PYTHON_IMAGE} AS build",
        "FROM ${PYTHON_IMAGE}",
    }
    users = [line.split()[1] for line in lines if line.startswith("USER ")]
    assert users == [yaml.safe_load(TEXT)["x-airflow"]["user"]]


def test_what_the_image_copies_is_sent_to_the_builder() -> None:
    sent = {
        line.removeprefix("!").rstrip("/")
        for line in (ROOT / ".dockerignore").read_text().splitlines()
        if line.startswith("!")
    }
    copied = {
        Path(source).parts[0]
        for line in (ROOT / "Dockerfile").read_text().splitlines()
        if line.startswith("COPY ") and "--from" not in line
        for source in line.split()[1:-1]
    }
    assert copied == sent
