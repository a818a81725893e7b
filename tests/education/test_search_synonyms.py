"""Synonyms: the ones that clinicians edit, and the ones that are loaded first."""

import shutil

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from education import search
from education.models import SynonymGroup
from education.search.stemming import terms
from education.search.synonyms import groups_by_phrase
from education.seed import checking, files
from education.seed.writing import write_content
from tests.admin_forms import save_form
from tests.education.admin_cast import make_author, make_clinical_reviewer
from tests.education.factories import make_published_article, make_synonyms

pytestmark = pytest.mark.django_db

ADD = "/admin/education/synonymgroup/add/"


@pytest.fixture
def author(client):
    client.force_login(make_author())
    return client


def post(client, names, address=ADD, language="en"):
    data = {"names": names, "language": language}
    return save_form(client, address, data) if address.endswith("/change/") else client.post(address, data)


def error_text(response):
    return " ".join(response.context["adminform"].errors["names"])


def test_every_name_in_the_file_leads_to_all_names_of_its_group():
    records = files.read_synonyms(files.CONTENT_DIR / "synonyms.yaml")
    for record in records:
        make_synonyms(*record["names"], language=record["language"])
    groups = groups_by_phrase("en")
    for record in records:
        phrases = {tuple(terms(name, "en")) for name in record["names"]}
        for phrase in phrases:
            assert set(groups[phrase]) == phrases


def test_an_edit_takes_effect_with_the_next_search(author):
    make_published_article(title="Psoriasis")
    assert search.find("plaques").total == 0
    response = post(author, "psoriasis\r\n  plaques \r\n\r\n")
    assert response.status_code == 302
    assert SynonymGroup.objects.get().names == "psoriasis\nplaques"
    assert search.find("plaques").total == 1
    group = SynonymGroup.objects.get()
    post(author, "psoriasis\nscales", address=f"/admin/education/synonymgroup/{group.pk}/change/")
    assert search.find("plaques").total == 0
    assert search.find("scales").total == 1
    group.delete()
    assert search.find("scales").total == 0


def test_synonyms_are_of_one_language():
    make_published_article(title="Psoriasis")
    make_synonyms("psoriasis", "plaques", language="es")
    assert search.find("plaques").total == 0


def test_synonyms_take_one_query(django_assert_num_queries):
    for number in range(30):
        make_synonyms(f"word{number}a", f"word{number}b")
    with django_assert_num_queries(1):
        groups_by_phrase("en")


@pytest.mark.parametrize(
    ("names", "sentence"),
    [
        ("rash", "at least two names"),
        ("rash\nRashes\nRÁSH", "at least two names"),
        ("rash\n42", "“42” has no letter"),
        ("rash\n!?", "“!?” has no letter"),
        ("rash\n" + "x" * 81, "too long"),
        ("\n".join(f"name{number}" for number in range(31)), "at most 30 names"),
        ("itch\nECZEMA", "already in another group: eczema, atopic dermatitis"),
        ("itch\natopic  dermatitis", "already in another group"),
    ],
)
def test_a_group_that_cannot_work_is_refused_with_the_reason(author, names, sentence):
    make_synonyms("eczema", "atopic dermatitis")
    assert sentence in error_text(post(author, names))
    assert SynonymGroup.objects.count() == 1


@pytest.mark.parametrize("names", ["", " \n \n", "\u200b"])
def test_an_empty_group_is_refused(author, names):
    assert post(author, names).context["adminform"].errors["names"]
    assert not SynonymGroup.objects.exists()


def test_the_same_names_in_another_language_are_another_group(author):
    make_synonyms("diarrea", "suelto", language="es")
    assert post(author, "diarrea\nsuelto").status_code == 302


def test_a_group_can_be_saved_again_as_it_is(author):
    group = make_synonyms("eczema", "atopic dermatitis")
    address = reverse("admin:education_synonymgroup_change", args=[group.pk])
    assert post(author, group.names, address=address).status_code == 302


def test_a_reviewer_may_change_groups_and_not_delete_them(client):
    reviewer = make_clinical_reviewer()
    group = make_synonyms("eczema", "atopic dermatitis")
    client.force_login(reviewer)
    assert client.get(reverse("admin:education_synonymgroup_changelist")).status_code == 200
    assert client.get(reverse("admin:education_synonymgroup_delete", args=[group.pk])).status_code == 403


def load(folder):
    content = files.read_content(folder)
    content.articles, content.statements, content.codes, content.references = [], [], [], []
    content.rejected_references, content.glossary = [], []
    return dict(write_content(content)["search synonyms"])


@pytest.fixture
def folder(tmp_path):
    """A copy of education/content that a test may change, with three groups of synonyms."""
    folder = tmp_path / "content"
    shutil.copytree(files.CONTENT_DIR, folder)
    write(folder, "[eczema, atopic dermatitis]", "[acne, spots]", "[IBS, irritable bowel syndrome]")
    return folder


def write(folder, *groups):
    (folder / "synonyms.yaml").write_text("en:\n" + "".join(f"  - {group}\n" for group in groups), "utf-8")


def test_a_second_load_changes_nothing(folder):
    assert load(folder) == {"added": 3}
    assert load(folder) == {"unchanged": 3}


def test_a_changed_line_updates_unedited_groups_only(folder):
    load(folder)
    SynonymGroup.objects.filter(names="acne\nspots").update(names="acne\nzits")
    write(folder, "[eczema, dermatitis]", "[acne, spots, pimples]", "[IBS, irritable bowel syndrome]", "[gut, bowel]")
    assert load(folder) == {"updated": 1, "kept as edited": 1, "unchanged": 1, "added": 1}
    names = set(SynonymGroup.objects.values_list("names", flat=True))
    assert names == {"eczema\ndermatitis", "acne\nzits", "IBS\nirritable bowel syndrome", "gut\nbowel"}


def test_a_group_that_a_clinician_split_or_renamed_is_left_alone(folder):
    load(folder)
    SynonymGroup.objects.filter(names="acne\nspots").update(names="acne\nzits")
    make_synonyms("spots", "patches")
    SynonymGroup.objects.filter(names__startswith="IBS").update(names="tummy\nbelly")
    assert load(folder) == {"unchanged": 1, "kept as edited": 2}
    assert SynonymGroup.objects.count() == 4


@pytest.mark.parametrize(
    ("groups", "complaint"),
    [
        (["[eczema]"], "synonyms eczema: Give at least two names"),
        (["[eczema, rash]", "[rash, hives]"], "synonyms rash, hives: a name is already in another group, eczema, rash"),
        (["[eczema, '42']"], "“42” has no letter"),
    ],
)
def test_check_finds_what_is_wrong_with_the_file(folder, groups, complaint):
    write(folder, *groups)
    assert complaint in " ".join(checking.problems(files.read_content(folder)))


@pytest.mark.parametrize("text", ["en: 3", "just words", "en:\n  - 4", "en: [", ""])
def test_a_malformed_file_is_named_in_the_error(folder, monkeypatch, text):
    (folder / "synonyms.yaml").write_text(text, "utf-8")
    monkeypatch.setattr(files.read_content, "__defaults__", (folder,))
    with pytest.raises(CommandError, match=r"synonyms\.yaml"):
        call_command("load_content", check=True)
