"""Cookies signed with the secure cookie key: another key, and everybody has to sign in again."""
import base64
import hashlib
import hmac
import http.cookies
import time

from posit_common.web import Refusal

NAME = "user-id"
LIFETIME = 12 * 3600


def cookie_for(key, username):
    text = f"{username}|{int(time.time()) + LIFETIME}"
    raw = base64.urlsafe_b64encode(f"{text}|{_sign(key, text)}".encode()).decode()
    return f"{NAME}={raw}; Path=/; HttpOnly; SameSite=Lax"


def _sign(key, text):
    return hmac.new(key, b"cookie:" + text.encode(), hashlib.sha256).hexdigest()


def user_of(key, request):
    morsel = http.cookies.SimpleCookie(request.headers.get("cookie") or "").get(NAME)
    try:
        username, expires, signed = base64.urlsafe_b64decode(morsel.value.encode()).decode().split("|")
        fresh = int(expires) > time.time()
    except (AttributeError, ValueError):
        raise Refusal(401, "sign in first") from None
    if not fresh or not hmac.compare_digest(signed, _sign(key, f"{username}|{expires}")):
        raise Refusal(401, "sign in again")
    return username
