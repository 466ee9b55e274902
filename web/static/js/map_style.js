// The map's style: a muted base in the page's scheme with labels in the
// reader's script, and the layers of sightings and of the page's own things.

// colours reads the design tokens, so that the map follows the page.
export function colours() {
  const css = getComputedStyle(document.documentElement);
  return (name) => css.getPropertyValue(name).trim();
}

export const isDark = () => matchMedia("(prefers-color-scheme: dark)").matches;

// label chooses the name in the reader's script.
function label(lang) {
  const own = { "sr-Latn": "name_sr_latn", "sr-Cyrl": "name_sr_cyrl" }[lang];
  return own ? ["coalesce", ["get", own], ["get", "name"]] : ["get", "name"];
}

export function baseStyle(lang, font, attribution) {
  const dark = isDark();
  const sea = dark ? "#0c1418" : "#cfdde3", land = dark ? "#20292e" : "#f3f1ea";
  const edge = dark ? "#465760" : "#b3ada0", ink = dark ? "#b9c4c9" : "#4a5257";
  const text = { "text-color": ink, "text-halo-color": land, "text-halo-width": 1.4 };
  return {
    version: 8,
    sources: {
      base: { type: "vector", tiles: [location.origin + "/map/tiles/{z}/{x}/{y}"], maxzoom: 8, attribution },
    },
    layers: [
      { id: "sea", type: "background", paint: { "background-color": sea } },
      { id: "land", type: "fill", source: "base", "source-layer": "land", paint: { "fill-color": land } },
      {
        id: "borders", type: "line", source: "base", "source-layer": "boundaries", filter: ["!", ["to-boolean", ["get", "disputed"]]],
        paint: { "line-color": edge, "line-width": ["interpolate", ["linear"], ["zoom"], 3, 0.6, 8, 1.6] },
      },
      {
        id: "disputed", type: "line", source: "base", "source-layer": "boundaries", filter: ["to-boolean", ["get", "disputed"]],
        paint: { "line-color": edge, "line-width": 1, "line-dasharray": [3, 3] },
      },
      {
        id: "towns", type: "symbol", source: "base", "source-layer": "places", filter: ["==", ["get", "kind"], "town"], minzoom: 4,
        layout: {
          "text-field": label(lang), "text-font": [font], "symbol-sort-key": ["get", "order"], "text-padding": 4,
          "text-size": ["interpolate", ["linear"], ["zoom"], 4, 10.5, 8, ["match", ["get", "rank"], 2, 17, 1, 14, 12.5]],
        },
        paint: text,
      },
      {
        id: "countries", type: "symbol", source: "base", "source-layer": "places", filter: ["==", ["get", "kind"], "country"], maxzoom: 6.5,
        layout: {
          "text-field": label(lang), "text-font": [font], "text-transform": "uppercase", "text-letter-spacing": 0.12, "text-max-width": 7,
          "text-size": ["interpolate", ["linear"], ["zoom"], 2, 10, 6, 14], "symbol-sort-key": ["get", "order"],
        },
        paint: { ...text, "text-opacity": 0.75 },
      },
    ],
  };
}

// ring is the colour of the best grade within a cluster.
const ring = (c) => ["match", ["get", "source"], "A", c("--done"), "B", c("--done"), "C", c("--accent"), "D", c("--wait"), "E", c("--live"), c("--edge")];

