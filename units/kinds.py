"""What a unit can be: its kind, its affiliation, its canteen. Labels are the words of the plan."""

from django.db import models


class Kind(models.TextChoices):
    DEPARTMENT = "department", "市级部门"
    TOWN = "town", "镇"
    SUBDISTRICT = "subdistrict", "街道"
    COMMITTEE = "committee", "管委会"
    INSTITUTION = "institution", "事业单位"
    SCHOOL = "school", "学校"
    HOSPITAL = "hospital", "医院"
    SOE = "soe", "国有企业"
    FINANCIAL = "financial", "金融机构"
    ENTERPRISE = "enterprise", "企业"
    SOCIAL_ORG = "social_org", "社会组织"
    UNION = "union", "基层工会"
    INDIVIDUALS = "individuals", "个人汇总"


PLACES = frozenset({Kind.TOWN, Kind.SUBDISTRICT, Kind.COMMITTEE})
"""镇、街道、管委会: what 所在镇街 may point to."""

ANSWERING = PLACES | {Kind.DEPARTMENT}
"""Who can be a 责任单位."""


class Affiliation(models.TextChoices):
    CITY = "city", "市直"
    TOWN = "town", "镇街"


class Canteen(models.TextChoices):
    OWN = "own", "自营"
    CONTRACTED = "contracted", "外包"
    SHARED = "shared", "共用"
    NONE = "none", "无食堂"
