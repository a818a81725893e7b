from django import forms
from django.utils.translation import gettext_lazy as _lazy

from education.admin.fields import LinesField, clean_patient_text
from education.models import Reference, ReferenceStatus
from education.references import encodings
from education.references.identifiers import clean_doi, clean_pmcid, clean_pmid, is_doi, is_pmcid, is_pmid
from gutskin.edit_conflicts import VersionedFormMixin
from gutskin.visible_text import VisibleTextMixin


class ReferenceForm(VersionedFormMixin, forms.ModelForm):
    authors = LinesField(
        label=_lazy("Authors"), required=False, help_text=_lazy("One on each line, for example: Zhao Y.")
    )
    # Until Django 6, a URLField assumes http for an address without a scheme, and warns.
    url = forms.URLField(label=_lazy("Address"), required=False, max_length=300, assume_scheme="https")
    unconfirmed_fields = LinesField(
        label=_lazy("Fields still to be confirmed"), required=False, help_text=_lazy("Their names, one on each line.")
    )

    def clean_finding(self):
        return clean_patient_text(self.cleaned_data["finding"])

    def clean_doi(self):
        doi = clean_doi(self.cleaned_data["doi"])
        self._reject_unless("doi", doi, is_doi, _lazy("This is not a DOI. It looks like 10.3389/fmicb.2018.01459."))
        return doi

    def clean_pmid(self):
        pmid = clean_pmid(self.cleaned_data["pmid"])
        self._reject_unless("pmid", pmid, is_pmid, _lazy("This is not a PMID. It looks like 30042740."))
        return pmid

    def clean_pmcid(self):
        pmcid = clean_pmcid(self.cleaned_data["pmcid"])
        self._reject_unless("pmcid", pmcid, is_pmcid, _lazy("This is not a PMCID. It looks like PMC6048199."))
        return pmcid

    def clean(self):
        data = super().clean()
        needs_reason = data.get("status") in {ReferenceStatus.RETRACTED, ReferenceStatus.REJECTED}
        if needs_reason and not data.get("status_reason", "").strip():
            self.add_error("status_reason", _lazy("Say why the source is retracted or rejected."))
        # The same exceptions as in the constraints doi_once and pmid_once of the model.
        if data.get("status") != ReferenceStatus.REJECTED and not self.instance.merged_into_id:
            self._reject_if_taken("doi", data)
            self._reject_if_taken("pmid", data)
        return data

    def _reject_unless(self, name, value, is_valid, message):
        """A number stored before there was a rule may stay, so that the rest of its record can be saved."""
        if value and not is_valid(value) and value != getattr(self.instance, name):
            raise forms.ValidationError(message)

    def _reject_if_taken(self, name, data):
        """Refuses a number that another reference has. The constraint would miss a DOI that differs only by case."""
        if not data.get(name):
            return
        other = Reference.objects.with_number(name, data[name]).exclude(pk=self.instance.pk).first()
        if other:
            message = _lazy("%(key)s already has this number. If it is the same paper, merge the two.")
            self.add_error(name, forms.ValidationError(message, params={"key": other.key}))


class RegisterForm(VisibleTextMixin, forms.Form):
    """A DOI or a PMID, as people copy them: bare, as a URL, or after “doi:”."""

    number = forms.CharField(
        label=_lazy("DOI or PMID"),
        max_length=300,
        widget=forms.TextInput(attrs={"class": "vTextField", "autofocus": True, "spellcheck": "false"}),
    )

    def clean_number(self):
        typed = self.cleaned_data["number"]
        doi, pmid = clean_doi(typed), clean_pmid(typed)
        if is_doi(doi):
            self.doi, self.pmid = doi, ""
        elif is_pmid(pmid):
            self.doi, self.pmid = "", pmid
        else:
            raise forms.ValidationError(
                _lazy("This is neither a DOI, like 10.3389/fmicb.2018.01459, nor a PMID, like 30042740.")
            )
        return doi if self.doi else pmid


class FileForm(VisibleTextMixin, forms.Form):
    """A file from a reference manager, or its text."""

    encoding = forms.ChoiceField(
        label=_lazy("Letters of the file"),
        required=False,
        choices=[("", _lazy("Recognise them")), *encodings.LABELS.items()],
        help_text=_lazy("Choose one if letters like é, ż or ж come out wrong."),
    )
    # An empty file is refused by the parser, with a message that says more than Django's.
    file = forms.FileField(label=_lazy("File"), required=False, allow_empty_file=True)
    text = forms.CharField(
        label=_lazy("Or its text"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 8, "class": "vLargeTextField", "spellcheck": "false"}),
    )


class MergeForm(VisibleTextMixin, forms.Form):
    """Asks which reference to keep."""

    into = forms.CharField(
        label=_lazy("Key of the reference to keep"),
        max_length=60,
        widget=forms.TextInput(attrs={"class": "vTextField", "spellcheck": "false"}),
    )

    def clean_into(self):
        kept = Reference.objects.select_related("merged_into").filter(key=self.cleaned_data["into"].strip()).first()
        if kept is None:
            raise forms.ValidationError(_lazy("There is no reference with this key."))
        self.kept = kept
        return kept.key
