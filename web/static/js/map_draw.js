// Drawing polygons and circles on a map into the hidden fields NAME.areas and
// NAME.circles of the form around it, as JSON lists.

import { disc, metres } from "./map_things.js";

export function draw(el, map, data) {
  const name = el.dataset.draw, form = el.closest("form"), t = data.texts;
  const field = (part) => form.querySelector(`[name="${name}.${part}"]`);
  const read = (part) => JSON.parse(field(part)?.value || "[]");
  const state = { areas: read("areas"), circles: read("circles"), mode: "", points: [] };
  const tools = toolbar(el, t, state, () => redraw());

  function redraw() {
    if (field("areas")) field("areas").value = state.areas.length ? JSON.stringify(state.areas) : "";
    if (field("circles")) field("circles").value = state.circles.length ? JSON.stringify(state.circles) : "";
    const markers = state.points.map(([lon, lat]) => ({ lon, lat, state: "screened", grade: "E" }));
    const open = state.mode === "polygon" && state.points.length > 2
      ? [{ type: "Polygon", coordinates: [[...state.points, state.points[0]]] }] : [];
    el.setThings({ ...data, areas: [...state.areas, ...open], circles: state.circles, markers: [...(data.markers || []), ...markers] });
    tools.show(state);
    el.dispatchEvent(new CustomEvent("map:drawn", { bubbles: true, detail: { areas: state.areas, circles: state.circles } }));
  }

  el.addEventListener("map:tap", (e) => {
    if (!state.mode) return;
    const at = [round(e.detail.lon), round(e.detail.lat)];
    state.points.push(at);
    if (state.mode === "circle" && state.points.length === 2) {
      state.circles.push({ center: state.points[0], radius_m: Math.max(100, Math.round(metres(...state.points))) });
      stop(state);
    }
    redraw();
  });
  map.on("mousemove", (e) => {
    if (state.mode !== "circle" || state.points.length !== 1) return;
    const radius = metres(state.points[0], [e.lngLat.lng, e.lngLat.lat]);
    el.setThings({ ...data, areas: [...state.areas, disc(state.points[0], Math.max(radius, 100))], circles: state.circles });
    tools.say(`${t.radius}: ${(radius / 1000).toFixed(1)} km`);
  });
  redraw();
}

const round = (x) => Math.round(x * 1e5) / 1e5;

function stop(state) {
  state.mode = "";
  state.points = [];
}

// finish closes a polygon of three corners or more and forgets a shorter one.
function finish(state) {
  if (state.mode === "polygon" && state.points.length > 2) {
    state.areas.push({ type: "Polygon", coordinates: [[...state.points, state.points[0]]] });
  }
  stop(state);
}

function undo(state) {
  if (state.points.length) state.points.pop();
  else if (state.circles.length) state.circles.pop();
  else state.areas.pop();
}

function toolbar(el, t, state, changed) {
  const bar = document.createElement("div"), said = document.createElement("span");
  bar.className = "map-tools";
  said.className = "quiet";
  said.setAttribute("aria-live", "polite");
  const button = (text, act) => {
    const b = document.createElement("button");
    b.type = "button";
    b.className = "small";
    b.textContent = text;
    b.addEventListener("click", () => { act(); changed(); });
    bar.append(b);
    return b;
  };
  const begin = (mode) => () => { finish(state); state.mode = mode; };
  const polygon = button(t.draw_polygon, begin("polygon"));
  const circle = button(t.draw_circle, begin("circle"));
  const done = button(t.finish, () => finish(state));
  button(t.undo, () => undo(state));
  button(t.clear, () => { stop(state); state.areas = []; state.circles = []; });
  bar.append(said);
  el.before(bar);
  return {
    say(text) { said.textContent = text; },
    show(s) {
      polygon.setAttribute("aria-pressed", s.mode === "polygon");
      circle.setAttribute("aria-pressed", s.mode === "circle");
      done.hidden = s.mode !== "polygon";
      said.textContent = s.mode === "polygon" ? t.polygon_help : s.mode === "circle" ? t.circle_help : "";
    },
  };
}
