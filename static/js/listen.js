// Reads an article aloud, in the order of the page. It is fetched when somebody asks for it (article.js).
// One utterance for each paragraph: Chromium falls silent in the middle of a long one.

const READ = "h1, .lede, h2, h3, .article p, .article li, .picture img[alt]";
// What is for the eye or for another purpose: dates, the list of contents, what is folded, forms, sources.
const LEFT_OUT = "nav, form, details, .kind, .note, .dates, .related, .ask, .helpful, .colophon, [hidden]";

let isReading = false;

function wordsOf(element) {
  if (element.matches("img")) return element.alt;
  const copy = element.cloneNode(true);
  // Numbers of sources would be read into the sentence.
  for (const citation of copy.querySelectorAll("a.citation, sup")) citation.remove();
  return copy.textContent.trim().replace(/\s+/g, " ");
}

function texts() {
  const elements = [...document.querySelectorAll(READ)].filter((element) => !element.closest(LEFT_OUT));
  // A list item with a paragraph inside is read once.
  return elements.filter((element) => !element.querySelector("p, li")).map(wordsOf).filter(Boolean);
}

function stop(button, word) {
  isReading = false;
  speechSynthesis.cancel();
  button.textContent = word;
}

export function toggle(button, voice) {
  const word = (button.dataset.word ??= button.textContent);
  if (isReading) return stop(button, word);
  isReading = true;
  button.textContent = button.dataset.listen;
  speechSynthesis.cancel();
  const utterances = texts().map((text) => Object.assign(new SpeechSynthesisUtterance(text), { voice, lang: voice.lang }));
  utterances.at(-1).onend = () => stop(button, word);
  utterances.forEach((utterance) => speechSynthesis.speak(utterance));
}

addEventListener("pagehide", () => speechSynthesis.cancel());
