"""What the faulty server answers to searches and reads."""

from __future__ import annotations

import json

from servers.faulty_wire import Json, Seen, Wire

PAGE = 3


class Searches(Wire):
    def search(self, seen: Seen) -> None:
        type_, query = seen.parts[0], seen.query
        if self.has("redirect-elsewhere"):
            return self.reply(307, b"", {"Location": f"{self.owner.other}/{type_}"})
        if (self.has("post-search-405") and self.command == "POST") or (self.has("no-sort") and "_sort" in query):
            return self.reply(405 if self.command == "POST" else 400, b"")
        rows, start = self.found(type_, query), int(query.get("from", ["0"])[0])
        bundle: Json = {"resourceType": "Bundle", "type": "searchset", "entry": self.entries(rows, start), "link": []}
        if not self.has("no-totals"):
            bundle["total"] = len(rows) + self.has("total-high")
        if query.get("_summary") == ["count"]:
            total = len(rows) + len(self.owner.broken.get(type_, []))
            return self.json(
                200,
                {**bundle, "entry": []} | ({} if self.has("no-totals") else {"total": total + self.has("total-high")}),
            )
        if start + PAGE < len(rows):
            bundle["link"] = [{"relation": "next", "url": self.next_link(type_, start)}]
        if not (start and self.faulty_page(bundle)):
            self.page(bundle)
        return None

    def found(self, type_: str, query: dict[str, list[str]]) -> list[Json]:
        rows = self.owner.rows.get(type_, [])
        if self.has("ignores-filters"):
            return rows
        if self.has("index-rebuilt") and sum(seen.parts[0] == type_ for seen in self.record) > 1:
            return []
        for key, test in (("_id", _has_id), ("patient", _is_about), ("identifier", bears)):
            if key in query:
                rows = [row for row in rows if test(row, query[key][0])]
        return rows

    def entries(self, rows: list[Json], start: int) -> list[Json]:
        shown = rows[max(0, start - self.has("repeats")) : start + PAGE]
        found: list[Json] = [{"resource": row, "search": {"mode": "match"}} for row in shown]
        if self.has("extras"):
            warning = {"resourceType": "OperationOutcome", "issue": [{"severity": "warning", "code": "informational"}]}
            found.append({"resource": {"resourceType": "Patient", "id": "extra"}, "search": {"mode": "include"}})
            found.append({"resource": {"resourceType": "Organization", "id": "extra"}})
            found.append({"resource": warning, "search": {"mode": "outcome"}})
        return found

    def next_link(self, type_: str, start: int) -> str:
        home = self.owner.other if self.has("next-elsewhere") else self.owner.base
        if self.has("next-relative"):
            home = "/fhir"
        return f"{home}/{type_}?from={0 if self.has('next-loop') and start else start + PAGE}"

    def faulty_page(self, bundle: Json) -> bool:
        """Sends the second or a later page in its faulty form; False when it has none."""
        text = json.dumps(bundle).encode()
        if self.has("cut-page"):
            self.reply(200, text[: len(text) // 2], length=None)
        elif self.has("short-page"):
            self.reply(200, text[: len(text) // 2], length=len(text))
        elif self.has("page-gone"):
            self.reply(410, b"")
        elif self.has("outcome-page"):
            self.json(200, {"resourceType": "OperationOutcome", "issue": [{"severity": "error", "code": "exception"}]})
        elif self.has("html-page"):
            self.reply(200, b"<html><body>Please log in</body></html>", {"Content-Type": "text/html"})
        elif self.has("collection-page"):
            self.json(200, {**bundle, "type": "collection"})
        elif self.has("drip", "drip-headers"):
            self.drip(text, headers=self.has("drip-headers"))
        else:
            return False
        return True

    def page(self, bundle: Json) -> None:
        zipped = {"Content-Encoding": "gzip"} if self.has("zipped-page") else {}
        self.reply(200, json.dumps(bundle).encode(), zipped)

    def read(self, type_: str, id_: str) -> None:
        found = next((row for row in self.owner.rows.get(type_, []) if row["id"] == id_), None)
        self.json(200, found, self.etag(found)) if found else self.reply(404, b"")


def _has_id(row: Json, value: str) -> bool:
    return row["id"] in value.split(",")


def _is_about(row: Json, value: str) -> bool:
    return any(row.get(name) == {"reference": f"Patient/{value.split('/')[-1]}"} for name in ("subject", "patient"))


def bears(row: Json, value: str) -> bool:
    """Whether a row has the identifier ``system|value``."""
    return any(f"{each['system']}|{each['value']}" == value for each in row.get("identifier", []))
