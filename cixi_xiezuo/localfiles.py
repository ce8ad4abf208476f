"""Receipts in a private folder of this machine (MEDIA_ROOT)."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Any

from django.core.files.storage import FileSystemStorage


class LocalFiles(FileSystemStorage):
    """A file is there whole, and on the disk, or not at all; what is saved under a name replaces what was there."""

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        return name

    def _save(self, name: str, content: Any) -> str:
        full = Path(self.path(name))
        full.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor, part = tempfile.mkstemp(dir=full.parent, prefix=".part-")  # mode 0600
        try:
            with os.fdopen(descriptor, "wb") as file:
                for chunk in content.chunks():
                    file.write(chunk)
                file.flush()
                os.fsync(file.fileno())
            os.replace(part, full)
        except BaseException:
            os.unlink(part)
            raise
        self._settle(full.parent)
        return name

    def _settle(self, folder: Path) -> None:
        """The names too are on the disk, up to the root of the store."""
        top = Path(self.location)
        while True:
            handle = os.open(folder, os.O_RDONLY)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)
            if folder == top or top not in folder.parents:
                return
            folder = folder.parent
