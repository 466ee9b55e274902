// The operator's own map with streets over the built-in base. It is a PMTiles
// file on this server, read by ranges; where it does not reach, the built-in
// base stays. Its layers are named as OpenMapTiles or as Protomaps name them.

import { isDark } from "./map_style.js";

const opened = new WeakSet();

// openStreets lets the map read such files. Without the reader, or when it does
// not load, the built-in base is all there is.
export async function openStreets(gl, base) {
  if (!base || opened.has(gl)) return;
  if (!globalThis.pmtiles) {
    await new Promise((done) => {
      const script = document.createElement("script");
      script.src = base.reader;
      script.onload = script.onerror = done;
      document.head.append(script);
    });
  }
  if (!globalThis.pmtiles) return;
  gl.addProtocol("pmtiles", new globalThis.pmtiles.Protocol().tile);
  opened.add(gl);
}

const escaped = (text) => text.replace(/[&<>"]/g, (c) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[c]);

// name is the one in the reader's script, where there is one.
function name(lang) {
  const own = { "sr-Latn": ["name:sr-Latn", "name:sr_Latn", "name:latin", "name:bs", "name:hr"], "sr-Cyrl": ["name:sr", "name:sr-Cyrl", "name:nonlatin"] }[lang] || ["name:en", "name:latin"];
  return ["coalesce", ...own.map((key) => ["get", key]), ["get", "name"], ""];
}

const within = (b) => ["within", { type: "Polygon", coordinates: [[[b[0], b[1]], [b[2], b[1]], [b[2], b[3]], [b[0], b[3]], [b[0], b[1]]]] }];

// addStreets puts the file's layers into a style, above the built-in land and
// below its names. From a zoom on, the names and borders of the file stand in
// for the built-in ones.
export function addStreets(style, base, lang, font) {
  if (!base || !globalThis.pmtiles) return style;
  const from = Math.max(base.min_zoom, Math.min(7, base.max_zoom));
  style.sources.streets = { type: "vector", url: "pmtiles://" + location.origin + base.url, attribution: escaped(base.credit || "") };
  const layers = (base.schema === "protomaps" ? protomaps : openmaptiles)(palette(), name(lang), font, from);
  for (const l of layers) l.source = "streets";
  const at = style.layers.findIndex((l) => l.id === "borders"), outside = ["!", within(base.bounds)];
  const own = [];
  for (const l of style.layers.slice(at)) {
    if (l.id === "countries") { own.push(l); continue; }
    if ((l.minzoom || 0) < from) own.push({ ...l, maxzoom: from });
    own.push({ ...l, id: l.id + "-outside", minzoom: Math.max(from, l.minzoom || 0), filter: ["all", l.filter, outside] });
  }
  style.layers = [...style.layers.slice(0, at), ...layers.filter((l) => l.type !== "symbol"), ...own, ...layers.filter((l) => l.type === "symbol")];
  return style;
}

function palette() {
  return isDark()
    ? { land: "#20292e", green: "#232f2c", water: "#0c1418", road: "#3c4a52", main: "#56666f", house: "#2a343a", edge: "#465760", ink: "#b9c4c9", quiet: "#93a1a8" }
    : { land: "#f3f1ea", green: "#e3ead9", water: "#cfdde3", road: "#ffffff", main: "#f0dfb8", house: "#e2ddd1", edge: "#b3ada0", ink: "#4a5257", quiet: "#5d666b" };
}

const wide = (...stops) => ["interpolate", ["exponential", 1.5], ["zoom"], ...stops];
const fill = (id, layer, color, more = {}) => ({ id: "streets-" + id, type: "fill", "source-layer": layer, paint: { "fill-color": color }, ...more });
const line = (id, layer, color, width, more = {}) => ({
  id: "streets-" + id, type: "line", "source-layer": layer, layout: { "line-cap": "round", "line-join": "round" }, paint: { "line-color": color, "line-width": width }, ...more,
});
const words = (id, layer, field, font, color, halo, size, more = {}) => ({
  id: "streets-" + id, type: "symbol", "source-layer": layer, ...more,
  layout: { "text-field": field, "text-font": [font], "text-size": size, "text-padding": 3, "text-max-width": 8, ...more.layout },
  paint: { "text-color": color, "text-halo-color": halo, "text-halo-width": 1.4 },
});

// roads are three lines, the widest on top; key is the tag that has the kind.
function roads(p, layer, key, main, middle) {
  const is = (kinds) => ["in", ["get", key], ["literal", kinds]];
  return [
    line("path", layer, p.road, wide(13, 0.5, 18, 6), { minzoom: 13, filter: ["!", is([...main, ...middle])] }),
    line("middle", layer, p.road, wide(9, 0.5, 13, 2, 18, 14), { minzoom: 9, filter: is(middle) }),
    line("main", layer, p.main, wide(6, 0.6, 12, 2.5, 18, 20), { filter: is(main) }),
  ];
}

function openmaptiles(p, label, font, from) {
  return [
    fill("green", "landcover", p.green, { filter: ["in", ["get", "class"], ["literal", ["grass", "wood", "wetland"]]] }),
    fill("water", "water", p.water),
    line("river", "waterway", p.water, wide(8, 0.5, 14, 3)),
    ...roads(p, "transportation", "class", ["motorway", "trunk", "primary"], ["secondary", "tertiary", "minor"]),
    fill("house", "building", p.house, { minzoom: 14 }),
    line("border", "boundary", p.edge, wide(3, 0.6, 10, 2), { minzoom: from, filter: ["all", ["<=", ["get", "admin_level"], 2], ["!=", ["get", "disputed"], 1]] }),
    line("disputed", "boundary", p.edge, 1, { minzoom: from, filter: ["all", ["<=", ["get", "admin_level"], 2], ["==", ["get", "disputed"], 1]], paint: { "line-color": p.edge, "line-width": 1, "line-dasharray": [3, 3] } }),
    words("street-name", "transportation_name", label, font, p.quiet, p.land, 11, { minzoom: 13, layout: { "symbol-placement": "line" } }),
    words("water-name", "water_name", label, font, p.quiet, p.water, 12, { minzoom: 9 }),
    words("town", "place", label, font, p.ink, p.land, ["interpolate", ["linear"], ["zoom"], 7, 11, 14, 16], {
      minzoom: from, filter: ["in", ["get", "class"], ["literal", ["city", "town", "village", "suburb", "quarter", "hamlet"]]], layout: { "symbol-sort-key": ["coalesce", ["get", "rank"], 99] },
    }),
  ];
}

function protomaps(p, label, font, from) {
  return [
    fill("earth", "earth", p.land, { minzoom: from, filter: ["==", ["geometry-type"], "Polygon"] }),
    fill("green", "landuse", p.green, { filter: ["in", ["get", "kind"], ["literal", ["park", "forest", "wood", "grass", "nature_reserve", "cemetery"]]] }),
    fill("water", "water", p.water, { filter: ["==", ["geometry-type"], "Polygon"] }),
    line("river", "water", p.water, wide(8, 0.5, 14, 3), { filter: ["==", ["geometry-type"], "LineString"] }),
    ...roads(p, "roads", "kind", ["highway", "major_road"], ["medium_road", "minor_road"]),
    fill("house", "buildings", p.house, { minzoom: 14 }),
    line("border", "boundaries", p.edge, wide(3, 0.6, 10, 2), { minzoom: from, filter: ["all", ["==", ["get", "kind"], "country"], ["!", ["to-boolean", ["get", "disputed"]]]] }),
    line("disputed", "boundaries", p.edge, 1, { minzoom: from, filter: ["to-boolean", ["get", "disputed"]], paint: { "line-color": p.edge, "line-width": 1, "line-dasharray": [3, 3] } }),
    words("street-name", "roads", label, font, p.quiet, p.land, 11, { minzoom: 13, layout: { "symbol-placement": "line" } }),
    words("water-name", "water", label, font, p.quiet, p.water, 12, { minzoom: 9, filter: ["==", ["geometry-type"], "Point"] }),
    words("town", "places", label, font, p.ink, p.land, ["interpolate", ["linear"], ["zoom"], 7, 11, 14, 16], {
      minzoom: from, filter: ["in", ["get", "kind"], ["literal", ["locality", "neighbourhood", "macrohood"]]], layout: { "symbol-sort-key": ["coalesce", ["get", "min_zoom"], 99] },
    }),
  ];
}
