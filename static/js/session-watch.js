// A login ends after some minutes without work. Typing and clicking is work, and the server hears of it at most once a
// minute; two minutes before the end a bar says so, and what is typed stays on the page. Whoever comes back to the page
// may have logged in anew elsewhere, or been at work there: so it asks again.
const BEAT_SECONDS = 60;
const WARN_SECONDS = 120;

const bar = document.querySelector("[data-session-seconds]");
if (bar) {
  let ends = 0;
  let final = false;
  let token = bar.dataset.token;
  let worked = false;
  let lastBeat = Date.now();
  const asking = new Set();
  const words = (name) => bar.querySelector(`[data-session-${name}]`);
  const know = (answer) => {
    ends = Date.now() + answer.seconds * 1000;
    final = answer.final;
    token = answer.token;
    show();
  };

  const show = () => {
    const left = Math.round((ends - Date.now()) / 1000);
    bar.hidden = left > WARN_SECONDS;
    words("soon").hidden = left <= 0 || final;
    words("last").hidden = left <= 0 || !final;
    words("over").hidden = left > 0;
  };

  const ask = async (method) => {
    if (asking.has(method)) return;
    asking.add(method);
    if (method === "POST") {
      lastBeat = Date.now();
      worked = false;
    }
    try {
      const response = await fetch(bar.dataset.sessionBeat, { method, headers: { "X-CSRFToken": token } });
      if (response.ok) know(await response.json());
    } catch {
      // Without a network nothing is known; the clock goes on.
    } finally {
      asking.delete(method);
    }
  };

  for (const kind of ["keydown", "pointerdown", "input"]) {
    document.addEventListener(kind, () => {
      worked = true;
    }, { passive: true, capture: true });
  }
  words("stay").addEventListener("click", () => ask("POST"));
  window.addEventListener("focus", () => ask("GET"));
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) ask("GET");
  });
  know({ seconds: Number(bar.dataset.sessionSeconds), final: "sessionFinal" in bar.dataset, token });
  setInterval(() => {
    if (worked && ends > Date.now() && Date.now() - lastBeat >= BEAT_SECONDS * 1000) ask("POST");
    show();
  }, 5000);
}
