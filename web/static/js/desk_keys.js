// Keys for lists: j and k move, o opens, / goes to the filters, ? shows all
// keys, and a letter carries out what the record beside the list offers under
// it. A to F with the shift key and 1 to 6 grade a report; within its form the
// letter alone does. Nothing happens while somebody types, and whoever has
// turned single keys off has none: what is pressed by accident or dictated does
// nothing then.

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

// grade chooses in the form for the Admiralty pair and says what was chosen.
function grade(e) {
  const form = document.querySelector("main form[data-grade]");
  const letter = /^[A-F]$/.test(e.key) || (form?.contains(e.target) && /^[a-f]$/.test(e.key));
  if (!form || (!letter && !/^[1-6]$/.test(e.key))) return false;
  const [name, value] = letter ? ["source", e.key.toUpperCase()] : ["information", e.key];
  const radio = form.querySelector(`input[name="${name}"][value="${value}"]`);
  if (!radio) return false;
  for (let d = form.closest("details"); d; d = d.parentElement.closest("details")) d.open = true;
  radio.checked = true;
  radio.dispatchEvent(new Event("change", { bubbles: true }));
  radio.focus();
  radio.scrollIntoView({ block: "nearest" });
  say(`${radio.labels[0]?.innerText ?? value}. ${dialog?.dataset.enter ?? ""}`);
  return true;
}

const say = (text) => { const box = document.getElementById("live-says"); if (box) box.textContent = text; };

const offKey = "homeward_single_keys";
const off = () => { try { return localStorage.getItem(offKey) === "off"; } catch { return false; } };

const typing = (e) => e.ctrlKey || e.metaKey || e.altKey || e.target.closest?.("textarea, select, dialog, input:not([type=radio], [type=checkbox])");

document.addEventListener("keydown", (e) => {
  if (e.key === "Escape" && e.target.matches?.("main input, main textarea, main select")) return void e.target.blur();
  if (typing(e) || off()) return;
  if (grade(e)) return void e.preventDefault();
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

for (const box of document.querySelectorAll("[data-keys-on]")) {
  box.checked = !off();
  box.addEventListener("change", () => { try { localStorage.setItem(offKey, box.checked ? "on" : "off"); } catch { /* kept for this page only, then not at all */ } });
}

for (const b of document.querySelectorAll("[data-keys-help]")) {
  b.hidden = false;
  b.addEventListener("click", () => dialog?.showModal());
}
document.querySelector(".split.opened .here")?.scrollIntoView({ block: "nearest" });
