"""Models every app shares."""

from cixi_xiezuo.audit import AuditEvent, AuditHead

__all__ = ["AuditEvent", "AuditHead"]
