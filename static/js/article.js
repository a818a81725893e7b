// What an article shows on request: definitions of its glossary words, the evidence in numbers, and the way back from a
// reference to its place in the text. The first two are on a page of their own, which is fetched when a reader points at
// one or reaches it with the keyboard. Without this script, they are links to that page.

// The search box has its suggestions when somebody goes to it: one file less to fetch before an article can be read.
addEventListener("focusin", ({ target }) => target.form?.dataset.suggestions && import("./search-suggest.js"));

const words = document.querySelectorAll("a.term");
const evidence = document.querySelector("details[data-part=evidence]");
// Ids of statements, which are not on the page before they are fetched.
const STATEMENT = "#part-statement-";
let background;

function parsed(html) {
  return new DOMParser().parseFromString(html, "text/html");
}

async function fetched(address) {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`${address} answered with ${response.status}.`);
  return parsed(await response.text());
}

function load(link) {
  background ??= fetched(link.pathname).catch((error) => {
    background = undefined;
    throw error;
  });
  return background;
}

// What a link leads to, in the page that was fetched.
function target(link, page) {
  return page.getElementById(decodeURIComponent(link.hash.slice(1)));
}

function loadEarly(element, link) {
  for (const kind of ["pointerenter", "focus"]) element.addEventListener(kind, () => load(link).catch(() => {}));
}

function popover(word) {
  const close = word.querySelector("button");
  close.hidden = false;
  close.addEventListener("click", () => word.hidePopover());
  word.className = "popover";
  word.popover = "auto";
  // The article may have a heading with the same id.
  word.removeAttribute("id");
  document.querySelector(".article__text").append(word);
  return word;
}

const popovers = new Map();

async function define(link) {
  try {
    if (!popovers.has(link.hash)) popovers.set(link.hash, popover(target(link, await load(link))));
    const word = popovers.get(link.hash);
    word.ontoggle = (event) => link.setAttribute("aria-expanded", event.newState === "open");
    word.showPopover({ source: link });
  } catch {
    // Without a connection the browser would show its own page instead of the article.
    if (navigator.onLine) location.assign(link.href);
    else sayOffline(link);
  }
}

function sayOffline(link) {
  const note = Object.assign(document.createElement("p"), { className: "popover", popover: "auto" });
  const text = document.querySelector("[data-offline]");
  note.setAttribute("role", "alert");
  text.append(note);
  note.showPopover({ source: link });
  note.textContent = text.dataset.offline;
  note.addEventListener("toggle", (event) => event.newState === "closed" && note.remove());
}

function connectWord(link) {
  let wasOpen = false;
  link.setAttribute("role", "button");
  link.setAttribute("aria-expanded", "false");
  loadEarly(link, link);
  // A popover closes before the click that closed it arrives.
  link.addEventListener("pointerdown", () => (wasOpen = link.getAttribute("aria-expanded") === "true"));
  link.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    if (!wasOpen) define(link);
    wasOpen = false;
  });
  link.addEventListener("keydown", (event) => {
    if (event.key !== " ") return;
    event.preventDefault();
    define(link);
  });
}

function showEvidence(page) {
  const link = evidence.querySelector(".fold__link");
  const found = page.querySelector("div[data-part=evidence]");
  if (!link || !found) return;
  link.replaceWith(...found.childNodes);
  // On paper it says that the evidence is elsewhere.
  document.querySelector("[data-elsewhere]").remove();
}

function connectEvidence() {
  const link = evidence.querySelector(".fold__link a");
  loadEarly(evidence.querySelector("summary"), link);
  evidence.addEventListener("toggle", async () => {
    if (!evidence.open) return;
    // Where it cannot be fetched, the link stays.
    const page = await load(link).catch(() => null);
    if (page) showEvidence(page);
    if (location.hash.startsWith(STATEMENT)) unfold();
  });
}

