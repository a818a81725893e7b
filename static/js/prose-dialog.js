// Opens one of the dialogs of the article's page and returns what was chosen.

// Resolves to { action: "insert" | "remove" | "cancel", choice, detail }.
export async function ask(dialog, { choice = "", query = choice, detail = "", removable = false } = {}) {
  const search = dialog.querySelector("[data-search]");
  const list = dialog.querySelector("[data-choice]");
  const words = dialog.querySelector("[data-detail]");
  const remove = dialog.querySelector("[data-remove]");
  words.value = detail;
  if (remove) remove.hidden = !removable;
  dialog.returnValue = "cancel";
  dialog.showModal();
  if (search) {
    search.value = query;
    // What was chosen the last time is no answer to this question.
    list.replaceChildren();
    lookUp(dialog, choice);
  }
  await new Promise((resolve) => dialog.addEventListener("close", resolve, { once: true }));
  return { action: dialog.returnValue || "cancel", choice: list?.value ?? "", detail: words.value.trim() };
}

const latest = new WeakMap();

async function lookUp(dialog, chosen = "") {
  const number = (latest.get(dialog) ?? 0) + 1;
  latest.set(dialog, number);
  const address = new URL(dialog.dataset.lookup, location.href);
  address.searchParams.set("q", dialog.querySelector("[data-search]").value);
  const language = document.getElementById("id_language");
  if (language) address.searchParams.set("language", language.value);
  let results = null;
  try {
    results = (await (await fetch(address)).json()).results;
  } catch (error) {
    console.warn("The list could not be loaded.", error);
  }
  // Ignore answers to earlier input.
  if (latest.get(dialog) === number) show(dialog, results, chosen);
}

function show(dialog, results, asked) {
  const list = dialog.querySelector("[data-choice]");
  // A choice made while this list was on its way is kept.
  const chosen = list.value || asked;
  list.replaceChildren(
    ...(results ?? []).map(({ value, label, words }) => {
      const option = new Option(label, value, false, value === chosen);
      option.dataset.words = words ?? "";
      return option;
    }),
  );
  dialog.querySelector("[data-empty]").hidden = results === null || results.length > 0;
  dialog.querySelector("[data-failed]").hidden = results !== null;
}

for (const dialog of document.querySelectorAll("dialog[data-lookup]")) {
  const search = dialog.querySelector("[data-search]");
  const list = dialog.querySelector("[data-choice]");
  search.addEventListener("input", () => lookUp(dialog));
  search.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" && event.key !== "ArrowDown") return;
    event.preventDefault();
    if (list.options.length && list.selectedIndex < 0) list.selectedIndex = 0;
    list.focus();
    list.dispatchEvent(new Event("change"));
  });
  list.addEventListener("change", () => {
    const words = dialog.querySelector("[data-detail][required]");
    if (words && !words.value) words.value = list.selectedOptions[0]?.dataset.words ?? "";
  });
}
