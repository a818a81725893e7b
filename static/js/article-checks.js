// Checks what is in the article's form, some moments after the last key or when asked. The server does the checking.

const PAUSE = 1500;

function connect(panel) {
  const form = panel.closest("form");
  const result = panel.querySelector("[data-checks-result]");
  const status = panel.querySelector("[data-checks-status]");
  const again = panel.querySelector("[data-checks-again]");
  let timer;
  let asked = null;

  const say = (words) => {
    const text = panel.querySelector(`[data-checks-words="${words}"]`).textContent;
    if (status.textContent !== text) status.textContent = text;
  };

  // Announced only on request: after every pause in typing, it would disturb users of screen readers.
  async function check(isAsked) {
    clearTimeout(timer);
    // Ignore the answer to an earlier version of the text.
    asked?.abort();
    const asking = (asked = new AbortController());
    if (isAsked) say("waiting");
    try {
      const response = await fetch(panel.dataset.checks, {
        method: "POST",
        body: new FormData(form),
        headers: { "X-CSRFToken": form.elements.csrfmiddlewaretoken.value },
        signal: asking.signal,
      });
      // A user who is logged out is redirected to the login page, which is no error.
      if (!response.ok || response.redirected) throw new Error(`The checks answered with ${response.status}.`);
      const html = await response.text();
      // Asked again after the answer had arrived, where aborting has no effect any more.
      if (asking.signal.aborted) return;
      replace(result, html);
      if (isAsked) say("done");
      else status.textContent = "";
    } catch (error) {
      if (error.name === "AbortError") return;
      console.warn(error);
      say("failed");
    }
  }

  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(() => check(false), PAUSE);
  });
  // The saved page comes with its own checks. Listen on the document, so that no other listener can stop the event.
  document.addEventListener("submit", (event) => event.target === form && clearTimeout(timer), { capture: true });
  again.querySelector("button").addEventListener("click", () => check(true));
  again.hidden = false;
}

// Keep open details open, and the focus where it is.
function replace(result, html) {
  const opened = [...result.querySelectorAll("details[open]")].map((details) => details.dataset.check);
  const focused = document.activeElement.closest?.("[data-checks-result] details")?.dataset.check;
  const template = document.createElement("template");
  template.innerHTML = html;
  result.replaceChildren(template.content);
  for (const details of result.querySelectorAll("details")) {
    details.open = opened.includes(details.dataset.check);
    if (details.dataset.check === focused) details.querySelector("summary").focus({ preventScroll: true });
  }
}

for (const panel of document.querySelectorAll("[data-checks]")) connect(panel);
