// Copy, print and share buttons; they show themselves only where they work.

for (const b of document.querySelectorAll("[data-copy]")) {
  if (!navigator.clipboard) continue;
  b.hidden = false;
  b.addEventListener("click", async () => {
    await navigator.clipboard.writeText(b.dataset.copy);
    const said = document.getElementById(b.dataset.says);
    if (said) said.textContent = b.dataset.done;
  });
}
for (const b of document.querySelectorAll("[data-print]")) {
  b.hidden = false;
  b.addEventListener("click", () => print());
}
for (const b of document.querySelectorAll("[data-share]")) {
  if (!navigator.share) continue;
  b.hidden = false;
  b.addEventListener("click", () => navigator.share({ title: document.title, url: b.dataset.share }).catch(() => {}));
}
