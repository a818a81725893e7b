// A login ends after some minutes without work. Typing and clicking is work, and the server hears of it at most once a
// minute; two minutes before the end a bar says so, and what is typed stays on the page.
const BEAT_SECONDS = 60;
const WARN_SECONDS = 120;

const bar = document.querySelector("[data-session-seconds]");
if (bar) {
  let ends = 0;
  let worked = false;
  let asking = false;
  let lastBeat = Date.now();
  const words = (name) => bar.querySelector(`[data-session-${name}]`);
  const setEnd = (seconds) => {
    ends = Date.now() + seconds * 1000;
    show();
  };

  const show = () => {
    const left = Math.round((ends - Date.now()) / 1000);
    bar.hidden = left > WARN_SECONDS;
    words("soon").hidden = left <= 0;
    words("over").hidden = left > 0;
  };

  const beat = async () => {
    if (asking) return;
    asking = true;
    lastBeat = Date.now();
    worked = false;
    try {
      const response = await fetch(bar.dataset.sessionBeat, {
        method: "POST",
        headers: { "X-CSRFToken": bar.dataset.token },
      });
      // After a login in another tab the token of this page is an old one; the session is alive all the same.
      if (response.ok) setEnd((await response.json()).seconds);
    } catch {
      // Without a network nothing is known; the clock goes on.
    } finally {
      asking = false;
    }
  };

  for (const kind of ["keydown", "pointerdown", "input"]) {
    document.addEventListener(kind, () => {
      worked = true;
    }, { passive: true, capture: true });
  }
  words("stay").addEventListener("click", beat);
  setEnd(Number(bar.dataset.sessionSeconds));
  setInterval(() => {
    if (worked && ends > Date.now() && Date.now() - lastBeat >= BEAT_SECONDS * 1000) beat();
    show();
  }, 5000);
}
