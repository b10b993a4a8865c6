"""Keys, sealing and hashing."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from audit.errors import ConfigError, StoreError
from audit.settings import Settings
from audit.vault import Purpose, Vault, open_vault

ROOT = Path(__file__).parents[2]


def test_what_is_sealed_opens_only_for_its_row_and_purpose(vault: Vault) -> None:
    sealed = vault.seal(Purpose.TEXTS, "café 😀", row="item:1")
    assert vault.open(Purpose.TEXTS, sealed, row="item:1") == "café 😀"
    with pytest.raises(StoreError, match="another row"):
        vault.open(Purpose.TEXTS, sealed, row="item:2")
    with pytest.raises(StoreError):
        vault.open(Purpose.TOKENS, sealed, row="item:1")


def test_a_changed_byte_is_noticed(vault: Vault) -> None:
    sealed = bytearray(vault.seal(Purpose.TEXTS, "secret", row="r"))
    sealed[-1] ^= 1
    with pytest.raises(StoreError, match="damaged"):
        vault.open(Purpose.TEXTS, bytes(sealed), row="r")


def test_another_key_is_named_as_such(vault: Vault) -> None:
    sealed = Vault(b"x" * 32).seal(Purpose.TEXTS, "secret", row="r")
    with pytest.raises(StoreError, match=f"the key here is {vault.key_id}"):
        vault.open(Purpose.TEXTS, sealed, row="r")


def test_sealing_twice_gives_two_ciphertexts_and_never_the_text(vault: Vault) -> None:
    one, two = (vault.seal(Purpose.TEXTS, "canary", row="r") for _ in range(2))
    assert one != two
    assert b"canary" not in one


def test_hashes_differ_by_purpose_and_by_how_parts_are_divided(vault: Vault) -> None:
    digests = {
        vault.digest(Purpose.HANDLES, "ab", "c"),
        vault.digest(Purpose.HANDLES, "a", "bc"),
        vault.digest(Purpose.CONTENT, "ab", "c"),
        Vault(b"x" * 32).digest(Purpose.HANDLES, "ab", "c"),
    }
    assert len(digests) == 4


def test_the_embedded_key_is_made_once_and_is_private(settings: Settings) -> None:
    first, second = open_vault(settings), open_vault(settings)
    assert first.key_id == second.key_id
    file = settings.home / "keys" / "root.key"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [one.name for one in file.parent.iterdir()] == ["root.key"]


def test_eight_processes_that_begin_together_share_one_key(settings: Settings) -> None:
    code = (
        "import sys, pathlib; from audit.settings import Settings; "
        "from audit.vault import open_vault; "
        "print(open_vault(Settings(home=pathlib.Path(sys.argv[1]))).key_id)"
    )
    command = [sys.executable, "-c", code, str(settings.home)]
    running = [
        subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) for _ in range(8)
    ]
    ids = {process.communicate(timeout=60)[0].strip() for process in running}
    assert len(ids) == 1
    assert ids == {open_vault(settings).key_id}


def test_a_lost_key_stops_instead_of_being_replaced(settings: Settings) -> None:
    settings.home.mkdir()
    (settings.home / "audit.db").touch()
    with pytest.raises(ConfigError, match="the key is gone"):
        open_vault(settings)
    assert os.listdir(settings.home) == ["audit.db"]


@pytest.mark.parametrize("key", ["short", "not base64!", "AAAA"])
def test_a_key_of_the_wrong_form_is_refused_without_being_shown(key: str) -> None:
    with pytest.raises(ConfigError) as caught:
        open_vault(Settings.from_env({"AUDIT_KEY": key}))
    assert key not in str(caught.value)


def test_a_database_server_needs_a_key_from_outside() -> None:
    with pytest.raises(ConfigError, match="AUDIT_KEY is not set"):
        open_vault(Settings.from_env({"AUDIT_DATABASE_URL": "postgresql://db/audit"}))
