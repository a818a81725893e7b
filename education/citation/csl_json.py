"""A record as CSL-JSON (citationstyles.org, schema csl-data 1.0), for Zotero, pandoc and citeproc."""

from education.citation.confirmed import confirmed
from education.citation.names import person


def csl_json(reference) -> dict:
    """One item. What is not known or not confirmed has no entry."""
    record = confirmed(reference)
    item = {
        "id": record.key,
        "type": record.type,
        "author": [_name(author) for author in record.authors],
        "title": record.title,
        "container-title": record.container_title,
        "publisher": record.publisher,
        "publisher-place": record.publisher_place,
        "edition": record.edition,
        "issued": {"date-parts": [[int(record.year)]]} if record.year else "",
        "accessed": {"date-parts": [list(record.accessed.timetuple()[:3])]} if record.accessed else "",
        "volume": record.volume,
        "issue": record.issue,
        "page": record.page,
        "DOI": record.doi,
        "PMID": record.pmid,
        "PMCID": record.pmcid,
        "URL": record.url,
        "note": record.note,
    }
    return {name: value for name, value in item.items() if value}


def _name(author):
    found = person(author)
    if found is None:
        return {"literal": author}
    name = {"family": found.family, "given": found.given, "suffix": found.suffix}
    return {part: value for part, value in name.items() if value}
