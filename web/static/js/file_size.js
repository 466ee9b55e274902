// A photo that is too large is said when it is chosen, and stops the form: to
// send it first would cost minutes on a slow line, and all that was typed where
// the line is cut.

for (const el of document.querySelectorAll("input[type=file][data-max]")) {
  const said = document.createElement("p");
  said.className = "wrong";
  said.setAttribute("role", "alert");
  el.before(said);
  const look = () => {
    const large = [...el.files].some((f) => f.size > Number(el.dataset.max));
    said.textContent = large ? el.dataset.tooLarge : "";
    el.setAttribute("aria-invalid", String(large));
    return large;
  };
  el.addEventListener("change", look);
  el.form?.addEventListener("submit", (e) => {
    if (!look()) return;
    e.preventDefault();
    e.stopImmediatePropagation();
    el.focus();
  }, true);
}
