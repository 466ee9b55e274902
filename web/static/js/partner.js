// The partner's pages live: a new alert shows without reloading, with a sound
// and a notification once they were allowed, and stays marked until somebody
// opens it. What is shown is fetched from the page itself, so it looks the same
// with and without this script.
import { ready, ring } from "./sound.js";

const box = document.getElementById("partner-live");
const state = box?.querySelector(".state");
const title = document.title;
const asked = new Set();
let socket, wait = 1000, cursor = "", heard = Date.now(), timer = 0, lost = 0;

function connect() {
  const path = document.body.dataset.socket + (cursor ? `?cursor=${encodeURIComponent(cursor)}` : "");
  socket = new WebSocket(location.origin.replace(/^http/, "ws") + path, ["homeward.v1"]);
  socket.onmessage = (e) => take(JSON.parse(e.data));
  socket.onclose = (e) => {
    if (e.code === 4001) return say(box?.dataset.refused);
    lost ||= setInterval(age, 5000);
    age();
    setTimeout(connect, wait * (0.7 + Math.random() * 0.6));
    wait = Math.min(wait * 2, 30000);
  };
}

function take(frame) {
  heard = Date.now();
  wait = 1000;
  clearInterval(lost);
  lost = 0;
  say(box?.dataset.connected);
  if (frame.type === "resync" || (frame.type === "hello" && cursor)) show();
  if (frame.type === "alert" || frame.type === "withdrawal") {
    cursor = frame.cursor;
    socket.send(JSON.stringify({ type: "received", cursor }));
    const id = frame.type === "alert" ? frame.alert.id : "";
    const known = id && document.querySelector(`[data-alert="${id}"]:not(.new)`);
    show();
    if (!known || frame.type === "withdrawal") signal();
  } else if (frame.type === "conference") { // told anew when its time changes: shown again, heard once
    show();
    if (!asked.has(frame.conference_id)) { asked.add(frame.conference_id); signal(); }
  } else if (frame.type === "referral") {
    if (!asked.has(frame.referral_id)) { asked.add(frame.referral_id); show(); signal(); }
  } else if (frame.type === "heartbeat") {
    cursor = frame.cursor;
  }
}

// signal says that something happened and nothing of what: a notification may
// stand on a locked screen.
function signal() {
  if (settled) ring();
  if (settled && globalThis.Notification?.permission === "granted") new Notification(box?.dataset.note || title, { tag: "homeward" });
  badge();
}

// The alerts that are on the page when it opens are no news.
let settled = false;
setTimeout(() => { settled = true; }, 1500);

function badge() {
  const n = document.querySelectorAll("[data-alert].new").length;
  document.title = n ? `(${n}) ${title}` : title;
}

function show() {
  clearTimeout(timer);
  timer = setTimeout(async () => {
    if (!document.getElementById("partner-asked")) return;
    try {
      const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
      if (!answer.ok) return;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      for (const id of ["partner-asked", "partner-ended"]) {
        const old = document.getElementById(id), now = page.getElementById(id);
        if (!old || !now || old.contains(document.activeElement) && document.activeElement.matches("input, textarea")) continue;
        old.replaceWith(document.importNode(now, true));
        document.getElementById(id).dispatchEvent(new CustomEvent("homeward:swapped", { bubbles: true }));
      }
      badge();
    } catch { /* the next frame or connection asks again */ }
  }, 120);
}

function say(text) { if (state && text && state.textContent !== text) state.textContent = text; }

function age() {
  const seconds = Math.round((Date.now() - heard) / 1000);
  const text = new Intl.NumberFormat(document.documentElement.lang, { style: "unit", unit: "second", unitDisplay: "short" }).format(seconds);
  say(box?.dataset.lost.replace("{age}", text));
}

if (box) {
  box.querySelector('[data-do="sound"]').addEventListener("click", async () => {
    if (await ready()) { ring(); say(box.dataset.sound); }
  });
  const ask = box.querySelector('[data-do="notify"]');
  if (!globalThis.Notification || Notification.permission === "granted") ask.hidden = true;
  ask.addEventListener("click", async () => { ask.hidden = await Notification.requestPermission() === "granted"; });
}
addEventListener("pagehide", () => { if (socket) socket.onclose = null; });
badge();
connect();
