from django.db import models
from django.utils.translation import gettext_lazy as _lazy


class CodeSystem(models.TextChoices):
    """Code systems by their HL7 object identifier (OID), as Infobutton requests name them."""

    ICD_10_CM = "2.16.840.1.113883.6.90", "ICD-10-CM"
    SNOMED_CT = "2.16.840.1.113883.6.96", "SNOMED CT"


class ClinicalCode(models.Model):
    """A clinical code by which a health record finds an article (HL7 Infobutton)."""

    article = models.ForeignKey(
        "Article", verbose_name=_lazy("article"), on_delete=models.CASCADE, related_name="codes"
    )
    system = models.CharField(_lazy("system"), max_length=40, choices=CodeSystem)
    code = models.CharField(_lazy("code"), max_length=20)
    display = models.CharField(_lazy("name in the system"), max_length=200)
    descendants = models.BooleanField(_lazy("codes below it too"), default=False)
    excluded = models.BooleanField(
        _lazy("excluded"), default=False, help_text=_lazy("This code must not find the article.")
    )
    is_confirmed = models.BooleanField(_lazy("confirmed"), default=False)
    note = models.CharField(_lazy("note"), max_length=300, blank=True)

    class Meta:
        verbose_name = _lazy("clinical code")
        verbose_name_plural = _lazy("clinical codes")
        ordering = ["system", "code"]
        constraints = [models.UniqueConstraint(fields=["system", "code", "article"], name="code_once_per_article")]

    def __str__(self):
        return f"{self.get_system_display()} {self.code}"
