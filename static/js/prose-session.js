// A session ends after eight hours, and a form sent after that is lost: the server answers with its login page, and the
// way back leads there too. So the form asks first whether it would be taken, and brings its token up to date, which
// logging in in another tab has changed. Without an answer it stays as it is, with everything typed in it.
export function sendOnlyWhileLoggedIn(form) {
  const said = form.querySelector("[data-not-sent]");
  let asked = false;
  form.addEventListener(
    "submit",
    async (event) => {
      if (asked) {
        asked = false;
        return;
      }
      event.preventDefault();
      event.stopImmediatePropagation();
      const token = await freshToken();
      said.hidden = token !== null;
      if (token === null) {
        said.scrollIntoView({ block: "nearest" });
        return;
      }
      form.elements.csrfmiddlewaretoken.value = token;
      asked = true;
      form.requestSubmit(event.submitter);
    },
    { capture: true },
  );
}

async function freshToken() {
  try {
    const response = await fetch(window.location.href);
    if (!response.ok || response.redirected) return null;
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    return page.querySelector("#article_form [name='csrfmiddlewaretoken']")?.value ?? null;
  } catch {
    return null;
  }
}
