// Copies the receipt code and prints the page. Without this script the code is there to write down, and as a file.

const told = document.querySelector("[data-told]");
const copy = document.querySelector("[data-copy]");
const print = document.querySelector("[data-print]");

if (copy && navigator.clipboard) {
  copy.hidden = false;
  copy.addEventListener("click", async () => {
    const code = document.getElementById(copy.dataset.copy);
    try {
      await navigator.clipboard.writeText(code.textContent.trim());
      told.textContent = copy.dataset.done;
    } catch {
      // The browser refuses: at least the code is marked, ready to be copied by hand.
      getSelection().selectAllChildren(code);
      told.textContent = copy.dataset.failed;
    }
  });
}

if (print) {
  print.hidden = false;
  print.addEventListener("click", () => window.print());
}
