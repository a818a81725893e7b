// What an article shows on request: definitions of its glossary words, reasons for ratings, and the way back from a
// reference to its place in the text. The first two are on a page of their own, which is fetched when a reader points at
// one or reaches it with the keyboard. Without this script, they are links to that page.

const words = document.querySelectorAll("a.term");
const reasons = document.querySelectorAll(".statements details");
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

function showReason(link, page) {
  const why = target(link, page)?.querySelector("[data-why]");
  if (why) link.closest("p").replaceWith(...why.children);
}

function connectReason(details) {
  const link = details.querySelector("a");
  loadEarly(details.querySelector("summary"), link);
  details.addEventListener("toggle", async () => {
    if (!details.open) return;
    // Where it cannot be fetched, the link stays.
    const page = await load(link).catch(() => null);
    if (page) showReason(link, page);
  });
}

// On paper all reasons are open. A print dialog waits for nothing that is asynchronous.
function showAllReasons() {
  const links = document.querySelectorAll(".statements details a");
  if (!links.length) return;
  const request = new XMLHttpRequest();
  request.open("GET", links[0].pathname, false);
  try {
    request.send();
  } catch {
    return;
  }
  if (request.status !== 200) return;
  const page = parsed(request.responseText);
  for (const link of links) showReason(link, page);
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
  const fold = wanted?.closest(".fold");
  if (!fold || fold.open) return;
  fold.open = true;
  wanted.scrollIntoView();
}

// On paper nothing is folded.
function unfoldAll() {
  const closed = [...folds].filter((fold) => !fold.open);
  for (const fold of closed) fold.open = true;
  addEventListener("afterprint", () => closed.forEach((fold) => (fold.open = false)), { once: true });
}

addEventListener("hashchange", unfold);
addEventListener("beforeprint", unfoldAll);
unfold();

if (HTMLElement.prototype.showPopover) words.forEach(connectWord);
reasons.forEach(connectReason);
if (reasons.length) addEventListener("beforeprint", showAllReasons);
document.querySelectorAll("[data-back]").forEach(connectReferences);
