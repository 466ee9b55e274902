// The list beside the map follows the view, hovering either lights the other,
// and a slider chooses the days whose sightings are shown.

const el = document.querySelector("[data-map]");
const list = () => document.getElementById(el.dataset.follow || "map-list");

// Hovering.
document.addEventListener("pointerover", (e) => el.light?.(e.target.closest("[data-lights]")?.dataset.lights));
document.addEventListener("focusin", (e) => el.light?.(e.target.closest("[data-lights]")?.dataset.lights));
el.addEventListener("map:hover", (e) => {
  for (const a of document.querySelectorAll("[data-lights]")) a.classList.toggle("lit", a.dataset.lights === e.detail.id);
  document.querySelector(".lit")?.scrollIntoView({ block: "nearest" });
});

// Whatever changes, the address says what is shown: the page is asked for anew,
// and the list, the layers in words, the exports and the map take over what it
// says. Going back and reloading keep it.
let ask = 0, waiting = 0;
async function again(url) {
  const mine = ++ask;
  url.searchParams.delete("cursor");
  const answer = await fetch(url, { headers: { Accept: "text/html" }, redirect: "error" }).catch(() => null);
  if (!answer?.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  if (mine !== ask) return;
  for (const id of [list().id, "map-acts", "map-layers"]) {
    const old = document.getElementById(id), now = page.getElementById(id);
    if (old && now) old.replaceWith(document.importNode(now, true));
  }
  const now = page.querySelector("[data-map]"), things = now?.querySelector("script[type='application/json']");
  if (things && el.setThings) el.setThings(JSON.parse(things.textContent));
  if (now && el.setTiles) el.setTiles(now.dataset.sightings);
  for (const name of ["from", "to"]) {
    const field = document.querySelector(`.filters [name="${name}"]`);
    if (field) field.value = url.searchParams.get(name) || "";
  }
  history.replaceState(null, "", url);
}

// The list follows the view.
function follow(box) {
  if (!el.dataset.follow) return;
  clearTimeout(waiting);
  waiting = setTimeout(() => {
    const url = new URL(location.href);
    const [w, s, e, n] = box.map((x) => Number(x.toFixed(4)));
    if (e - w >= 360) url.searchParams.delete("bbox");
    else url.searchParams.set("bbox", [wrap(w), Math.max(s, -90), wrap(e), Math.min(n, 90)].join(","));
    again(url);
  }, 350);
}
const wrap = (x) => Number((((x + 540) % 360) - 180).toFixed(4));

// What is worked out from sightings follows them, though not as fast.
let warming = 0;
document.addEventListener("homeward:changed", (e) => {
  if (warming || !new URLSearchParams(location.search).getAll("layer").includes("heat") || !e.detail.changed.some((c) => c.collection === "sightings" || c.collection === "*")) return;
  warming = setTimeout(() => { warming = 0; again(new URL(location.href)); }, 2000);
});

// Only what somebody moved counts, not how the map begins.
let begun = false;
el.addEventListener("map:move", (e) => { if (begun) follow(e.detail.bounds); });

el.addEventListener("map:ready", () => {
  const asked = new URLSearchParams(location.search).get("bbox");
  const box = (asked || el.dataset.box || "").split(",").map(Number);
  if (box.length === 4 && box.every(Number.isFinite)) el.map.fitBounds([box.slice(0, 2), box.slice(2)], { animate: false, maxZoom: asked ? 17 : 12, padding: asked ? 0 : 30 });
  begun = true;
});
slide();

// The slider of days sets the two dates of the filter, for the map and the list
// alike. Days are those of the calendar, wherever the reader is.
function slide() {
  const bar = document.getElementById("slider");
  if (!bar) return;
  const [range, out, span, play] = [bar.querySelector("input"), bar.querySelector("output"), bar.querySelector("select"), bar.querySelector("[data-play]")];
  const begin = Date.parse(bar.dataset.begin + "T00:00:00Z"), aDay = 86400000, last = Number(range.max);
  const iso = (n) => new Date(begin + n * aDay).toISOString().slice(0, 10);
  const dayOf = (text) => Math.round((Date.parse(text + "T00:00:00Z") - begin) / aDay);
  const said = new Intl.DateTimeFormat(document.documentElement.lang, { day: "numeric", month: "short", timeZone: "UTC" });
  const words = (n) => said.format(new Date(begin + n * aDay));
  let playing = false, timer = 0;

  function say(from, to) {
    out.textContent = bar.dataset.window.replace("{from}", words(from)).replace("{to}", words(to));
    range.setAttribute("aria-valuetext", out.textContent);
  }
  function sayAll() {
    out.textContent = bar.dataset.all;
    range.setAttribute("aria-valuetext", out.textContent);
  }
  function show() {
    const n = Number(range.value), url = new URL(location.href), from = n - Number(span.value) + 1;
    if (n >= last && !playing) {
      sayAll();
      url.searchParams.delete("from");
      url.searchParams.delete("to");
    } else {
      say(from, n);
      url.searchParams.set("from", iso(from));
      url.searchParams.set("to", iso(n));
    }
    return again(url);
  }
  function stop() {
    playing = false;
    clearTimeout(timer);
    play.textContent = play.dataset.playText;
  }
  // Where the slider stands when the address names days.
  const asked = new URLSearchParams(location.search), from = dayOf(asked.get("from")), to = dayOf(asked.get("to"));
  if (Number.isFinite(from) && Number.isFinite(to)) {
    range.value = to;
    for (const o of span.options) o.selected = Number(o.value) === to - from + 1 || o.selected;
    say(from, to);
  }
  let soon = 0;
  range.addEventListener("input", () => {
    stop();
    const n = Number(range.value);
    if (n >= last) sayAll(); else say(n - Number(span.value) + 1, n);
    clearTimeout(soon);
    soon = setTimeout(show, 150);
  });
  span.addEventListener("change", show);
  async function step() {
    const began = Date.now();
    await show();
    if (!playing) return;
    if (Number(range.value) >= last) return stop();
    timer = setTimeout(() => { range.value = Number(range.value) + 1; step(); }, Math.max(0, 900 - (Date.now() - began)));
  }
  play.addEventListener("click", () => {
    if (playing) return stop();
    if (Number(range.value) >= last) range.value = Math.max(0, last - 30);
    play.textContent = play.dataset.pauseText;
    playing = true;
    step();
  });
  bar.querySelector("[data-now]").addEventListener("click", () => { stop(); range.value = last; show(); });
}
