"""A product's key file: encrypts values and signs the database, so that a database never runs under a foreign key.

Standard library only: SHA-256 in counter mode and an HMAC over the result. Good enough for a stand-in, and it fails as the
real thing does: with another key, nothing can be read.
"""
import base64
import binascii
import hashlib
import hmac
import os
import secrets as random

from .settings import ConfigError

PREFIX = "pe1."  # tells an encrypted value from a plain one


def read_key(path, create=False):
    """The key's bytes; a missing one is made when `create` says so."""
    try:
        with open(path, "rb") as file:
            key = file.read().strip()
    except FileNotFoundError:
        if not create:
            raise ConfigError(f"the key {path} is missing; put the one back that belongs to this database") from None
        key = random.token_hex(32).encode()
        write_key(path, key)
    except PermissionError:
        raise ConfigError(f"the key {path} can't be read by this account; its owner must be the product's") from None
    if len(key) < 32:
        raise ConfigError(f"the key {path} is damaged: {len(key)} bytes")
    return key


def write_key(path, key):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(key + b"\n")


def _derive(key, purpose):
    return hmac.new(key, purpose.encode(), hashlib.sha256).digest()


def _stream(key, nonce, data):
    out = bytearray()
    for block in range(0, len(data), 32):
        pad = hmac.new(key, nonce + block.to_bytes(8, "big"), hashlib.sha256).digest()
        out += bytes(a ^ b for a, b in zip(data[block : block + 32], pad))
    return bytes(out)


def encrypt(key, text):
    nonce = os.urandom(16)
    sealed = nonce + _stream(_derive(key, "encrypt"), nonce, text.encode())
    tag = hmac.new(_derive(key, "authenticate"), sealed, hashlib.sha256).digest()[:16]
    return PREFIX + base64.urlsafe_b64encode(sealed + tag).decode().rstrip("=")


def decrypt(key, text, what):
    """The plain text of an encrypted value; `what` names it in the error."""
    try:
        raw = base64.urlsafe_b64decode(text[len(PREFIX) :] + "=" * (-len(text[len(PREFIX) :]) % 4))
    except (ValueError, binascii.Error):
        raise ConfigError(f"{what} is damaged") from None
    sealed, tag = raw[:-16], raw[-16:]
    expected = hmac.new(_derive(key, "authenticate"), sealed, hashlib.sha256).digest()[:16]
    if not text.startswith(PREFIX) or not hmac.compare_digest(tag, expected):
        raise ConfigError(f"{what} can't be decrypted: it was encrypted with another key")
    return _stream(_derive(key, "encrypt"), sealed[:16], sealed[16:]).decode()


def password_from(key, text, what):
    """A password from a configuration file: encrypted, or plain as the products allow too."""
    return decrypt(key, text, what) if text.startswith(PREFIX) else text


def signature(key):
    """What the database keeps to recognise its key."""
    return _derive(key, "signature").hex()


def hash_token(token):
    return hashlib.sha256(token.encode()).hexdigest()