// On paper all of it is there. A print dialog waits for nothing that is asynchronous.
function showEvidenceNow() {
  const request = new XMLHttpRequest();
  request.open("GET", evidence.querySelector(".fold__link a").pathname, false);
  try {
    request.send();
  } catch {
    return;
  }
  if (request.status === 200) showEvidence(parsed(request.responseText));
}

function connectReferences(list) {
  for (const citation of document.querySelectorAll(".body a.citation[id]")) {
    const ways = document.querySelector(`${citation.hash} .references__ways`);
    if (!ways) continue;
    const back = document.createElement("a");
    const place = citation.id.split("-").pop();
    back.href = `#${citation.id}`;
    back.textContent = "↩";
    back.setAttribute("aria-label", list.dataset.back.replace("{}", place));
    if (document.getElementById(citation.id.replace(/\d+$/, 2))) {
      back.append(Object.assign(document.createElement("sup"), { textContent: place }));
    }
    ways.append(" ", back);
  }
}

// Links, on the page and to it, lead into what is folded. A browser that opens it by itself finds it open.
const folds = document.querySelectorAll(".fold");

function unfold() {
  const wanted = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  const fold = wanted?.closest(".fold") ?? (location.hash.startsWith(STATEMENT) && evidence);
  if (fold && !fold.open) fold.open = true;
  if (fold) wanted?.scrollIntoView();
}

// On paper nothing is folded.
function unfoldAll() {
  const closed = [...folds].filter((fold) => !fold.open);
  for (const fold of closed) fold.open = true;
  addEventListener("afterprint", () => closed.forEach((fold) => (fold.open = false)), { once: true });
}

// The list “On this page” marks the section that is being read.
const sections = [...document.querySelectorAll(".contents a[href^='#']")]
  .map((link) => [link, document.getElementById(decodeURIComponent(link.hash.slice(1)))])
  .filter(([, heading]) => heading);
let isMarking = false;

function markSection() {
  isMarking = false;
  // A heading counts once it has reached the upper third of the screen.
  const current = sections.findLast(([, heading]) => heading.getBoundingClientRect().top < innerHeight / 3);
  for (const section of sections) {
    if (section === current) section[0].setAttribute("aria-current", "true");
    else section[0].removeAttribute("aria-current");
  }
}

function markSoon() {
  if (!isMarking) requestAnimationFrame(markSection);
  isMarking = true;
}

// The browser's own sheet for passing a page on, and its own voices. Only voices of the device: what somebody listens to
// stays there. Chromium has the list of voices only after a while.
function offerVoice(button) {
  const language = document.documentElement.lang;
  const voice = speechSynthesis
    .getVoices()
    .find(({ lang, localService }) => localService && lang.toLowerCase().split(/[-_]/)[0] === language);
  if (!voice || !button.hidden) return;
  button.hidden = false;
  button.addEventListener("click", async () => (await import("./listen.js")).toggle(button, voice));
}

const listen = document.querySelector("[data-listen]");
if (listen && "speechSynthesis" in window) {
  offerVoice(listen);
  speechSynthesis.addEventListener?.("voiceschanged", () => offerVoice(listen));
}

const share = document.querySelector("[data-share]");
if (share && navigator.share) {
  share.hidden = false;
  share.addEventListener("click", () => {
    const url = document.querySelector("link[rel=canonical]")?.href ?? location.href.split("#")[0];
    // Closing the sheet without choosing anything is no error.
    navigator.share({ title: document.querySelector("h1").textContent, url }).catch(() => {});
  });
}

addEventListener("scroll", markSoon, { passive: true });
addEventListener("hashchange", unfold);
addEventListener("beforeprint", unfoldAll);

if (HTMLElement.prototype.showPopover) words.forEach(connectWord);
if (evidence) {
  connectEvidence();
  addEventListener("beforeprint", () => evidence.querySelector(".fold__link") && showEvidenceNow());
}
document.querySelectorAll("[data-back]").forEach(connectReferences);
unfold();
markSection();
