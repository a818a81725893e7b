from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _lazy


class CountedFigures(models.Model):
    """The figures of the dashboard as they were last counted, since counting reads half a year of requests.

    Numbers of the whole clinic in sentences of one language, and nothing of any single request.
    """

    language = models.CharField(_lazy("language"), max_length=10, primary_key=True)
    counted_at = models.DateTimeField(_lazy("counted"), default=timezone.now)
    figures = models.JSONField(_lazy("figures"), default=list, encoder=DjangoJSONEncoder)

    class Meta:
        default_permissions = ()

    def __str__(self):
        return f"{self.language}, {self.counted_at:%Y-%m-%d %H:%M}"
