from consultations.admin.canned_replies import CannedReplyAdmin
from consultations.admin.hold_and_erase import PurgeCertificateAdmin
from consultations.admin.inquiry import InquiryAdmin
from consultations.admin.red_flag_rules import RedFlagRulesAdmin
from consultations.admin.story_access import StoryAccessAdmin
from consultations.admin.teams import TeamAdmin

__all__ = [
    "CannedReplyAdmin",
    "InquiryAdmin",
    "PurgeCertificateAdmin",
    "RedFlagRulesAdmin",
    "StoryAccessAdmin",
    "TeamAdmin",
]
