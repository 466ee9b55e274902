// GeoJSON of what a page puts on its map.

const earth = 6371008.8;

// disc is a circle on the globe as a polygon of 64 corners.
export function disc([lon, lat], radius) {
  const d = radius / earth, y = lat * Math.PI / 180, x = lon * Math.PI / 180, out = [];
  for (let i = 0; i <= 64; i++) {
    const b = (i % 64) * Math.PI / 32;
    const v = Math.asin(Math.sin(y) * Math.cos(d) + Math.cos(y) * Math.sin(d) * Math.cos(b));
    const u = x + Math.atan2(Math.sin(b) * Math.sin(d) * Math.cos(y), Math.cos(d) - Math.sin(y) * Math.sin(v));
    out.push([u * 180 / Math.PI, v * 180 / Math.PI]);
  }
  return { type: "Polygon", coordinates: [out] };
}

// metres is the great-circle distance between two positions.
export function metres([a, b], [c, d]) {
  const r = Math.PI / 180, s = Math.sin((d - b) * r / 2), t = Math.sin((c - a) * r / 2);
  return 2 * earth * Math.asin(Math.sqrt(s * s + Math.cos(b * r) * Math.cos(d * r) * t * t));
}

const feature = (geometry, properties) => ({ type: "Feature", geometry, properties });
const sizes = { A: 0.95, B: 0.85, C: 0.75, D: 0.65, E: 0.6 };

// own turns the page's markers, areas and circles into one collection.
export function own(data, measured = []) {
  const out = [];
  for (const c of data.covers || []) {
    const polygons = [...(c.area?.coordinates || []), ...(c.circles || []).map((r) => disc(r.center, r.radius_m).coordinates)];
    out.push(feature({ type: "MultiPolygon", coordinates: polygons }, { kind: "cover", label: c.label }));
  }
  if (measured.length > 2) out.push(feature({ type: "Polygon", coordinates: [[...measured, measured[0]]] }, { kind: "measured" }));
  if (measured.length > 1) out.push(feature({ type: "LineString", coordinates: measured }, { kind: "measured" }));
  for (const m of measured) out.push(feature({ type: "Point", coordinates: m }, { id: "", kind: "measured", label: "", href: "", shape: "screened", size: 0.5 }));
  for (const a of data.areas || []) out.push(feature(a, { kind: "area" }));
  for (const c of data.circles || []) out.push(feature(disc(c.center, c.radius_m), { kind: "area" }));
  for (const r of data.rings || []) out.push(feature({ type: "LineString", coordinates: disc(r.center, r.radius_m).coordinates[0] }, { kind: "ring", label: r.label }));
  for (const l of data.lines || []) out.push(feature({ type: "LineString", coordinates: l }, { kind: "track" }));
  for (const m of data.markers || []) {
    if (m.accuracy_m > 0) out.push(feature(disc([m.lon, m.lat], m.accuracy_m), { kind: "accuracy" }));
    const star = m.kind === "last_seen";
    out.push(feature({ type: "Point", coordinates: [m.lon, m.lat] }, {
      id: m.id || "", kind: m.kind || "", label: m.label || "", href: m.href || "",
      shape: star ? "last_seen" : m.state || "screened", size: star ? 1.1 : sizes[(m.grade || "F")[0]] || 0.6,
    }));
  }
  return { type: "FeatureCollection", features: out };
}

// bounds is the box around everything, or null.
export function bounds(collection) {
  let box = null;
  const walk = (c) => {
    if (typeof c[0] === "number") {
      box = box ? [Math.min(box[0], c[0]), Math.min(box[1], c[1]), Math.max(box[2], c[0]), Math.max(box[3], c[1])] : [c[0], c[1], c[0], c[1]];
    } else c.forEach(walk);
  };
  for (const f of collection.features) walk(f.geometry.coordinates);
  return box;
}

// heat is where reports weigh most, as points with their share of the heaviest.
export function heat(data) {
  return { type: "FeatureCollection", features: (data.heat || []).map((h) => feature({ type: "Point", coordinates: [h.lon, h.lat] }, { share: h.share })) };
}

// area is how many square metres a ring of positions encloses on the globe,
// after Chamberlain and Duquette (2007), "Some algorithms for polygons on a
// sphere", formula 11.
export function area(ring) {
  const r = Math.PI / 180;
  let sum = 0;
  for (let i = 0; i < ring.length; i++) {
    const [a, b] = [ring[i], ring[(i + 1) % ring.length]];
    sum += (b[0] - a[0]) * r * (2 + Math.sin(a[1] * r) + Math.sin(b[1] * r));
  }
  return Math.abs(sum * earth * earth / 2);
}
