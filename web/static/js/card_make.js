// The page where a parent fills in a child's card. Everything happens in this
// window: nothing that is typed is sent or kept.

import { seal } from "./card.js";
import { qr } from "./qr.js";

const form = document.getElementById("child-card"), result = document.getElementById("card-result"), said = document.getElementById("card-said");
const say = (key) => { said.textContent = said.dataset[key] ?? ""; said.hidden = !said.textContent; };
let photo = "", address = "";

// A photo is made small, which also takes out what the camera wrote into it.
form?.elements.photo.addEventListener("change", async (e) => {
  photo = "";
  const file = e.target.files[0];
  if (!file) return;
  try {
    const picture = await createImageBitmap(file), scale = Math.min(1, 480 / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(picture.width * scale);
    canvas.height = Math.round(picture.height * scale);
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    photo = canvas.toDataURL("image/jpeg", 0.8).split(",")[1];
    say("");
  } catch { say("badPhoto"); }
});

function cardOf() {
  const card = { v: 1 };
  for (const input of form.querySelectorAll("[data-card]")) if (input.value.trim()) card[input.name] = input.value.trim();
  return card;
}

function draw(code) {
  const svg = document.getElementById("card-qr"), rim = 4, size = code.length + 2 * rim;
  let path = "";
  code.forEach((row, y) => row.forEach((dark, x) => { if (dark) path += `M${x + rim} ${y + rim}h1v1h-1z`; }));
  svg.setAttribute("viewBox", `0 0 ${size} ${size}`);
  svg.querySelector("path").setAttribute("d", path);
  svg.querySelector("rect").setAttribute("width", size);
  svg.querySelector("rect").setAttribute("height", size);
}

form?.addEventListener("submit", async (e) => {
  e.preventDefault();
  const passphrase = form.elements.passphrase.value, card = cardOf();
  result.hidden = true;
  if (!card.given && !card.family) return say("noName");
  if (passphrase.length < 12) return say("short");
  if (passphrase !== form.elements.again.value) return say("differ");
  say("working");
  const code = qr(await seal(card, passphrase));
  document.getElementById("card-qr-part").hidden = !code;
  document.getElementById("card-no-qr").hidden = !!code;
  if (code) draw(code);
  const text = await seal(photo ? { ...card, photo } : card, passphrase);
  if (address) URL.revokeObjectURL(address);
  address = URL.createObjectURL(new Blob([text], { type: "application/octet-stream" }));
  document.getElementById("card-file").href = address;
  result.dataset.text = text;
  result.hidden = false;
  say("");
  result.focus();
});

// The paper card is the way without a passphrase: what was typed, or empty lines.
function fillPaper() {
  for (const at of document.querySelectorAll("[data-paper]")) at.textContent = form.elements[at.dataset.paper]?.value ?? "";
}
addEventListener("beforeprint", fillPaper);
document.getElementById("card-print")?.addEventListener("click", () => { fillPaper(); print(); });

if (form && globalThis.crypto?.subtle) for (const part of document.querySelectorAll("[data-needs-script]")) part.hidden = false;
else if (form) say("unsafe");
