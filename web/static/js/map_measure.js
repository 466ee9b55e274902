// Measuring on a map: taps, or Enter for the middle of the map, make corners;
// the way along them and the area that they enclose are said as text.

import { area, metres } from "./map_things.js";

export function measure(el, map, t) {
  const bar = document.createElement("div"), said = document.createElement("output");
  bar.className = "map-tools";
  said.setAttribute("aria-live", "polite");
  el.measured = [];
  const button = (text, act) => {
    const b = document.createElement("button");
    b.type = "button";
    b.className = "small";
    b.textContent = text;
    b.addEventListener("click", act);
    bar.append(b);
    return b;
  };
  const start = button(t.measure, () => turn(!el.measuring));
  const undo = button(t.undo, () => { el.measured = el.measured.slice(0, -1); show(); });
  bar.append(said);
  el.before(bar);
  turn(false);

  function turn(on) {
    el.measuring = on;
    el.measured = [];
    start.textContent = on ? t.measure_end : t.measure;
    start.setAttribute("aria-pressed", String(on));
    show();
    if (on) map.getCanvas().focus();
  }

  function show() {
    undo.hidden = !el.measured.length;
    el.setThings(el.things);
    if (!el.measuring) return void (said.textContent = "");
    const points = el.measured;
    if (points.length < 2) return void (said.textContent = t.measure_help);
    let way = 0;
    for (let i = 1; i < points.length; i++) way += metres(points[i - 1], points[i]);
    const parts = [t.measure_distance.replace("{length}", length(way))];
    if (points.length > 2) parts.push(t.measure_area.replace("{area}", square(area(points))));
    said.textContent = parts.join(". ") + ".";
  }

  el.addEventListener("map:tap", (e) => {
    if (!el.measuring) return;
    el.measured = [...el.measured, [e.detail.lon, e.detail.lat]];
    show();
  });
}

const number = (x, digits) => new Intl.NumberFormat(document.documentElement.lang, { maximumFractionDigits: digits }).format(x);
const length = (m) => (m < 1000 ? `${number(m, 0)} m` : `${number(m / 1000, m < 10000 ? 2 : 1)} km`);
const square = (m) => `${number(m / 1e6, m < 1e6 ? 3 : m < 1e8 ? 2 : 0)} km²`;
