"""The words of a statement match its level of certainty, in the admin and in the seed content."""

from io import StringIO
from shutil import copytree

import pytest
import yaml
from django.core.management import CommandError, call_command
from django.urls import reverse

from education.models import EvidenceStatement
from education.seed import files
from tests.education.admin_cast import change_url, make_author, make_clinical_reviewer
from tests.education.factories import make_article, make_statement

WRONG = [
    pytest.param("high", "better", "Creams may reduce bumps.", "must not say “may”", id="high"),
    pytest.param("high", "better", "Creams probably reduce bumps.", "must not say “probably”", id="high-probably"),
    pytest.param("moderate", "better", "Creams reduce bumps.", "must say “probably”", id="moderate"),
    pytest.param("moderate", "better", "Creams probably reduce bumps and may heal.", "must not say “may”", id="both"),
    pytest.param("low", "better", "Creams reduce bumps.", "must say “may”", id="low"),
    pytest.param("very-low", "unclear", "Creams may reduce bumps.", "must say “very uncertain”", id="very-low"),
    pytest.param("", "no-trials", "No trials were found.", "must begin with “We found no trials”", id="no-trials"),
    pytest.param("", "no-good-evidence", "Nothing good.", "must begin with “We found no good evidence”", id="no-good"),
]


@pytest.mark.django_db
@pytest.mark.parametrize(("certainty", "effect", "sentence", "complaint"), WRONG)
def test_admin_reports_wrong_certainty_words_and_publishes_nothing(client, certainty, effect, sentence, complaint):
    draft = make_statement(make_article(), state="draft", certainty=certainty, effect=effect, sentence=sentence)
    client.force_login(make_author())
    assert complaint in client.get(change_url(draft)).content.decode()

    client.force_login(make_clinical_reviewer())
    refusal = client.post(reverse("admin:education_evidencestatement_approve", args=[draft.pk])).content.decode()

    assert complaint in refusal
    assert not EvidenceStatement.objects.published().exists()


def test_the_check_of_the_files_names_each_statement(tmp_path, monkeypatch):
    content = copytree(files.CONTENT_DIR, tmp_path / "content")
    monkeypatch.setattr(files.read_content, "__defaults__", (content,))
    path = content / "en/evidence/acne.yaml"
    statements = yaml.safe_load(path.read_text("utf-8"))
    expected = []
    for statement, wrong in zip(statements, WRONG, strict=False):
        certainty, effect, sentence, complaint = wrong.values
        statement |= {"certainty": certainty or None, "effect": effect, "sentence": sentence}
        expected.append((statement["slug"], complaint))
    path.write_text(yaml.safe_dump(statements, allow_unicode=True), "utf-8")
    err = StringIO()

    with pytest.raises(CommandError):
        call_command("load_content", check=True, stderr=err)

    lines = err.getvalue().splitlines()
    for slug, complaint in expected:
        assert [line for line in lines if line.startswith(f"{slug}:") and complaint in line], (slug, lines)
