// Keys for lists: j and k move, o opens, / goes to the filters, ? shows all
// keys, and a letter carries out what the record beside the list offers under
// it. Nothing happens while somebody types.

const rows = () => [...document.querySelectorAll("main [data-row]")].map((r) => r.querySelector("a")).filter((a) => a?.offsetParent);
const dialog = document.getElementById("keys");

function current() {
  const all = rows();
  const at = all.indexOf(document.activeElement?.closest?.("[data-row] a"));
  return [all, at >= 0 ? at : all.findIndex((a) => a.getAttribute("aria-current"))];
}

function move(by) {
  const [all, at] = current();
  const to = all[Math.max(0, Math.min(all.length - 1, at + by))];
  if (!to) return;
  to.focus();
  to.scrollIntoView({ block: "nearest" });
  // With a record open beside the list, moving opens the next one.
  if (document.querySelector(".split.opened") && to !== all[at]) location.assign(to.href);
}

function act(key) {
  const el = document.querySelector(`main [data-key="${CSS.escape(key)}"]`);
  if (!el) return false;
  if (el.matches("summary")) {
    el.parentElement.open = true;
    (el.parentElement.querySelector("input:not([type=hidden]), textarea, select") || el).focus();
    el.scrollIntoView({ block: "nearest" });
  } else el.click();
  return true;
}

const typing = (e) => e.ctrlKey || e.metaKey || e.altKey || e.target.closest?.("textarea, select, dialog, input:not([type=radio], [type=checkbox])");

document.addEventListener("keydown", (e) => {
  if (typing(e)) return;
  const [all, at] = current();
  switch (e.key) {
    case "j": move(1); break;
    case "k": move(-1); break;
    case "o": if (all[at]) location.assign(all[at].href); break;
    case "/": document.querySelector(".filters input, .filters select")?.focus(); break;
    case "?": dialog?.showModal(); break;
    default: if (!act(e.key)) return;
  }
  e.preventDefault();
});

for (const b of document.querySelectorAll("[data-keys-help]")) {
  b.hidden = false;
  b.addEventListener("click", () => dialog?.showModal());
}
document.querySelector(".split.opened .here")?.scrollIntoView({ block: "nearest" });
