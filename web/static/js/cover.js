// Covering others on a photo: rectangles are drawn, moved and resized with a
// pointer or with the arrow keys. The numbers of the form are what is sent; the
// picture is made by the server.

const form = document.querySelector("[data-cover]");
if (form) wire(form);

function wire(form) {
  const stage = form.querySelector("[data-stage]"), rows = form.querySelector("[data-rows]"), cropRow = form.querySelector("[data-croprow]");
  const row = document.getElementById("box-row"), result = form.querySelector("img.result"), none = form.querySelector("[data-none]");
  const sides = ["x", "y", "width", "height"], past = [];
  const round = (n) => Math.round(n * 10) / 10;
  let boxes = [...rows.children].map(read), crop = cropRow.firstElementChild ? read(cropRow.firstElementChild) : null, later;

  form.querySelector("[data-unscripted]").hidden = true;
  for (const e of form.querySelectorAll("[data-scripted]")) e.hidden = false;
  stage.hidden = false;
  const img = new Image();
  img.src = form.dataset.plain;
  img.alt = "";
  img.draggable = false;
  stage.append(img);

  function read(el) {
    return Object.fromEntries(sides.map((s) => [s, Number(el.querySelector(`[data-side="${s}"]`).value.replace(",", ".")) || 0]));
  }
  function remember() {
    past.push(JSON.stringify([boxes, crop]));
    if (past.length > 100) past.shift();
  }
  function fit(b) {
    b.width = Math.min(100, Math.max(1, b.width));
    b.height = Math.min(100, Math.max(1, b.height));
    b.x = Math.min(100 - b.width, Math.max(0, b.x));
    b.y = Math.min(100 - b.height, Math.max(0, b.y));
    for (const s of sides) b[s] = round(b[s]);
    b.width = round(Math.min(b.width, 100 - b.x));
    b.height = round(Math.min(b.height, 100 - b.y));
    return b;
  }
  const all = () => [...boxes.map((b, i) => [b, i]), ...(crop ? [[crop, -1]] : [])];

  // place puts a rectangle where its numbers say, on the picture and in the form.
  function place(el, fields, b, n) {
    for (const [css, s] of [["left", "x"], ["top", "y"], ["width", "width"], ["height", "height"]]) el.style[css] = b[s] + "%";
    const text = n < 0 ? form.dataset.crop : form.dataset.box.replace("{number}", n + 1);
    el.setAttribute("aria-label", text.replace("{left}", b.x).replace("{top}", b.y).replace("{width}", b.width).replace("{height}", b.height));
    for (const s of sides) fields.querySelector(`[data-side="${s}"]`).value = b[s];
  }
  function fieldsOf(n) {
    const el = row.content.firstElementChild.cloneNode(true);
    const name = n < 0 ? "crop" : `covered[${n}]`;
    el.id = "f-" + name;
    if (n < 0) el.querySelector("legend").textContent = form.dataset.crop.split(":")[0];
    else el.querySelector("legend").textContent = form.dataset.box.split(":")[0].replace("{number}", n + 1);
    for (const s of sides) {
      const input = el.querySelector(`[data-side="${s}"]`);
      input.name = `${name}.${s}`;
      input.addEventListener("change", () => { remember(); Object.assign(n < 0 ? crop : boxes[n], fit(read(el))); draw(); });
    }
    el.querySelector("[data-drop]").addEventListener("click", (e) => { e.preventDefault(); drop(n); });
    return el;
  }
  function drop(n) {
    remember();
    if (n < 0) crop = null;
    else boxes.splice(n, 1);
    draw();
  }
  function draw(focus) {
    for (const el of stage.querySelectorAll(".box")) el.remove();
    rows.replaceChildren();
    cropRow.replaceChildren();
    form.querySelector("[data-count]").value = boxes.length;
    for (const [b, n] of all()) {
      const fields = fieldsOf(n), el = document.createElement("button");
      (n < 0 ? cropRow : rows).append(fields);
      el.type = "button";
      el.className = n < 0 ? "box crop" : "box";
      const grip = document.createElement("span");
      grip.className = "grip";
      el.append(grip);
      el.addEventListener("keydown", (e) => key(e, b, n, el, fields));
      el.addEventListener("pointerdown", (e) => drag(e, b, n, el, fields, e.target === grip));
      place(el, fields, b, n);
      stage.append(el);
      if (focus === b) el.focus();
    }
    show();
  }
  function key(e, b, n, el, fields) {
    const step = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[e.key];
    if (step) {
      e.preventDefault();
      remember();
      const [w, h] = e.shiftKey ? ["width", "height"] : ["x", "y"];
      b[w] += step[0];
      b[h] += step[1];
      place(el, fields, fit(b), n);
      show();
    } else if (e.key === "Delete" || e.key === "Backspace") {
      e.preventDefault();
      drop(n);
    }
  }
  const at = (e) => {
    const r = img.getBoundingClientRect();
    return [((e.clientX - r.left) / r.width) * 100, ((e.clientY - r.top) / r.height) * 100];
  };
  // follow moves something with the pointer until it is let go.
  function follow(e, el, move, done) {
    el.setPointerCapture(e.pointerId);
    el.addEventListener("pointermove", move);
    el.addEventListener("pointerup", () => { el.removeEventListener("pointermove", move); done(); }, { once: true });
    el.addEventListener("pointercancel", () => { el.removeEventListener("pointermove", move); done(); }, { once: true });
  }
  function drag(e, b, n, el, fields, resize) {
    e.stopPropagation();
    remember();
    const [x, y] = at(e), was = { ...b };
    follow(e, el, (m) => {
      const [nx, ny] = at(m);
      if (resize) Object.assign(b, { width: Math.min(was.width + nx - x, 100 - was.x), height: Math.min(was.height + ny - y, 100 - was.y) });
      else Object.assign(b, { x: was.x + nx - x, y: was.y + ny - y });
      place(el, fields, fit(b), n);
    }, show);
  }
  stage.addEventListener("pointerdown", (e) => {
    if (e.button !== 0 || e.target.closest(".box")) return;
    e.preventDefault();
    const [x, y] = at(e), shadow = document.createElement("div");
    shadow.className = "box";
    stage.append(shadow);
    let b;
    follow(e, stage, (m) => {
      const [nx, ny] = at(m).map((v) => Math.min(100, Math.max(0, v)));
      b = { x: Math.min(x, nx), y: Math.min(y, ny), width: Math.abs(nx - x), height: Math.abs(ny - y) };
      for (const [css, s] of [["left", "x"], ["top", "y"], ["width", "width"], ["height", "height"]]) shadow.style[css] = b[s] + "%";
    }, () => {
      shadow.remove();
      if (b && b.width >= 1 && b.height >= 1) add(b);
    });
  });
  function add(b) {
    remember();
    fit(b);
    const tool = form.querySelector('[name="tool"]:checked');
    if (tool && tool.value === "crop") {
      crop = b;
      form.querySelector('[name="tool"][value="covered"]').checked = true;
    } else boxes.push(b);
    draw(b);
  }
  form.querySelector("[data-add]").addEventListener("click", (e) => { e.preventDefault(); add({ x: 40, y: 40, width: 20, height: 20 }); });
  form.querySelector("[data-undo]").addEventListener("click", (e) => {
    e.preventDefault();
    if (past.length) [boxes, crop] = JSON.parse(past.pop());
    draw();
  });
  form.querySelector("[data-look]").addEventListener("click", (e) => { e.preventDefault(); show(0); result.scrollIntoView({ block: "center" }); });

  // show asks for what comes of it, a moment after the last change.
  function show(wait = 500) {
    clearTimeout(later);
    form.querySelector('[name="nobody_else"]').checked = false;
    later = setTimeout(() => {
      const q = new URLSearchParams();
      for (const b of boxes) q.append("box", sides.map((s) => b[s]).join(","));
      if (crop) q.append("crop", sides.map((s) => crop[s]).join(","));
      const any = boxes.length > 0 || crop;
      result.hidden = !any;
      if (none) none.hidden = Boolean(any);
      if (any) result.src = form.dataset.result + "&" + q;
    }, wait);
  }
  draw();
  clearTimeout(later);
}
