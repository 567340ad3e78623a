"""The faulty server's bulk export."""

from __future__ import annotations

import json

from servers.faulty_wire import Json, Wire


class Exports(Wire):
    def export(self, parts: list[str]) -> None:
        home = self.owner.base
        if parts[0] == "$export":
            refused = self.has("export-404", "export-unlisted")
            return self.reply(404 if refused else 202, b"", {"Content-Location": f"{home}/job"})
        if parts[0] == "job" and self.command == "DELETE":
            return self.reply(202, b"")
        if parts[0] == "job" and len([seen for seen in self.record if seen.path.endswith("/job")]) < 2:
            return self.reply(202, b"", {"Retry-After": "0"})
        if parts[0] == "job":
            return self.reply(500, b"") if self.has("export-fails") else self.json(200, self.manifest())
        if self.has("file-redirect") and self.record is self.owner.history:
            return self.reply(307, b"", {"Location": f"{self.owner.other}/{'/'.join(parts)}"})
        return self.file(parts[1].removesuffix(".ndjson"))

    def exported(self, type_: str) -> list[Json]:
        rows = self.owner.rows.get(type_, [])
        if type_ == "FamilyMemberHistory" and self.has("export-omits"):
            return []
        return rows[1:] if type_ == "Patient" and self.has("export-short", "export-errors") else rows

    def broken_lines(self, type_: str) -> list[bytes]:
        return [line + b"\n" for line in self.owner.broken.get(type_, [])] if self.has("file-broken-lines") else []

    def manifest(self) -> Json:
        home = self.owner.other if self.has("file-elsewhere") else self.owner.base
        output: list[Json] = []
        for type_ in self.owner.rows:
            if rows := self.exported(type_):
                output.append({"type": type_, "url": f"{home}/files/{type_}.ndjson"})
                if not self.has("no-counts", "file-cut", "file-cut-between"):
                    output[-1]["count"] = len(rows) + self.has("count-high") + len(self.broken_lines(type_))
        troubles = [{"type": "OperationOutcome", "url": f"{home}/files/troubles.ndjson"}]
        reports = troubles if self.has("export-errors", "export-warns") else []
        instant = "2026-03-01T00:00:00Z"
        return {"transactionTime": instant, "requiresAccessToken": True, "output": output, "error": reports}

    def file(self, type_: str) -> None:
        severity = "error" if self.has("export-errors") else "warning"
        rows = [{"resourceType": "OperationOutcome", "issue": [{"severity": severity, "code": "exception"}]}]
        lines = [json.dumps(row).encode() + b"\n" for row in (rows if type_ == "troubles" else self.exported(type_))]
        lines[1:1] = self.broken_lines(type_)
        if self.has("file-mixed"):
            lines[1:2] = [b'{"resourceType": "Observation", "id": "o"}\n']
        text = b"".join(lines)
        if self.has("file-cut"):
            return self.reply(200, text[:-20], length=None)
        if self.has("file-cut-between"):
            return self.reply(200, b"".join(lines[:-1]), length=None)
        if self.has("file-drip"):
            return self.drip(text, headers=False)
        if self.has("file-html"):
            text = b"<html>\n" * len(lines)
        return self.reply(200, text[:-1] if self.has("no-last-feed") else text)
