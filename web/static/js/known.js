// While somebody types who it is about, the page asks the server what may be
// known already and shows its answer, in the server's words. Without script the
// same question is asked when the form is sent.

const place = document.querySelector("[data-known]"), form = place?.closest("form");
const asks = (name) => /\.(given|family|birth_date)$|^last_seen\.(label|place)|^caller\.(name|phone)$/.test(name);
let timer, running;

async function ask() {
  running?.abort();
  running = new AbortController();
  try {
    const answer = await fetch("/desk/known", { method: "POST", body: new URLSearchParams(new FormData(form)), signal: running.signal });
    if (!answer.ok) return;
    const html = await answer.text();
    if (place.dataset.last !== html) { place.innerHTML = html; place.dataset.last = html; }
  } catch { /* the line dropped: the form asks again when it is sent */ }
}

form?.addEventListener("input", (e) => {
  if (!asks(e.target.name ?? "")) return;
  clearTimeout(timer);
  timer = setTimeout(ask, 500);
});

document.getElementById("known-asked")?.focus();
