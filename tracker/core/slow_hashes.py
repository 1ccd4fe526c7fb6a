"""Hashes of passwords and codes: slow on purpose, so that a stolen database is hard to guess from."""

from __future__ import annotations

import secrets
import string

from werkzeug.security import generate_password_hash

METHOD = "scrypt:32768:8:1"
"""How every new password and code is hashed; it takes about a tenth of a second and 32 MB of memory."""

_SALT = string.ascii_letters + string.digits
_SALT_LENGTH, _DIGEST_BYTES = 16, 64


def slow_hash(secret: str) -> str:
    """The hash of a password or code. Call it before the write begins, so that nobody waits for it."""
    return generate_password_hash(secret, METHOD, salt_length=_SALT_LENGTH)


def nobodys_hash() -> str:
    """A hash that no password is known for: comparing one with it takes as long as with any other.

    It is drawn by lot and not worked out, which takes no time: to find a password for a random digest is
    as hard as to guess 64 bytes.
    """
    salt = "".join(secrets.choice(_SALT) for _ in range(_SALT_LENGTH))
    return f"{METHOD}${salt}${secrets.token_hex(_DIGEST_BYTES)}"
