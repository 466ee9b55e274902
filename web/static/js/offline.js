// Keeps what is typed when the line is cut. A form that is sent without a
// connection stays where it is, with everything in it, and says so; it can be
// sent again when the line is back. Its key makes sure that it counts once.

const texts = document.getElementById("live")?.dataset || {};
let box = null;

function show(text, back) {
  if (!box) {
    box = document.createElement("div");
    box.className = "line-state";
    box.setAttribute("role", "alert");
    document.body.append(box);
  }
  box.textContent = text;
  box.classList.toggle("back", Boolean(back));
}

addEventListener("offline", () => show(texts.offline));
addEventListener("online", () => {
  if (!box) return;
  show(texts.again, true);
  const mine = box;
  setTimeout(() => { mine.remove(); if (box === mine) box = null; }, 30000);
});
if (!navigator.onLine) show(texts.offline);

// What the browser believes may be wrong: the server is asked before a form is
// held back.
const doubtful = () => !navigator.onLine || document.querySelector(".link-state");
const answers = () => fetch("/healthz", { cache: "no-store" }).then((r) => r.status < 500, () => false);
let sure = false;

document.addEventListener("submit", (e) => {
  const form = e.target, by = e.submitter;
  if (sure || e.defaultPrevented || form.method !== "post" || !doubtful()) return;
  e.preventDefault();
  e.stopImmediatePropagation();
  answers().then((there) => {
    if (!there) return show(texts.held);
    sure = true;
    try { form.requestSubmit(by); } finally { sure = false; }
  });
}, true);
