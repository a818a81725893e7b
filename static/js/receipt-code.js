// Copies the receipt code, prints the page, and takes the code away in time. Without this script the code is there to
// write down, and as a file, and the page loads itself anew.

const section = document.querySelector(".receipt-code");
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

// By the clock, not by a timer: a laptop that slept through the end loses the code when it wakes.
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
