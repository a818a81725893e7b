from consultations.admin.inquiry import InquiryAdmin

__all__ = ["InquiryAdmin"]
