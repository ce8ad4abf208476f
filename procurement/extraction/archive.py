"""Reading a zip in memory, within limits and with patience for careless writers."""

from __future__ import annotations

import io
import posixpath
import struct
import zipfile
import zlib

from procurement.extraction import limits
from procurement.extraction.limits import Refused

_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    RuntimeError,
    NotImplementedError,
    EOFError,
    OSError,
    ValueError,
    OverflowError,
)
_PACKINGS = (
    zipfile.ZIP_STORED,
    zipfile.ZIP_DEFLATED,
)  # what invoices come in; others may ask for much memory


def _check_count(data: bytes) -> None:
    """Before the directory is taken apart: what its end says of its length may be a lie, its signatures are not."""
    found = data.count(b"PK\x01\x02")
    if found > limits.MAX_ENTRIES:
        raise Refused(f"压缩包里有 {found} 个文件，超过上限 {limits.MAX_ENTRIES} 个。")


def entry_names(data: bytes) -> list[str] | None:
    """Names in a zip, unchecked, for telling what it is; None when it cannot be opened."""
    try:
        _check_count(data)
        return zipfile.ZipFile(io.BytesIO(data)).namelist()
    except (*_BROKEN, Refused):
        return None


class Archive:
    """Entries by name. Raises Refused for a bomb or something that is no zip; nothing touches the disk."""

    def __init__(self, data: bytes) -> None:
        self.problems: list[str] = []
        _check_count(data)
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
            infos = self._zip.infolist()
        except _BROKEN as error:
            raise Refused("压缩包已损坏或不完整，请重新下载原文件。") from error
        unpacked = sum(info.file_size for info in infos)
        if unpacked > limits.MAX_UNPACKED:
            raise Refused(
                f"压缩包解开后有 {unpacked / 1048576:.0f} MB，超过上限 {limits.MAX_UNPACKED // 1048576} MB。"
            )
        self._infos: dict[str, zipfile.ZipInfo] = {}
        for info in infos:
            self._admit(info)
        self._folded = {name.lower(): name for name in self._infos}

    def _admit(self, info: zipfile.ZipInfo) -> None:
        name = info.filename.replace("\\", "/")
        if name.startswith("/") or ".." in name.split("/") or ":" in name.split("/")[0] or "\x00" in name:
            self.problems.append(f"压缩包里的文件名“{name[:60]}”不安全，未读取。")
        elif (info.external_attr >> 16) & 0o170000 == 0o120000:
            self.problems.append(f"压缩包里的“{name[:60]}”是链接，未读取。")
        elif info.compress_type not in _PACKINGS:
            self.problems.append(f"压缩包里的“{name[:60]}”压缩方式少见，未读取。")
        elif info.file_size > limits.RATIO_FROM and info.file_size > limits.MAX_RATIO * max(
            info.compress_size, 1
        ):
            raise Refused(f"压缩包里的“{name[:60]}”压缩比过高，疑似压缩炸弹，未读取。")
        elif not name.endswith("/"):
            self._infos.setdefault(name, info)  # a second entry of the same name is ignored

    @property
    def names(self) -> list[str]:
        return list(self._infos)

    @property
    def locked(self) -> bool:
        """Whether any entry wants a password."""
        return any(info.flag_bits & 1 for info in self._infos.values())

    def readable(self, name: str) -> str:
        """An entry's name for people: zips made on Chinese Windows write it in GBK without saying so."""
        if self._infos[name].flag_bits & 0x800:
            return name
        for encoding in ("utf-8", "gbk"):
            try:
                return name.encode("cp437").decode(encoding)
            except UnicodeError:
                continue
        return name

    def find(self, name: str, base: str = "") -> str | None:
        """The entry a location inside the archive means: absolute, relative to `base`, any case; else None."""
        name = name.strip().replace("\\", "/")
        tries = [name.lstrip("/")] if name.startswith("/") else [posixpath.join(base, name), name]
        for candidate in tries:
            candidate = posixpath.normpath(candidate).lstrip("/")
            if candidate in self._infos:
                return candidate
            if candidate.lower() in self._folded:
                return self._folded[candidate.lower()]
        return None

    def read(self, name: str) -> bytes | None:
        """Bytes of an entry, None (and a problem) when it cannot be read."""
        info = self._infos.get(name)
        if info is None:
            return None
        try:
            with self._zip.open(info) as stream:
                return stream.read(limits.MAX_UNPACKED)
        except _BROKEN:
            self.problems.append(f"压缩包里的“{name[:60]}”读不出来（损坏或加密）。")
            return None
