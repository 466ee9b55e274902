// QR codes, byte mode, error correction L, by ISO/IEC 18004. A code is an array
// of rows of booleans, dark is true.

const CHECKS = [0, 7, 10, 15, 20, 26, 18, 20, 24, 30, 18, 20, 24, 26, 30, 22, 24, 28, 30, 28, 28, 28, 28, 30, 30, 26, 28, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30];
const BLOCKS = [0, 1, 1, 1, 1, 1, 2, 2, 2, 2, 4, 4, 4, 4, 4, 6, 6, 6, 6, 7, 8, 8, 9, 9, 10, 12, 12, 12, 13, 14, 15, 16, 17, 18, 19, 19, 20, 21, 22, 24, 25];

function rawWords(v) {
  let bits = (16 * v + 128) * v + 64;
  if (v >= 2) {
    const n = Math.floor(v / 7) + 2;
    bits -= (25 * n - 10) * n - 55;
    if (v >= 7) bits -= 36;
  }
  return Math.floor(bits / 8);
}

const dataWords = (v) => rawWords(v) - CHECKS[v] * BLOCKS[v];

// most is how many bytes a code holds.
export const most = dataWords(40) - 3;

function times(x, y) {
  let z = 0;
  for (let i = 7; i >= 0; i--) {
    z = (z << 1) ^ ((z >>> 7) * 0x11d);
    z ^= ((y >>> i) & 1) * x;
  }
  return z;
}

function divisor(degree) {
  const out = new Array(degree).fill(0);
  out[degree - 1] = 1;
  let root = 1;
  for (let i = 0; i < degree; i++) {
    for (let j = 0; j < degree; j++) {
      out[j] = times(out[j], root);
      if (j + 1 < degree) out[j] ^= out[j + 1];
    }
    root = times(root, 2);
  }
  return out;
}

function checksOf(data, by) {
  const out = new Array(by.length).fill(0);
  for (const b of data) {
    const factor = b ^ out.shift();
    out.push(0);
    by.forEach((c, i) => { out[i] ^= times(c, factor); });
  }
  return out;
}

function words(data, v) {
  const bits = [];
  const put = (value, n) => { for (let i = n - 1; i >= 0; i--) bits.push((value >>> i) & 1); };
  put(4, 4);
  put(data.length, v < 10 ? 8 : 16);
  for (const b of data) put(b, 8);
  put(0, Math.min(4, dataWords(v) * 8 - bits.length));
  while (bits.length % 8) bits.push(0);
  const out = [];
  for (let i = 0; i < bits.length; i += 8) out.push(parseInt(bits.slice(i, i + 8).join(""), 2));
  for (let pad = 0xec; out.length < dataWords(v); pad ^= 0xec ^ 0x11) out.push(pad);
  return out;
}

function woven(data, v) {
  const n = BLOCKS[v], short = Math.floor(rawWords(v) / n) - CHECKS[v], shorts = n - (rawWords(v) % n), by = divisor(CHECKS[v]);
  const blocks = [];
  for (let i = 0, k = 0; i < n; i++) {
    const part = data.slice(k, k + short + (i < shorts ? 0 : 1));
    k += part.length;
    blocks.push({ part, checks: checksOf(part, by) });
  }
  const out = [];
  for (let i = 0; i <= short; i++) for (const b of blocks) if (i < b.part.length) out.push(b.part[i]);
  for (let i = 0; i < CHECKS[v]; i++) for (const b of blocks) out.push(b.checks[i]);
  return out;
}

function centres(v) {
  if (v === 1) return [];
  const n = Math.floor(v / 7) + 2, step = Math.floor((v * 8 + n * 3 + 5) / (n * 4 - 4)) * 2, out = [6];
  for (let at = v * 4 + 10; out.length < n; at -= step) out.splice(1, 0, at);
  return out;
}

function frame(v) {
  const size = v * 4 + 17, dark = [], fixed = [];
  for (let y = 0; y < size; y++) { dark.push(new Array(size).fill(false)); fixed.push(new Array(size).fill(false)); }
  const set = (x, y, on) => { if (x >= 0 && y >= 0 && x < size && y < size) { dark[y][x] = on; fixed[y][x] = true; } };
  for (let i = 0; i < size; i++) { set(6, i, i % 2 === 0); set(i, 6, i % 2 === 0); }
  for (const [cx, cy] of [[3, 3], [size - 4, 3], [3, size - 4]]) {
    for (let dy = -4; dy <= 4; dy++) for (let dx = -4; dx <= 4; dx++) {
      const d = Math.max(Math.abs(dx), Math.abs(dy));
      set(cx + dx, cy + dy, d !== 2 && d !== 4);
    }
  }
  const at = centres(v), last = at.length - 1;
  at.forEach((cx, i) => at.forEach((cy, j) => {
    if ((i === 0 && j === 0) || (i === 0 && j === last) || (i === last && j === 0)) return;
    for (let dy = -2; dy <= 2; dy++) for (let dx = -2; dx <= 2; dx++) set(cx + dx, cy + dy, Math.max(Math.abs(dx), Math.abs(dy)) !== 1);
  }));
  if (v >= 7) {
    let rest = v;
    for (let i = 0; i < 12; i++) rest = (rest << 1) ^ ((rest >>> 11) * 0x1f25);
    const bits = (v << 12) | rest;
    for (let i = 0; i < 18; i++) {
      const on = ((bits >>> i) & 1) === 1, a = size - 11 + (i % 3), b = Math.floor(i / 3);
      set(a, b, on);
      set(b, a, on);
    }
  }
  return { size, dark, fixed, set };
}

function format({ size, set }, mask) {
  const data = (1 << 3) | mask;
  let rest = data;
  for (let i = 0; i < 10; i++) rest = (rest << 1) ^ ((rest >>> 9) * 0x537);
  const bits = ((data << 10) | rest) ^ 0x5412, bit = (i) => ((bits >>> i) & 1) === 1;
  for (let i = 0; i <= 5; i++) set(8, i, bit(i));
  set(8, 7, bit(6));
  set(8, 8, bit(7));
  set(7, 8, bit(8));
  for (let i = 9; i < 15; i++) set(14 - i, 8, bit(i));
  for (let i = 0; i < 8; i++) set(size - 1 - i, 8, bit(i));
  for (let i = 8; i < 15; i++) set(8, size - 15 + i, bit(i));
  set(8, size - 8, true);
}

// qr returns the code of a text, or null when it does not fit into one.
export function qr(text) {
  const data = [...new TextEncoder().encode(text)];
  let v = 1;
  while (v <= 40 && dataWords(v) < data.length + (v < 10 ? 2 : 3)) v++;
  if (v > 40) return null;
  const f = frame(v), all = woven(words(data, v), v);
  const mask = 0;
  format(f, mask);
  let i = 0;
  for (let right = f.size - 1; right >= 1; right -= 2) {
    if (right === 6) right = 5;
    for (let step = 0; step < f.size; step++) {
      for (let j = 0; j < 2; j++) {
        const x = right - j, up = ((right + 1) & 2) === 0, y = up ? f.size - 1 - step : step;
        if (f.fixed[y][x]) continue;
        const on = i < all.length * 8 && ((all[i >>> 3] >>> (7 - (i & 7))) & 1) === 1;
        f.dark[y][x] = on !== ((x + y) % 2 === 0);
        i++;
      }
    }
  }
  return f.dark;
}
