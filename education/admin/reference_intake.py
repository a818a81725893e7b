"""Two ways in for a new reference: a register is asked by DOI or PMID, or a file of a reference manager is read."""

from dataclasses import dataclass

from django.contrib import messages
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from education.actions import ActionRefused, import_references
from education.admin.reference_forms import FileForm, RegisterForm
from education.admin.reference_upload import with_small_files
from education.citation import vancouver
from education.models import Reference, ReferenceCheck
from education.references import crossref, files, integrity, pubmed
from education.references.client import RegisterClient
from education.references.duplicates import KnownReferences, public_reference_index
from education.references.exceptions import NoRecord, Unreadable
from education.references.keys import all_keys, free_key
from education.references.record import Record
from gutskin.accounts.permissions import require_permission

IN_SESSION = "found_references"
KEPT_IN_SESSION = 5


@dataclass
class Found:
    """A record that waits in the session for the person who asked for it."""

    number: str
    register: str
    record: Record

    @property
    def register_label(self):
        return ReferenceCheck.Register(self.register).label

    @property
    def citation(self):
        return _citation(self.record)

    @property
    def problems(self):
        return _problems(self.record, public_reference_index())


class ReferenceIntake:
    """The part of ReferenceAdmin that brings references in."""

    def get_urls(self):
        view = self.admin_site.admin_view
        file_view = with_small_files(view(self.file_view), may_send=self.has_add_permission)
        return [
            path("lookup/register/", view(self.register_view), name="education_reference_lookup_register"),
            path("lookup/file/", file_view, name="education_reference_lookup_file"),
            *super().get_urls(),
        ]

    def register_view(self, request):
        require_permission(self.has_add_permission(request))
        form = RegisterForm(request.POST if request.method == "POST" else None, label_suffix="")
        context = {"title": _("Add by DOI or PMID"), "form": form}
        if request.method == "POST" and form.is_valid():
            by_hand = {name: value for name, value in (("doi", form.doi), ("pmid", form.pmid)) if value}
            context["by_hand"] = f"{reverse('admin:education_reference_add')}?{urlencode(by_hand)}"
            context["known"] = known = KnownReferences().find(Record(doi=form.doi, pmid=form.pmid))
            if known is None or known.is_rejected:
                try:
                    record, register = _ask(form)
                except NoRecord as trouble:
                    context["trouble"] = str(trouble)
                else:
                    self._keep_found(request, form.cleaned_data["number"], register, record)
                    found = urlencode({"found": form.cleaned_data["number"]})
                    return redirect(f"{reverse('admin:education_reference_add')}?{found}")
        return self._page(request, "admin/education/reference/register.html", context)

    def _keep_found(self, request, number, register, record):
        kept = request.session.get(IN_SESSION, {})
        kept.pop(number, None)
        kept[number] = {"register": register, "record": record.as_json()}
        request.session[IN_SESSION] = dict(list(kept.items())[-KEPT_IN_SESSION:])

    def found_record(self, request):
        """What a register said to this person of the number in the address; None without."""
        number = request.GET.get("found", "")
        entry = request.session.get(IN_SESSION, {}).get(number)
        return entry and Found(number, entry["register"], Record.from_json(entry["record"]))

    def forget_found(self, request):
        request.session[IN_SESSION].pop(request.GET["found"], None)
        request.session.modified = True

    def file_view(self, request):
        require_permission(self.has_add_permission(request))
        posted = (request.POST, request.FILES) if request.method == "POST" else ()
        form = FileForm(*posted, label_suffix="")
        context = {"title": _("Import a file"), "form": form}
        if request.method == "POST" and form.is_valid():
            try:
                text = _text_of(request, form)
                entries = files.read(text)
            except Unreadable as trouble:
                context["trouble"] = str(trouble)
            else:
                if "add" in request.POST:
                    chosen = set(request.POST.getlist("entry"))
                    try:
                        return self._import(request, [entry for n, entry in enumerate(entries) if str(n) in chosen])
                    except ActionRefused as refusal:
                        context |= {"refusals": refusal.reasons, "chosen": chosen}
                preview = _preview(entries)
                context |= {"text": text, "preview": preview, "has_new": any("key" in line for line in preview)}
        return self._page(request, "admin/education/reference/file.html", context)

    def _import(self, request, entries):
        if not entries:
            raise ActionRefused(_("Choose at least one reference."))
        added = import_references([entry.record for entry in entries if entry.record], by=request.user)
        messages.success(
            request,
            ngettext("%(count)s reference was added: %(keys)s", "%(count)s references were added: %(keys)s", len(added))
            % {"count": len(added), "keys": ", ".join(reference.key for reference in added)},
        )
        return redirect("admin:education_reference_changelist")

    def _page(self, request, template, context):
        return TemplateResponse(
            request, template, self.admin_site.each_context(request) | {"opts": self.opts} | context
        )


def _ask(form):
    """The record and the register it comes from. Somebody waits for the page, so a busy register gets no second try."""
    with RegisterClient() as client:
        if form.doi:
            return crossref.find(form.doi, client), ReferenceCheck.Register.CROSSREF.value
        return pubmed.find(form.pmid, client), ReferenceCheck.Register.PUBMED.value


def _text_of(request, form):
    if any(handler.was_too_large for handler in request.upload_handlers):
        raise Unreadable(_("The file is larger than 1 MB. Export fewer references at a time."))
    if form.cleaned_data["file"]:
        return files.decode(form.cleaned_data["file"].read())
    return form.cleaned_data["text"]


def _citation(record):
    """As it would be printed. A day of reading may be any words in a file, and is left out."""
    return vancouver(Reference(**record.values() | {"accessed": None}))


def _problems(record, rivals, key=""):
    return integrity.problems(record.values() | {"key": key, "unconfirmed_fields": []}, rivals)


def _preview(entries):
    """Each entry with what would become of it."""
    known_references, rivals, taken, lines = KnownReferences(), public_reference_index(), all_keys(), []
    for number, entry in enumerate(entries):
        line = {"number": str(number), "entry": entry}
        if entry.record:
            line["known"] = known_references.find(entry.record)
            line["citation"] = _citation(entry.record)
            if line["known"] is None:
                line["key"] = free_key(entry.record, taken)
                taken.add(line["key"])
                known_references.add(entry.record, line["key"])
                line["problems"] = _problems(entry.record, rivals, line["key"])
        lines.append(line)
    return lines
