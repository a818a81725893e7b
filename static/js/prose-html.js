// Cleans HTML that goes into the editor and comes out of it.

// Text pasted from Word has style elements, style attributes and comments, text from web pages has event handlers. The
// editor would drop them all, but only after the browser has reported violations of the Content-Security-Policy.
export function withoutStyles(html) {
  return html
    .replace(/<!--[\s\S]*?-->/g, "")
    .replace(/<(style|script|xml)\b[\s\S]*?<\/\1>/gi, "")
    .replace(/<[a-z][^>]*>/gi, (tag) => tag.replace(/\s(style|on\w+)\s*=\s*("[^"]*"|'[^']*'|[^\s>]+)/gi, ""));
}

// The editor puts a paragraph into every list item; pages have one only if there are several.
export function tidy(html) {
  const { body } = new DOMParser().parseFromString(html, "text/html");
  for (const item of body.querySelectorAll("li")) {
    const [first, ...others] = item.children;
    if (first?.tagName === "P" && others.every((child) => ["UL", "OL"].includes(child.tagName))) {
      first.replaceWith(...first.childNodes);
    }
  }
  for (const list of body.querySelectorAll("ol")) {
    list.removeAttribute("type");
    list.removeAttribute("data-type");
  }
  return body.textContent.trim() || body.querySelector("cite") ? body.innerHTML : "";
}
