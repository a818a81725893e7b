// Cleans HTML that comes out of the editor.

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
