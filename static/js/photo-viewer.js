// Zooms a photo in place, without loading it again, so no second view is recorded. Without it, the sizes are links.

const box = document.querySelector("[data-box]");

if (box) {
  const image = box.querySelector("img");
  const buttons = [...document.querySelectorAll("[data-zoom]")];
  const names = buttons.map((button) => button.dataset.zoom);
  const factors = { 100: 1, 200: 2 };
  const now = () => names.findIndex((_, index) => buttons[index].hasAttribute("aria-current"));
  document.querySelector("[data-keys]").hidden = false;

  const show = (name) => {
    // Keep the point in the middle of the box in the middle.
    const x = (box.scrollLeft + box.clientWidth / 2) / box.scrollWidth;
    const y = (box.scrollTop + box.clientHeight / 2) / box.scrollHeight;
    const factor = factors[name];
    image.classList.toggle("photo-viewer__fit", !factor);
    for (const side of ["width", "height"]) {
      if (factor) image.setAttribute(side, image.dataset[side] * factor);
      else image.removeAttribute(side);
    }
    for (const button of buttons) button.toggleAttribute("aria-current", button.dataset.zoom === name);
    for (const button of buttons) if (button.hasAttribute("aria-current")) button.setAttribute("aria-current", "true");
    box.scrollTo(x * box.scrollWidth - box.clientWidth / 2, y * box.scrollHeight - box.clientHeight / 2);
  };

  for (const button of buttons) {
    button.addEventListener("click", (event) => {
      event.preventDefault();
      show(button.dataset.zoom);
    });
  }

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.matches("input, select, textarea")) return;
    const key = event.key.toLowerCase();
    if (key === "+" || key === "=") show(names[Math.min(now() + 1, names.length - 1)]);
    else if (key === "-") show(names[Math.max(now() - 1, 0)]);
    else if (key === "0") show("fit");
    else if (key === "n") document.querySelector("[data-after]")?.click();
    else if (key === "p") document.querySelector("[data-before]")?.click();
    else return;
    event.preventDefault();
  });
}
