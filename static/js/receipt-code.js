// Copies the receipt code, prints the page, and hides the code in time. Without this script the code can be written down or
// saved as a file, and the page reloads itself.

const section = document.querySelector(".receipt-code");
const result = document.querySelector("[data-copy-result]");
const copy = document.querySelector("[data-copy]");
const print = document.querySelector("[data-print]");

if (copy && navigator.clipboard) {
  copy.hidden = false;
  copy.addEventListener("click", async () => {
    const code = document.getElementById(copy.dataset.copy);
    try {
      await navigator.clipboard.writeText(code.textContent.trim());
      result.textContent = copy.dataset.done;
    } catch {
      // The browser refuses: select the code, so that it can be copied by hand.
      getSelection().selectAllChildren(code);
      result.textContent = copy.dataset.failed;
    }
  });
}

// Compare with the clock instead of setting one long timer: a laptop that sleeps past the end hides the code on waking.
const endsAt = Date.now() + Number(section.dataset.seconds) * 1000;
const timer = setInterval(() => {
  if (Date.now() < endsAt) return;
  clearInterval(timer);
  section.remove();
  location.replace(section.dataset.here);
}, 1000);

if (print) {
  print.hidden = false;
  print.addEventListener("click", () => window.print());
}
