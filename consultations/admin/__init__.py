from consultations.admin.audit_log import AuditEventAdmin
from consultations.admin.canned_replies import CannedReplyAdmin
from consultations.admin.certificates import PurgeCertificateAdmin
from consultations.admin.inquiry import InquiryAdmin
from consultations.admin.red_flag_rules import RedFlagRulesAdmin
from consultations.admin.teams import TeamAdmin

__all__ = [
    "AuditEventAdmin",
    "CannedReplyAdmin",
    "InquiryAdmin",
    "PurgeCertificateAdmin",
    "RedFlagRulesAdmin",
    "TeamAdmin",
]
