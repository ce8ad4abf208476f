"""慈溪市消费帮扶采购系统: the core that every other app stands on."""

from cixi_xiezuo.celery import app as celery_app

VERSION = "0.9.0"

__all__ = ["VERSION", "celery_app"]
