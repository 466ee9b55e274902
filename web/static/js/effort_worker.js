// Finds a number for which SHA-256 of "challenge:number" begins with enough zero
// bits. SHA-256 is written out, because the browser's own answers later for each
// of many thousand small texts, and only on https.

const K = [], H0 = [];
for (let n = 2; K.length < 64; n++) {
  let prime = true;
  for (let d = 2; d * d <= n; d++) if (n % d === 0) prime = false;
  if (!prime) continue;
  const part = (x) => ((x - Math.floor(x)) * 4294967296) | 0;
  if (H0.length < 8) H0.push(part(Math.sqrt(n)));
  K.push(part(Math.cbrt(n)));
}

// first returns the first word of the hash of a text of at most 119 letters.
function first(text) {
  const blocks = text.length > 55 ? 2 : 1, words = new Int32Array(blocks * 16), w = new Int32Array(64);
  for (let i = 0; i < text.length; i++) words[i >> 2] |= text.charCodeAt(i) << (24 - (i % 4) * 8);
  words[text.length >> 2] |= 0x80 << (24 - (text.length % 4) * 8);
  words[blocks * 16 - 1] = text.length * 8;
  let h = H0.slice();
  const turn = (x, n) => (x >>> n) | (x << (32 - n));
  for (let at = 0; at < words.length; at += 16) {
    for (let i = 0; i < 64; i++) {
      if (i < 16) w[i] = words[at + i];
      else {
        const a = w[i - 15], b = w[i - 2];
        w[i] = w[i - 16] + (turn(a, 7) ^ turn(a, 18) ^ (a >>> 3)) + w[i - 7] + (turn(b, 17) ^ turn(b, 19) ^ (b >>> 10));
      }
    }
    let [a, b, c, d, e, f, g, k] = h;
    for (let i = 0; i < 64; i++) {
      const t = (k + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & f) ^ (~e & g)) + K[i] + w[i]) | 0;
      const s = ((turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      k = g; g = f; f = e; e = (d + t) | 0; d = c; c = b; b = a; a = (t + s) | 0;
    }
    h = [a, b, c, d, e, f, g, k].map((x, i) => (x + h[i]) | 0);
  }
  return h[0];
}

self.addEventListener("message", ({ data }) => {
  for (let n = 0; ; n++) {
    if (Math.clz32(first(data.challenge + ":" + n)) >= data.bits) {
      self.postMessage(String(n));
      return;
    }
  }
});
