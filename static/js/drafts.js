// Keeps what is typed on the server until it is sent: two seconds after the last key, at least every five seconds while
// someone types, and when the page is left. The server answers which forms of the page have a draft now. Without this
// script, the buttons of a page still save what was typed into its other forms. A form is not sent while the server
// cannot be reached.

const QUIET = 2000;
const AT_MOST = 5000;
const AFTER_FAILURE = 10_000;
// A button that waits for an answer must not wait for ever.
const NO_ANSWER_AFTER = 20_000;
// Browsers send at most 64 kB for a page that is left.
const LARGEST_FAREWELL = 60_000;
const STEPS = [["day", 86_400], ["hour", 3600], ["minute", 60], ["second", 1]];

function connect(box) {
  const form = box.closest("form");
  const said = box.querySelector("[data-draft-said]");
  let saved = null;
  let seen = null;
  let changedAt = 0;
  let triedAt = 0;
  let saving = null;
  let failed = false;
  // Whether the server answered the last time, be it with an error.
  let answered = true;
  // A submit that waits for an answer, that got one, and that was not sent for want of one.
  let checking = false;
  let mayGo = false;
  let heldBack = false;
  let sent = false;
  // When each draft was saved, by the clock of this browser.
  const begins = new Map();
  for (const line of form.querySelectorAll("[data-draft-age]")) {
    if (line.dataset.draftAge) begins.set(line, Date.now() - Number(line.dataset.draftAge) * 1000);
  }

  function typed() {
    const data = new FormData(form);
    // Admin's selector with two lists selects what was chosen only when its form is sent.
    for (const list of form.querySelectorAll("select.filtered[id$='_to']")) {
      data.delete(list.name);
      for (const option of list.options) data.append(list.name, option.value);
    }
    return data;
  }

  function words() {
    const entries = [...typed()].filter(([name, value]) => name !== "csrfmiddlewaretoken" && typeof value === "string");
    return JSON.stringify(entries);
  }

  function say(name) {
    // Only when it changes, so that a screen reader does not repeat it every few seconds.
    if (said.dataset.draftSaid !== name) {
      const words = name && box.querySelector(`[data-words="${name}"]`).content.cloneNode(true);
      said.replaceChildren(words || "");
      said.dataset.draftSaid = name;
    }
    box.classList.toggle("draft-problem", ["failed", "gone", "unsent"].includes(name));
  }

  function show(answer) {
    for (const line of form.querySelectorAll("[data-draft-of]")) {
      const seconds = answer.drafts[line.dataset.draftOf];
      line.hidden = seconds === undefined;
      if (!line.hidden) begins.set(line.querySelector("[data-draft-age]"), Date.now() - seconds * 1000);
    }
    say(Object.keys(answer.drafts).length ? "saved" : "");
    showAges();
  }

  function showAges() {
    for (const [line, since] of begins) line.textContent = box.dataset.age.replace("{age}", ago(since));
  }

  async function send(now, leaving) {
    triedAt = Date.now();
    const data = typed();
    data.set("save_draft", "1");
    answered = false;
    let status = 0;
    try {
      const response = await fetch(box.dataset.draft, {
        method: "POST",
        body: data,
        keepalive: leaving && now.length < LARGEST_FAREWELL,
        headers: { Accept: "application/json" },
        signal: AbortSignal.timeout(NO_ANSWER_AFTER),
      });
      answered = true;
      status = response.status;
      if (status === 403) await renewToken(form);
      if (!response.ok || response.redirected) throw new Error(`Drafts: ${status}`);
      const answer = await response.json();
      failed = heldBack = false;
      saved = now;
      show(answer);
    } catch {
      failed = true;
      // 404: handed on to someone else, or deleted.
      say(status === 404 ? "gone" : heldBack && !answered ? "unsent" : "failed");
    }
  }

  function save(leaving = false) {
    const now = words();
    if (saved === null || now === saved || sent) return;
    // One at a time, so that an older text never arrives after a newer one. Who leaves cannot wait.
    if (saving && !leaving) return;
    start(now, leaving);
  }

  function start(now, leaving = false) {
    const mine = send(now, leaving).finally(() => {
      if (saving === mine) saving = null;
    });
    saving = mine;
    return mine;
  }

  setInterval(() => {
    showAges();
    if (saved === null || sent) return;
    const now = words();
    if (now !== seen) {
      seen = now;
      changedAt = Date.now();
    }
    const quiet = Date.now() - changedAt >= QUIET;
    const due = Date.now() - triedAt >= (failed ? AFTER_FAILURE : AT_MOST);
    if (now !== saved && (failed ? due : quiet || due)) save();
  }, 1000);

  form.addEventListener("input", () => {
    // The form was sent, and yet the page is still here.
    sent = false;
  });
  // Without a connection the browser would leave for an error page of its own. Back from there, only what was saved last
  // is in the form.
  const isUnsure = () => !mayGo && (failed || !navigator.onLine);

  async function sendOnceAnswered(button) {
    checking = true;
    await saving;
    if (isUnsure()) {
      heldBack = true;
      await start(words());
      heldBack = !answered;
    }
    checking = false;
    if (heldBack) return;
    mayGo = true;
    form.requestSubmit(button);
  }

  form.addEventListener("submit", (event) => {
    if (event.defaultPrevented) return;
    // A draft that arrives after its text was sent would come back.
    if (saving || isUnsure()) {
      event.preventDefault();
      if (!checking) sendOnceAnswered(event.submitter);
      return;
    }
    mayGo = false;
    sent = true;
  });
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) save(true);
  });
  window.addEventListener("pagehide", () => save(true));
  // Asks only if something would be lost: the draft could not be saved, or is too long to be saved while leaving.
  window.addEventListener("beforeunload", (event) => {
    const now = words();
    if (saved === null || now === saved && !failed || sent) return;
    if (failed || !navigator.onLine || now.length >= LARGEST_FAREWELL) event.preventDefault();
  });

  // Scripts of admin fill in fields when the page has loaded; that is not typing.
  const begin = () => setTimeout(() => {
    saved = seen = words();
  });
  if (document.readyState === "complete") begin();
  else window.addEventListener("load", begin);
  showAges();
}

// After a new login in another tab.
async function renewToken(form) {
  const beat = document.querySelector("[data-session-beat]")?.dataset.sessionBeat;
  if (!beat) return;
  const { seconds, token } = await (await fetch(beat)).json();
  if (seconds > 0) form.elements.csrfmiddlewaretoken.value = token;
}

function ago(since) {
  const seconds = Math.max(0, Math.round((Date.now() - since) / 1000));
  const [unit, length] = STEPS.find(([, each]) => seconds >= each) ?? ["second", 1];
  const format = new Intl.RelativeTimeFormat(document.documentElement.lang, { numeric: "auto" });
  return format.format(-Math.floor(seconds / length), unit);
}

for (const box of document.querySelectorAll("[data-draft]")) connect(box);
