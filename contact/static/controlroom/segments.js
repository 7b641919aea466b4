// Counts what a reply becomes as a text: alphabet and parts, as domain/sms_text.py counts them (a test compares).
const BASIC = new Set("@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà");
const EXTENDED = new Set("\f^{}\\[~]|€");
const PLAIN = new Map([
  ["\u2018", "'"], ["\u2019", "'"], ["\u201a", "'"], ["\u201b", "'"], ["\u2032", "'"], ["\u02bc", "'"], ["\u0060", "'"],
  ["\u201c", '"'], ["\u201d", '"'], ["\u201e", '"'], ["\u2033", '"'], ["\u2010", "-"], ["\u2011", "-"], ["\u2012", "-"],
  ["\u2013", "-"], ["\u2014", "-"], ["\u2015", "-"], ["\u2212", "-"], ["\u2026", "..."], ["\u00a0", " "], ["\u202f", " "],
  ["\u2009", " "], ["\t", " "], ["\u200b", ""], ["\u200c", ""], ["\u200d", ""], ["\u2060", ""], ["\ufeff", ""],
  ["\u00ad", ""], ["\u2022", "-"],
]);

// The same words with plain quotes and dashes, as they leave.
export function plain(text) {
  return [...text.normalize("NFC")].map((one) => PLAIN.get(one) ?? one).join("");
}

// {alphabet: "gsm-7" | "ucs-2", units, parts, left, odd}: `left` units fit before one part more; `odd` are the letters
// that made it UCS-2. `before` is what leaves in front of the words (the demonstration's warning).
export function measure(text, before = "") {
  const letters = [...before + plain(text)];
  const odd = [...new Set(letters.filter((one) => !BASIC.has(one) && !EXTENDED.has(one)))];
  const gsm = odd.length === 0;
  const size = (one) => (gsm ? (EXTENDED.has(one) ? 2 : 1) : one.length);
  const [alone, each] = gsm ? [160, 153] : [70, 67];
  const units = letters.reduce((sum, one) => sum + size(one), 0);
  let parts = letters.length === 0 ? 0 : 1;
  if (units > alone) {
    let filled = 0;
    for (const one of letters) {
      if (filled + size(one) > each) {
        parts += 1;
        filled = 0;
      }
      filled += size(one);
    }
  }
  const room = Math.max(parts, 1) * (parts <= 1 ? alone : each);
  return { alphabet: gsm ? "gsm-7" : "ucs-2", units, parts, left: room - units, odd };
}

// A box with data-segments="id of the place that tells" and, in a demonstration, data-segments-before="its warning".
// The place carries the words: data-one, data-many (with {parts} and {left}) and data-odd (with {letters}).
function watch(box) {
  const place = document.getElementById(box.dataset.segments);
  if (place === null) return;
  const tell = () => {
    const found = measure(box.value, box.dataset.segmentsBefore ?? "");
    const words = (found.parts <= 1 ? place.dataset.one : place.dataset.many)
      .replace("{parts}", String(found.parts))
      .replace("{left}", String(found.left));
    const odd = found.odd.length > 0 ? ` ${place.dataset.odd.replace("{letters}", found.odd.slice(0, 6).join(" "))}` : "";
    place.textContent = box.value === "" ? "" : words + odd;
  };
  box.addEventListener("input", tell);
  tell();
}

if (typeof document !== "undefined") document.querySelectorAll("[data-segments]").forEach(watch);
