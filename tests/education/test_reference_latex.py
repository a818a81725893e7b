"""LaTeX in BibTeX: nothing that a command holds is lost."""

import pytest

from education.references import bibtex


def read(title):
    return bibtex.read(f"@article{{a, title={{{title}}}, author={{Zhao, Yu}}, year={{2020}}}}")[0][1]


@pytest.mark.parametrize(
    ("title", "text"),
    [
        (r"The \foo{gut} axis", "The gut axis"),
        (r"On \ce{H2O} and \si{\micro\gram}", "On H2O and microgram"),
        (r"A \LaTeX{} text", "A LaTeX text"),
        (r"\texttt{a} \textsf{b} \mbox{c} \textup{d} \emph{e}", "a b c d e"),
        (r"\textcolor{red}{Gut} \color{red}axis", "Gut axis"),
        (r"\href{https://example.org}{Words} here", "Words here"),
        (r"\enquote{gut} \uppercase{x} \NoCaseChange{DNA}", "gut x DNA"),
        (r"\foo{\bar{x}} \foo{one {\bf two}}", "x̅ one two"),
        # What holds no text, as before.
        (r"\hspace{1cm}gut {\em x} {\it y} \sffamily z", "gut x y z"),
        (r"{\noopsort{a}}Gut", "Gut"),
        (r"\o{} {\aa} \'{e} \ss{} $\alpha$ 100\% \& \textdegree C", "ø å é ß α 100% & °C"),
    ],
)
def test_what_a_command_holds_is_kept(title, text):
    assert read(title).title == text


def test_names_and_journals_are_kept_likewise():
    text = r"@article{a, title={T}, author={\foo{Zhao}, \bar{Y}u}, journal={\mbox{Gut} Microbes}}"
    record = bibtex.read(text)[0][1]
    assert record.container_title == "Gut Microbes"
    assert record.authors[0].startswith("Zhao")


def test_an_unknown_command_is_named():
    assert read(r"A \foo{gut} \baz axis").remarks == [
        "“\\baz” is LaTeX that is not known here. What it holds was kept; compare it with the paper.",
        "“\\foo” is LaTeX that is not known here. What it holds was kept; compare it with the paper.",
    ]
    assert read(r"\texttt{A} \emph{gut} {\em axis} \'{e}").remarks == []


def test_the_entries_of_a_file_have_their_own_remarks():
    first, second = bibtex.read("@article{a, title={\\foo{A}}}\n@article{b, title={B}}")
    assert (len(first[1].remarks), second[1].remarks) == (1, [])


@pytest.mark.parametrize("title", [r"\href", r"\href{a}", r"\newcommand x", r"\frac", r"\begin{foo} gut", r"\'", "\\"])
def test_damaged_latex_takes_no_entry_with_it(title):
    assert len(bibtex.read(f"@article{{a, title={{{title} }}, year={{2020}}}}")) == 1
