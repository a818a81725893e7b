// Suggestions under each search box: an editable combobox with a list (ARIA Authoring Practices Guide, "Combobox").
// The list comes from the page of suggestions, which also works on its own without this script.

const DELAY = 120;

function set(element, attributes) {
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
}

function connect(form) {
  const box = form.querySelector("input[type=search]");
  const list = set(document.createElement("ul"), {
    id: `${box.id}-options`,
    class: "options",
    role: "listbox",
    "aria-label": form.dataset.label,
    hidden: "",
  });
  form.append(list);
  set(box, { role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id });
  let timer, asked;

  const options = () => [...list.children];
  const active = () => list.querySelector("[aria-selected=true]");

  const activate = (option) => {
    for (const other of options()) set(other, { "aria-selected": String(other === option) });
    option?.scrollIntoView({ block: "nearest" });
    if (option) set(box, { "aria-activedescendant": option.id });
    else box.removeAttribute("aria-activedescendant");
  };

  const show = (open) => {
    const opened = open && list.children.length > 0;
    list.hidden = !opened;
    set(box, { "aria-expanded": String(opened) });
    if (!opened) activate(null);
  };

  const close = () => {
    clearTimeout(timer);
    asked?.abort();
    show(false);
  };

  const ask = async () => {
    asked?.abort();
    const { signal } = (asked = new AbortController());
    try {
      const address = `${form.dataset.suggestions}?q=${encodeURIComponent(box.value)}`;
      const answer = await fetch(address, { signal });
      const page = new DOMParser().parseFromString(answer.ok ? await answer.text() : "", "text/html");
      // Closed after the answer had arrived, where aborting has no effect any more.
      if (signal.aborted) return;
      list.replaceChildren(
        ...[...page.querySelectorAll("#suggestions a")].map((link, number) => {
          const option = set(document.createElement("li"), {
            id: `${box.id}-option-${number}`,
            role: "option",
            "aria-selected": "false",
            "data-href": link.getAttribute("href"),
          });
          option.append(link.textContent, " ", link.nextElementSibling ?? "");
          return option;
        }),
      );
      activate(null);
      show(document.activeElement === box);
    } catch {
      // The request was aborted by more typing, or there is no connection: the search itself still works.
    }
  };

  const askSoon = () => {
    clearTimeout(timer);
    if (box.value.trim()) timer = setTimeout(ask, DELAY);
    else close();
  };

  box.addEventListener("input", askSoon);

  box.addEventListener("keydown", (event) => {
    const all = options();
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && all.length) {
      event.preventDefault();
      const from = list.hidden ? -1 : all.indexOf(active());
      show(true);
      activate(all.at(from < 0 && step < 0 ? -1 : (from + step) % all.length));
    } else if (event.key === "Escape" && !list.hidden) {
      event.preventDefault();
      close();
    } else if (event.key === "Enter" && active()) {
      event.preventDefault();
      location.assign(active().dataset.href);
    }
  });

  list.addEventListener("pointerdown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const option = event.target.closest("li");
    if (option) location.assign(option.dataset.href);
  });
  box.addEventListener("blur", close);

  // Where this script comes when somebody goes to the box, words may be there already.
  if (document.activeElement === box && box.value !== box.defaultValue) askSoon();
}

document.querySelectorAll("form[data-suggestions]").forEach(connect);
