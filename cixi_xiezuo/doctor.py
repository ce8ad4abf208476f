"""Is this installation sound? Each examination looks at one part and says, where it is not, what to do."""

from __future__ import annotations

import datetime
import platform
import shutil
import smtplib
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Literal, NamedTuple

import django
from django.conf import settings
from django.core import checks
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.mail import get_connection
from django.db import DatabaseError, connection
from django.db.backends.utils import CursorWrapper
from django.utils import timezone

from cixi_xiezuo import VERSION, background, clamd, fonts
from cixi_xiezuo.backup import history
from cixi_xiezuo.broker import answers
from cixi_xiezuo.health import upgrades_waiting
from cixi_xiezuo.outbox import work as outbox

LOW_SPACE = 2 * 2**30  # bytes
CLOCK = 2  # seconds that two machines may differ
BEAT = 180  # seconds since the clock's last task
BACKUP = datetime.timedelta(hours=36)  # a nightly one, and time to make it
LATE = 300  # seconds that work may wait in the background


class Finding(NamedTuple):
    """`remedy` says what to do; empty where all is well. A "warn" does not make the installation unsound."""

    level: Literal["ok", "warn", "fail"]
    part: str
    words: str
    remedy: str = ""


def versions() -> Iterator[Finding]:
    yield Finding(
        "ok", "版本", f"本系统 {VERSION}，Python {platform.python_version()}，Django {django.get_version()}"
    )


def database() -> Iterator[Finding]:
    try:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT sqlite_version()" if connection.vendor == "sqlite" else "SHOW server_version"
            )
            version = cursor.fetchone()[0]
            yield Finding("ok", "数据库", f"{connection.display_name} {version}")
            yield from _durable(cursor)
            yield from _pool(cursor)
    except DatabaseError as error:
        reason = str(error).strip().splitlines()[0]
        yield Finding("fail", "数据库", f"连不上：{reason}", "检查 DATABASE_URL 与数据库服务")
        return
    if waiting := upgrades_waiting():
        yield Finding("fail", "数据结构", f"有 {waiting} 步升级没有做", "运行 python manage.py migrate")
    else:
        yield Finding("ok", "数据结构", "与程序一致")


class _Wanted(NamedTuple):
    """How a database must be set: the statement that asks, the names with their values, and where they are set."""

    ask: str
    values: dict[str, object]
    remedy: str


_WANTED = {
    "sqlite": _Wanted(
        "PRAGMA",
        {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1},
        "不要在 DATABASE_URL 中改动 SQLite 的选项",
    ),
    "postgresql": _Wanted(
        "SHOW",
        {"fsync": "on", "synchronous_commit": "on", "server_encoding": "UTF8"},
        "在 postgresql.conf 中设 {name} = {value}",
    ),
}


def _durable(cursor: CursorWrapper) -> Iterator[Finding]:
    wanted = _WANTED[connection.vendor]
    for name, value in wanted.values.items():
        cursor.execute(f"{wanted.ask} {name}")
        found = cursor.fetchone()[0]
        if found != value:
            remedy = wanted.remedy.format(name=name, value=value)
            yield Finding("fail", "数据库", f"{name} 为 {found}，应为 {value}", remedy)


def _pool(cursor: CursorWrapper) -> Iterator[Finding]:
    """A PgBouncer names to its client another process than the one that answers."""
    if connection.vendor != "postgresql" or not settings.PREPARED_STATEMENTS:
        return
    cursor.execute("SELECT pg_backend_pid()")
    link: Any = connection.connection
    if cursor.fetchone()[0] != link.info.backend_pid:
        yield Finding(
            "fail", "数据库", "中间有连接池（PgBouncer），本系统不知道", "设 DATABASE_POOLED=1，重启各服务"
        )


def clock() -> Iterator[Finding]:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT clock_timestamp()")
            apart = abs((cursor.fetchone()[0] - datetime.datetime.now(datetime.UTC)).total_seconds())
        if apart > CLOCK:
            yield Finding(
                "fail", "时钟", f"与数据库服务器相差 {apart:.0f} 秒", "两台机器都应启用 NTP（chrony）"
            )
            return
    yield Finding("ok", "时钟", f"{datetime.datetime.now().astimezone():%Y-%m-%d %H:%M:%S %z}")


def broker() -> Iterator[Finding]:
    if not answers(settings.REDIS_URL):
        yield Finding(
            "fail", "消息队列", "没有应答", "启动 Redis，或检查 REDIS_URL；在此之前票据会等待识别，不会丢失"
        )
        return
    yield Finding("ok", "消息队列", "有应答")
    from cixi_xiezuo.celery import app

    workers = app.control.ping(timeout=2)
    if workers:
        yield Finding("ok", "后台进程", f"{len(workers)} 个在工作")
    else:
        yield Finding("fail", "后台进程", "没有应答", "启动 celery -A cixi_xiezuo worker --beat")
    last = cache.get(background.BEAT)
    if last is None or time.time() - last > BEAT:
        yield Finding(
            "fail", "定时任务", "三分钟内没有运行", "恰有一个后台进程应带 --beat 启动；刚启动的，一分钟后再查"
        )
    else:
        yield Finding("ok", "定时任务", f"{time.time() - last:.0f} 秒前运行过")


