/** The map of a page: shows a point, or lets a person choose one and fills the two boxes. Without it the boxes remain. */
import { drawNames } from "./labels.js";
import { districtNear, forceAt, load } from "./places.js";

const L = window.L;
const COUNTRY = [[49.8, -8.3], [60.9, 2.0]];
/* How near a point is shown: among streets where tiles show them, else so that names stand around it. */
const near = ({ tiles }) => (tiles ? 16 : 12);
const LAST = { drawn: 14, tiles: 18 };
const still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;

for (const part of L ? document.querySelectorAll("[data-map]") : []) begin(part);

async function begin(part) {
  const told = JSON.parse(part.dataset.map);
  let places;
  try {
    places = await load(told.places);
  } catch {
    return; // The boxes, and words, remain.
  }
  part.hidden = false;
  const map = draw(part.querySelector("[data-map-canvas]"), told, places);
  if (told.point) {
    L.marker(told.point, { icon: pin(), interactive: false, keyboard: false }).addTo(map);
    map.setView(told.point, near(told) - 1);
    drawNames(map, places, told.language, told.tiles);
  } else {
    choose(part, map, told, places);
  }
}

function draw(canvas, told, places) {
  const map = L.map(canvas, {
    zoomControl: false, attributionControl: false, doubleClickZoom: false, scrollWheelZoom: false,
    zoomAnimation: !still, fadeAnimation: !still, markerZoomAnimation: !still, inertia: !still,
    minZoom: 5, maxZoom: told.tiles ? LAST.tiles : LAST.drawn, maxBounds: L.latLngBounds(COUNTRY).pad(0.4),
    maxBoundsViscosity: 1, renderer: L.svg({ padding: 0.5 }),
  });
  if (still) map.panBy = (by, how) => L.Map.prototype.panBy.call(map, by, { ...how, animate: false });
  canvas.setAttribute("role", "application");
  canvas.setAttribute("aria-label", told.words.map);
  canvas.addEventListener("focus", () => map.scrollWheelZoom.enable());
  canvas.addEventListener("blur", () => map.scrollWheelZoom.disable());
  L.control.zoom({ zoomInTitle: told.words.closer, zoomOutTitle: told.words.away }).addTo(map);
  L.control.scale({ position: "bottomleft", maxWidth: 120 }).addTo(map);
  if (told.tiles) {
    L.control.attribution({ prefix: false }).addAttribution(told.tiles.attribution).addTo(map);
    L.tileLayer(told.tiles.url, { maxZoom: LAST.tiles }).addTo(map);
  }
  map.fitBounds(COUNTRY);
  const className = `contact-map__area${told.tiles ? " contact-map__area--over" : ""}`;
  for (const { rings } of places.areas) {
    L.polygon(rings.map((ring) => [ring]), { interactive: false, className, smoothFactor: 1 }).addTo(map);
  }
  return map;
}

function choose(part, map, told, places) {
  const { words } = told;
  const find = (name) => part.querySelector(`[data-map-${name}]`);
  const [north, east] = part.dataset.boxes.split(" ").map((id) => document.getElementById(id));
  const said = find("said");
  let marker = null;

  const where = (at) => {
    const district = districtNear(places, at);
    const force = forceAt(places, at)?.name[told.language];
    const parts = [district ? words.near.replace("{district}", district) : "", force ?? ""].filter(Boolean);
    return parts.join(", ") || words.sea;
  };
  const tell = () => {
    const at = marker?.getLatLng();
    said.textContent = at ? words.set.replace("{place}", `${where(at)} (${numbers(at).join(", ")})`) : words.none;
    find("remove").hidden = !marker;
  };
  const show = (at) => {
    if (marker) {
      marker.setLatLng(at);
    } else {
      marker = L.marker(at, { icon: pin(), draggable: true, keyboard: false, autoPan: !still }).addTo(map);
      marker.on("dragend", () => put(marker.getLatLng()));
    }
    tell();
  };
  const put = (at) => {
    [north.value, east.value] = numbers(at);
    show(at);
  };
  const remove = () => {
    [north.value, east.value] = ["", ""];
    marker?.remove();
    marker = null;
    tell();
  };
  const typed = () => {
    const at = read(north, east);
    if (at) show(at); else { marker?.remove(); marker = null; tell(); }
    return at;
  };

  find("place").addEventListener("click", () => put(map.getCenter()));
  find("remove").addEventListener("click", () => { remove(); find("place").focus(); });
  map.getContainer().addEventListener("keydown", (event) => {
    if (event.target !== map.getContainer() || !["Enter", " "].includes(event.key)) return;
    event.preventDefault();
    put(map.getCenter());
  });
  map.on("click", (event) => put(event.latlng));
  for (const box of [north, east]) box.addEventListener("change", () => { const at = typed(); if (at) map.panTo(at, { animate: !still }); });
  if (told.locate && navigator.geolocation) locate(find("locate"), map, told, said, put);

  const at = typed();
  open(map, told, places, at);
  drawNames(map, places, told.language, told.tiles);
  let wait;
  const middle = () => { find("middle").textContent = words.middle.replace("{place}", where(map.getCenter())); };
  map.on("moveend", () => { window.clearTimeout(wait); wait = window.setTimeout(middle, 400); });
  middle();
  const numbersPart = document.getElementById(part.dataset.numbers);
  if (!numbersPart.querySelector(".govuk-error-message")) numbersPart.open = false;
}

const numbers = ({ lat, lng }) => [lat.toFixed(5), lng.toFixed(5)];

function read(north, east) {
  const [lat, lng] = [north.value, east.value].map((text) => (/^\s*[-+]?\d+(\.\d+)?\s*$/.test(text) ? Number(text) : Number.NaN));
  return lat >= 49 && lat <= 61.5 && lng >= -9 && lng <= 2.5 ? L.latLng(lat, lng) : null;
}

/** At the point that was kept, else at the postcode that was given, else over the force's ground, else the country. */
function open(map, told, places, at) {
  const home = places.areas.find(({ id }) => id === told.open.force);
  if (at) map.setView(at, near(told), { animate: false });
  else if (told.open.at) map.setView(told.open.at, told.open.zoom, { animate: false });
  else if (home) map.fitBounds([home.box.slice(0, 2), home.box.slice(2)], { animate: false });
}

/** Only when it is asked for: the browser asks the person again. */
function locate(button, map, told, said, put) {
  button.hidden = false;
  button.addEventListener("click", () => {
    said.textContent = told.words.finding;
    navigator.geolocation.getCurrentPosition(({ coords }) => {
      const at = L.latLng(coords.latitude, coords.longitude);
      if (!L.latLngBounds(COUNTRY).pad(0.1).contains(at)) { said.textContent = told.words.outside; return; }
      map.setView(at, near(told), { animate: false });
      put(at);
    }, () => { said.textContent = told.words.lost; }, { enableHighAccuracy: true, timeout: 15000, maximumAge: 60000 });
  });
}

function pin() {
  const drawing = new DOMParser().parseFromString(
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 44" width="32" height="44" aria-hidden="true">'
    + '<path class="contact-map__pin" d="M16 1.5C7.9 1.5 1.5 8 1.5 16c0 10.2 14.5 26.5 14.5 26.5S30.5 26.2 30.5 16C30.5 8 24.1 1.5 16 1.5z"/>'
    + '<circle class="contact-map__eye" cx="16" cy="16" r="5.5"/></svg>', "image/svg+xml").documentElement;
  return L.divIcon({ className: "contact-map__marker", html: drawing, iconSize: [32, 44], iconAnchor: [16, 43] });
}
