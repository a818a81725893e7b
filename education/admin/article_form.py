"""The form of the working copy, and what its scripts ask the server for while an author types."""

import json
from dataclasses import replace
from itertools import chain, count

from django import forms
from django.http import JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _lazy
from django_prose_editor.widgets import ProseEditorWidget

from education.admin.reference_choices import reference_label
from education.article_checks import check
from education.models import Article, GlossaryTerm, Kind, Language, Reference
from education.rendering import plain_text
from education.sanitiser import size_problem
from gutskin.accounts.permissions import require_permission
from gutskin.edit_conflicts import VersionedFormMixin
from gutskin.http_methods import require_post
from gutskin.search_words import occurs_in, words_of
from gutskin.visible_text import is_visible

CHECKED_FIELDS = (
    "kind", "slug", "language", "title", "summary", "key_points", "actions", "body", "questions",
    "conflicts_of_interest",
)  # fmt: skip
CARD_FIELDS = ("level", "heading", "items", "advice")
# At most one card of each level can be saved. A few more are read, since the form itself reports the duplicates.
MAX_CARDS = 10
MAX_LOOKUP_RESULTS = 30
LONGEST_SLUG = 70


class ProseTextarea(ProseEditorWidget):
    """A plain text area that static/js/prose-editor.js turns into the editor.

    The widget's own media would include an import map, an inline script that our Content-Security-Policy forbids.
    """

    @property
    def media(self):
        return forms.Media(js=[forms.Script("js/prose-editor.js", type="module")])

    def get_context(self, name, value, attrs):
        context = forms.Textarea.get_context(self, name, value, attrs)
        context["widget"]["attrs"]["data-prose"] = json.dumps(self.config["extensions"])
        return context


