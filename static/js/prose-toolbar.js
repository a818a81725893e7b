// The toolbar above the text.
import { ask } from "./prose-dialog.js";

export function connectToolbar(toolbar, editor, element) {
  const buttons = [...toolbar.querySelectorAll("button[data-command]")];
  for (const button of buttons) {
    button.addEventListener("click", () => COMMANDS[button.dataset.command].run(editor));
  }
  const refresh = () => {
    for (const button of buttons) {
      const { active, possible } = COMMANDS[button.dataset.command];
      if (active) button.setAttribute("aria-pressed", String(active(editor)));
      if (possible) button.disabled = !possible(editor);
    }
  };
  editor.on("transaction", refresh);
  refresh();
  element.before(toolbar);
  toolbar.hidden = false;
}

const chain = (editor) => editor.chain().focus();

const COMMANDS = {
  paragraph: { run: (e) => chain(e).setParagraph().run(), active: (e) => e.isActive("paragraph") },
  "heading-2": heading(2),
  "heading-3": heading(3),
  bold: { run: (e) => chain(e).toggleBold().run(), active: (e) => e.isActive("bold") },
  italic: { run: (e) => chain(e).toggleItalic().run(), active: (e) => e.isActive("italic") },
  bullets: { run: (e) => chain(e).toggleBulletList().run(), active: (e) => e.isActive("bulletList") },
  numbers: { run: (e) => chain(e).toggleOrderedList().run(), active: (e) => e.isActive("orderedList") },
  quote: { run: (e) => chain(e).toggleBlockquote().run(), active: (e) => e.isActive("blockquote") },
  citation: { run: cite, active: (e) => e.isActive("citation") },
  glossary: { run: explain, active: (e) => e.isActive("glossaryWord") },
  link: {
    run: link,
    active: (e) => e.isActive("link"),
    possible: (e) => e.isActive("link") || !e.state.selection.empty,
  },
  undo: { run: (e) => chain(e).undo().run(), possible: (e) => e.can().undo() },
  redo: { run: (e) => chain(e).redo().run(), possible: (e) => e.can().redo() },
};

function heading(level) {
  return {
    run: (e) => chain(e).toggleHeading({ level }).run(),
    active: (e) => e.isActive("heading", { level }),
  };
}

async function cite(editor) {
  const selected = editor.isActive("citation");
  const { key, locator } = selected ? editor.getAttributes("citation") : {};
  const answer = await ask(document.getElementById("citation-dialog"), { choice: key, detail: locator });
  if (answer.action !== "insert") return chain(editor).run();
  const attrs = { key: answer.choice, locator: answer.detail };
  if (selected) return chain(editor).updateAttributes("citation", attrs).run();
  // Insert after the selected words, without replacing them.
  return chain(editor).insertContentAt(editor.state.selection.to, { type: "citation", attrs }).run();
}

async function explain(editor) {
  const marked = editor.isActive("glossaryWord");
  if (marked) editor.chain().extendMarkRange("glossaryWord").run();
  const { from, to } = editor.state.selection;
  const words = editor.state.doc.textBetween(from, to, " ");
  const { term } = editor.getAttributes("glossaryWord");
  const answer = await ask(document.getElementById("glossary-dialog"), {
    choice: term,
    // A long selection is not a name to search for.
    query: term ?? (words.split(/\s+/).length <= 3 ? words : ""),
    detail: words,
    removable: marked,
  });
  if (answer.action === "remove") return chain(editor).unsetMark("glossaryWord").run();
  if (answer.action !== "insert") return chain(editor).run();
  const mark = { type: "glossaryWord", attrs: { term: answer.choice } };
  if (words && answer.detail === words.trim()) return chain(editor).setMark(mark.type, mark.attrs).run();
  return chain(editor).insertContent({ type: "text", text: answer.detail, marks: [mark] }).run();
}

async function link(editor) {
  const linked = editor.isActive("link");
  if (linked) editor.chain().extendMarkRange("link").run();
  const answer = await ask(document.getElementById("link-dialog"), {
    detail: editor.getAttributes("link").href,
    removable: linked,
  });
  if (answer.action === "remove") return chain(editor).unsetLink().run();
  if (answer.action === "insert") return chain(editor).setLink({ href: answer.detail }).run();
  return chain(editor).run();
}
