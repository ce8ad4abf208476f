"""慈溪市消费帮扶采购系统: the core that every other app stands on."""

from cixi_xiezuo.celery import app as celery_app

__all__ = ["celery_app"]
