"""The closed lists a purchase draws on. Labels are the words the workbooks and pages use."""

from django.db import models


class Use(models.TextChoices):
    CANTEEN = "canteen", "食堂采购"
    UNION_HOLIDAY = "union_holiday", "工会节日慰问"
    UNION_WELFARE = "union_welfare", "工会福利"
    OFFICE = "office", "单位采购"
    RAW_MATERIAL = "raw_material", "原料采购"
    PERSONAL = "personal", "个人消费"
    COMMERCE = "commerce", "商务帮扶"


class Channel(models.TextChoices):
    PLATFORM_832 = "platform_832", "832平台"
    DIRECT = "direct", "产地直采"
    RETAIL = "retail", "本地商超"
    EXHIBITION = "exhibition", "展销会"
    ECOMMERCE = "ecommerce", "电商平台"
    LIVESTREAM = "livestream", "直播带货"
    ABC_ZONE = "abc_zone", "农行慈溪专区"
    SMART_CABINET = "smart_cabinet", "智能柜"
    EXPORT = "export", "外贸"
    OTHER = "other", "其他"


class Holiday(models.TextChoices):
    NEW_YEAR = "new_year", "元旦"
    SPRING = "spring", "春节"
    QINGMING = "qingming", "清明节"
    LABOUR = "labour", "劳动节"
    DRAGON_BOAT = "dragon_boat", "端午节"
    MID_AUTUMN = "mid_autumn", "中秋节"
    NATIONAL = "national", "国庆节"


class Status(models.TextChoices):
    DRAFT = "draft", "草稿"
    SUBMITTED = "submitted", "待审核"
    APPROVED = "approved", "已核准"
    RETURNED = "returned", "已退回"
    REVOKED = "revoked", "已撤销核准"
    VOID = "void", "已作废"


LIVE = frozenset({Status.SUBMITTED, Status.APPROVED})
"""Statuses in which a purchase holds its invoices: no other purchase may use them."""

EDITABLE = frozenset({Status.DRAFT, Status.RETURNED})
"""Statuses in which the clerk may change a purchase."""


class PairingKind(models.TextChoices):
    EAST_WEST = "east_west", "东西部协作"
    MOUNTAIN_SEA = "mountain_sea", "山海协作"


class ReceiptKind(models.TextChoices):
    INVOICE = "invoice", "发票"
    PAYMENT = "payment", "付款凭据"
    FREIGHT = "freight", "货运凭证"
    CONTRACT = "contract", "采购合同"
    OTHER = "other", "其他"


class Reading(models.TextChoices):
    WAITING = "waiting", "等待识别"
    READING = "reading", "识别中"
    READ = "read", "已识别"
    FAILED = "failed", "未能识别"
    NONE = "none", "无需识别"


PENDING = frozenset({Reading.WAITING, Reading.READING})
"""A receipt in one of these is still to be read."""


class Scan(models.TextChoices):
    WAITING = "waiting", "待扫描"
    CLEAN = "clean", "已扫描"
    INFECTED = "infected", "有病毒"


class CheckResult(models.TextChoices):
    UNCHECKED = "unchecked", "未查"
    MATCHES = "matches", "已查验一致"
    DIFFERS = "differs", "不一致"