export function sightingLayers(font, c) {
  const now = Math.floor(Date.now() / 1000);
  const age = ["-", now, ["coalesce", ["get", "at"], now]];
  return [
    {
      id: "clusters", type: "circle", source: "sightings", "source-layer": "sightings", filter: [">", ["get", "count"], 1],
      paint: {
        "circle-color": c("--surface"), "circle-opacity": 0.94, "circle-stroke-color": ring(c), "circle-stroke-width": 4,
        "circle-radius": ["interpolate", ["linear"], ["log10", ["get", "count"]], 0.3, 12, 2, 18, 4, 28],
      },
    },
    {
      id: "counts", type: "symbol", source: "sightings", "source-layer": "sightings", filter: [">", ["get", "count"], 1],
      layout: {
        "text-field": ["to-string", ["get", "count"]], "text-font": [font], "text-size": 13, "text-allow-overlap": true, "text-ignore-placement": true,
      },
      paint: { "text-color": c("--ink") },
    },
    {
      id: "sightings", type: "symbol", source: "sightings", "source-layer": "sightings", filter: ["==", ["get", "count"], 1],
      layout: {
        "icon-image": ["concat", "shape-", ["get", "state"]], "icon-allow-overlap": true, "icon-ignore-placement": true,
        "icon-size": ["match", ["coalesce", ["get", "source"], "F"], "A", 0.95, "B", 0.85, "C", 0.75, "D", 0.65, "E", 0.6, 0.55],
      },
      paint: { "icon-opacity": ["interpolate", ["linear"], age, 0, 1, 2592000, 0.75, 15552000, 0.45] },
    },
    {
      id: "lit", type: "circle", source: "sightings", "source-layer": "sightings", filter: ["==", ["get", "id"], ""],
      paint: { "circle-radius": 17, "circle-opacity": 0, "circle-stroke-color": c("--focus"), "circle-stroke-width": 3 },
    },
  ];
}

// heatLayer lies below everything else of ours.
export function heatLayer(c) {
  const hot = c("--live");
  return {
    id: "heat", type: "heatmap", source: "heat",
    paint: {
      "heatmap-weight": ["sqrt", ["get", "share"]], "heatmap-intensity": 1.4, "heatmap-opacity": 0.7,
      "heatmap-radius": ["interpolate", ["linear"], ["zoom"], 4, 18, 8, 34, 13, 60],
      "heatmap-color": ["interpolate", ["linear"], ["heatmap-density"], 0, "rgba(242,194,101,0)", 0.15, "rgba(242,194,101,0.6)", 0.35, "#f2a65f", 0.6, "#e2742f", 1, hot],
    },
  };
}

export function ownLayers(font, c) {
  return [
    { id: "own-fill", type: "fill", source: "own", filter: ["==", ["geometry-type"], "Polygon"], paint: { "fill-color": ["match", ["get", "kind"], "cover", c("--done"), c("--accent")], "fill-opacity": ["match", ["get", "kind"], ["accuracy", "cover"], 0.1, 0.16] } },
    { id: "own-edge", type: "line", source: "own", filter: ["==", ["geometry-type"], "Polygon"], paint: { "line-color": ["match", ["get", "kind"], "accuracy", c("--live"), "cover", c("--done"), c("--accent")], "line-width": ["match", ["get", "kind"], "cover", 1.2, 2], "line-dasharray": [4, 2] } },
    { id: "own-lines", type: "line", source: "own", filter: ["==", ["geometry-type"], "LineString"], layout: { "line-join": "round", "line-cap": "round" }, paint: { "line-color": ["match", ["get", "kind"], "ring", c("--accent"), "measured", c("--ink"), c("--live")], "line-width": ["match", ["get", "kind"], "ring", 1.6, 3], "line-dasharray": [1, 2] } },
    {
      id: "own-rings", type: "symbol", source: "own", filter: ["==", ["get", "kind"], "ring"],
      layout: { "symbol-placement": "line", "text-field": ["get", "label"], "text-font": [font], "text-size": 12, "text-max-angle": 60 },
      paint: { "text-color": c("--ink"), "text-halo-color": c("--surface"), "text-halo-width": 1.6 },
    },
    {
      id: "own-marks", type: "symbol", source: "own", filter: ["==", ["geometry-type"], "Point"],
      layout: {
        "icon-image": ["concat", "shape-", ["get", "shape"]], "icon-allow-overlap": true, "icon-size": ["get", "size"],
        "text-field": ["get", "label"], "text-font": [font], "text-size": 13, "text-anchor": "top", "text-offset": [0, 0.9], "text-optional": true,
      },
      paint: { "text-color": c("--ink"), "text-halo-color": c("--surface"), "text-halo-width": 1.6 },
    },
  ];
}
