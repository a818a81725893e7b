// A citation: an atomic node that names its source, <cite data-ref="key">. It gets its number when the text is frozen.
import { Node } from "../django_prose_editor/editor.js";

export const Citation = Node.create({
  name: "citation",
  group: "inline",
  inline: true,
  atom: true,

  addAttributes() {
    return {
      key: {
        default: "",
        parseHTML: (element) => element.dataset.ref,
        renderHTML: ({ key }) => ({ "data-ref": key }),
      },
      locator: {
        default: "",
        parseHTML: (element) => element.dataset.locator ?? "",
        renderHTML: ({ locator }) => (locator ? { "data-locator": locator } : {}),
      },
    };
  },

  parseHTML() {
    return [{ tag: "cite[data-ref]" }];
  },

  renderHTML({ HTMLAttributes }) {
    return ["cite", HTMLAttributes];
  },
});
