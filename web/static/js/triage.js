// Keeps the marks of who works on which report current, opens the next unread
// one with "n", keeps a report with whoever works on it, and gives it back when
// its page is left. The server decides who has what; this only shows it.

const open = () => [...document.querySelectorAll("#triage .events [data-row] > a")];
const off = () => { try { return localStorage.getItem("homeward_single_keys") === "off"; } catch { return false; } };

document.addEventListener("keydown", (e) => {
  if (e.key !== "n" || off() || e.ctrlKey || e.metaKey || e.altKey || e.target.closest?.("textarea, select, dialog, input:not([type=radio], [type=checkbox])")) return;
  const free = open().filter((a) => !a.querySelector(".lease .badge") && !a.getAttribute("aria-current"));
  if (!free[0]) return;
  e.preventDefault();
  location.assign(free[0].href);
});

async function page(kind) {
  const answer = await fetch(location.href, { headers: { Accept: kind } }).catch(() => null);
  return answer?.ok ? new DOMParser().parseFromString(await answer.text(), "text/html") : null;
}

async function look() {
  if (document.hidden || !document.querySelector(".lease")) return;
  const now = await page("text/html");
  for (const old of now ? document.querySelectorAll(".lease[id]") : []) {
    const fresh = now.getElementById(old.id);
    if (fresh && fresh.innerHTML !== old.innerHTML) old.replaceChildren(...document.importNode(fresh, true).childNodes);
  }
}
setInterval(look, 15000);

// Whoever types or clicks keeps the report: it is asked for again, as opening
// its page does, while that is going on.
const bar = () => document.querySelector("form[data-lease]");
let busy = false;
for (const kind of ["keydown", "pointerdown", "input"]) document.addEventListener(kind, () => { busy = true; }, { passive: true });

async function keep() {
  if (!busy || !bar()) return;
  busy = false;
  const now = (await page("application/xhtml+xml"))?.querySelector("form[data-lease]");
  if (now) {
    bar().dataset.lease = now.dataset.lease;
    bar().querySelector("span")?.replaceChildren(...document.importNode(now.querySelector("span"), true).childNodes);
  }
}
setInterval(keep, 3 * 60000);

// A page that is left gives back what it took, and nothing that was taken since.
addEventListener("pagehide", () => {
  const form = bar();
  if (form) navigator.sendBeacon(form.action, new URLSearchParams({ since: form.dataset.lease }));
});
addEventListener("pageshow", (e) => { if (e.persisted) location.reload(); });

// What was done is said aloud: the page has been loaded anew since.
const did = document.querySelector("[data-did]"), says = document.getElementById("live-says");
if (did && says) setTimeout(() => { says.textContent = did.innerText; }, 300);
