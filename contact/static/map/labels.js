/** Names on the map: towns, forces and postcode districts, as many as fit without touching, the weightiest first. */

const L = window.L;
const TOWNS_FROM = { 1: 0, 2: 8, 3: 9 };
const FORCES = { from: 7, to: 10 };
const DISTRICTS_FROM = 10;
const GAP = 6;

/** Keeps the names in step with the map. `tiles`: the pictures carry names of their own, so that only districts stay out. */
export function drawNames(map, places, language, tiles) {
  const pane = map.createPane("names");
  pane.setAttribute("aria-hidden", "true");
  const layer = L.layerGroup().addTo(map);
  const all = tiles ? [] : names(places, language);
  const draw = () => {
    layer.clearLayers();
    const zoom = map.getZoom();
    const size = Number.parseFloat(getComputedStyle(map.getContainer()).fontSize);
    const seen = map.getBounds().pad(0.15);
    const taken = [];
    for (const each of all) {
      if (zoom < each.from || zoom > each.to || !seen.contains(each.at) || !roomy(map, each, size)) continue;
      const middle = map.latLngToLayerPoint(each.at);
      const wide = each.text.length * size * 0.62 + GAP;
      const high = size * 1.5;
      const own = [middle.x - wide / 2, middle.y - high / 2, middle.x + wide / 2, middle.y + high / 2];
      if (taken.some((other) => touch(own, other))) continue;
      taken.push(own);
      L.marker(each.at, { icon: icon(each, wide, high), interactive: false, keyboard: false, pane: "names" }).addTo(layer);
    }
  };
  map.on("zoomend moveend resize", draw);
  draw();
}

const touch = (one, other) => one[0] < other[2] && other[0] < one[2] && one[1] < other[3] && other[1] < one[3];

/** A force is named where its ground is wide enough for the name. */
function roomy(map, each, size) {
  if (!each.box) return true;
  const [south, west, north, east] = each.box;
  const wide = map.latLngToLayerPoint([south, east]).x - map.latLngToLayerPoint([north, west]).x;
  return wide > each.text.length * size * 0.5;
}

function icon(each, wide, high) {
  const text = document.createElement("span");
  text.textContent = each.text;
  return L.divIcon({ className: `contact-map__name contact-map__name--${each.kind}`, html: text, iconSize: [wide, high] });
}

function names({ areas, districts, towns }, language) {
  const town = ([en, cy, lat, lon, rank]) => ({
    kind: `town${rank}`, text: (language === "cy" && cy) || en, at: [lat, lon], from: TOWNS_FROM[rank], to: 22,
  });
  const force = ({ name, largest }) => ({
    kind: "force", text: name[language], at: [(largest[0] + largest[2]) / 2, (largest[1] + largest[3]) / 2],
    box: largest, ...FORCES,
  });
  const district = ([text, lat, lon]) => ({ kind: "district", text, at: [lat, lon], from: DISTRICTS_FROM, to: 22 });
  const ranked = (rank) => towns.filter((each) => each[4] === rank).map(town);
  return [...ranked(1), ...areas.filter(({ name }) => name.en).map(force), ...ranked(2), ...ranked(3), ...districts.map(district)];
}
