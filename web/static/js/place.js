// A place on a form: by the device's position or by a tap on the map. The map
// is loaded only when it is asked for.

import "./file_size.js";

for (const field of document.querySelectorAll("[data-place]")) wire(field);

function wire(field) {
  const name = field.dataset.place, el = field.querySelector("[data-map]"), said = field.querySelector("[data-chosen]");
  const input = (part) => field.querySelector(`[name="${name}.${part}"]`);
  const texts = JSON.parse(el.querySelector("script").textContent).texts;
  for (const b of field.querySelectorAll("[data-scripted]")) b.hidden = false;
  let pin;

  async function mark(move) {
    const lon = Number(input("lon").value), lat = Number(input("lat").value);
    if (!el.map || !input("lon").value) return;
    el.setThings({ markers: [{ lon, lat, kind: "last_seen" }] });
    pin = [lon, lat];
    if (move) el.map.jumpTo({ center: pin, zoom: Math.max(el.map.getZoom(), 12) });
  }
  function choose(lon, lat, move) {
    lon = ((lon + 540) % 360) - 180;
    input("lon").value = lon.toFixed(5);
    input("lat").value = lat.toFixed(5);
    for (const r of field.querySelectorAll(`[name="${name}.choice"]`)) r.checked = false;
    said.textContent = texts.chosen.replace("{lat}", lat.toFixed(4)).replace("{lon}", lon.toFixed(4));
    mark(move);
    field.dispatchEvent(new CustomEvent("place:chosen", { bubbles: true, detail: { lon, lat } }));
  }

  el.addEventListener("map:tap", (e) => choose(e.detail.lon, e.detail.lat));
  field.querySelector("[data-open-map]").addEventListener("click", async () => {
    el.hidden = false;
    const { show } = await import("./map.js");
    if (await show(el)) {
      mark(true);
      el.scrollIntoView({ block: "nearest" });
    }
  });
  field.querySelector("[data-locate]").addEventListener("click", () => {
    const failed = () => { said.textContent = texts.here_failed; };
    if (!navigator.geolocation) return failed();
    navigator.geolocation.getCurrentPosition((p) => {
      const accuracy = input("accuracy");
      if (accuracy) accuracy.value = Math.round(p.coords.accuracy);
      choose(p.coords.longitude, p.coords.latitude, true);
    }, failed, { enableHighAccuracy: true, timeout: 15000 });
  });
  for (const r of field.querySelectorAll(`[name="${name}.choice"]`)) {
    r.addEventListener("change", () => {
      const [lon, lat] = r.value.split(",").map(Number);
      choose(lon, lat, true);
      r.checked = true;
    });
  }
  for (const part of ["lon", "lat"]) input(part).addEventListener("change", () => mark(true));
}
