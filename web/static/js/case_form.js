// Small helps on long forms: Enter in the search for a place searches, and the
// warning about the police goes once somebody enters when they were told.

for (const input of document.querySelectorAll("[data-place] input[name$='.query']")) {
  input.addEventListener("keydown", (e) => {
    if (e.key !== "Enter") return;
    e.preventDefault();
    input.closest("[data-place]").querySelector("button[value=find]").click();
  });
}

const warning = document.querySelector("[data-police-warning]"), told = document.querySelector("[name='police.reported_at.date']");
if (warning && told) told.addEventListener("input", () => { warning.hidden = told.value !== ""; });

// What has been typed is not lost by a slip.
const form = document.querySelector("main form.form");
let touched = false;
form?.addEventListener("input", () => { touched = true; });
form?.addEventListener("homeward:kept", () => { touched = false; });
form?.addEventListener("submit", () => { touched = false; });
addEventListener("beforeunload", (e) => { if (touched) e.preventDefault(); });

document.getElementById("errors")?.focus();
document.getElementById("collision")?.scrollIntoView({ block: "center" });
