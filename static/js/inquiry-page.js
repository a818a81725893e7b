// The page of one request: shows who else has it open, and inserts a canned reply without loading the page again.
// Without this script the page shows who had it open when it was loaded, and the button reloads the page.

const INTERVAL = 60_000;
const page = document.querySelector("[data-presence]");
const presence = document.getElementById("presence");
const token = document.querySelector("[name=csrfmiddlewaretoken]")?.value;

const poll = async () => {
  try {
    const { newest, newestNote = "" } = page.dataset;
    const body = new URLSearchParams({ csrfmiddlewaretoken: token, seen: newest, seen_note: newestNote });
    const answer = await fetch(page.dataset.presence, { method: "POST", body });
    // The session has ended: stop asking.
    if (answer.redirected || answer.status === 403) return;
    if (answer.ok) {
      const received = new DOMParser().parseFromString(await answer.text(), "text/html");
      // Replaced only if it differs, so that a screen reader does not repeat the same text every minute.
      const isNew = received.body.textContent.trim() !== presence.textContent.trim();
      if (isNew) presence.replaceChildren(...received.body.children);
    }
  } catch {
    // There is no connection at the moment; the next poll tries again.
  }
  setTimeout(poll, INTERVAL);
};

if (page && token) setTimeout(poll, INTERVAL);

const reply = document.querySelector("[data-reply]");
const form = reply?.closest("form");

let withoutScript = false;

form?.addEventListener("submit", async (event) => {
  if (withoutScript || event.submitter?.value !== "fill") return;
  event.preventDefault();
  const body = new URLSearchParams(new FormData(form, event.submitter));
  const text = reply.querySelector("textarea");
  try {
    const address = event.submitter.formAction;
    const answer = await fetch(address, { method: "POST", body, headers: { Accept: "application/json" } });
    if (!answer.ok || answer.redirected) throw new Error(answer.statusText);
    text.value = (await answer.json()).text;
    text.focus();
  } catch {
    // Posted as a normal form, the server answers with a page that explains the problem and keeps the text.
    withoutScript = true;
    form.requestSubmit(event.submitter);
  }
});
