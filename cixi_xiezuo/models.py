"""Models every app shares."""

from cixi_xiezuo.audit import AuditEvent, AuditHead
from cixi_xiezuo.jobs.models import Job
from cixi_xiezuo.outbox.models import Errand

__all__ = ["AuditEvent", "AuditHead", "Errand", "Job"]
