// Maps. Every <div data-map> is complete without this script; with WebGL 2 it
// becomes a live map. See map_style.js for what is drawn, map_draw.js for
// drawing areas, place.js for choosing a place.

import { baseStyle, colours, heatLayer, ownLayers, sightingLayers } from "./map_style.js";
import { addShapes } from "./map_shapes.js";
import { addStreets, openStreets } from "./map_streets.js";
import { bounds, heat, own } from "./map_things.js";

const vendor = new URL("../vendor/maplibre/", import.meta.url);

function texts(el) {
  const json = el.querySelector("script[type='application/json']");
  const data = json ? JSON.parse(json.textContent) : {};
  data.texts ||= {};
  return data;
}

const drawable = () => {
  const gl = document.createElement("canvas").getContext("webgl2");
  gl?.getExtension("WEBGL_lose_context")?.loseContext();
  return Boolean(gl);
};

let library;
function loaded() {
  library ||= (async () => {
    const link = document.createElement("link");
    link.rel = "stylesheet";
    link.href = new URL("maplibre-gl.css", vendor);
    const styled = new Promise((done) => { link.onload = link.onerror = done; });
    document.head.append(link);
    const [gl] = await Promise.all([import(new URL("maplibre-gl.mjs", vendor)), styled]);
    return gl;
  })();
  return library;
}

function locale(t) {
  return {
    "NavigationControl.ZoomIn": t.zoom_in, "NavigationControl.ZoomOut": t.zoom_out, "Map.Title": t.label,
    "AttributionControl.ToggleAttribution": t.attribution_show,
  };
}

async function fontOf(el) {
  const family = getComputedStyle(el).fontFamily.split(",")[0].replaceAll('"', "").trim();
  await Promise.race([
    Promise.all([document.fonts.load(`13px "${family}"`, "Aa"), document.fonts.load(`13px "${family}"`, "Жђ"), document.fonts.load(`13px "${family}"`, "čđ")]),
    new Promise((done) => setTimeout(done, 1500)),
  ]).catch(() => {});
  return /[^a-z-]/i.test(family) ? `"${family}"` : family; // drawn on a canvas, which wants quotes
}

// show turns an element into a live map and resolves to the MapLibre map, or to
// null where none can be drawn.
export async function show(el) {
  if (el.map) return el.map;
  const data = (el.things = texts(el)), t = data.texts;
  if (!drawable()) {
    const p = document.createElement("p");
    p.className = "hint";
    p.textContent = t.none;
    el.append(p);
    el.classList.add("still");
    return null;
  }
  const [gl, font] = await Promise.all([loaded(), fontOf(el)]);
  await openStreets(gl, data.base);
  for (const svg of el.querySelectorAll(":scope > svg")) svg.remove();
  el.hidden = false;
  el.classList.add("drawn");
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const map = new gl.Map({
    container: el, style: addStreets(baseStyle(document.documentElement.lang, font, t.attribution), data.base, document.documentElement.lang, font), locale: locale(t),
    center: (el.dataset.center || "20.6,44.1").split(",").map(Number), zoom: Number(el.dataset.zoom || 6),
    maxZoom: 17, dragRotate: false, pitchWithRotate: false, touchPitch: false, attributionControl: { compact: true },
    fadeDuration: still ? 0 : 200, renderWorldCopies: true,
  });
  map.touchZoomRotate.disableRotation();
  map.addControl(new gl.NavigationControl({ showCompass: false }), "top-right");
  if (!el.dataset.picker) map.addControl(new gl.ScaleControl(), "bottom-left");
  el.map = map;
  map.getCanvas().setAttribute("aria-label", `${t.label || ""}. ${t.keys || ""}`);
  await new Promise((done) => map.once("load", done));
  el.querySelector(".maplibregl-compact-show")?.classList.remove("maplibregl-compact-show"); // open, it covers a small map
  dress(el, map, font);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
    map.setStyle(addStreets(baseStyle(document.documentElement.lang, font, t.attribution), data.base, document.documentElement.lang, font));
    map.once("styledata", () => dress(el, map, font));
  });
  listen(el, map);
  if (el.dataset.draw) (await import("./map_draw.js")).draw(el, map, data);
  if ("measure" in el.dataset) (await import("./map_measure.js")).measure(el, map, t);
  el.dispatchEvent(new CustomEvent("map:ready", { bubbles: true, detail: { map } }));
  return map;
}

