"""Two ways to add references: look one up by DOI or PMID, or import a file from a reference manager."""

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
from education.references import crossref, encodings, files, integrity, pubmed
from education.references.client import RegisterClient
from education.references.comparison import says_retracted
from education.references.duplicates import KnownReferences, public_reference_index
from education.references.exceptions import NoRecord, Unreadable
from education.references.keys import all_keys, free_key
from education.references.record import Record
from education.references.storable import make_storable
from gutskin import limits
from gutskin.accounts.permissions import require_permission

SESSION_KEY = "found_references"
# Several tabs may each have a form open; the oldest record is dropped first.
MAX_FOUND = 5


@dataclass
class Found:
    """A register's record, kept in the session until the person who asked for it saves the form."""

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


class ReferenceImport:
    """The part of ReferenceAdmin that adds references from a register or a file."""

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
                except NoRecord as error:
                    context["error"] = str(error)
                else:
                    return self._fill_in_form(request, form.cleaned_data["number"], register, record)
        return self._page(request, "admin/education/reference/register.html", context)

    def _fill_in_form(self, request, number, register, record):
        """Leads to the add form, with the record in the session: it is too long for an address."""
        found = request.session.get(SESSION_KEY, {})
        found.pop(number, None)
        found[number] = {"register": register, "record": record.as_json()}
        request.session[SESSION_KEY] = dict(list(found.items())[-MAX_FOUND:])
        return redirect(f"{reverse('admin:education_reference_add')}?{urlencode({'found': number})}")

    def found_record(self, request):
        """The record that a register gave this person for the number in the address, or None."""
        number = request.GET.get("found", "")
        entry = request.session.get(SESSION_KEY, {}).get(number)
        return entry and Found(number, entry["register"], Record.from_json(entry["record"]))

    def forget_found(self, request):
        request.session[SESSION_KEY].pop(request.GET["found"], None)
        request.session.modified = True

    def file_view(self, request):
        require_permission(self.has_add_permission(request))
        posted = (request.POST, request.FILES) if request.method == "POST" else ()
        form = FileForm(*posted, label_suffix="")
        context = {"title": _("Import a file"), "form": form}
        if request.method == "POST" and form.is_valid():
            try:
                text, guessed = _text_of(request, form)
                entries = files.read(text)
            except NoRecord as error:
                context["error"] = str(error)
            else:
                # The preview posts the text back, so that no file is stored between the two requests. It is parsed
                # again: the browser only decides which entries were chosen.
                if "add" in request.POST:
                    chosen = set(request.POST.getlist("entry"))
                    try:
                        return self._import(request, [entry for n, entry in enumerate(entries) if str(n) in chosen])
                    except ActionRefused as refusal:
                        context |= {"refusals": refusal.reasons, "chosen": chosen}
                _name_guessed_letters(entries, text, guessed)
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
    """The record and the register it comes from. A user waits for the page, so a busy register gets no second try."""
    with RegisterClient() as client:
        if form.doi:
            return make_storable(crossref.find(form.doi, client)), ReferenceCheck.Register.CROSSREF.value
        return make_storable(pubmed.find(form.pmid, client)), ReferenceCheck.Register.PUBMED.value


def _text_of(request, form):
    """The text to read, and the encoding in which its letters were guessed to be, or ""."""
    if any(handler.was_too_large for handler in request.upload_handlers):
        raise Unreadable(_("The file is larger than 1 MB. Export fewer references at a time."))
    text, guessed = form.cleaned_data["text"], ""
    if form.cleaned_data["file"]:
        content, chosen = form.cleaned_data["file"].read(), form.cleaned_data["encoding"]
        guessed = "" if chosen else encodings.guessed_encoding(content)
        text = encodings.decode(content, chosen)
    if pmids := pubmed.pmids_in(text):
        if len(pmids) > limits.MOST_LISTED_PMIDS:
            sentence = _("These are %(count)s PMIDs. At most %(most)s can be looked up at a time.")
            raise Unreadable(sentence % {"count": len(pmids), "most": limits.MOST_LISTED_PMIDS})
        with RegisterClient() as client:
            # The answer takes the place of the list, so that PubMed is not asked again when entries are chosen.
            text = pubmed.find_all(pmids, client)
    return text, guessed


def _name_guessed_letters(entries, text, encoding):
    """A remark at each record that has letters which were guessed, since all of them may be wrong."""
    # Not those of 10<sup>9</sup> or {\"u}, which are certain in any encoding.
    letters = {letter for letter in set(text) if not letter.isascii()} if encoding else set()
    for entry in entries:
        if letters and entry.record and (words := _with_letters(entry.record, letters)):
            entry.is_guessed = True
            entry.record.remarks.append(
                _("The file does not say how its letters are encoded; they were read as %(encoding)s: %(words)s.")
                % {"encoding": encodings.LABELS[encoding], "words": words}
            )


def _with_letters(record, letters):
    texts = [*record.authors, record.title, record.container_title, record.publisher]
    words = [word for text in texts for word in text.split() if len(word) > 2 and letters & set(word)]
    return ", ".join(dict.fromkeys(words[:5]))


def _citation(record):
    """As it would be printed, without the access date, which says nothing about the paper."""
    posted = Reference._meta.get_field("posted").to_python(record.posted or None)
    return vancouver(Reference(**record.values() | {"accessed": None, "posted": posted}))


def _problems(record, rivals, key=""):
    return integrity.problems(record.values() | {"key": key}, rivals)


def _preview(entries):
    """Each entry with what importing it would do: add it under a new key, or nothing, because it is known."""
    known_references, rivals, taken, lines = KnownReferences(), public_reference_index(), all_keys(), []
    for number, entry in enumerate(entries):
        line = {"number": str(number), "entry": entry}
        if entry.record:
            line["known"] = known_references.find(entry.record)
            line["citation"] = _citation(entry.record)
            if line["known"] is None:
                line["key"] = free_key(entry.record, taken)
                taken.add(line["key"])
                # If the file has the same paper twice, the second entry is already known.
                known_references.add(entry.record, line["key"])
                # Not chosen unless a person chooses it.
                line["is_doubtful"] = entry.is_guessed or entry.has_only_title or says_retracted(entry.record)
                line["problems"] = _problems(entry.record, rivals, line["key"])
        lines.append(line)
    return lines
