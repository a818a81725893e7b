// HTML on its way into the editor and out of it.

// Word brings style elements, style attributes and comments, web pages bring event handlers. The editor would drop them
// all, but only after the browser has parsed them and complained that the Content-Security-Policy forbids them.
export function withoutStyles(html) {
  return html
    .replace(/<!--[\s\S]*?-->/g, "")
    .replace(/<(style|script|xml)\b[\s\S]*?<\/\1>/gi, "")
    .replace(/<[a-z][^>]*>/gi, (tag) => tag.replace(/\s(style|on\w+)\s*=\s*("[^"]*"|'[^']*'|[^\s>]+)/gi, ""));
}

// The editor keeps a paragraph in every list item; a page wants one only where there are several.
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