def queue() -> Iterator[Finding]:
    found = outbox.queue()
    words = f"{found.waiting} 项等待，{found.running} 项进行中，{found.dead} 项已放弃"
    if found.age > LATE:
        yield Finding(
            "warn", "后台工作", f"{words}，最早的已等 {found.age // 60} 分钟", "检查后台进程与定时任务"
        )
    elif found.dead:
        yield Finding("warn", "后台工作", words, "在“系统状态”页查看原因，处理后点“重试”")
    else:
        yield Finding("ok", "后台工作", words)


def backups() -> Iterator[Finding]:
    last = history.last()
    if last is None:
        yield Finding(
            "warn", "备份", "还没有备份过", "启用 cixi-backup.timer，或每夜运行 python manage.py backup 目录"
        )
        return
    words = f"上次在 {timezone.localtime(last):%Y-%m-%d %H:%M}"
    if timezone.now() - last > BACKUP:
        yield Finding("warn", "备份", words, "查看 journalctl -u cixi-backup，排除原因后再运行一次")
    else:
        yield Finding("ok", "备份", words)


def mail() -> Iterator[Finding]:
    if not settings.MAIL:
        return
    try:
        with get_connection():
            yield Finding("ok", "邮件", "服务器有应答")
    except (OSError, smtplib.SMTPException) as error:
        yield Finding(
            "fail", "邮件", f"服务器没有应答：{error}", "检查 EMAIL_URL；消息仍显示在站内，不会丢失"
        )


def chinese_font() -> Iterator[Finding]:
    if fonts.embedded():
        yield Finding("ok", "字体", "PDF 嵌入中文字体")
    else:
        yield Finding(
            "warn",
            "字体",
            "没有找到中文 TrueType 字体",
            "安装一种（如宋体），或用 PDF_FONT 指定；否则 PDF 不嵌入字体",
        )


def storage() -> Iterator[Finding]:
    probe, data = f"doctor/{uuid.uuid4().hex}", uuid.uuid4().bytes
    try:
        name = default_storage.save(probe, ContentFile(data))
        with default_storage.open(name, "rb") as file:
            same = file.read() == data
        default_storage.delete(name)
    except Exception as error:  # each store has errors of its own
        yield Finding(
            "fail", "票据存储", f"不能读写：{error}", "检查 MEDIA_ROOT 的属主与权限，或对象存储的地址与密钥"
        )
        return
    if not same:
        yield Finding("fail", "票据存储", "读出的内容与写入的不同", "检查磁盘或对象存储")
        return
    yield Finding("ok", "票据存储", "可以读写")
    for place in {Path(settings.VAR_DIR), Path(settings.MEDIA_ROOT)}:
        if place.exists() and (free := shutil.disk_usage(place).free) < LOW_SPACE:
            yield Finding("warn", "磁盘", f"{place} 只剩 {free / 2**30:.1f} GiB", "清理或扩容")


def scanner() -> Iterator[Finding]:
    if not settings.CLAMAV_ADDRESS:
        return
    try:
        clamd.virus_in(b"doctor", settings.CLAMAV_ADDRESS)
    except (OSError, ValueError) as error:
        yield Finding(
            "fail", "病毒扫描", f"没有应答：{error}", "检查 CLAMAV_ADDRESS 与 clamd；新票据在此之前待扫描"
        )
    else:
        yield Finding("ok", "病毒扫描", "有应答")


def pages() -> Iterator[Finding]:
    manifest = Path(settings.STATIC_ROOT) / "staticfiles.json"
    if manifest.exists():
        yield Finding("ok", "网页资源", "已收集")
    else:
        yield Finding(
            "warn", "网页资源", f"{settings.STATIC_ROOT} 中没有", "运行 python manage.py collectstatic"
        )


def settings_check() -> Iterator[Finding]:
    found = checks.run_checks(include_deployment_checks=bool(settings.HTTPS))
    for each in found:
        if each.level >= checks.WARNING:
            yield Finding("fail", "设置", f"{each.id}：{each.msg}", each.hint or "见 docs/operations.md")
    if not found:
        yield Finding("ok", "设置", "没有发现问题")
    if not settings.HTTPS:
        yield Finding("warn", "设置", "没有启用 HTTPS", "正式使用请设 HTTPS=1，并在前面放一个终结 TLS 的代理")


EXAMINATIONS: tuple[Callable[[], Iterator[Finding]], ...] = (
    versions,
    database,
    clock,
    broker,
    storage,
    scanner,
    queue,
    backups,
    mail,
    chinese_font,
    pages,
    settings_check,
)


def examine() -> Iterator[Finding]:
    """All findings, in order; what one part's failure makes impossible for another is left out."""
    for examination in EXAMINATIONS:
        try:
            yield from examination()
        except DatabaseError:
            continue  # the database's own examination has said it
