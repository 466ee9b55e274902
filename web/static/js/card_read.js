// The intake form reads a child's card that a parent brought: decrypted in this
// window, it fills the fields of the first child. Nothing of the card is sent
// but what the form sends.

import { unseal } from "./card.js";

const part = document.getElementById("card-reader"), form = part?.parentElement.querySelector("form.form") ?? document.querySelector("main form.form");
const get = (id) => document.getElementById(id);
const said = get("card-said");
const say = (key) => { said.textContent = said.dataset[key] ?? ""; said.hidden = !said.textContent; };

function put(name, value) {
  const field = form.elements[name];
  if (!value || !field || field.value) return; // what the operator wrote stays
  field.value = value;
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

function fill(card) {
  const child = "children[0].";
  put(child + "names[0].given", card.given);
  put(child + "names[0].family", card.family);
  for (const name of ["birth_date", "sex", "needs", "home"]) put(child + name, card[name]);
  for (const name of ["height_cm", "build", "hair", "eyes", "marks"]) put(child + "description." + name, card[name]);
  put(child + "description.other", card.languages && part.dataset.speaks + " " + card.languages);
  for (const more of form.querySelectorAll("fieldset.block details")) more.open = true;
  get("card-contacts").textContent = card.contacts ?? "";
  get("card-more").hidden = !card.contacts && !card.photo;
  const photo = get("card-photo");
  photo.hidden = !card.photo;
  if (card.photo) {
    const data = Uint8Array.from(atob(card.photo), (c) => c.charCodeAt(0));
    photo.querySelector("img").src = photo.href = URL.createObjectURL(new Blob([data], { type: "image/jpeg" }));
  }
}

get("card-open")?.addEventListener("click", async () => {
  const file = get("card-file").files[0], text = file ? await file.text() : get("card-text").value;
  if (!text.trim()) return say("nothing");
  say("working");
  try {
    fill(await unseal(text, get("card-pass").value));
    get("card-pass").value = get("card-text").value = "";
    say("done");
  } catch (e) { say(e.message === "wrong_passphrase" ? "wrong" : "bad"); }
});

if (part && globalThis.crypto?.subtle) part.hidden = false;
