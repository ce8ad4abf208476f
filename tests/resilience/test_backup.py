"""What was backed up comes back, on either database; what is not whole is refused before anything is written."""

from __future__ import annotations

import datetime
import hashlib
import json
import os
import random
import subprocess
import sys
import threading
import uuid
from pathlib import Path

import pyrage
import pytest
import time_machine
from django.db import connection

from cixi_xiezuo.backup.archive import Backup
from cixi_xiezuo.errors import Refused
from procurement import workflow
from procurement.choices import Channel, Status, Use
from procurement.models import Purchase, StoredFile
from procurement.receipts import path_of
from tests import services
from tests.commands.conftest import Outcome
from tests.factories import line, make_base, make_policy, make_purchase, make_unit
from tests.resilience.verified import agrees
from tests.services import ROOT
from units.kinds import Kind
from units.models import Unit

both = pytest.mark.parametrize("migrated_database_url", ["sqlite", "postgresql"], indirect=True)


@pytest.fixture
def town() -> Unit:
    """A small year with receipts, a refund, a returned purchase and a policy."""
    make_policy()
    town = make_unit("T01", Kind.TOWN, "“观海卫”镇\u2028，=1+1")
    make_base(town, canteen_budget="1000.00", target="5000.00", canteen_representative=None)
    bought = make_purchase(
        town,
        line("120.01", use=Use.CANTEEN),
        line("7.50", quantity=None),
        channel=Channel.PLATFORM_832,
        receipt=b"an invoice",
    )
    make_purchase(town, line("-20.01", use=Use.CANTEEN), original=bought, receipt=b"its refund")
    make_purchase(town, line("5.00"), status=Status.RETURNED, receipt=bytes(range(256)) * 999)
    return town


class Elsewhere:
    """Another installation with its tables made: its own database and store, used through the program alone."""

    def __init__(self, url: str, folder: Path) -> None:
        self.url, self.media = url, folder / "elsewhere"

    def __call__(self, *arguments: str | Path) -> Outcome:
        settings = {
            "DATABASE_URL": self.url,
            "MEDIA_ROOT": str(self.media),
            "VAR_DIR": str(self.media.parent),
        }
        done = subprocess.run(
            [sys.executable, "manage.py", *map(str, arguments)],
            cwd=ROOT,
            env=os.environ | settings | {"DJANGO_SETTINGS_MODULE": "cixi_xiezuo.settings"},
            capture_output=True,
            text=True,
        )
        return Outcome(done.returncode, done.stdout, done.stderr)

    def is_empty(self) -> bool:
        """A backup of an untouched place has no rows but those that migrate makes."""
        assert not [path for path in self.media.rglob("*") if path.is_file()]
        return "没有 2021 年度" in self("assess", "2021").err


@pytest.fixture
def elsewhere(migrated_database_url: str, tmp_path: Path) -> Elsewhere:
    return Elsewhere(migrated_database_url, tmp_path)


def the_backup(folder: Path) -> Path:
    (found,) = [path.parent for path in folder.glob("*/manifest.json")]
    return found


@both
@pytest.mark.django_db
def test_a_restored_backup_has_the_same_figures_receipts_and_trail(
    run, town: Unit, tmp_path: Path, elsewhere: Elsewhere
) -> None:
    before = run("assess", "2021", "--json").out
    explained = run("explain", "2021", "--rule", "canteen_share", "--unit", "T01", "--json").out
    made = run("backup", tmp_path / "backups")
    assert made.code == 0, made.err
    assert "票据文件 3 个（新增 3 个）" in made.out
    restored = elsewhere("restore", the_backup(tmp_path / "backups"))
    assert restored.code == 0, restored.err
    assert elsewhere("assess", "2021", "--json").out == before
    assert elsewhere("explain", "2021", "--rule", "canteen_share", "--unit", "T01", "--json").out == explained
    verified = elsewhere("verify")
    assert verified.code == 0 and agrees(verified.out), verified.out
    for stored in StoredFile.objects.all():
        path = path_of(stored.sha256)
        assert (elsewhere.media / path).stat().st_size == stored.size
    again = elsewhere("backup", tmp_path / "again")
    assert again.code == 0, again.err
    ours, theirs = (
        json.loads((the_backup(tmp_path / name) / "manifest.json").read_text())
        for name in ("backups", "again")
    )
    assert ours["files"] == theirs["files"]
    different = {label for label in ours["tables"] if ours["tables"][label] != theirs["tables"][label]}
    assert not different, "every table comes back to the byte"