// absolute keeps the braces of a tile address, which URL would escape.
const absolute = (path) => (path.startsWith("/") ? location.origin + path : path);

function dress(el, map, font) {
  const c = colours(), data = el.things;
  addShapes(map, c);
  if (el.dataset.sightings && !map.getSource("sightings")) {
    map.addSource("sightings", { type: "vector", tiles: [absolute(el.dataset.sightings)], maxzoom: 16 });
  }
  if (!map.getSource("own")) map.addSource("own", { type: "geojson", data: own(data) });
  if (!map.getSource("heat")) map.addSource("heat", { type: "geojson", data: heat(data) });
  const below = ownLayers(font, c), marks = below.pop(); // marks stand above the sightings, areas below
  const layers = [...below.slice(0, 2), heatLayer(c), ...below.slice(2), ...(el.dataset.sightings ? sightingLayers(font, c) : []), marks];
  for (const l of layers) if (!map.getLayer(l.id)) map.addLayer(l);
  const box = bounds(own(data));
  if (box && data.fit && !el.fitted) {
    el.fitted = true;
    map.fitBounds(box, { padding: 50, maxZoom: 11, animate: false });
  }
}

function listen(el, map) {
  const tell = (name, detail) => el.dispatchEvent(new CustomEvent("map:" + name, { bubbles: true, cancelable: true, detail }));
  const layers = () => ["sightings", "own-marks"].filter((id) => map.getLayer(id));
  map.on("moveend", () => tell("move", { bounds: map.getBounds().toArray().flat(), zoom: map.getZoom() }));
  map.on("click", (e) => {
    if (el.measuring) return void tell("tap", { lon: e.lngLat.lng, lat: e.lngLat.lat });
    const group = map.getLayer("clusters") && map.queryRenderedFeatures(e.point, { layers: ["clusters"] })[0];
    if (group) return void map.easeTo({ center: group.geometry.coordinates, zoom: Math.min(map.getZoom() + 2.5, 16) });
    const hit = layers().length && map.queryRenderedFeatures(e.point, { layers: layers() })[0];
    if (!hit) return void tell("tap", { lon: e.lngLat.lng, lat: e.lngLat.lat });
    const { id, href } = hit.properties;
    if (tell("open", { id, href, properties: hit.properties }) && (href || el.dataset.record)) location.assign(href || el.dataset.record + id);
  });
  map.on("mousemove", (e) => {
    const hit = layers().length && map.queryRenderedFeatures(e.point, { layers: [...layers(), ...(map.getLayer("clusters") ? ["clusters"] : [])] })[0];
    map.getCanvas().style.cursor = hit ? "pointer" : "";
    const id = hit?.properties.id || "";
    if (id !== el.hovered) tell("hover", { id: (el.hovered = id) });
  });
  map.getCanvas().addEventListener("keydown", (e) => {
    if (e.key === "Enter") {
      const { lng, lat } = map.getCenter();
      tell("tap", { lon: lng, lat });
    }
  });
  el.light = (id) => map.getLayer("lit") && map.setFilter("lit", ["==", ["get", "id"], id || ""]);
  el.setThings = (data) => {
    el.things = data;
    map.getSource("own")?.setData(own(data, el.measured));
    map.getSource("heat")?.setData(heat(data));
  };
  el.setTiles = (path) => {
    if (path === el.dataset.sightings) return;
    el.dataset.sightings = path;
    map.getSource("sightings")?.setTiles([absolute(path)]);
    // A tile that was being fetched when the address changed may keep what it
    // held: once all is quiet the tiles are fetched from the new address.
    map.once("idle", () => renew(el, map));
  };
  document.addEventListener("homeward:changed", (e) => {
    if (el.dataset.sightings && e.detail.changed.some((c) => c.collection === "sightings" || c.collection === "*")) renew(el, map);
  });
}

// renew fetches the tiles of sightings again and leaves the old ones until the
// new are there: at once, and then at most every half second, however much comes.
const between = 500;
function renew(el, map) {
  if (el.renewing) return void (el.again = true);
  el.renewing = true;
  if (map.getSource("sightings")) map.refreshTiles("sightings");
  setTimeout(() => {
    el.renewing = false;
    if (el.again) renew(el, map);
    el.again = false;
  }, between);
}

for (const el of document.querySelectorAll("[data-map]")) {
  if (el.dataset.open !== "asked") show(el);
}
