"""Questions about many articles."""

from django.apps import apps
from django.db import models
from django.db.models import Aggregate, Exists, JSONField, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce, Greatest, JSONObject, NullIf

from education.models.code import ClinicalCode
from education.models.leaflet import Leaflet
from education.models.reference import Reference
from education.models.revision import Revision


class RowsAsJSON(Aggregate):
    """The rows of a subquery as one JSON list, so that a page needs no further query for them."""

    function = "JSONB_AGG"
    output_field = JSONField()

    def as_sqlite(self, compiler, connection, **extra_context):
        return super().as_sql(compiler, connection, function="JSON_GROUP_ARRAY", **extra_context)


class ArticleQuerySet(models.QuerySet):
    def published(self):
        return self.filter(live__isnull=False)

    def of_kind(self, kind):
        return self.filter(kind=kind)

    def in_language(self, language):
        return self.filter(language=language)

    def with_history(self):
        """Articles that readers have seen, including those withdrawn since; not those that were never published."""
        was_public = Revision.objects.filter(article=OuterRef("pk"), published_at__isnull=False)
        return self.filter(Exists(was_public))

    def resting_on_flagged(self):
        """Published pages whose text, or whose published evidence, cites a source that was retracted or rejected."""
        statements = apps.get_model("education", "EvidenceStatement").objects
        evidence = statements.published().resting_on_flagged().order_by()
        return self.published().filter(
            Q(live__in=Revision.objects.resting_on_flagged())
            | Q(pk__in=evidence.values("condition"))
            | Q(pk__in=evidence.values("therapy"))
        )

    def with_source_flag(self):
        """With `source_flag`: “retracted”, “rejected” or None, the worst status of a source of its text or evidence."""
        flagged, published = Reference.objects.flagged(), {"evidencestatement__state": "published"}
        # One subquery for each way to a source, so that each has an index: an OR would look at all references.
        ways = (
            flagged.filter(revisions=OuterRef("live")),
            flagged.filter(evidencestatement__condition=OuterRef("pk"), **published),
            flagged.filter(evidencestatement__therapy=OuterRef("pk"), **published),
        )
        worst = [Subquery(way.by_worst_status().values("canonical_status")[:1]) for way in ways]
        # In SQLite, the greatest of several values is NULL if one of them is.
        return self.annotate(source_flag=NullIf(Greatest(*(Coalesce(one, Value("")) for one in worst)), Value("")))

    def due_for_review(self, until, since=None):
        """Published pages whose next review is due on the day `until` or before; with `since`, not before that day."""
        due = {"next_review_due__lte": until} | ({"next_review_due__gte": since} if since else {})
        return self._with_live(**due)

    def overdue(self, today):
        return self._with_live(next_review_due__lt=today)

    def reviewed(self, today):
        return self._with_live(next_review_due__gte=today)

    def _with_live(self, **conditions):
        """Pages whose live revision meets these, found by an index of revisions and not by reading every page."""
        return self.filter(live__in=Revision.objects.filter(state="published", **conditions))

    def awaiting_first_review(self):
        return self.published().filter(live__reviewer__isnull=True)

    def to_be_withdrawn(self):
        """Published pages with a day set for their withdrawal."""
        return self.published().filter(withdraw_at__isnull=False)

    def due_for_withdrawal(self, now):
        return self.to_be_withdrawn().filter(withdraw_at__lte=now)

    def with_live(self):
        """With the live revision, from which lists and pages must take what they show, never from the working copy."""
        return self.select_related("live")

    def first_of_each_kind(self, language, count):
        """Up to `count` published pages of each kind in a language, in the order of lists."""
        pages = self.published().in_language(language)
        first = Q()
        for kind, _label in self.model._meta.get_field("kind").choices:
            first |= Q(pk__in=pages.of_kind(kind).order_by(*self.model._meta.ordering).values("pk")[:count])
        return self.filter(first)

    def newest(self, language, count):
        """The `count` pages of a language that were published last."""
        # By the revisions, which have an index for it. Of the articles, all would have to be sorted; so would they if
        # they were joined here.
        in_language = self.model.objects.filter(live=OuterRef("pk"), language=language)
        live = Revision.objects.filter(Exists(in_language), state="published")
        newest = live.order_by("-published_at", "-article").values("article")[:count]
        return self.filter(pk__in=newest).order_by("-live__published_at", "-pk")

    def as_links(self):
        """With the title and the summary of the live revision, and without its texts, which are most of its row."""
        return self.with_live().only("kind", "slug", "language", "title", "live__title", "live__summary")

    def with_leaflets(self):
        """With `leaflet_pages`: a dict from each format to the page count of the live revision's leaflet, or None."""
        # Without an order: a page has one leaflet of a format. The default order would join the article three times.
        ready = Leaflet.objects.filter(article=OuterRef("pk"), revision=OuterRef("live")).order_by().values("pages")
        formats = {format: Subquery(ready.filter(format=format)) for format in Leaflet.Format.values}
        return self.annotate(leaflet_pages=JSONObject(**formats))

    def with_machine_facts(self):
        """With what search engines are told besides the text, in the same query.

        `first_published`, a datetime; `confirmed_codes`, a list of dicts with system, code and display;
        `public_original` and `public_translations`, lists of dicts with language, kind and slug of the published page
        that the others are translated from, and of its translations; the page itself is in one of them.
        """
        published = Revision.objects.filter(article=OuterRef("pk"), published_at__isnull=False)
        codes = ClinicalCode.objects.filter(article=OuterRef("pk"), is_confirmed=True, excluded=False)
        original = Coalesce(OuterRef("translation_of"), OuterRef("pk"))
        pages = self.model.objects.published()
        # Two subqueries, each with an index of its own. One with an OR scans all articles once SQLite has statistics.
        return self.annotate(
            first_published=Subquery(published.order_by("published_at").values("published_at")[:1]),
            confirmed_codes=_as_json_list(codes, "system", "code", "display"),
            public_original=_as_json_list(pages.filter(pk=original), "language", "kind", "slug"),
            public_translations=_as_json_list(pages.filter(translation_of=original), "language", "kind", "slug"),
        )


def _as_json_list(queryset, *names):
    """All rows as one list of dicts; None if there are none.

    Grouping by a constant keeps Django from grouping by primary key, which would give one list per row.
    """
    row = JSONObject(**{name: name for name in names})
    rows = queryset.order_by().values(everything=Value(1)).annotate(rows=RowsAsJSON(row))
    return Subquery(rows.values("rows"))
