"""People and their API keys; of a key, only its hash is kept."""
import secrets as random

from posit_common.secrets import hash_token
from posit_common.settings import ConfigError
from posit_common.web import Refusal

from .setup import new_id, now_text

ROLES = ("administrator", "publisher", "viewer")
FIELDS = "guid, username, email, role AS user_role, created_time"


def create(db, username, role, email):
    if role not in ROLES:
        raise ConfigError(f"a role is one of {', '.join(ROLES)}, not {role}")
    if db.one("SELECT guid FROM users WHERE username = ?", (username,)):
        raise ConfigError(f"there is a user {username} already")
    db.execute("INSERT INTO users VALUES (?, ?, ?, ?, ?)", (new_id(), username, email or f"{username}@example.com", role, now_text()))


def create_api_key(db, username, name):
    user = db.one("SELECT guid FROM users WHERE username = ?", (username,))
    if not user:
        raise ConfigError(f"there is no user {username}")
    token = random.token_urlsafe(24)
    db.execute("INSERT INTO api_keys VALUES (?, ?, ?, ?, ?)", (new_id(), user["guid"], name, hash_token(token), now_text()))
    return token


def every(db):
    return db.execute(f"SELECT {FIELDS} FROM users ORDER BY username")


def of_request(db, request):
    """Whose API key the request carries."""
    scheme, _, token = (request.headers.get("authorization") or "").partition(" ")
    if scheme != "Key" or not token:
        raise Refusal(401, 'give an API key in the header "Authorization: Key …"')
    user = db.one(f"SELECT {FIELDS} FROM users WHERE guid = (SELECT user_guid FROM api_keys WHERE key_hash = ?)", (hash_token(token.strip()),))
    if not user:
        raise Refusal(401, "this API key is unknown")
    return user
