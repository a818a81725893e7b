// Keeps what was typed and not sent for this tab alone: after a reload, after Back and Forward, and when a phone has thrown
// the page away, the words are there again. They are gone once they were sent, once the patient left, and with the tab.
// docs/decisions/0037 says why sessionStorage, and what is never kept: codes, PINs, and whatever is hidden.

const PREFIX = "unsent:";
// As long as a visit to the status page lasts: gutskin/limits.py.
const KEPT_MINUTES = 30;
const NEVER = ["pin", "code", "homepage", "consent"];

const forget = (name) => {
  for (const key of Object.keys(sessionStorage)) if (key.startsWith(PREFIX + name)) sessionStorage.removeItem(key);
};

const typedIn = (form) =>
  [...form.elements].filter(
    ({ name, type }) => name && !NEVER.includes(name) && !["hidden", "submit", "button", "file", "password"].includes(type),
  );

const valuesOf = (form) =>
  typedIn(form).map((field) => [
    field.name,
    field.value,
    "checked" in field && ["radio", "checkbox"].includes(field.type) ? field.checked : null,
  ]);

function restore(form, values) {
  for (const [name, value, checked] of values) {
    for (const field of typedIn(form)) {
      if (field.name !== name) continue;
      if (checked === null) field.value = value;
      else if (field.value === value) field.checked = checked;
    }
  }
}

// Not after a reload: by then the next message may have been begun.
const isNew = performance.getEntriesByType("navigation")[0]?.type === "navigate";
for (const sent of document.querySelectorAll("[data-unsent-sent]")) if (isNew) forget(sent.dataset.unsentSent);
for (const leave of document.querySelectorAll("[data-leave]")) leave.addEventListener("submit", () => forget(""), true);

for (const form of document.querySelectorAll("form[data-unsent]")) {
  const name = PREFIX + form.dataset.unsent;
  const keep = () => {
    const values = valuesOf(form);
    sessionStorage.setItem(name, JSON.stringify({ at: Date.now(), values }));
  };
  const kept = JSON.parse(sessionStorage.getItem(name) ?? "null");
  const isFresh = kept && Date.now() - kept.at < KEPT_MINUTES * 60_000;
  if (kept && !isFresh) sessionStorage.removeItem(name);
  // What the server handed back is newer than what was kept.
  if ("unsentHandedBack" in form.dataset) keep();
  else if (isFresh) {
    restore(form, kept.values);
    const note = form.querySelector("[data-unsent-note]");
    if (note) note.hidden = false;
    // A page of the same address, with a new key: nothing of the other person is in it.
    note?.querySelector("button").addEventListener("click", () => {
      forget(form.dataset.unsent);
      history.replaceState(null, "");
      location.reload();
    });
  }
  form.addEventListener("input", keep);
  form.addEventListener("change", keep);
}
