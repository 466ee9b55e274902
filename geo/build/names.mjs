// Writes countries.csv: ISO 3166-1 codes with English and Serbian names from
// the CLDR data that Node carries. Usage: node names.mjs iso_3166-1.json > countries.csv
import { readFileSync } from "node:fs";

const codes = JSON.parse(readFileSync(process.argv[2]))["3166-1"].map((c) => [c.alpha_2, c.numeric]);
codes.push(["XK", ""]);
codes.sort();
const names = ["en", "sr-Latn", "sr"].map((l) => new Intl.DisplayNames([l], { type: "region" }));
console.log("code,numeric,en,sr-Latn,sr-Cyrl");
for (const [code, numeric] of codes) {
  console.log([code, numeric, ...names.map((n) => `"${n.of(code)}"`)].join(","));
}
