"""The LaTeX of a BibTeX field as text: what a command holds is kept, whether or not we know the command."""

from pylatexenc.latex2text import LatexNodes2Text, MacroTextSpec, get_default_latex_context_db
from pylatexenc.latexwalker import LatexGroupNode
from pylatexenc.latexwalker import get_default_latex_context_db as get_default_walker_context_db
from pylatexenc.macrospec import std_macro

# What they hold is no text: lengths, colours, keys, or a number to sort by.
WITHOUT_TEXT = {
    "hspace", "vspace", "hphantom", "vphantom", "phantom", "color", "pagecolor", "label", "cite", "citet",
    "citep", "ref", "eqref", "setlength", "selectlanguage", "includegraphics", "noopsort", "NoopSort", "SortNoop",
}  # fmt: skip
# Switches of the font, and places to break a line.
NOTHING = {
    "rmfamily", "sffamily", "ttfamily", "bfseries", "mdseries", "itshape", "slshape", "scshape", "upshape", "em", "bf",
    "it", "sl", "sc", "rm", "sf", "tt", "normalfont", "tiny", "small", "normalsize", "large", "Large", "displaystyle",
    "textstyle", "protect", "relax", "noindent", "par", "newline", "linebreak", "allowbreak", "nobreak", "break",
    "ignorespaces", "unskip", "leavevmode", "left", "right", "limits", "nolimits", "nocite",
}  # fmt: skip


# Commands of other packages, with the number of their arguments.
WALKER_CONTEXT = get_default_walker_context_db()
WALKER_CONTEXT.add_context_category(
    "other-packages",
    prepend=True,
    macros=[std_macro("href", False, 2), *(std_macro(name, False, 1) for name in ("noopsort", "NoopSort", "SortNoop"))],
)


def decoder() -> "TextOfLatex":
    context = get_default_latex_context_db()
    specs = [
        MacroTextSpec("url", simplify_repl="%s"),
        # The words of a link, not its address.
        MacroTextSpec("href", simplify_repl=lambda node, l2tobj: _last_argument(node, l2tobj)),
    ]
    context.add_context_category("addresses", prepend=True, macros=specs)
    return TextOfLatex(latex_context=context, keep_braced_groups=True, math_mode="text")


class TextOfLatex(LatexNodes2Text):
    """`unknown` has the names of the commands that were not known since it was last emptied."""

    def __init__(self, **options):
        super().__init__(**options)
        self.unknown = set()

    def latex_to_text(self, latex, **flags):
        return super().latex_to_text(latex, latex_context=WALKER_CONTEXT, **flags)

    def macro_node_to_text(self, node):
        name = node.macroname
        spec = self.latex_context.get_macro_spec(name)
        if spec is not None and (spec.simplify_repl or not spec.discard):
            return super().macro_node_to_text(node)
        if name in WITHOUT_TEXT:
            return ""
        held = [each for each in _arguments(node) if isinstance(each, LatexGroupNode) and each.delimiters[0] == "{"]
        if held:
            return "".join(map(self._groupnodecontents_to_text, held))
        if name in NOTHING or not name.isalpha():
            return ""
        self.unknown.add(name)
        return "" if self._is_followed_by_text(node) else f"{name}{node.macro_post_space}"

    @staticmethod
    def _is_followed_by_text(node):
        """Whether a group comes next. The walker does not know that it belongs to the command, and so it is kept."""
        rest = node.parsing_state.s[node.pos + node.len :]
        return rest.startswith("{") and not rest.startswith("{}")


def _arguments(node):
    return node.nodeargd.argnlist if node.nodeargd and node.nodeargd.argnlist else []


def _last_argument(node, decoding):
    arguments = _arguments(node)
    return decoding._groupnodecontents_to_text(arguments[-1]) if arguments else ""
