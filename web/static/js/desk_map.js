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

// The list follows the view. Going back and reloading keep the view.
let ask = 0, waiting = 0;
function follow(box) {
  if (!el.dataset.follow) return;
  clearTimeout(waiting);
  waiting = setTimeout(async () => {
    const mine = ++ask, url = new URL(location.href);
    const [w, s, e, n] = box.map((x) => Number(x.toFixed(4)));
    if (e - w >= 360) url.searchParams.delete("bbox");
    else url.searchParams.set("bbox", [wrap(w), Math.max(s, -90), wrap(e), Math.min(n, 90)].join(","));
    url.searchParams.delete("cursor");
    const answer = await fetch(url, { headers: { Accept: "text/html" } }).catch(() => null);
    if (!answer?.ok || mine !== ask) return;
    const now = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById(list().id);
    if (!now) return;
    list().replaceWith(document.importNode(now, true));
    history.replaceState(null, "", url);
  }, 350);
}
const wrap = (x) => Number((((x + 540) % 360) - 180).toFixed(4));

// Only what somebody moved counts, not how the map begins.
let begun = false;
el.addEventListener("map:move", (e) => { if (begun) follow(e.detail.bounds); });

el.addEventListener("map:ready", () => {
  const asked = new URLSearchParams(location.search).get("bbox");
  const box = (asked || el.dataset.box || "").split(",").map(Number);
  if (box.length === 4 && box.every(Number.isFinite)) el.map.fitBounds([box.slice(0, 2), box.slice(2)], { animate: false, maxZoom: asked ? 17 : 12, padding: asked ? 0 : 30 });
  begun = true;
  slide();
});

// The slider of days.
function slide() {
  const bar = document.getElementById("slider");
  if (!bar || !bar.hidden) return;
  bar.hidden = false;
  const [range, out, span, play] = [bar.querySelector("input"), bar.querySelector("output"), bar.querySelector("select"), bar.querySelector("[data-play]")];
  const begin = new Date(bar.dataset.begin + "T00:00:00"), whole = el.dataset.sightings;
  const day = (n) => new Date(begin.getFullYear(), begin.getMonth(), begin.getDate() + n);
  const said = new Intl.DateTimeFormat(document.documentElement.lang, { day: "numeric", month: "short" });
  const last = Number(range.max);
  let timer = 0;

  function show() {
    const n = Number(range.value), all = n >= last && !timer;
    const [path, query] = whole.split("?"), q = new URLSearchParams(query);
    if (all) out.textContent = bar.dataset.all;
    else {
      const from = day(n - Number(span.value) + 1), to = new Date(day(n + 1) - 1000);
      q.set("from", from.toISOString());
      q.set("to", to.toISOString());
      out.textContent = bar.dataset.window.replace("{from}", said.format(from)).replace("{to}", said.format(to));
    }
    el.setTiles(path + (q.size ? "?" + q : ""));
  }
  function stop() {
    clearInterval(timer);
    timer = 0;
    play.textContent = play.dataset.playText;
  }
  range.addEventListener("input", () => { stop(); show(); });
  span.addEventListener("change", show);
  play.addEventListener("click", () => {
    if (timer) return void stop();
    if (Number(range.value) >= last) range.value = Math.max(0, last - 30);
    play.textContent = play.dataset.pauseText;
    timer = setInterval(() => {
      range.value = Number(range.value) + 1;
      show();
      if (Number(range.value) >= last) stop();
    }, 900);
  });
  bar.querySelector("[data-now]").addEventListener("click", () => { stop(); range.value = last; show(); });
}
