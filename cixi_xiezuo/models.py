"""Models every app shares."""

from cixi_xiezuo.audit import AuditEvent, AuditHead
from cixi_xiezuo.jobs.models import Job

__all__ = ["AuditEvent", "AuditHead", "Job"]
