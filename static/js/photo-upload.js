// Photos go ahead of the form, one after the other, each with its progress and its own end. Without this script they
// come along with the form. The answer is the list of what is kept, as the page itself would show it.

const LARGEST = 10_000_000;

for (const area of document.querySelectorAll("[data-photos]")) {
  const form = area.closest("form");
  const question = area.parentElement;
  const input = area.querySelector("input[type=file]");
  const sending = area.querySelector("[data-photos-sending]");
  const said = area.querySelector("[data-photos-said]");
  const wait = area.querySelector("[data-photos-wait]");
  const words = area.dataset;
  const waiting = [];
  let count = 0;
  let busy = false;
  let held = null; // what was sent meanwhile: its form and its button

  const say = (text) => (said.textContent = text);
  // The button is for pages without a script.
  area.querySelector("[name=add_photos]").hidden = true;

  const post = (fields, onProgress) =>
    new Promise((resolve) => {
      const data = new FormData();
      for (const name of ["csrfmiddlewaretoken", "key"]) {
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

  // What the answer says was refused; null when it is no answer of this page's.
  const answerOf = (request) => {
    const page = new DOMParser().parseFromString(request.responseText, "text/html");
    const problems = [...page.querySelectorAll("[data-photo-problems] li")].map((item) => item.textContent.trim());
    const kept = page.querySelector("[data-photos-kept]");
    if (kept) question.querySelector("[data-photos-kept]")?.replaceWith(document.adoptNode(kept));
    if (!kept && !problems.length) return null;
    return { problems, again: request.status >= 500 };
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

  const tell = (row, text) => (row.querySelector("[data-said]").textContent = text);

  const end = (row, text, again) => {
    tell(row, text);
    say(row.querySelector("[data-name]").hidden ? text : `${row.querySelector("[data-name]").textContent} ${text}`);
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
    tell(row, words.sending);
    waiting.push({ file, row });
    work();
  };

  const work = async () => {
    if (busy) return;
    busy = true;
    while (waiting.length) {
      const { file, row } = waiting.shift();
      say(`${file.name} ${words.sending}`);
      const bar = row.querySelector("progress");
      const answer = await post({ photos: file, number: row.dataset.number }, (event) => {
        bar.value = (100 * event.loaded) / event.total;
        if (event.loaded === event.total) tell(row, words.checking);
      });
      if (!answer) end(row, words.offline, true);
      else if (answer.problems.length) {
        // The sentence names the file already.
        row.querySelector("[data-name]").hidden = !answer.again;
        end(row, answer.problems.join(" "), answer.again);
      } else {
        row.remove();
        say(words.kept.replace("{name}", file.name));
      }
    }
    busy = false;
    if (held) goOn();
  };

  const goOn = () => {
    const { form, button } = held;
    held = null;
    wait.hidden = true;
    if (!sending.children.length) {
      form.requestSubmit(button);
      return;
    }
    // Refused or lost: the sender decides what to do about it first.
    show(words.notSent, said);
    say(`${said.textContent} ${words.notSent}`);
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
      if (file.size > LARGEST) end(row, words.tooLarge, false);
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
    if (answer && !answer.problems.length) say(words.removed);
    else end(newRow({ name: "" }), answer?.problems.join(" ") ?? words.notRemoved, false);
    input.focus();
  });

  // Every form of the page: to send another one would break the photo off. Only leaving quickly waits for nothing.
  document.addEventListener("submit", (event) => {
    if (!busy || event.target.method !== "post" || event.target.matches("[data-leave]")) return;
    event.preventDefault();
    held = { form: event.target, button: event.submitter };
    show(words.waiting, event.submitter ?? said);
    say(words.waiting);
  });
}
