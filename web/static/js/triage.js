// Keeps the marks of who works on which report current, and opens the next
// unread one with "n". The server decides who has what; this only shows it.

const open = () => [...document.querySelectorAll("#triage .events [data-row] > a")];

document.addEventListener("keydown", (e) => {
  if (e.key !== "n" || e.ctrlKey || e.metaKey || e.altKey || e.target.closest?.("textarea, select, dialog, input:not([type=radio], [type=checkbox])")) return;
  const free = open().filter((a) => !a.querySelector(".lease .badge") && !a.getAttribute("aria-current"));
  if (!free[0]) return;
  e.preventDefault();
  location.assign(free[0].href);
});

async function look() {
  if (document.hidden || !document.querySelector(".lease")) return;
  const answer = await fetch(location.href, { headers: { Accept: "text/html" } }).catch(() => null);
  if (!answer?.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const old of document.querySelectorAll(".lease[id]")) {
    const now = page.getElementById(old.id);
    if (now && now.innerHTML !== old.innerHTML) old.replaceChildren(...document.importNode(now, true).childNodes);
  }
}
setInterval(look, 15000);
