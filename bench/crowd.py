"""People who open pages, as cheaply as can be, so that a server measured beside them keeps its two cores.

python -m bench.crowd HOST PORT COOKIE SECONDS PAUSE < {"tokens": [...], "paths": [...]}

Prints a list of [path, milliseconds] as JSON. HTTP/1.1 on one kept connection each, gzip asked for and
not unpacked, as a browser would ask; nothing but asyncio is imported.
"""

import asyncio
import json
import sys
import time
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Crowd:
    """Where they go, for how long, and how long each thinks between two pages (seconds)."""

    host: str
    port: int
    cookie: str
    seconds: float
    pause: float
    paths: tuple[str, ...]

    def request(self, path: str, token: str) -> bytes:
        """A GET as a browser sends it, as far as a server cares."""
        return (
            f"GET {path} HTTP/1.1\r\nHost: {self.host}:{self.port}\r\nCookie: {self.cookie}={token}\r\n"
            "Accept: text/html\r\nAccept-Encoding: gzip\r\n\r\n"
        ).encode()


async def answer(reader: asyncio.StreamReader) -> int:
    """Read one whole answer; its status. Raises ValueError for one without a length."""
    head = await reader.readuntil(b"\r\n\r\n")
    lowered = head.lower()
    if b"content-length:" in lowered:
        await reader.readexactly(int(lowered.split(b"content-length:")[1].split(b"\r\n")[0]))
    elif b"transfer-encoding: chunked" in lowered:
        while size := int(await reader.readline(), 16):
            await reader.readexactly(size + 2)
        await reader.readline()
    else:
        raise ValueError("an answer without a length")
    return int(head.split(b" ", 2)[1])


async def person(crowd: Crowd, number: int, among: int, token: str) -> list[tuple[str, float]]:
    """One person: begins somewhere in the first pause, then opens a page after each."""
    took: list[tuple[str, float]] = []
    until = time.monotonic() + crowd.seconds
    await asyncio.sleep(crowd.pause * number / among)
    reader, writer = await asyncio.open_connection(crowd.host, crowd.port)
    asked = number
    while time.monotonic() < until:
        path = crowd.paths[asked % len(crowd.paths)].format(n=asked % 15)
        begun = time.perf_counter()
        writer.write(crowd.request(path, token))
        status = await answer(reader)
        if status != 200:
            raise ValueError(f"{path} answered {status}")
        spent = time.perf_counter() - begun
        took.append((path, spent * 1000))
        asked += 1
        await asyncio.sleep(max(0.0, crowd.pause - spent))
    writer.close()
    return took


async def watcher(crowd: Crowd, token: str) -> None:
    """A board left open: its stream of events is read, and opened again when it ends, until cancelled."""
    while True:
        reader, writer = await asyncio.open_connection(crowd.host, crowd.port)
        writer.write(crowd.request("/events", token))
        while await reader.read(4096):
            pass
        writer.close()


async def everybody(crowd: Crowd, tokens: list[str], watching: int) -> list[tuple[str, float]]:
    """What all of them together waited."""
    open_boards = [asyncio.create_task(watcher(crowd, token)) for token in tokens[:watching]]
    each = await asyncio.gather(*(person(crowd, n, len(tokens), one) for n, one in enumerate(tokens)))
    for task in open_boards:
        task.cancel()
    return [one for took in each for one in took]


def main() -> None:
    """Read whom and where from standard input, print what they waited."""
    host, port, cookie, seconds, pause = sys.argv[1:6]
    told = json.load(sys.stdin)
    crowd = Crowd(host, int(port), cookie, float(seconds), float(pause), tuple(told["paths"]))
    json.dump(asyncio.run(everybody(crowd, told["tokens"], told["watching"])), sys.stdout)


if __name__ == "__main__":
    main()
