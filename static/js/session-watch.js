// A login ends after some minutes without activity. Typing and clicking are reported to the server at most once a
// minute. A bar gives warning two minutes before the end, and what has been typed stays on the page. When the page is
// shown again, it asks the server, because the user may have logged in again or been active in another tab.
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
      // Without a network connection nothing is known, so the clock keeps running.
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
