// Keeps a page of the console current. The server names what has changed; the
// page fetches itself again and takes over the regions that show it:
//   <section id="x" data-live="cases/ID alerts">  is swapped in place,
//   data-live-from="/path" has a region fetched from a smaller page that holds it,
//   <div id="y" data-live="sightings" data-live-list>  waits behind a bar, so
//   that nothing moves under the reader's eyes; its rows carry data-row.

const texts = document.getElementById("live")?.dataset || {};
const say = (text) => { const box = document.getElementById("live-says"); if (box) box.textContent = text; };
let socket, wait = 1000, fresh = Date.now(), lostSince = 0, opened = false;

function connect() {
  const path = document.body.dataset.socket;
  if (!path || path.includes("partner")) return;
  socket = new WebSocket(location.origin.replace(/^http/, "ws") + path);
  socket.onmessage = (e) => {
    const frame = JSON.parse(e.data);
    fresh = Date.now();
    if (frame.type === "hello") {
      wait = 1000;
      if (opened) refresh([{ collection: "*" }]);
      opened = true;
      found();
    } else if (frame.type === "resync") {
      refresh([{ collection: "*" }]);
    } else if (frame.changed) {
      refresh(frame.changed);
    }
  };
  socket.onclose = () => {
    lost();
    setTimeout(connect, wait * (0.7 + Math.random() * 0.6));
    wait = Math.min(wait * 2, 30000);
  };
}

function concerns(region, changed) {
  return region.dataset.live.split(/\s+/).some((want) => changed.some((c) =>
    c.collection === "*" || want === c.collection || want === `${c.collection}/${c.id}` || (c.case_id && want === `cases/${c.case_id}`)));
}

let pending = [], timer = 0, asking = false;
function refresh(changed) {
  document.dispatchEvent(new CustomEvent("homeward:changed", { detail: { changed } }));
  pending.push(...changed);
  clearTimeout(timer);
  timer = setTimeout(fetchPage, 150 + Math.random() * 250);
}

async function fetchPage() {
  if (asking) return void (timer = setTimeout(fetchPage, 300));
  const changed = pending.splice(0);
  const regions = [...document.querySelectorAll("[data-live]")].filter((r) => r.id && concerns(r, changed));
  if (!regions.length) return;
  asking = true;
  try {
    for (const from of new Set(regions.map((r) => r.dataset.liveFrom || location.href))) {
      const answer = await fetch(from, { headers: { Accept: "text/html" }, redirect: "error" });
      if (!answer.ok) continue;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      for (const r of regions) if ((r.dataset.liveFrom || location.href) === from) take(r, page.getElementById(r.id));
    }
  } catch { /* the next change or the next connection asks again */ } finally { asking = false; }
}

// bare leaves out what differs each time without saying anything.
const bare = (el) => el.innerHTML.replace(/<time[\s\S]*?<\/time>/g, "").replace(/(name="idempotency_key" value=)"[^"]*"/g, "$1");

function take(old, now) {
  if (!now || bare(old) === bare(now)) return;
  if ("liveList" in old.dataset && rows(now).some((k) => !rows(old).includes(k))) return bar(old, now);
  swap(old, now);
}

const rows = (el) => [...el.querySelectorAll("[data-row]")].map((r) => r.dataset.row);

function swap(old, now) {
  if (old.contains(document.activeElement) && document.activeElement.matches("input, textarea, select")) {
    old.addEventListener("focusout", () => swap(old, now), { once: true });
    return;
  }
  const open = [...old.querySelectorAll("details[id][open]")].map((d) => d.id), at = document.activeElement?.id;
  const node = document.importNode(now, true);
  old.replaceWith(node);
  for (const id of open) document.getElementById(id)?.setAttribute("open", "");
  if (at && document.activeElement === document.body) document.getElementById(at)?.focus();
  node.classList.add("changed");
  const label = node.getAttribute("aria-label") || node.querySelector("h2, h3")?.textContent || "";
  say(`${texts.changed}: ${label}`);
  node.dispatchEvent(new CustomEvent("homeward:swapped", { bubbles: true }));
}

function bar(old, now) {
  const count = rows(now).filter((k) => !rows(old).includes(k)).length;
  let box = old.previousElementSibling;
  if (!box?.classList.contains("live-bar")) {
    box = document.createElement("div");
    box.className = "live-bar";
    box.append(document.createElement("button"));
    old.before(box);
  }
  const button = box.firstElementChild;
  button.type = "button";
  button.textContent = `${count} ${texts.new}`;
  button.onclick = () => { box.remove(); swap(document.getElementById(old.id), now); };
  say(button.textContent);
}

// A lost connection shows at once, with the age of what is on screen.
function lost() {
  lostSince ||= Date.now();
  let box = document.querySelector(".link-state");
  if (!box) {
    box = document.createElement("div");
    box.className = "link-state";
    box.setAttribute("role", "status");
    document.body.append(box);
  }
  const tick = () => {
    if (!lostSince) return;
    box.textContent = texts.lost.replace("{age}", age(Date.now() - fresh));
    setTimeout(tick, 5000);
  };
  tick();
}

function found() {
  if (lostSince) say(texts.back);
  lostSince = 0;
  document.querySelector(".link-state")?.remove();
}

function age(ms) {
  const unit = ms < 90000 ? ["second", ms / 1000] : ms < 5400000 ? ["minute", ms / 60000] : ["hour", ms / 3600000];
  return new Intl.NumberFormat(document.documentElement.lang, { style: "unit", unit: unit[0], unitDisplay: "short" }).format(Math.round(unit[1]));
}

// On a phone the tabs are wider than the page: the one that is open is shown.
document.querySelector(".tabs [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });

addEventListener("pagehide", () => { if (socket) socket.onclose = null; });
connect();