@both
@pytest.mark.django_db
def test_new_rows_after_a_restore_get_numbers_of_their_own(
    run, town: Unit, tmp_path: Path, elsewhere: Elsewhere
) -> None:
    run("backup", tmp_path / "backups")
    assert elsewhere("restore", the_backup(tmp_path / "backups")).code == 0
    reference = elsewhere("load", "reference")
    assert reference.code == 0, reference.err
    assert elsewhere("verify").code == 0


@pytest.mark.django_db
def test_only_an_empty_place_is_restored_into(run, town: Unit, tmp_path: Path) -> None:
    run("backup", tmp_path / "backups")
    outcome = run("restore", the_backup(tmp_path / "backups"))
    assert outcome.code == 1
    assert "数据库不是空的" in outcome.err


@pytest.mark.nodb
@pytest.mark.django_db
def test_receipts_are_kept_once_and_old_backups_go(run, town: Unit, tmp_path: Path) -> None:
    place = tmp_path / "backups"
    for day in (1, 2, 3):
        make_purchase(town, line("1.00"), receipt=f"new {day}".encode())
        with time_machine.travel(datetime.datetime(2021, 12, day, 4, tzinfo=datetime.UTC), tick=False):
            outcome = run("backup", place, "--keep", "2")
        assert ("（新增 4 个）" if day == 1 else "（新增 1 个）") in outcome.out
    kept = sorted(path.parent.name for path in place.glob("*/manifest.json"))
    assert kept == ["20211202-120000", "20211203-120000"]
    assert len([path for path in (place / "files").rglob("*") if path.is_file()]) == 6
    assert run("restore", place / kept[0], "--check").out.startswith("备份完好")


@pytest.mark.nodb
@pytest.mark.django_db
class TestEncryption:
    @pytest.fixture
    def keys(self, tmp_path: Path) -> tuple[Path, Path]:
        identity = pyrage.x25519.Identity.generate()
        (tmp_path / "secret").write_text(f"# created: today\n{identity}\n")
        (tmp_path / "public").write_text(f"{identity.to_public()}\n")
        return tmp_path / "public", tmp_path / "secret"

    def test_nothing_in_the_clear_and_only_its_key_opens_it(
        self, run, town: Unit, tmp_path: Path, keys, elsewhere: Elsewhere
    ) -> None:
        public, secret = keys
        assert run("backup", tmp_path / "backups", "--public-key-file", public).code == 0
        folder = the_backup(tmp_path / "backups")
        everything = b"".join(
            path.read_bytes() for path in (tmp_path / "backups").rglob("*") if path.is_file()
        )
        assert b"an invoice" not in everything
        assert "观海卫".encode() not in everything
        assert "加密的" in elsewhere("restore", folder).err
        other = tmp_path / "other"
        other.write_text(f"{pyrage.x25519.Identity.generate()}\n")
        refused = elsewhere("restore", folder, "--key-file", other)
        assert (refused.code, "私钥不对" in refused.err) == (1, True)
        assert elsewhere.is_empty()
        assert elsewhere("restore", folder, "--key-file", secret).code == 0
        assert elsewhere("verify").code == 0

    @pytest.mark.parametrize("key", ["", "not a key\n", "age1abc\n", "one\ntwo\n"])
    def test_a_wrong_key_file_is_refused_and_leaves_no_backup(
        self, run, town, tmp_path: Path, key: str
    ) -> None:
        (tmp_path / "key").write_text(key)
        outcome = run("backup", tmp_path / "backups", "--public-key-file", tmp_path / "key")
        assert outcome.code == 1
        assert "公钥" in outcome.err or "密钥文件" in outcome.err
        assert not list((tmp_path / "backups").glob("*/manifest.json"))


