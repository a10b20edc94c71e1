"""Who may ask this server: the page of this machine that knows the token, and nobody else."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Awaitable, Callable

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

HOST = "127.0.0.1"
ASK = "/ask"
NOTES = "/notes"
PROGRESS = "/progress"

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_HEADERS = (
    (b"content-security-policy", _POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"cache-control", b"no-cache"),
)


_UNKNOWN = (
    "Emblink needs its token: open the whole address that `emblink open` printed, with the long "
    "word behind the port"
)
_UNKNOWN_STYLE = """
:root { color-scheme: light dark; --ink: #1c1e22; --paper: #fff; --line: #e2e5e9; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6e8eb; --paper: #121417; --line: #2b2f36; }
}
body {
  max-width: 34rem; margin: 12vh auto; padding: 0 1.5rem; background: var(--paper);
  color: var(--ink); font: 15px/1.55 system-ui, sans-serif; overflow-wrap: anywhere;
}
h1 { font-size: 1.4rem; line-height: 1.3; text-wrap: balance; }
h2 { margin-top: 2rem; font-size: 1rem; }
ol { padding-left: 1.25rem; }
li { margin: 0.5rem 0; }
code { font-size: 0.9em; }
footer { margin-top: 2rem; padding-top: 1rem; border-top: 1px solid var(--line); }
"""
_UNKNOWN_PAGE = f"""<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<title>Emblink: open it again</title>
<style>{_UNKNOWN_STYLE}</style>
<main>
<h1>This page is open only to who has its whole address</h1>
<p>Emblink shows a comparison to the person who opened it. Its address has a long word behind the
number of the port; here it is missing, or it is that of another time.</p>
<h2>The way in</h2>
<ol>
<li>Look in the terminal where Emblink runs, and open the whole address that it printed.</li>
<li>Or stop it there with Ctrl-C, and run <code>emblink open BUNDLE</code>, where BUNDLE is the
folder of the comparison (its name ends with <code>.emblink</code>). The page opens by itself.</li>
</ol>
<footer>
A link that somebody sent you works on their machine alone: run <code>emblink open</code> on your
own copy of the bundle, and put what follows # in their link behind your address.
</footer>
</main>
</html>
"""


def _unknown(headers: Headers) -> Response:
    """Say how to be let in: to people as a page, to programs in a line."""
    if "text/html" in headers.get("accept", ""):
        style = base64.b64encode(hashlib.sha256(_UNKNOWN_STYLE.encode()).digest()).decode()
        policy = _POLICY.replace("style-src 'self'", f"style-src 'sha256-{style}'")
        return HTMLResponse(_UNKNOWN_PAGE, 401, {"content-security-policy": policy})
    return PlainTextResponse(_UNKNOWN, status_code=401)


def _same(given: str, expected: str) -> bool:
    return hmac.compare_digest(given.encode(), expected.encode())


class Guard:
    """Let a request pass only when it comes from this machine's own page and knows the token.

    The token is the first part of every path. No cookie has it: a browser sends those of one port
    to all others of the machine, whoever listens there.

    Parameters
    ----------
    app : ASGIApp
        What is guarded.
    token : str
    port : int
    launch : str
        Leads to the token, once: what a browser is started with can be read by other users of the
        machine. Empty for none.
    """

    def __init__(self, app: ASGIApp, *, token: str, port: int, launch: str = "") -> None:
        self._app = app
        self._token = token
        self._launch = launch
        self._hosts = {f"{HOST}:{port}", f"localhost:{port}"}
        self._origins = {f"http://{host}" for host in self._hosts}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        _, given, *rest = f"{scope['path']}/".split("/", 2)
        path = f"/{''.join(rest)[:-1]}"
        answer = self._refuse(Request(scope), given, path) or self._app
        await answer({**scope, "path": path}, receive, _sealed(send))

    def _refuse(self, request: Request, given: str, path: str) -> Response | None:
        headers: Headers = request.headers
        if headers.get("host") not in self._hosts:
            return PlainTextResponse("this server answers on 127.0.0.1 only", status_code=421)
        if headers.get("origin", next(iter(self._origins))) not in self._origins:
            return PlainTextResponse("requests from other pages are refused", status_code=403)
        launched = bool(self._launch) and _same(given, self._launch)
        if launched:
            self._launch = ""
        elif not _same(given, self._token):
            return _unknown(headers)
        if launched or request.scope["path"] == f"/{given}":  # what the page names is beneath
            return RedirectResponse(f"/{self._token}/", status_code=303)
        if "\0" in path:
            return PlainTextResponse("there is no such file", status_code=404)
        if (request.method, path) in (("POST", ASK), ("PUT", NOTES), ("POST", PROGRESS)):
            if "origin" not in headers:
                return PlainTextResponse(
                    "questions, notes and a stop come from the page only", status_code=403
                )
        elif request.method not in ("GET", "HEAD"):
            return PlainTextResponse("nothing can be changed here", status_code=405)
        return None


def _sealed(send: Send) -> Callable[[Message], Awaitable[None]]:
    async def sealed(message: Message) -> None:
        if message["type"] == "http.response.start":
            given = {name for name, _ in message["headers"]}
            more = [header for header in _HEADERS if header[0] not in given]
            message = {**message, "headers": [*message["headers"], *more]}
        await send(message)

    return sealed
