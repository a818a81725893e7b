// A session ends after eight hours, and a form sent after that would be lost: the server answers with its login page,
// and Back leads there too. So the form first asks whether it would be accepted, and updates its CSRF token, which
// changes when the user logs in again in another tab. Without an answer it is not sent, and nothing typed is lost.
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
