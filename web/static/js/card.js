// A child's card, sealed with a passphrase in the browser. Nothing here talks to
// a server. The form, version 1, is documented in docs/child-card.md:
//   "HW1." + base64url( salt 16 | nonce 12 | AES-256-GCM( UTF-8 JSON ) )
// with the key from PBKDF2-SHA-256, 600000 rounds, and "HW1." authenticated.

const MARK = "HW1.", ROUNDS = 600000;
const bytes = (s) => new TextEncoder().encode(s);

async function keyOf(passphrase, salt) {
  const from = await crypto.subtle.importKey("raw", bytes(passphrase.normalize("NFKC")), "PBKDF2", false, ["deriveKey"]);
  return crypto.subtle.deriveKey({ name: "PBKDF2", hash: "SHA-256", salt, iterations: ROUNDS }, from,
    { name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
}

function toText(b) {
  let s = "";
  for (const c of b) s += String.fromCharCode(c);
  return btoa(s).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

const fromText = (s) => Uint8Array.from(atob(s.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));

// seal returns a card as text.
export async function seal(card, passphrase) {
  const salt = crypto.getRandomValues(new Uint8Array(16)), iv = crypto.getRandomValues(new Uint8Array(12));
  const sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData: bytes(MARK) }, await keyOf(passphrase, salt), bytes(JSON.stringify(card)));
  return MARK + toText(new Uint8Array([...salt, ...iv, ...new Uint8Array(sealed)]));
}

// unseal returns a card, or throws "not_a_card" or "wrong_passphrase".
export async function unseal(text, passphrase) {
  const found = /HW1\.([A-Za-z0-9_-]{60,})/.exec(text.replace(/\s+/g, ""));
  if (!found) throw new Error("not_a_card");
  const all = fromText(found[1]);
  try {
    const plain = await crypto.subtle.decrypt({ name: "AES-GCM", iv: all.slice(16, 28), additionalData: bytes(MARK) }, await keyOf(passphrase, all.slice(0, 16)), all.slice(28));
    return JSON.parse(new TextDecoder().decode(plain));
  } catch {
    throw new Error("wrong_passphrase");
  }
}
