from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _lazy


class EvidenceNumber(models.Model):
    """A result of an evidence statement in numbers: people out of 100 or 1,000, or a difference on a scale.

    Readers see what EvidenceStatement.shown_numbers holds, which is written when the statement is published.
    """

    class OutOf(models.IntegerChoices):
        HUNDRED = 100, "100"
        THOUSAND = 1000, "1,000"
        TEN_THOUSAND = 10000, "10,000"

    statement = models.ForeignKey("EvidenceStatement", on_delete=models.CASCADE, related_name="numbers")
    what = models.CharField(
        _lazy("what was counted or measured"), max_length=160, help_text=_lazy("For example: Eczema became milder")
    )
    who = models.CharField(
        _lazy("who took part"), max_length=200, blank=True, help_text=_lazy("For example: Children under 5 with eczema")
    )
    with_count = models.PositiveIntegerField(_lazy("people with it"), null=True, blank=True)
    without_count = models.PositiveIntegerField(
        _lazy("people without it"),
        null=True,
        blank=True,
        help_text=_lazy("Leave it empty if nobody was compared with them."),
    )
    out_of = models.PositiveIntegerField(
        _lazy("out of"),
        null=True,
        blank=True,
        choices=OutOf,
        help_text=_lazy("Where you can, the same on every statement about a condition."),
    )
    low = models.PositiveIntegerField(
        _lazy("at least"), null=True, blank=True, help_text=_lazy("The 95% interval of the people with it.")
    )
    high = models.PositiveIntegerField(_lazy("at most"), null=True, blank=True)
    with_label = models.CharField(
        _lazy("name of those with it"), max_length=80, blank=True, help_text=_lazy("For example: on one probiotic")
    )
    without_label = models.CharField(
        _lazy("name of those without it"), max_length=80, blank=True, help_text=_lazy("For example: on placebo")
    )
    difference = models.CharField(
        _lazy("difference on a scale"), max_length=120, blank=True, help_text=_lazy("For example: 3 to 4 points lower")
    )
    interval_words = models.CharField(_lazy("interval of the difference"), max_length=120, blank=True)
    scale = models.CharField(_lazy("scale"), max_length=80, blank=True, help_text=_lazy("For example: 0 to 103"))
    noticeable = models.CharField(
        _lazy("what people notice"), max_length=120, blank=True, help_text=_lazy("For example: about 9 points")
    )
    after = models.CharField(
        _lazy("after how long"), max_length=60, blank=True, help_text=_lazy("For example: 12 weeks")
    )
    is_harm = models.BooleanField(_lazy("a harm"), default=False)
    source = models.ForeignKey(
        "Reference",
        verbose_name=_lazy("source"),
        on_delete=models.PROTECT,
        related_name="numbers",
        help_text=_lazy("The paper that holds this number."),
    )
    worked_out = models.TextField(
        _lazy("how it was worked out"), blank=True, help_text=_lazy("For colleagues. Readers do not see it.")
    )

    class Meta:
        verbose_name = _lazy("number")
        verbose_name_plural = _lazy("numbers")
        ordering = ["statement", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=(
                    Q(with_count__isnull=False, out_of__isnull=False, difference="")
                    | Q(with_count__isnull=True, without_count__isnull=True, out_of__isnull=True)
                    & Q(low__isnull=True, high__isnull=True)
                    & ~Q(difference="")
                ),
                name="number_is_people_or_a_difference",
            ),
            models.CheckConstraint(
                condition=Q(out_of__isnull=True)
                | Q(with_count__lte=F("out_of")) & (Q(without_count__isnull=True) | Q(without_count__lte=F("out_of"))),
                name="number_of_people_is_not_above_all",
            ),
            models.CheckConstraint(
                condition=Q(low__isnull=True, high__isnull=True)
                | Q(low__lte=F("with_count"), high__gte=F("with_count"), high__lte=F("out_of")),
                name="number_lies_in_its_interval",
            ),
        ]

    def __str__(self):
        return self.what
