"""What a bulk export may meet: at its start, while it is waited for, in its manifest and in its files."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from servers.kinds import CLOUD, ERROR, HEAD, INFORMATION, OUT, PAGE, TRANSIENT, WHOLE, Kind, broken_wire
from servers.scripted import Trick
from servers.tricks import answers, edited, files_at, having, repeated, replacing, says, stalls, turned, without


def _counting(rows: int) -> Trick:
    """A manifest that speaks of so many rows in each file."""
    return edited(lambda told: [each.update(count=rows) for each in told.get("output", [])] and None)


def _files(change: Callable[[Any], object]) -> Trick:
    """A manifest each of whose files is what ``change`` makes of it."""
    return edited(lambda told: {**told, "output": [change(each) for each in told["output"]]} if told else told)


_TWICE = edited(lambda told: told.update(output=told.get("output", []) * 2))

BULK = broken_wire("file", of_file=True) | {
    "web page as a file": Kind("file", says(PAGE * 7), "does not begin"),
    "a web page of one line": Kind("file", says(PAGE), "rows where"),
    "last line left out": Kind("file", turned(lambda body: body[: body.rstrip().rfind(b"\n") + 1]), "rows where"),
    "last line cut": Kind("file", turned(lambda body: body[:-9]), "does not begin"),
    "first line left out": Kind("file", turned(lambda body: body[body.find(b"\n") + 1 :]), "rows where"),
    "a line of another type": Kind("file", replacing(b'"Patient"', b'"Group"', 1), "another type"),
    "a line without end": Kind("file", repeated(HEAD + b"\r\n", b"x" * (1 << 20)), "longer than"),
    "404 on a file": Kind("file", answers(404), "404"),
    "410 on a file": Kind("file", answers(410), "410"),
    "a file is 302 to another host": Kind("file", answers(302, Location="{other}/files/Patient.ndjson"), OUT),
    "a file is 307 to the cloud's metadata": Kind("file", answers(307, Location=CLOUD), OUT),
    "a file is 307 to nowhere": Kind("file", answers(307), "."),
    "a file is 307 to itself": Kind("file", answers(307, Location="{base}/files/Patient.ndjson"), "again and again"),
    "files on another port": Kind("poll", files_at("{other}/files/Patient.ndjson"), OUT),
    "files on another host": Kind("poll", files_at("http://elsewhere.invalid/fhir/files"), OUT),
    "files at the cloud's metadata": Kind("poll", files_at(CLOUD), OUT),
    "files on this machine's disk": Kind("poll", files_at("file:///etc/passwd"), OUT),
    "a file that is listed twice": Kind("poll", _TWICE, WHOLE),
    "a manifest without files": Kind("poll", without("output"), "no manifest"),
    "a manifest whose files are no list": Kind("poll", having(output={"a": 1}), "no manifest"),
    "a manifest that is empty": Kind("poll", says(b"{}"), "no manifest"),
    "the manifest is a gateway's word": Kind("poll", says(b'{"status": "ok"}'), "no manifest"),
    "the manifest is a mere information": Kind("poll", says(INFORMATION), "no manifest"),
    "a manifest with a file that is null": Kind("poll", _files(lambda each: None), "output.* cannot be read"),
    "a manifest with a file of no type": Kind("poll", _files(lambda each: {"url": each["url"]}), "lacks a .type"),
    "a manifest with a file of type 5": Kind("poll", _files(lambda each: each | {"type": 5}), "lacks a .type"),
    "a manifest with a file of no address": Kind("poll", _files(lambda each: {"type": "Patient"}), "lacks a .url"),
    "a manifest of no time": Kind("poll", without("transactionTime"), "lacks a .transactionTime"),
    "a manifest whose errors are no list": Kind("poll", having(error={"a": 1}), "error.* cannot be read"),
    "a manifest with an outcome of no address": Kind("poll", having(outcome=[{"type": "X"}]), "lacks a .url"),
    "a manifest whose deleted are words": Kind("poll", having(deleted=["x"]), "deleted.* cannot be read"),
    "a manifest whose pages are no list": Kind("poll", having(link={"relation": "next"}), "link.* cannot be read"),
    "a manifest without errors": Kind("poll", without("error"), WHOLE),
    "a manifest whose other lists are null": Kind("poll", having(error=None, deleted=None, link=None), WHOLE),
    "manifest counts too high": Kind("poll", _counting(9), "speaks of 9"),
    "manifest counts too low": Kind("poll", _counting(1), "speaks of 1"),
    "manifest counts below nothing": Kind("poll", _counting(-1), "speaks of -1"),
    "manifest pages go round": Kind("poll", having(link=[{"relation": "next", "url": "job"}]), "no end"),
    "manifest pages lead away": Kind("poll", having(link=[{"relation": "next", "url": CLOUD}]), OUT),
    "the manifest is a web page": Kind("poll", says(PAGE), "not JSON"),
    "the manifest is cut": Kind("poll", turned(lambda body: body[: len(body) // 2]), "not JSON"),
    "the manifest is an OperationOutcome": Kind("poll", says(ERROR), "OperationOutcome"),
    "the job never ends": Kind("poll", answers(202), "not done within"),
    "the job never ends, says one year": Kind("poll", answers(202, Retry_After="31536000"), "not done within"),
    "429 on a poll": Kind("poll", answers(429, Retry_After="1795512343505"), "not done within|429"),
    "500 transient on a poll": Kind("poll", answers(500, TRANSIENT), WHOLE, once=True),
    "404 on a poll": Kind("poll", answers(404), "404"),
    "401 on a poll": Kind("poll", answers(401), "refuses our login"),
    "a poll is 303 to another host": Kind("poll", answers(303, Location="{other}/job"), "303"),
    "a poll hangs": Kind("poll", stalls(0), "time limit", slow=True),
    "the job lies on another port": Kind("start", answers(202, Content_Location="{other}/job"), OUT),
    "the job lies at the cloud's metadata": Kind("start", answers(202, Content_Location=CLOUD), OUT),
    "the job lies nowhere": Kind("start", answers(202), "where its state is"),
    "the job's address is relative": Kind("start", answers(202, Content_Location="/fhir/job"), WHOLE),
    "a start is 307 to another host": Kind("start", answers(307, Location="{other}/$export"), "307"),
    "a start is a web page": Kind("start", says(PAGE), "200"),
    "429 on a start": Kind("start", answers(429, Retry_After="0"), "not done within"),
    "503 on a start, once": Kind("start", answers(503, Retry_After="0"), WHOLE, once=True),
    "a start hangs": Kind("start", stalls(0), "time limit", slow=True),
    "the end of a job hangs": Kind("end", stalls(0), WHOLE, slow=True),
    "the end of a job is a 500": Kind("end", answers(500), WHOLE),
}  # fmt: skip
