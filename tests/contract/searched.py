"""Questions: pages, totals, order, times, and what was deleted."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from urllib.parse import quote, urlsplit

from contract.ground import OF, ROWS, Ground
from contract.measures import in_utc, judged, measure, of


def pages(ground: Ground, count: int) -> tuple[list[list[str]], list[str], list[bool]]:
    """The ids of each page of ``OF``, the next links, and whether a page had a total."""
    found, links, totals, path = [], [], [], f"{OF}?_sort=_id&_count={count}"
    while path:
        page = ground.ask("GET", path).json()
        found.append([entry["resource"]["id"] for entry in page.get("entry", [])])
        totals.append("total" in page)
        path = next((link["url"] for link in page.get("link", []) if link["relation"] == "next"), "")
        links += [path] if path else []
    return found, links, totals


@measure(f"{ROWS:,} rows by pages of 500", "each once, on 3 pages of 500 and 203 or each once, on 7 pages of 200 and 3")
def _(ground: Ground) -> str:
    found, _, _ = pages(ground, 500)
    ids = [id_ for page in found for id_ in page]
    each = "each once" if sorted(ids) == [f"r{n:04}" for n in range(ROWS)] else f"{len(set(ids))} rows"
    sizes = sorted({len(page) for page in found}, reverse=True)
    return f"{each}, on {len(found)} page{'s' * (len(found) > 1)} of {' and '.join(map(str, sizes))}"


@measure("next links", "absolute, the host that was asked or relative")
def _(ground: Ground) -> str:
    """Asked under another name of this machine, to see whose name stands in the link."""
    here = urlsplit(ground.client.base)
    asked = ground.client.base.replace(str(here.hostname), "localhost")
    page = ground.ask("GET", f"{asked}/{OF}?_count=500").json()
    link = next((each["url"] for each in page.get("link", []) if each["relation"] == "next"), "")
    if not link:
        return "none"
    if "://" not in link:
        return "relative"
    names = {"localhost": "the host that was asked", here.hostname: "its own host, whatever was asked"}
    return f"absolute, {names.get(urlsplit(link).hostname, 'some other host')}"


@measure("totals of a search of several pages", "on each page")
def _(ground: Ground) -> str:
    _, _, totals = pages(ground, 500)
    return "on each page" if all(totals) else "on some pages" if any(totals) else "on no page"


@measure("`_sort=_id`", "in order")
def _(ground: Ground) -> str:
    ids = [id_ for page in pages(ground, 500)[0] for id_ in page]
    return "in order" if ids == sorted(ids) else "another order"


@measure("`_summary=count`", "right total, no rows")
def _(ground: Ground) -> str:
    page = ground.ask("GET", f"{OF}?_summary=count").json()
    total = "right" if page.get("total") == ROWS else "wrong" if "total" in page else "no"
    return f"{total} total, {'rows too' if page.get('entry') else 'no rows'}"


@measure("`search.mode` of a row", "match")
def _(ground: Ground) -> str:
    entry = ground.ask("GET", f"{OF}?_count=1").json()["entry"][0]
    return str(entry.get("search", {}).get("mode", "absent"))


def _since(ground: Ground, name: str, value: Callable[[datetime], str]) -> str:
    """Three rows, written 0.3 s apart; asked for what was written since the time of the second."""
    ids = [f"{name}{n}" for n in range(3)]
    for id_ in ids:
        ground.plant({"resourceType": "Location", "id": id_, "name": name})
        time.sleep(0.3)
    middle = datetime.fromisoformat(ground.ask("GET", f"Location/{ids[1]}").json()["meta"]["lastUpdated"])
    return judged(ground.found(f"Location?_count=100&_lastUpdated={quote(value(middle), safe='')}"), ids[1:])


@measure("`_lastUpdated=ge` with an instant in UTC (Z)", "right")
def _(ground: Ground) -> str:
    return _since(ground, "utc", lambda at: f"ge{in_utc(at)}")


@measure("`_lastUpdated=ge` with the same instant at +05:00", "right")
def _(ground: Ground) -> str:
    east = timezone(timedelta(hours=5))
    return _since(ground, "east", lambda at: f"ge{at.astimezone(east).isoformat(timespec='milliseconds')}")


@measure("`_lastUpdated=gt` with an instant in UTC 0.15 s earlier", "right")
def _(ground: Ground) -> str:
    return _since(ground, "gt", lambda at: f"gt{in_utc(at - timedelta(seconds=0.15))}")


@measure("delete, then read, then count", "200, 410, 0 or 204, 410, 0")
def _(ground: Ground) -> str:
    ground.plant({"resourceType": "Location", "id": "gone", "name": "gone"})
    deleted, read = of(ground.ask("DELETE", "Location/gone")), of(ground.ask("GET", "Location/gone"))
    left = len(ground.found("Location?_id=gone"))
    return f"{deleted}, {read}, {left}"
