/** Puts the first words that the force's own page chose into an empty box, for the person to change or to take out.
 *
 * They come behind the address's "#", so that no server and no log ever has them, and are taken off the address at once.
 */
const LONGEST = 500;

const box = document.getElementById("body");
const said = new URLSearchParams(window.location.hash.slice(1)).get("words");
if (said !== null) {
  window.history.replaceState(null, "", window.location.pathname + window.location.search);
  if (box && !box.value) {
    box.value = said.slice(0, LONGEST).replace(/[\u0000-\u001f\u007f\u202a-\u202e\u2066-\u2069]/g, " ").trim();
  }
}
