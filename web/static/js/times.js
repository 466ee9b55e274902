// Keeps "12 min ago" true while a page stays open. Only times within a day are
// rewritten, and only where the text is one of these.

const texts = document.getElementById("live")?.dataset || {};
const patterns = [texts.agoM, texts.agoH, texts.inM, texts.inH].filter(Boolean)
  .map((p) => new RegExp("^" + p.replace(/[.*+?^${}()|[\]\\]/g, "\\$&").replace("0", "\\d+") + "$"));

function words(ms) {
  const past = ms >= 0, minutes = Math.floor(Math.abs(ms) / 60000);
  if (minutes < 1) return texts.now;
  if (minutes < 60) return (past ? texts.agoM : texts.inM).replace("0", minutes);
  if (minutes < 1440) return (past ? texts.agoH : texts.inH).replace("0", Math.floor(minutes / 60));
  return "";
}

setInterval(() => {
  for (const el of document.querySelectorAll("time[datetime]")) {
    const old = el.textContent;
    if (old !== texts.now && !patterns.some((p) => p.test(old))) continue;
    const now = words(Date.now() - Date.parse(el.getAttribute("datetime")));
    if (now && now !== old) el.textContent = now;
  }
}, 20000);
