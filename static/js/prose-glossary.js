// Words that are explained in the glossary: <dfn data-term="slug">words</dfn>.
import { Mark } from "../django_prose_editor/editor.js";

export const GlossaryWord = Mark.create({
  name: "glossaryWord",
  inclusive: false,

  addAttributes() {
    return {
      term: {
        default: "",
        parseHTML: (element) => element.dataset.term,
        renderHTML: ({ term }) => ({ "data-term": term }),
      },
    };
  },

  parseHTML() {
    return [{ tag: "dfn[data-term]" }];
  },

  renderHTML({ HTMLAttributes }) {
    return ["dfn", HTMLAttributes, 0];
  },
});
