"""The faulty server's writes."""

from __future__ import annotations

import json
from urllib.parse import parse_qs

from servers.faulty_search import bears
from servers.faulty_wire import Json, Seen, Wire


class Writes(Wire):
    def write(self, seen: Seen) -> None:
        with self.owner.lock:
            writes = sum(each.method in ("PUT", "POST", "DELETE") for each in self.record)
            status, resource = self.apply(seen)
        if status >= 400:
            return self.reply(status, b"")
        text, headers = json.dumps(resource).encode(), self.etag(resource)
        if self.command == "POST":
            headers["Location"] = f"{self.owner.base}/{seen.parts[0]}/{resource['id']}/_history/1"
        if self.has("answer-lost"):
            return self.cut()
        if self.has("write-502") or (self.has("write-503-once") and writes == 1):
            return self.reply(502 if self.has("write-502") else 503, b"", {"Retry-After": "0"})
        if self.has("write-garbled"):
            text = text[: len(text) // 2]
        return self.reply(status, b"" if self.has("minimal") else text, headers)

    def apply(self, seen: Seen) -> tuple[int, Json]:
        rows = self.owner.rows.setdefault(seen.parts[0], [])
        sent = json.loads(seen.body or "{}")
        if seen.method == "POST":
            key = parse_qs(seen.headers.get("if-none-exist", "")).get("identifier", [""])[0]
            same = [row for row in rows if bears(row, key) or self.has("key-confused")][:2]
            if same and not self.has("key-ignored"):
                return (200, same[0]) if len(same) == 1 else (412, {})
            rows.append({**sent, "id": f"new{len(rows)}", "meta": {"versionId": "1"}})
            return 201, rows[-1]
        at = next((n for n, row in enumerate(rows) if row["id"] == seen.parts[1]), None)
        if at is None:
            return 404, {}
        if seen.method == "DELETE":
            return 200, rows.pop(at)
        version = rows[at].get("meta", {}).get("versionId", "1")
        if seen.headers.get("if-match") != f'W/"{version}"' and not self.has("wrong-version-taken"):
            return 412, {}
        rows[at] = {**sent, "meta": {"versionId": str(int(version) + 1)}}
        return 200, rows[at]
