"""The Python half of widgets, behind lines of JSON: each asks a web server of its own."""

from __future__ import annotations

import base64
import json
import sys
import urllib.error
import urllib.request

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from emblink.widget import Carrier

base = ""


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    request = Request(scope, receive)
    path = scope["raw_path"].decode()
    query = scope["query_string"].decode()
    body = await request.body()
    asked = urllib.request.Request(
        f"{base}{path}{'?' if query else ''}{query}",
        data=body or (b"" if request.method == "POST" else None),
        headers={"Range": request.headers["range"]} if "range" in request.headers else {},
        method=request.method,
    )
    try:
        with urllib.request.urlopen(asked) as found:
            answer = Response(found.read(), found.status, dict(found.headers))
    except urllib.error.HTTPError as error:
        answer = Response(error.read(), error.code)
    await answer(scope, receive, send)


def send(content: dict[str, object], buffers: list[bytes]) -> None:
    coded = [base64.b64encode(one).decode() for one in buffers]
    print(json.dumps({"base": base, "content": content, "buffers": coded}), flush=True)


carrier = Carrier(app, lambda: "<!doctype html>", send)
print(flush=True)
for line in sys.stdin:
    message = json.loads(line)
    base = message["base"]
    carrier.answer(message["content"], [base64.b64decode(one) for one in message["buffers"]])
