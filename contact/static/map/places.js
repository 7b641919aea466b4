/** What the map is drawn from: force areas, postcode districts, towns; and which of them a point is in or near. */

const KM_PER_DEGREE = 111.2;
const NEAR_KM = 30;

/** Reads the drawing and gives each area its rings of [latitude, longitude] and the box around them. */
export async function load(address) {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(`the map's places: ${answer.status}`);
  const { areas, districts, towns } = await answer.json();
  return { areas: areas.map(area).sort((one, other) => size(other.box) - size(one.box)), districts, towns };
}

function area({ id, name, rings }) {
  const whole = rings.map((steps) => {
    let x = 0;
    let y = 0;
    return steps.map(([east, north]) => {
      x += east;
      y += north;
      return [y / 10000, x / 10000];
    });
  });
  const boxes = whole.map(box);
  const largest = boxes.reduce((best, each) => (size(each) > size(best) ? each : best));
  return { id, name: { en: name[0], cy: name[1] }, rings: whole, box: boxes.reduce(around), boxes, largest };
}

function box(ring) {
  const north = ring.map((point) => point[0]);
  const east = ring.map((point) => point[1]);
  return [Math.min(...north), Math.min(...east), Math.max(...north), Math.max(...east)];
}

const size = ([south, west, north, east]) => (north - south) * (east - west);
const around = (one, other) => [
  Math.min(one[0], other[0]), Math.min(one[1], other[1]), Math.max(one[2], other[2]), Math.max(one[3], other[3]),
];
const holds = ([south, west, north, east], lat, lon) => lat >= south && lat <= north && lon >= west && lon <= east;

/** The force whose area holds the point: the smallest, since the City of London's lies upon another. */
export function forceAt(places, { lat, lng }) {
  const inside = (each) => each.rings.some((ring, at) => holds(each.boxes[at], lat, lng) && inRing(ring, lat, lng));
  return [...places.areas].reverse().find(inside) ?? null;
}

function inRing(ring, lat, lon) {
  let odd = false;
  for (let at = 1; at < ring.length; at += 1) {
    const [y1, x1] = ring[at - 1];
    const [y2, x2] = ring[at];
    if ((y1 > lat) !== (y2 > lat) && lon < ((x2 - x1) * (lat - y1)) / (y2 - y1) + x1) odd = !odd;
  }
  return odd;
}

/** The postcode district whose middle is nearest, null far out. */
export function districtNear(places, { lat, lng }) {
  const shrink = Math.cos((lat * Math.PI) / 180);
  let nearest = null;
  let least = NEAR_KM / KM_PER_DEGREE;
  for (const [name, north, east] of places.districts) {
    const away = Math.hypot(north - lat, (east - lng) * shrink);
    if (away < least) [nearest, least] = [name, away];
  }
  return nearest;
}
