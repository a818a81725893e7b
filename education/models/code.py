from django.db import models
from django.utils.translation import gettext_lazy as _


class CodeSystem(models.TextChoices):
    """Code systems by their HL7 object identifier."""

    ICD_10_CM = "2.16.840.1.113883.6.90", "ICD-10-CM"
    SNOMED_CT = "2.16.840.1.113883.6.96", "SNOMED CT"


class ClinicalCode(models.Model):
    """A code by which a health record asks for an article."""

    article = models.ForeignKey("Article", verbose_name=_("article"), on_delete=models.CASCADE, related_name="codes")
    system = models.CharField(_("system"), max_length=40, choices=CodeSystem)
    code = models.CharField(_("code"), max_length=20)
    display = models.CharField(_("name in the system"), max_length=200)
    descendants = models.BooleanField(_("codes below it too"), default=False)
    excluded = models.BooleanField(_("excluded"), default=False, help_text=_("This code must not find the article."))
    is_confirmed = models.BooleanField(_("confirmed"), default=False)
    note = models.CharField(_("note"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("clinical code")
        verbose_name_plural = _("clinical codes")
        ordering = ["system", "code"]
        constraints = [models.UniqueConstraint(fields=["system", "code", "article"], name="code_once_per_article")]

    def __str__(self):
        return f"{self.get_system_display()} {self.code}"
