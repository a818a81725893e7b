// The page of one request: tells who else is here, and puts a canned reply into the text without a new page.
// Without this script the page says who was here when it was opened, and the button loads the page anew.

const BEAT = 60_000;
const desk = document.querySelector("[data-presence]");
const place = document.getElementById("presence");
const token = document.querySelector("[name=csrfmiddlewaretoken]")?.value;

const beat = async () => {
  try {
    const body = new URLSearchParams({ csrfmiddlewaretoken: token, seen: desk.dataset.newest });
    const answer = await fetch(desk.dataset.presence, { method: "POST", body });
    // Logged out meanwhile: nobody is here any more, and nothing is asked again.
    if (answer.redirected || answer.status === 403) return;
    if (answer.ok) {
      const said = new DOMParser().parseFromString(await answer.text(), "text/html");
      // Only what is new, so that a screen reader does not say the same every minute.
      if (said.body.textContent.trim() !== place.textContent.trim()) place.replaceChildren(...said.body.children);
    }
  } catch {
    // No connection for a moment: the next beat tells.
  }
  setTimeout(beat, BEAT);
};

if (desk && token) setTimeout(beat, BEAT);

const form = document.querySelector("form[data-reply]");

let byPage = false;

form?.addEventListener("submit", async (event) => {
  if (byPage || event.submitter?.value !== "fill") return;
  event.preventDefault();
  const body = new URLSearchParams(new FormData(form, event.submitter));
  try {
    const answer = await fetch(form.action, { method: "POST", body, headers: { Accept: "application/json" } });
    if (!answer.ok || answer.redirected) throw new Error(answer.statusText);
    form.elements.text.value = (await answer.json()).text;
    form.elements.text.focus();
  } catch {
    // The server then says on a page of its own what is the matter, and hands the text back.
    byPage = true;
    form.requestSubmit(event.submitter);
  }
});
