// What a text will cost, counted while somebody types, exactly as the server counts it (contact/domain/sms_text.py).
const BASIC = new Set(
  "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà",
);
const EXTENDED = new Set("\f^{}\\[~]|€");
const PLAIN = {
  "\u2018": "'", "\u2019": "'", "\u201a": "'", "\u201b": "'", "\u2032": "'", "\u02bc": "'", "\u0060": "'",
  "\u201c": '"', "\u201d": '"', "\u201e": '"', "\u2033": '"', "\u2010": "-", "\u2011": "-", "\u2012": "-",
  "\u2013": "-", "\u2014": "-", "\u2015": "-", "\u2212": "-", "\u2026": "...", "\u00a0": " ", "\u202f": " ",
  "\u2009": " ", "\t": " ", "\u200b": "", "\u200c": "", "\u200d": "", "\u2060": "", "\ufeff": "", "\u00ad": "",
  "\u2022": "-",
};
const ONE = { "gsm-7": 160, "ucs-2": 70 };
const MANY = { "gsm-7": 153, "ucs-2": 67 };

// The words as they leave: curly quotes and long dashes become plain, letters stay.
export const plain = (text) => Array.from(text.normalize("NFC"), (one) => PLAIN[one] ?? one).join("");

export function measure(text) {
  const letters = Array.from(text);
  const odd = [...new Set(letters.filter((one) => !BASIC.has(one) && !EXTENDED.has(one)))];
  const alphabet = odd.length ? "ucs-2" : "gsm-7";
  const sizes = letters.map((one) => (odd.length ? one.length : EXTENDED.has(one) ? 2 : 1));
  const units = sizes.reduce((sum, size) => sum + size, 0);
  if (units <= ONE[alphabet]) return { alphabet, units, parts: text ? 1 : 0, left: ONE[alphabet] - units, odd };
  let parts = 1;
  let filled = 0;
  for (const size of sizes) {
    if (filled + size > MANY[alphabet]) [parts, filled] = [parts + 1, 0];
    filled += size;
  }
  return { alphabet, units, parts, left: MANY[alphabet] - filled, odd };
}

const inWords = ({ units, parts, left, alphabet, odd }) => {
  if (!units) return "Nothing written yet.";
  const cost = `${units} characters, ${parts} ${parts === 1 ? "part" : "parts"}, ${left} left in ${parts === 1 ? "it" : "the last"}.`;
  if (alphabet === "gsm-7") return cost;
  return `${cost} ${odd.slice(0, 5).join(" ")} ${odd.length === 1 ? "makes" : "make"} each part hold 70 characters instead of 160. Names and Welsh words keep their letters.`;
};

// Writes the count of `box` into `place`; `before` is what stands before every text, as in the demonstration.
export function countSegments(box, place, before) {
  const show = () => {
    const found = measure(box.value ? before + plain(box.value.trim()) : "");
    place.textContent = inWords(found);
    place.classList.toggle("case-count--costly", found.alphabet === "ucs-2" || found.parts > 3);
  };
  box.addEventListener("input", show);
  show();
}
