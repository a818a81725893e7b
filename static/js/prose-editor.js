// Turns the text field of an article into an editor. Without this script, the text is edited as HTML.
import * as prose from "../django_prose_editor/editor.js";
import { Citation } from "./prose-citation.js";
import { GlossaryWord } from "./prose-glossary.js";
import { tidy } from "./prose-html.js";
import { pasted } from "./prose-paste.js";
import { sendOnlyWhileLoggedIn } from "./prose-session.js";
import { connectToolbar } from "./prose-toolbar.js";

const available = { ...prose, Citation, GlossaryWord };

// The editor offers exactly what the server's sanitiser allows (education/prose.py).
function extensionsFrom(config) {
  return Object.entries(config).map(([name, options]) => {
    const extension = available[name];
    if (name === "Link") return extension.configure({ ...options, protocols: [], isAllowedUri: allows(options.protocols) });
    return options === true ? extension : extension.configure(options);
  });
}

function allows(protocols) {
  return (address) => address.startsWith("/") || protocols.some((name) => address.startsWith(`${name}:`));
}

function edit(textarea) {
  const label = document.querySelector(`label[for="${textarea.id}"]`);
  label.id ||= `${textarea.id}_label`;
  const element = document.createElement("div");
  element.className = "prose";
  textarea.before(element);
  textarea.hidden = true;

  const editor = new prose.Editor({
    element,
    // Tiptap would add a style element, which the Content-Security-Policy forbids; its styles are in admin.css.
    injectCSS: false,
    content: textarea.value,
    extensions: extensionsFrom(JSON.parse(textarea.dataset.prose)),
    editorProps: {
      attributes: { role: "textbox", "aria-multiline": "true", "aria-labelledby": label.id },
      transformPastedHTML(html) {
        const { html: kept, leftOut } = pasted(html);
        say(leftOut);
        return kept;
      },
    },
    onUpdate() {
      textarea.value = tidy(editor.getHTML());
      textarea.dispatchEvent(new Event("input", { bubbles: true }));
    },
  });
  label.addEventListener("click", () => editor.commands.focus());
  connectToolbar(document.getElementById("prose-toolbar"), editor, element);
}

// What a paste could not bring in is said, so that no one misses it later.
function say(leftOut) {
  for (const sentence of document.querySelectorAll("[data-left-out]")) {
    sentence.hidden = !leftOut.includes(sentence.dataset.leftOut);
  }
}

for (const textarea of document.querySelectorAll("textarea[data-prose]")) {
  edit(textarea);
  sendOnlyWhileLoggedIn(textarea.form);
}
