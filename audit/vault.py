"""Encryption at rest and keyed hashes, from one root key.

Sub-keys are derived with HKDF (RFC 5869), one for each purpose, so that a hash made for one
purpose cannot be matched with one made for another. Texts are sealed with AES-256-GCM and
bound to the row they belong to: a ciphertext moved to another row does not open.
"""

from __future__ import annotations

import base64
import binascii
import contextlib
import hashlib
import hmac
import os
import secrets
from enum import StrEnum
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from audit.errors import ConfigError, StoreError
from audit.settings import Settings

KEY_BYTES = 32
NONCE_BYTES = 12
"""As NIST SP 800-38D recommends for GCM."""
FORMAT = b"\x01"


class Purpose(StrEnum):
    """What a sub-key is for."""

    TEXTS = "texts"
    TOKENS = "tokens"
    HANDLES = "handles"
    CONTENT = "content"
    FINGERPRINTS = "fingerprints"
    LINKS = "links"
    LEDGER = "ledger"


class Vault:
    """Seals, opens and hashes; holds the keys in memory only."""

    def __init__(self, root: bytes) -> None:
        if len(root) != KEY_BYTES:
            raise ConfigError(f"the root key must have {KEY_BYTES} bytes, this one has {len(root)}")
        self._keys = {purpose: _derive(root, purpose) for purpose in Purpose}
        self.key_id = _derive(root, "key id")[:4].hex()
        """Tells keys apart without giving anything away; stored beside the data."""

    def seal(self, purpose: Purpose, text: str, *, row: str) -> bytes:
        """Encrypt ``text`` for the row named ``row``."""
        nonce = secrets.token_bytes(NONCE_BYTES)
        sealed = AESGCM(self._keys[purpose]).encrypt(nonce, text.encode(), row.encode())
        return FORMAT + bytes.fromhex(self.key_id) + nonce + sealed

    def open(self, purpose: Purpose, sealed: bytes, *, row: str) -> str:
        """Decrypt what ``seal`` made for the same row.

        Raises:
            StoreError: another key, another row, or damaged bytes.
        """
        head, nonce, body = sealed[:5], sealed[5 : 5 + NONCE_BYTES], sealed[5 + NONCE_BYTES :]
        if head[:1] != FORMAT or head[1:].hex() != self.key_id:
            raise StoreError(
                f"{row}: sealed with key {head[1:].hex()}, the key here is {self.key_id}"
            )
        try:
            return AESGCM(self._keys[purpose]).decrypt(nonce, body, row.encode()).decode()
        except InvalidTag:
            raise StoreError(
                f"{row}: the sealed text is damaged or belongs to another row"
            ) from None

    def digest(self, purpose: Purpose, *parts: str) -> str:
        """Return a keyed hash of ``parts`` as 32 hexadecimal digits."""
        message = "\x1f".join(parts).encode()
        return hmac.new(self._keys[purpose], message, hashlib.sha256).hexdigest()[:32]


def open_vault(settings: Settings) -> Vault:
    """Open the vault with the configured key; embedded, make a key the first time.

    Raises:
        ConfigError: no key with a database server, or one of the wrong form.
    """
    if settings.key is not None:
        return Vault(_decode(settings.key.get_secret_value(), "AUDIT_KEY"))
    if not settings.embedded:
        raise ConfigError(
            "AUDIT_KEY is not set; with a database server the key must come from outside. "
            "Make one with: python -c 'import base64, os; "
            "print(base64.urlsafe_b64encode(os.urandom(32)).decode())'"
        )
    file = settings.home / "keys" / "root.key"
    # Looked at first: another process may be making the key, and then the database, right now.
    written = (settings.home / "audit.db").exists()
    if not file.exists():
        if written:
            raise ConfigError(
                f"{file}: the key is gone, but {settings.home / 'audit.db'} was written with it. "
                "Put the key back, or move the database away to begin anew"
            )
        _make(file)
    return Vault(_decode(file.read_text(encoding="ascii").strip(), str(file)))


def _derive(root: bytes, purpose: str) -> bytes:
    info = f"social-account-audit {purpose}".encode()
    return HKDF(algorithm=hashes.SHA256(), length=KEY_BYTES, salt=None, info=info).derive(root)


def _decode(text: str, where: str) -> bytes:
    try:
        return base64.b64decode(text, altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise ConfigError(f"{where}: not URL-safe base64 of {KEY_BYTES} bytes") from None


def _make(file: Path) -> None:
    """Write a new key so that no reader ever sees half of it, and no second one replaces it."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = file.with_name(f".{secrets.token_hex(8)}.key")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as stream:
        stream.write(base64.urlsafe_b64encode(secrets.token_bytes(KEY_BYTES)).decode())
        stream.flush()
        os.fsync(stream.fileno())
    with contextlib.suppress(FileExistsError):
        os.link(draft, file)
    draft.unlink()
