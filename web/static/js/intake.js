// Keeps the form of a new case while it is typed, so that a dropped line or a
// closed window loses nothing. Nothing is kept in the browser: the form holds
// what is nobody else's business.

const form = document.querySelector("form[data-keep]"), kept = document.getElementById("kept");
let timer = 0, busy = false, again = false, ended = false, wait = 1500;

function show(text, alarm) {
  kept.textContent = text;
  kept.classList.toggle("wrong", Boolean(alarm));
  if (alarm) kept.setAttribute("role", "alert"); else kept.removeAttribute("role");
}

function later() {
  if (ended) return;
  clearTimeout(timer);
  timer = setTimeout(save, wait);
}

async function save() {
  if (ended) return;
  if (busy) { again = true; return; }
  busy = true;
  try {
    const answer = await fetch(form.dataset.keep, { method: "POST", headers: { Accept: "application/json" }, body: new URLSearchParams([...new FormData(form)].filter(([, v]) => typeof v === "string")), redirect: "error" });
    const told = await answer.json();
    if (answer.ok) {
      form.elements.intake_version.value = told.version;
      history.replaceState(null, "", `/desk/cases/new?intake=${form.elements.intake.value}`);
      show(`${kept.dataset.saved} ${told.saved_at}`);
      if (!again) form.dispatchEvent(new CustomEvent("homeward:kept"));
      wait = 1500;
    } else if (answer.status === 409) {
      ended = true;
      show(`${kept.dataset.other} ${told.by ? `${kept.dataset.colleague} ${told.by}, ` : ""}${told.saved_at}`, true);
    } else {
      failed();
    }
  } catch { failed(); } finally {
    busy = false;
    if (again) { again = false; later(); }
  }
}

function failed() {
  show(kept.dataset.lost, true);
  wait = Math.min(wait * 2, 30000);
  later();
}

if (form && kept) {
  form.addEventListener("input", later);
  form.addEventListener("submit", () => { ended = true; clearTimeout(timer); });
  addEventListener("online", () => { wait = 1500; later(); });
}
