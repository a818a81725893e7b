// What patients fill in: the request form, and the messages and photos of the status page. One file for the three things
// that it does, because each file is a request more before a form works on a slow phone (docs/decisions/0046).

// The search box of the masthead has its suggestions when somebody goes to it.
addEventListener("focusin", ({ target }) => target.form?.dataset.suggestions && import("./search-suggest.js"));

// The key of a request. After going back in the browser, the form is loaded again with a new key, while the answers are as
// they were. Restoring the earlier key makes sending it again the same request, not a second one.
const key = document.querySelector('form[data-unsent="request"] input[name=key]');
if (key && history.state?.key) key.value = history.state.key;
else if (key) history.replaceState({ key: key.value }, "");

// Words not sent. Keeps what was typed for this tab alone: after a reload, after Back and Forward, and when a phone has thrown
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
      if (checked === null) {
        field.value = value;
        // What a search had put into the list.
        if (field.selectedIndex === -1) field.selectedIndex = 0;
      }
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

// Photos. Uploads them before the form is sent, one after the other, each with its own progress and result. Without this script
// they are sent with the form. The server answers with the list of stored photos, as the page itself would show it.

const LARGEST = 10_000_000;

for (const area of document.querySelectorAll("[data-photos]")) {
  const question = area.parentElement;
  const input = area.querySelector("input[type=file]");
  const form = input.form;
  const sending = area.querySelector("[data-photos-sending]");
  const announcer = area.querySelector("[data-photos-announcer]");
  const wait = area.querySelector("[data-photos-wait]");
  const words = area.dataset;
  const waiting = [];
  let count = 0;
  let busy = false;
  let held = null; // a form that was submitted during an upload, and its button

  const announce = (text) => (announcer.textContent = text);
  // Only for pages without a script.
  area.querySelector("[name=add_photos]").hidden = true;

  const post = (fields, onProgress) =>
    new Promise((resolve) => {
      const data = new FormData();
      for (const name of ["csrfmiddlewaretoken", "key", "for_request"]) {
        if (form.elements[name]) data.append(name, form.elements[name].value);
      }
      data.append("fragment", "1");
      for (const [name, value] of Object.entries(fields)) data.append(name, value);
      const request = new XMLHttpRequest();
      request.upload.addEventListener("progress", (event) => event.lengthComputable && onProgress?.(event));
      request.addEventListener("load", () => resolve(answerOf(request)));
      for (const end of ["error", "abort", "timeout"]) request.addEventListener(end, () => resolve(null));
      request.open("POST", words.photos);
      request.send(data);
    });

  // Shows the stored photos and returns the problems; null when the response is not ours, as from a proxy that failed.
  const answerOf = (request) => {
    const page = new DOMParser().parseFromString(request.responseText, "text/html");
    const problems = [...page.querySelectorAll("[data-photo-problems] li")].map((item) => item.textContent.trim());
    const stored = page.querySelector("[data-photos-stored]");
    if (stored) question.querySelector("[data-photos-stored]")?.replaceWith(document.adoptNode(stored));
    if (!stored && !problems.length) return null;
    return { problems, again: request.status >= 500, way: page.querySelector("[data-photo-way]") };
  };

  const newRow = (file) => {
    const row = area.querySelector("[data-photo-row]").content.firstElementChild.cloneNode(true);
    row.querySelector("[data-name]").textContent = file.name;
    const bar = row.querySelector("progress");
    bar.setAttribute("aria-label", `${bar.getAttribute("aria-label")}: ${file.name}`);
    row.querySelector("[data-again]").addEventListener("click", () => {
      begin(file, row);
      input.focus();
    });
    row.querySelector("[data-dismiss]").addEventListener("click", () => {
      row.remove();
      input.focus();
    });
    sending.append(row);
    return row;
  };

  const setStatus = (row, text) => (row.querySelector("[data-photo-status]").textContent = text);

  const fail = (row, text, again, way) => {
    setStatus(row, text);
    row.querySelector("[data-photo-way]")?.remove();
    // A link to the page that helps, in a tab of its own: this one may hold words that were not sent yet.
    if (way) {
      way = document.adoptNode(way);
      way.target = "_blank";
      row.querySelector("[data-photo-status]").after(" ", way);
    }
    announce(row.querySelector("[data-name]").hidden ? text : `${row.querySelector("[data-name]").textContent} ${text}`);
    row.classList.add("photos__refused");
    row.querySelector("progress").hidden = true;
    row.querySelector("[data-again]").hidden = !again;
    row.querySelector("[data-dismiss]").hidden = false;
  };

  const begin = (file, row) => {
    row.classList.remove("photos__refused");
    row.querySelector("progress").hidden = false;
    row.querySelector("progress").value = 0;
    for (const button of row.querySelectorAll("button")) button.hidden = true;
    setStatus(row, words.sending);
    waiting.push({ file, row });
    uploadWaiting();
  };

  const uploadWaiting = async () => {
    if (busy) return;
    busy = true;
    while (waiting.length) {
      const { file, row } = waiting.shift();
      announce(`${file.name} ${words.sending}`);
      const bar = row.querySelector("progress");
      const answer = await post({ photos: file, number: row.dataset.number }, (event) => {
        bar.value = (100 * event.loaded) / event.total;
        if (event.loaded === event.total) setStatus(row, words.checking);
      });
      if (!answer) fail(row, words.offline, true);
      else if (answer.problems.length) {
        // The sentence already names the file.
        row.querySelector("[data-name]").hidden = !answer.again;
        fail(row, answer.problems.join(" "), answer.again, answer.way);
      } else {
        row.remove();
        announce(words.kept.replace("{name}", file.name));
      }
    }
    busy = false;
    if (held) submitHeld();
  };

  const submitHeld = () => {
    const { form, button } = held;
    held = null;
    wait.hidden = true;
    if (!sending.children.length) {
      form.requestSubmit(button);
      return;
    }
    // A photo was refused or lost: let the patient decide what to do before anything is sent.
    show(words.notSent, announcer);
    announce(`${announcer.textContent} ${words.notSent}`);
    sending.querySelector("button:not([hidden])")?.focus();
  };

  const show = (text, after) => {
    wait.textContent = text;
    after.after(wait);
    wait.hidden = false;
  };

  input.addEventListener("change", () => {
    for (const file of input.files) {
      const row = newRow(file);
      row.dataset.number = String(Math.min(++count, 99));
      if (file.size > LARGEST) fail(row, words.tooLarge, false);
      else begin(file, row);
    }
    input.value = "";
  });

  question.addEventListener("click", async (event) => {
    const button = event.target.closest("[name=remove_photo]");
    if (!button) return;
    event.preventDefault();
    button.disabled = true;
    const answer = await post({ remove_photo: button.value });
    button.disabled = false;
    if (answer && !answer.problems.length) announce(words.removed);
    else fail(newRow({ name: "" }), answer?.problems.join(" ") ?? words.notRemoved, false, answer?.way);
    input.focus();
  });

  // Every form on the page, because submitting any of them would abort the upload. Only leaving quickly never waits.
  document.addEventListener("submit", (event) => {
    if (!busy || event.target.method !== "post" || event.target.matches("[data-leave]")) return;
    event.preventDefault();
    held = { form: event.target, button: event.submitter };
    show(words.waiting, event.submitter ?? announcer);
    announce(words.waiting);
  });
}
