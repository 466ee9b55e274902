// Shapes of sightings by state: the shape alone tells the state, the colour
// repeats it. map_shapes.go in the server draws the same paths.

const shapes = {
  new: "M12 3a9 9 0 1 1 0 18a9 9 0 1 1 0-18zM12 8a4 4 0 1 0 0 8a4 4 0 1 0 0-8z",
  screened: "M12 4a8 8 0 1 1 0 16a8 8 0 1 1 0-16z",
  assessed: "M4 4h16v16h-16z",
  handed_over: "M12 2l10 10l-10 10l-10-10z",
  confirmed: "M12 3l10 18h-20z",
  excluded: "M6 3l6 6l6-6l3 3l-6 6l6 6l-3 3l-6-6l-6 6l-3-3l6-6l-6-6z",
  not_verifiable: "M4 8h16v8h-16z",
  last_seen: "M12 1.5l3.2 7l7.6.8l-5.7 5.1l1.6 7.5l-6.7-3.9l-6.7 3.9l1.6-7.5l-5.7-5.1l7.6-.8z",
};

const tones = {
  new: "--wait", screened: "--accent", assessed: "--accent", handed_over: "--done",
  confirmed: "--done", excluded: "--quiet", not_verifiable: "--quiet", last_seen: "--live",
};

export const states = Object.keys(shapes);

// addShapes puts one image per state into the map.
export function addShapes(map, colour) {
  for (const name of states) {
    const id = "shape-" + name;
    if (map.hasImage(id)) map.removeImage(id);
    map.addImage(id, drawn(shapes[name], colour(tones[name]), colour("--surface")), { pixelRatio: 2 });
  }
}

function drawn(path, fill, edge) {
  const side = 56, canvas = document.createElement("canvas");
  canvas.width = canvas.height = side;
  const pen = canvas.getContext("2d");
  pen.scale(side / 28, side / 28);
  pen.translate(2, 2);
  const shape = new Path2D(path);
  pen.lineJoin = "round";
  pen.lineWidth = 3;
  pen.strokeStyle = edge;
  pen.stroke(shape);
  pen.fillStyle = fill;
  pen.fill(shape, "evenodd");
  return pen.getImageData(0, 0, side, side);
}