class ArticleForm(VersionedFormMixin, forms.ModelForm):
    """Its version is the article's own counter, which covers care cards and related articles too."""

    class Meta:
        model = Article
        # ArticleAdmin.fieldsets decides which fields the form has.
        fields = []
        widgets = {
            "body": ProseTextarea(attrs={"rows": 30, "class": "vLargeTextField"}),
            "summary": forms.Textarea(attrs={"rows": 2, "class": "vLargeTextField"}),
            "key_points": forms.Textarea(attrs={"rows": 6, "class": "vLargeTextField"}),
            "actions": forms.Textarea(attrs={"rows": 6, "class": "vLargeTextField"}),
            "questions": forms.Textarea(attrs={"rows": 5, "class": "vLargeTextField"}),
            "conflicts_of_interest": forms.Textarea(attrs={"rows": 2, "class": "vLargeTextField"}),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        # An article must not be offered as related to itself.
        if "related" in self.fields and self.instance.pk:
            self.fields["related"].queryset = Article.objects.exclude(pk=self.instance.pk)
        # A title is enough to save a working copy. What a page needs is asked when it is submitted for review, see
        # education/publication_rules.py.
        for name, field in self.fields.items():
            field.required = name == "title"
        if "kind" in self.fields and not self.instance.pk:
            self.initial.setdefault("kind", Kind.OVERVIEW)

    def clean_body(self):
        """The editor sends a paragraph for an empty text: one in which nothing can be seen is empty."""
        body = self.cleaned_data["body"]
        # A text that is too large to be parsed is refused later, with a message.
        return body if size_problem(body) or is_visible(plain_text(body)) else ""

    def clean(self):
        data = super().clean()
        if "kind" in data:
            data["kind"] = data["kind"] or self.instance.kind or Kind.OVERVIEW
        if "slug" in data:
            data["slug"] = data["slug"] or self.instance.slug or _free_slug(data)
        if original := data.get("translation_of"):
            self._reject_if_no_original(original, data.get("language") or self.instance.language)
        elif self.instance.pk and self.instance.translations.filter(language=data.get("language")).exists():
            self.add_error("language", _lazy("A translation of this article is in this language."))
        return data

    def _reject_if_no_original(self, original, language):
        """Readers are led from each language to the others, which needs one original in another language."""
        if original.pk == self.instance.pk:
            message = _lazy("An article cannot be a translation of itself.")
        elif original.translation_of_id:
            message = _lazy("This is a translation itself. Choose the article that it was translated from.")
        elif original.language == language:
            message = _lazy("This article is in the same language. Choose the one that this one was translated from.")
        elif original.translations.filter(language=language).exclude(pk=self.instance.pk).exists():
            message = _lazy("This article already has a translation into this language.")
        elif self.instance.pk and self.instance.translations.exists():
            message = _lazy("Other articles are translations of this one, so it cannot be a translation.")
        else:
            return
        self.add_error("translation_of", message)

    def stored_version(self):
        return str(self.instance.version)

    def find_newer(self):
        article = self.instance
        return replace(super().find_newer(), when=article.updated_at, by=str(article.updated_by or ""))


def _article_page(pk=None):
    return reverse("admin:education_article_change", args=[pk]) if pk else reverse("admin:education_article_add")


class ArticleEditor:
    """The part of ArticleAdmin that answers the editor's scripts: checks, citable references, glossary terms."""

    def get_urls(self):
        view = self.admin_site.admin_view
        return [
            path("checks/", view(self.checks_view), name="education_article_checks_new"),
            path("<int:pk>/checks/", view(self.checks_view), name="education_article_checks"),
            path("lookup/references/", view(self.references_view), name="education_article_lookup_references"),
            path("lookup/glossary/", view(self.glossary_view), name="education_article_lookup_glossary"),
            *super().get_urls(),
        ]

    # POST because a whole article does not fit into an address, although nothing is stored.
    @method_decorator(require_post(back=_article_page))
    def checks_view(self, request, pk=None):
        """The content of the checks panel for the posted form, as an HTML fragment. Nothing is saved."""
        article = get_object_or_404(Article, pk=pk) if pk else Article()
        require_permission(self.has_change_permission(request, article) if pk else self.has_add_permission(request))
        for name in CHECKED_FIELDS:
            # Read-only fields are not posted: they keep their stored value.
            setattr(article, name, request.POST.get(name, getattr(article, name)))
        context = {"panel": check(article, _posted_cards(request.POST)), "is_typed": True}
        return render(request, "admin/education/article/_checks.html", context)

    def references_view(self, request):
        """References that may be cited and match the search, as JSON."""
        require_permission(self.has_view_permission(request))
        # citable() leaves out retracted, rejected and merged records, so that the editor never offers them.
        references = Reference.objects.citable().matching(request.GET.get("q", ""))[:MAX_LOOKUP_RESULTS]
        return JsonResponse(
            {"results": [{"value": reference.key, "label": reference_label(reference)} for reference in references]}
        )

    def glossary_view(self, request):
        """Glossary terms of a language that match the search, as JSON."""
        require_permission(self.has_view_permission(request))
        terms = GlossaryTerm.objects.filter(language=request.GET.get("language", "en"))
        for word in words_of(request.GET.get("q", "")):
            terms = terms.filter(occurs_in(word, ["slug", "term", "also", "definition"]))
        results = [
            {"value": term.slug, "label": f"{term.term}: {term.definition}", "words": term.term}
            for term in terms[:MAX_LOOKUP_RESULTS]
        ]
        return JsonResponse({"results": results})


def _free_slug(data):
    """An address made from the title. A title in Arabic gives none, so it gets a number only."""
    slug = slugify(data.get("title", ""))[:LONGEST_SLUG] or "article"
    taken = Article.objects.filter(language=data.get("language") or Language.ENGLISH, slug__startswith=slug)
    taken = set(taken.values_list("slug", flat=True))
    return next(each for each in chain([slug], (f"{slug}-{n}" for n in count(2))) if each not in taken)


def _posted_cards(posted):
    """The care cards in the form, without empty ones and those marked for deletion."""
    cards = []
    for index in range(MAX_CARDS):
        prefix = f"care_cards-{index}-"
        card = {name: posted.get(prefix + name, "") for name in CARD_FIELDS}
        if posted.get(f"{prefix}DELETE") is None and (card["heading"].strip() or card["items"].strip()):
            cards.append(card)
    return cards
