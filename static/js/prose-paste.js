// Turns what people paste from Word, Google Docs and web pages into what a page can have.

// By the style attribute of the element, as in Google Docs, which writes <b style="font-weight:normal"> around it all.
const WEIGHT = /(?:^|;)\s*font-weight\s*:\s*([a-z0-9]+)/i;
const ITALIC = /(?:^|;)\s*font-style\s*:\s*italic/i;
const IS_BOLD = /^(?:bold|bolder|[6-9]00)$/i;
// What Word writes where a program that has no lists shows a bullet or a number.
const MARKER = /<!(?:--)?\[if !supportLists\](?:--)?>([\s\S]*?)<!(?:--)?\[endif\](?:--)?>/gi;
const NUMBER = /^\s*(?:\d+|[a-z]{1,3})[.)]/i;
const BLOCKS = "p, h2, h3, ul, ol, blockquote, table, div";
// Google Docs raises by style; Word does so for letters that a person moved up by hand.
const RAISED_BY_STYLE = /(?:^|;)\s*(?:vertical-align\s*:\s*super|mso-text-raise\s*:\s*[1-9])/i;
const LOWERED_BY_STYLE = /(?:^|;)\s*(?:vertical-align\s*:\s*sub|mso-text-raise\s*:\s*-[1-9])/i;
// The same as in education/xml_text.py, which does this for files, registers and the text that is saved.
const RAISED = ["0123456789+-−–=()", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁻⁼⁽⁾"];
const LOWERED = ["0123456789+-−–=()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₋₌₍₎"];

// Returns the HTML, and the names of what pages cannot have.
export function pasted(html) {
  const { body } = new DOMParser().parseFromString(withoutStyles(html), "text/html");
  const leftOut = [];
  const leaveOut = (selector, name) => {
    for (const element of body.querySelectorAll(selector)) {
      element.remove();
      leftOut.push(name);
    }
  };
  leaveOut("img, picture, svg, video", "picture");
  leaveOut("a[href^='#_ftn'], a[href^='#_edn'], a[href*='#_ftn'], a[href*='#_edn']", "footnote");
  keepLooks(body);
  raiseAndLower(body);
  for (const heading of body.querySelectorAll("h1, h4, h5, h6")) {
    rename(heading, heading.tagName === "H1" ? "h2" : "h3");
  }
  makeLists(body);
  for (const table of body.querySelectorAll("table")) {
    table.replaceWith(...linesOf(table));
    leftOut.push("table");
  }
  for (const link of body.querySelectorAll("a[title]")) link.removeAttribute("title");
  // Between blocks it would become an empty paragraph.
  for (const line of body.querySelectorAll("body > br")) {
    if (line.nextElementSibling?.matches(BLOCKS) || line.previousElementSibling?.matches(BLOCKS)) line.remove();
  }
  return { html: body.innerHTML, leftOut: [...new Set(leftOut)] };
}

// Style attributes are renamed and event handlers removed as text: the browser would report both as violations of the
// Content-Security-Policy as soon as they are parsed.
function withoutStyles(html) {
  return html
    .replace(MARKER, (all, marker) => {
      const text = marker.replace(/<[^>]*>/g, "").replace(/&nbsp;/g, " ");
      return `<span data-marker="${NUMBER.test(text) ? "ol" : "ul"}"></span>`;
    })
    .replace(/<!--[\s\S]*?-->/g, "")
    .replace(/<!\[[^>]*>/g, "")
    .replace(/<(style|script|xml)\b[\s\S]*?<\/\1>/gi, "")
    .replace(/<[a-z][^>]*>/gi, (tag) => tag
      .replace(/\son\w+\s*=\s*("[^"]*"|'[^']*'|[^\s>]+)/gi, "")
      .replace(/\sstyle\s*=/gi, " data-style="));
}

function keepLooks(body) {
  for (const element of body.querySelectorAll("[data-style]")) {
    const style = element.dataset.style;
    const weight = style.match(WEIGHT)?.[1];
    if (weight && !IS_BOLD.test(weight) && element.matches("b, strong")) {
      element.replaceWith(...element.childNodes);
      continue;
    }
    if (element.matches("span, a, font")) {
      if (weight && IS_BOLD.test(weight)) wrap(element, "strong");
      if (ITALIC.test(style)) wrap(element, "em");
      if (RAISED_BY_STYLE.test(style)) wrap(element, "sup");
      if (LOWERED_BY_STYLE.test(style)) wrap(element, "sub");
    }
    element.removeAttribute("data-style");
  }
}

// 10<sup>9</sup> must never become 109.
function raiseAndLower(body) {
  for (const element of body.querySelectorAll("sup, sub")) {
    const [from, to] = element.tagName === "SUP" ? RAISED : LOWERED;
    const text = element.textContent.trim();
    const letters = [...text].map((letter) => [...to][[...from].indexOf(letter)]);
    const isMark = element.tagName === "SUP" && /\d/.test(text);
    element.replaceWith(letters.every(Boolean) ? letters.join("") : isMark ? `^${text}` : text);
  }
}

function makeLists(body) {
  for (const marker of body.querySelectorAll("[data-marker]")) {
    const paragraph = marker.closest("p");
    const kind = marker.dataset.marker;
    marker.remove();
    if (!paragraph) continue;
    const item = document.createElement("li");
    item.append(...paragraph.childNodes);
    const before = paragraph.previousElementSibling;
    if (before?.dataset.pasted === kind) {
      before.append(item);
      paragraph.remove();
    } else {
      const list = document.createElement(kind);
      list.dataset.pasted = kind;
      list.append(item);
      paragraph.replaceWith(list);
    }
  }
}

// A paragraph for each row, its cells divided by a bar.
function linesOf(table) {
  return [...table.rows].map((row) => {
    const line = document.createElement("p");
    line.textContent = [...row.cells].map((cell) => cell.textContent.trim().replace(/\s+/g, " ")).join(" | ");
    return line;
  });
}

function wrap(element, name) {
  const inner = document.createElement(name);
  inner.append(...element.childNodes);
  element.append(inner);
}

function rename(element, name) {
  const renamed = document.createElement(name);
  renamed.append(...element.childNodes);
  element.replaceWith(renamed);
}
