"""A log line as one JSON object, for whoever collects logs."""

from __future__ import annotations

import datetime
import json
import logging


class JsonLine(logging.Formatter):
    """`number`: of the request or the background work at hand (see incidents.Numbered); "-" outside of one."""

    def format(self, record: logging.LogRecord) -> str:
        at = datetime.datetime.fromtimestamp(record.created, datetime.UTC)
        line = {
            "at": at.isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "number": getattr(record, "incident", "-"),
            "process": record.process,
            "message": record.getMessage(),
        }
        if record.exc_info:
            line["trace"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)
