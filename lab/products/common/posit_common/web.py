"""A small HTTP kit: routes, JSON, and a stop that lets requests in progress finish."""
import json
import re
import socket
import threading
import time
import urllib.parse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from . import log


class Refusal(Exception):
    def __init__(self, status, message, headers=()):
        super().__init__(message)
        self.status, self.headers = status, dict(headers)


class Response:
    def __init__(self, body, status=200, content_type="text/plain; charset=utf-8", headers=()):
        self.body = body if isinstance(body, bytes) else body.encode()
        self.status, self.content_type, self.headers = status, content_type, dict(headers)


class File:
    """A file as an answer, sent in pieces."""

    def __init__(self, path, size):
        self.path, self.size = path, size


class Request:
    def __init__(self, handler):
        url = urllib.parse.urlsplit(handler.path)
        self.method = handler.command
        self.path = urllib.parse.unquote(url.path)
        self.query = dict(urllib.parse.parse_qsl(url.query, keep_blank_values=True))
        self.headers = handler.headers
        length = int(self.headers.get("content-length") or 0)
        self.body = handler.rfile.read(length) if length else b""

    def json(self):
        try:
            return json.loads(self.body) if self.body else {}
        except ValueError:
            raise Refusal(400, "the request's body is no JSON") from None

    def form(self):
        return dict(urllib.parse.parse_qsl(self.body.decode()))


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, request, client_address):
        pass  # a client that went away is no news


class _UnixServer(Server):
    address_family = socket.AF_UNIX

    def server_bind(self):
        self.socket.bind(self.server_address)
        self.server_name, self.server_port = "localhost", 0


def make_handler(routes, gate=None):
    """`routes`: [(method, pattern, function(request, *groups))]. `gate(request)` may refuse anything beforehand."""
    compiled = [(method, re.compile(pattern + "$"), function) for method, pattern, function in routes]

    def answer(request):
        if gate:
            gate(request)
        for method, pattern, function in compiled:
            match = pattern.match(request.path)
            if match and method == ("GET" if request.method == "HEAD" else request.method):
                return function(request, *match.groups())
        raise Refusal(404, f"there is no {request.path}")

    class Handler(BaseHTTPRequestHandler):
        timeout = 30
        in_progress = set()

        def log_message(self, *_):
            pass

        def address_string(self):
            return "local"

        def run(self):
            Handler.in_progress.add(id(self))
            try:
                self.reply(self.result())
            except (BrokenPipeError, ConnectionResetError):
                pass
            finally:
                Handler.in_progress.discard(id(self))

        def result(self):
            try:
                value = answer(Request(self))
            except Refusal as refusal:
                body = json.dumps({"error": str(refusal)})
                return Response(body, refusal.status, "application/json", refusal.headers)
            except Exception as error:
                log.error(f"{self.command} {self.path}: {type(error).__name__}: {str(error).strip()}")
                return Response(json.dumps({"error": "internal error, see the log"}), 500, "application/json")
            if isinstance(value, (Response, File)):
                return value
            return Response(json.dumps(value, separators=(",", ":")), 200, "application/json")

        def reply(self, response):
            if isinstance(response, File):
                self.send_response(200)
                self.send_header("Content-Type", "application/octet-stream")
                self.send_header("Content-Length", str(response.size))
                self.end_headers()
                if self.command != "HEAD":
                    with open(response.path, "rb") as file:
                        while piece := file.read(1 << 16):
                            self.wfile.write(piece)
                return
            self.send_response(response.status)
            self.send_header("Content-Type", response.content_type)
            self.send_header("Content-Length", str(len(response.body)))
            for name, value in response.headers.items():
                self.send_header(name, value)
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(response.body)

        do_GET = do_HEAD = do_POST = do_PATCH = do_PUT = do_DELETE = run

    return Handler


def listen(address, handler):
    """`address`: "host:port", ":port", or the path of a socket. Answers the server, already listening in its thread."""
    if address.startswith("/"):
        server = _UnixServer(address, handler)
    else:
        host, _, port = address.rpartition(":")
        server = Server((host.strip("[]"), int(port)), handler)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.1}, daemon=True).start()
    return server


def stop(server, seconds):
    """No new requests; those in progress finish, for at most `seconds`."""
    server.shutdown()
    server.server_close()
    idle(server.RequestHandlerClass, seconds)


def idle(handler, seconds):
    """Waits until no request is in progress; answers whether that came."""
    deadline = time.monotonic() + seconds
    while handler.in_progress and time.monotonic() < deadline:
        time.sleep(0.02)
    return not handler.in_progress


def ask_socket(path, method, url, body=None, timeout=300):
    """A question to a program that listens on a socket: (status, parsed answer)."""
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    connection.settimeout(timeout)
    connection.connect(path)
    data = json.dumps(body).encode() if body is not None else b""
    head = f"{method} {url} HTTP/1.0\r\nHost: localhost\r\nContent-Length: {len(data)}\r\n\r\n"
    with connection:
        connection.sendall(head.encode() + data)
        raw = b""
        while piece := connection.recv(65536):
            raw += piece
    top, _, content = raw.partition(b"\r\n\r\n")
    return int(top.split()[1]), json.loads(content or b"null")
