"""A backup on disk: written whole or not at all, checked whole before anything is put back."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.utils import timezone

from cixi_xiezuo.backup import tables
from cixi_xiezuo.backup.crypt import Reader, Writer
from cixi_xiezuo.errors import Refused
from cixi_xiezuo.snapshot import snapshot

FORMAT = 1
PIECE = 8 * 2**20
"""Bytes of rows compressed (and encrypted) at a time."""


@dataclass(frozen=True, slots=True)
class Written:
    path: Path
    rows: int
    files: int
    new_files: int


def write(place: Path, files: Callable[[], Iterable[str]], writer: Writer) -> Written:
    """A new backup under `place`, as of one moment; others go on working. `files`: paths in the store."""
    name = timezone.localtime().strftime("%Y%m%d-%H%M%S")
    final, part = place / name, place / f".{name}"
    if final.exists():
        raise Refused(f"{final} 已经存在，请稍后再试")
    (part / "tables").mkdir(parents=True)
    try:
        with snapshot():
            shape = tables.migrations()
            kept = {model._meta.label: _write_table(part, model, writer) for model in tables.every_model()}
            paths = sorted(set(files()))
        known, hashes = _hashes_before(place, writer), {}
        for path in paths:
            hashes[path] = known[path] if path in known else _keep_file(place, path, writer)
        new = sum(path not in known for path in paths)
        manifest = {
            "format": FORMAT,
            "made": timezone.now().isoformat(),
            "database": connection.vendor,
            "encrypted": bool(writer.suffix),
            "migrations": shape,
            "tables": kept,
            "files": hashes,
        }
        _write_manifest(part, manifest)
        os.replace(part, final)
        _sync(place)
    except BaseException:
        shutil.rmtree(part, ignore_errors=True)
        raise
    return Written(final, sum(each["rows"] for each in kept.values()), len(paths), new)


def _write_table(part: Path, model: tables.Model, writer: Writer) -> dict[str, Any]:
    """Rows in pieces of some MiB: each its length in 8 bytes, then its bytes, compressed and encrypted."""
    digest, rows = hashlib.sha256(), -1
    target = part / "tables" / f"{model._meta.label}.rows{writer.suffix}"
    with target.open("wb") as out:
        piece: list[bytes] = []
        size = 0

        def flush() -> None:
            data = writer.seal(zlib.compress(b"".join(piece), 6))
            block = len(data).to_bytes(8, "big") + data
            digest.update(block)
            out.write(block)
            piece.clear()

        for line in tables.lines(model):
            piece.append(line)
            rows, size = rows + 1, size + len(line)
            if size >= PIECE:
                flush()
                size = 0
        if piece:
            flush()
        out.flush()
        os.fsync(out.fileno())
    return {"rows": rows, "sha256": digest.hexdigest()}


def _hashes_before(place: Path, writer: Writer) -> dict[str, str]:
    """The files that the last backup kept in this way and that are still there, with their hashes as written.

    They are not read again: one that has gone bad since must not get the hash of what it has become.
    """
    for folder in sorted((path.parent for path in place.glob("*/manifest.json")), reverse=True):
        manifest = json.loads((folder / "manifest.json").read_bytes())
        if manifest["encrypted"] == bool(writer.suffix):
            hashes: dict[str, str] = manifest["files"]
            kept = place / "files"
            return {path: sha for path, sha in hashes.items() if (kept / f"{path}{writer.suffix}").exists()}
    return {}


def _keep_file(place: Path, path: str, writer: Writer) -> str:
    """Copy a file of the store; returns the hash of what is kept."""
    target = place / "files" / f"{path}{writer.suffix}"
    if not target.resolve().is_relative_to((place / "files").resolve()):
        raise Refused(f"文件路径不正确：{path}")
    if not default_storage.exists(path):
        raise Refused(f"票据文件缺失：{path}，请先运行 verify 查明")
    with default_storage.open(path, "rb") as file:
        data = writer.seal(file.read())
    target.parent.mkdir(parents=True, exist_ok=True)
    temporary = target.with_name(f".{target.name}.{os.getpid()}")
    with temporary.open("wb") as out:
        out.write(data)
        out.flush()
        os.fsync(out.fileno())
    os.replace(temporary, target)
    return hashlib.sha256(data).hexdigest()


def _write_manifest(part: Path, manifest: dict[str, Any]) -> None:
    data = json.dumps(manifest, ensure_ascii=False, indent=1).encode()
    for name, content in (
        ("manifest.json", data),
        ("manifest.sha256", hashlib.sha256(data).hexdigest().encode() + b"\n"),
    ):
        with (part / name).open("wb") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def prune(place: Path, keep: int) -> int:
    """Remove all but the last `keep` backups, and the files that none of those names; returns how many backups."""
    names = sorted(path.parent for path in place.glob("*/manifest.json"))
    old = names[:-keep] if keep else []
    for folder in old:
        shutil.rmtree(folder)
    if old:
        needed = {path for folder in names[-keep:] for path in _needed(folder)}
        for file in [path for path in (place / "files").rglob("*") if path.is_file()]:
            if file not in needed:
                file.unlink()
    return len(old)


def _needed(folder: Path) -> Iterator[Path]:
    manifest = json.loads((folder / "manifest.json").read_bytes())
    suffix = ".age" if manifest["encrypted"] else ""
    for path in manifest["files"]:
        yield folder.parent / "files" / f"{path}{suffix}"


class Backup:
    """A backup to be put back. Raises Refused where it is not whole, not ours, or not to be read with this key."""

    def __init__(self, folder: Path, secret_key: str = "") -> None:
        self.folder = folder
        try:
            data = (folder / "manifest.json").read_bytes()
            noted = (folder / "manifest.sha256").read_text().strip()
        except (OSError, UnicodeDecodeError) as error:
            raise Refused(f"{folder} 不是一份完整的备份：缺少 manifest.json 或 manifest.sha256") from error
        if hashlib.sha256(data).hexdigest() != noted:
            raise Refused("备份清单 manifest.json 与校验值不符，备份已损坏")
        self.manifest = json.loads(data)
        if self.manifest.get("format") != FORMAT:
            raise Refused("备份的格式不是本版本所写，请用写它的版本恢复")
        self.reader = Reader(self.manifest["encrypted"], secret_key)

    def check(self) -> None:
        """Every table and file is there, is its hash, and can be read."""
        for label, noted in self.manifest["tables"].items():
            path = self._table(label)
            if not path.is_file():
                raise Refused(f"备份缺少数据表 {label}")
            if _hash(path) != noted["sha256"]:
                raise Refused(f"备份中的数据表 {label} 与校验值不符，备份已损坏")
            if sum(1 for _ in self._lines(label)) != noted["rows"] + 1:
                raise Refused(f"备份中的数据表 {label} 行数不符，备份已损坏")
        for name, sha256 in self.manifest["files"].items():
            path = self._file(name)
            if not path.is_file():
                raise Refused(f"备份缺少票据文件 {name}")
            if _hash(path) != sha256:
                raise Refused(f"备份中的票据文件 {name} 与校验值不符，备份已损坏")

    def restore(self) -> tuple[int, int]:
        """Put everything into this system's empty database and store; returns (rows, files).

        Nothing is touched before the whole backup is found sound, and a failure leaves the database empty.
        """
        if tables.migrations() != self.manifest["migrations"]:
            raise Refused(
                "备份的数据结构与本系统不同：请装上写备份的那个版本，migrate 后恢复，再升级；空库请先运行 migrate"
            )
        if labels := tables.filled():
            raise Refused(f"数据库不是空的（{'、'.join(labels[:3])} 等已有数据），只能恢复到空的地方")
        self.check()
        by_label = {model._meta.label: model for model in tables.every_model()}
        with transaction.atomic():
            tables.make_room()
            rows = sum(tables.put(by_label[label], self._lines(label)) for label in self.manifest["tables"])
            tables.finish()
            for name in self.manifest["files"]:
                self._put_file(name)
        return rows, len(self.manifest["files"])

    def _table(self, label: str) -> Path:
        return self.folder / "tables" / f"{label}.rows{self.reader.suffix}"

    def _file(self, name: str) -> Path:
        return self.folder.parent / "files" / f"{name}{self.reader.suffix}"

    def _lines(self, label: str) -> Iterator[bytes]:
        with self._table(label).open("rb") as file:
            while head := file.read(8):
                data = file.read(int.from_bytes(head, "big"))
                yield from zlib.decompress(self.reader.open(data)).splitlines(keepends=True)

    def _put_file(self, name: str) -> None:
        data = self.reader.open(self._file(name).read_bytes())
        if default_storage.exists(name):
            with default_storage.open(name, "rb") as file:
                if file.read() == data:
                    return
            raise Refused(f"票据目录中已有不同内容的文件 {name}，只能恢复到空的地方")
        default_storage.save(name, ContentFile(data))
