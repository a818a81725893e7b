// The end of a visit to the status page: a warning, the page hidden in time, a quick exit, and nothing to go back to.

const WARN_SECONDS = 5 * 60;
const ESC_TWICE_WITHIN = 1500; // milliseconds

const visit = document.querySelector("[data-visit]");
const leave = document.querySelector("[data-leave]");
const message = document.querySelector("[data-message]");

function goQuickly() {
  // Words kept by patient-forms.js too: the next person at this phone must find none.
  sessionStorage.clear();
  // The beacon ends the visit on the server, even though this page is gone by then.
  navigator.sendBeacon(leave.action, new URLSearchParams());
  document.body.hidden = true;
  // Not assign(): the back button must not lead here.
  location.replace(leave.dataset.leave);
}

leave.addEventListener("submit", (event) => {
  event.preventDefault();
  goQuickly();
});
leave.querySelector("[data-with-script]").hidden = false;

let lastEsc = -Infinity;
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  if (event.timeStamp - lastEsc < ESC_TWICE_WITHIN) goQuickly();
  lastEsc = event.timeStamp;
});

function end() {
  document.body.hidden = true;
  const text = message?.elements.namedItem("text");
  if (text?.value.trim()) {
    // Without a code, so the server asks for the code and carries the message over.
    message.action = visit.dataset.status;
    message.submit();
  } else {
    location.replace(visit.dataset.status);
  }
}

if (visit) {
  // Compare with the clock instead of setting one long timer: a laptop that sleeps past the end hides the page on waking.
  const endsAt = Date.now() + Number(visit.dataset.seconds) * 1000;
  const warning = visit.querySelector("[data-warning]");
  const timer = setInterval(() => {
    const secondsLeft = (endsAt - Date.now()) / 1000;
    if (secondsLeft <= WARN_SECONDS) warning.hidden = false;
    if (secondsLeft <= 0) {
      clearInterval(timer);
      end();
    }
  }, 1000);
}

window.addEventListener("pageshow", (event) => {
  // Restored from the back/forward cache: ask the server whether the visit is still valid.
  if (event.persisted) {
    document.body.hidden = true;
    location.reload();
  }
});