@pytest.mark.nodb
@pytest.mark.django_db
class TestDamage:
    @pytest.fixture
    def backup(self, run, town: Unit, tmp_path: Path) -> Path:
        assert run("backup", tmp_path / "backups").code == 0
        return the_backup(tmp_path / "backups")

    def test_one_wrong_bit_anywhere_is_found(self, backup: Path) -> None:
        Backup(backup).check()
        files = sorted(path for path in backup.parent.rglob("*") if path.is_file() and path.stat().st_size)
        chance = random.Random(1)
        for _ in range(200):
            path = chance.choice(files)
            whole = path.read_bytes()
            place, bit = chance.randrange(len(whole)), 1 << chance.randrange(8)
            path.write_bytes(whole[:place] + bytes([whole[place] ^ bit]) + whole[place + 1 :])
            with pytest.raises(Refused):
                Backup(backup).check()
            path.write_bytes(whole)
        Backup(backup).check()

    def test_a_file_that_went_bad_after_the_first_backup_is_found_in_the_second(
        self, backup: Path, run, tmp_path: Path
    ) -> None:
        file = next(path for path in (backup.parent / "files").rglob("*") if path.is_file())
        file.write_bytes(file.read_bytes() + b"rot")
        with time_machine.travel(datetime.datetime(2041, 1, 1, tzinfo=datetime.UTC), tick=False):
            assert run("backup", tmp_path / "backups").code == 0
        (second,) = set(backup.parent.glob("*/manifest.json")) - {backup / "manifest.json"}
        with pytest.raises(Refused, match="与校验值不符"):
            Backup(second.parent).check()

    def test_nothing_is_written_from_a_damaged_or_incomplete_one(
        self, backup: Path, elsewhere: Elsewhere
    ) -> None:
        for path in (
            backup / "tables" / "procurement.Purchase.rows",
            next(path for path in (backup.parent / "files").rglob("*") if path.is_file()),
        ):
            whole = path.read_bytes()
            for broken in (whole[:-1], b"", None):
                path.unlink() if broken is None else path.write_bytes(broken)
                with pytest.raises(Refused, match="备份"):
                    Backup(backup).check()
            outcome = elsewhere("restore", backup)
            assert (outcome.code, "备份缺少" in outcome.err) == (1, True), outcome
            path.write_bytes(whole)
        assert elsewhere.is_empty()

    def test_one_of_another_version_is_refused(self, backup: Path, run) -> None:
        manifest = json.loads((backup / "manifest.json").read_text())
        manifest["migrations"]["procurement"].append("0999_later")
        data = json.dumps(manifest).encode()
        (backup / "manifest.json").write_bytes(data)
        (backup / "manifest.sha256").write_text(hashlib.sha256(data).hexdigest())
        assert "数据结构与本系统不同" in run("restore", backup).err

    def test_a_missing_receipt_stops_the_backup_and_leaves_none(
        self, run, town, media: Path, tmp_path: Path
    ) -> None:
        (media / path_of(StoredFile.objects.order_by("pk")[0].sha256)).unlink()
        outcome = run("backup", tmp_path / "other")
        assert (outcome.code, "票据文件缺失" in outcome.err) == (1, True)
        assert not list((tmp_path / "other").glob("*/manifest.json"))
        assert not list((tmp_path / "other").glob(".*"))


@pytest.mark.django_db(transaction=True)
def test_a_backup_made_while_purchases_are_approved_is_of_one_moment(
    run, town: Unit, tmp_path: Path, elsewhere: Elsewhere
) -> None:
    waiting = [make_purchase(town, line("1.00"), status=Status.SUBMITTED) for _ in range(60)]
    begun, stop = threading.Event(), threading.Event()

    def approve() -> None:
        try:
            for purchase in waiting:
                if stop.is_set():
                    return
                workflow.approve(purchase, by=None)
                begun.set()
        finally:
            begun.set()
            connection.close()

    writer = threading.Thread(target=approve)
    writer.start()
    begun.wait(20)
    made = run("backup", tmp_path / "backups")
    stop.set()
    writer.join()
    assert made.code == 0, made.err
    assert Purchase.objects.filter(status=Status.APPROVED).count() > 3, "approvals went on meanwhile"
    assert elsewhere("restore", the_backup(tmp_path / "backups")).code == 0
    verified = elsewhere("verify")
    assert verified.code == 0, verified.out


@pytest.mark.django_db
def test_a_wrong_place_is_told_in_a_sentence(run, town: Unit, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert "写不了备份" in run("backup", tmp_path / "file").err
    assert "不是一份完整的备份" in run("restore", tmp_path).err


@pytest.mark.nodb
def test_an_installation_moves_from_sqlite_to_postgresql_with_equal_figures(
    elsewhere: Elsewhere, postgres_url: str, tmp_path: Path
) -> None:
    case = ROOT / "tests" / "cases" / "worked"
    elsewhere("load", "reference")
    for what, name in (("units", "单位"), ("bases", "年度基数"), ("purchases", "采购")):
        assert elsewhere("load", what, case / f"{name}.xlsx").code == 0
    url = services.new_postgres_database(postgres_url, f"moved_{uuid.uuid4().hex}")
    moved = elsewhere("move_database", url)
    assert moved.code == 0, moved.err
    assert "数字与原来一致" in moved.out
    before = elsewhere("assess", "2021", "--as-of", "2021-12-31", "--json").out
    elsewhere.url = url
    assert elsewhere("assess", "2021", "--as-of", "2021-12-31", "--json").out == before
    again = elsewhere("move_database", url)
    assert (again.code, "数据库不是空的" in again.err) == (1, True)
