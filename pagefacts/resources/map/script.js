"use strict";
// Zooming, and a window with the words of a figure. The page stands without it: see pagefacts/render/map.py.

const frame = document.getElementById("frame");
const svg = frame.querySelector("svg");
const popup = document.getElementById("popup");
const scaleBar = document.getElementById("scale");
const everything = document.getElementById("everything");
const world = document.getElementById("world");
const spots = [...document.querySelectorAll("#spots circle")].map((element) => ({
  element, x: Number(element.getAttribute("cx")), y: Number(element.getAttribute("cy")),
}));
const figures = [...document.querySelectorAll("#figures > a")];
const leaders = document.querySelectorAll("#leaders line");
const boxes = [...figures, ...document.querySelectorAll("#names text")].map((element, index) => ({
  element,
  leader: index < figures.length ? leaders[index] : null,
  x: Number(element.dataset.x),
  y: Number(element.dataset.y),
  w: Number(element.dataset.w),
  h: Number(element.dataset.h),
  below: Number(element.dataset.below ?? 0),
  span: Number(element.dataset.span ?? Infinity),
  tries: Number(element.dataset.tries),
}));

// ---- the view: where the map as it was written stands, and how much larger

const written = { width: Number(svg.dataset.width), height: Number(svg.dataset.height) };
const FULL = Number(svg.dataset.full);
const KM = Number(svg.dataset.km);
const NEAREST_KM = 100; // across the window: the outline is good to some five kilometres
let carried = { x: 0, y: 0 }; // by which a drag has moved what is drawn
const view = { k: 1, x: 0, y: 0, width: written.width, height: written.height };

function fit() {
  view.k = Math.min(view.width / written.width, view.height / written.height);
  view.x = (view.width - view.k * written.width) / 2;
  view.y = (view.height - view.k * written.height) / 2;
}

function zoom(factor, x = view.width / 2, y = view.height / 2) {
  const nearest = (KM * view.width) / NEAREST_KM;
  const farthest = (view.width * KM) / 40075;
  const k = Math.min(Math.max(view.k * factor, Math.min(farthest, view.k)), Math.max(nearest, view.k));
  view.x = x - ((x - view.x) * k) / view.k;
  view.y = y - ((y - view.y) * k) / view.k;
  view.k = k;
  redraw();
}

function pan(dx, dy) {
  view.x += dx;
  view.y += dy;
  redraw();
}

function resize() {
  const { width, height } = frame.getBoundingClientRect();
  if (!width || !height) return;
  const [x, y] = [view.width / 2, view.height / 2];
  const first = !frame.classList.contains("live");
  Object.assign(view, { width, height });
  svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
  if (first) fit();
  else pan(width / 2 - x, height / 2 - y);
  frame.classList.add("live");
  redraw();
}

function drag(dx, dy) {
  view.x += dx;
  view.y += dy;
  carried = { x: carried.x + dx, y: carried.y + dy };
  everything.setAttribute("transform", `translate(${carried.x} ${carried.y})`); // quicker than to place all anew
}

let asked = 0;
function redraw() {
  asked ||= requestAnimationFrame(() => {
    asked = 0;
    draw();
  });
}

function draw() {
  everything.removeAttribute("transform");
  carried = { x: 0, y: 0 };
  world.setAttribute("transform", `translate(${view.x} ${view.y}) scale(${view.k})`);
  for (const { element, x, y } of spots) {
    element.setAttribute("cx", view.x + view.k * x);
    element.setAttribute("cy", view.y + view.k * y);
  }
  spread();
  drawScale();
  if (shown) placePopup();
}

function drawScale() {
  const most = (120 * KM) / view.k;
  const power = 10 ** Math.floor(Math.log10(most));
  const km = power * [5, 2, 1].find((digit) => digit * power <= most);
  scaleBar.style.width = `${(km * view.k) / KM}px`;
  scaleBar.textContent = `${km.toLocaleString("en")} km`;
}

// ---- boxes stand where they hide nothing: the same as pagefacts/render/spread.py

const GOLDEN_ANGLE = Math.PI * (3 - Math.sqrt(5));
const STEP = 4;
const PART = 0.5;
const CELL = 48;
const GAP = 1;

function spread() {
  const taken = new Map();
  const begun = new Map();
  const here = boxes.map((box) => ({ ...box, x: view.x + view.k * box.x, y: view.y + view.k * box.y }));
  const within = here.filter(({ x, y }) => x >= 0 && y >= 0 && x <= view.width && y <= view.height);
  const area = within.reduce((sum, { leader, w, h }) => sum + (leader ? 4 * w * h : 0), 1);
  const shrunk = Math.min(1, Math.sqrt((FULL * view.width * view.height) / area));
  for (const box of here) {
    const size = box.leader ? shrunk : 1;
    const spot = findSpot({ ...box, y: box.y + box.below, w: box.w * size, h: box.h * size }, taken, begun);
    const [x, y] = spot ?? [box.x, box.y];
    box.element.setAttribute("transform", `translate(${x} ${y}) scale(${size})`);
    box.element.setAttribute("visibility", spot || box.leader ? "visible" : "hidden");
    if (box.leader) {
      const ends = { x1: box.x, y1: box.y, x2: x, y2: y };
      for (const [name, value] of Object.entries(ends)) box.leader.setAttribute(name, value);
    }
  }
}

function findSpot(box, taken, begun) {
  const { x, y, w, h } = box;
  if (x < 0 || y < 0 || x > view.width || y > view.height || 2 * w > box.span * view.k) return null;
  const anchor = `${x} ${y} ${box.tries}`;
  const step = Math.max(STEP, PART * Math.min(w, h));
  for (let n = begun.get(anchor) ?? 0; n < box.tries; n++) {
    const distance = step * Math.sqrt(n);
    const spot = [x + distance * Math.cos(n * GOLDEN_ANGLE), y + distance * Math.sin(n * GOLDEN_ANGLE)];
    const rectangle = [spot[0] - w, spot[1] - h, spot[0] + w, spot[1] + h];
    if (!isInside(rectangle) || !isFree(rectangle, taken)) continue;
    begun.set(anchor, n);
    for (const cell of cells(rectangle)) taken.set(cell, [...(taken.get(cell) ?? []), rectangle]);
    return spot;
  }
  return null;
}

const isInside = ([left, top, right, bottom]) => left >= 0 && top >= 0 && right <= view.width && bottom <= view.height;

function isFree(rectangle, taken) {
  const [left, top, right, bottom] = rectangle;
  return !cells(rectangle).some((cell) => taken.get(cell)?.some((other) =>
    left < other[2] + GAP && right > other[0] - GAP && top < other[3] + GAP && bottom > other[1] - GAP));
}

function cells([left, top, right, bottom]) {
  const found = [];
  for (let column = Math.floor(left / CELL); column <= Math.floor(right / CELL); column++) {
    for (let row = Math.floor(top / CELL); row <= Math.floor(bottom / CELL); row++) found.push(`${column} ${row}`);
  }
  return found;
}

// ---- the window with a figure's words: passing by shows it, a click keeps it

let shown = null;
let kept = false;

const cardOf = (figure) => document.getElementById(figure.getAttribute("href").slice(1));

const copies = (nodes) => [...nodes].map((node) => node.cloneNode(true));

function show(figure, keep) {
  if (kept && !keep) return;
  hide();
  shown = figure;
  kept = keep;
  const card = cardOf(figure);
  const from = document.createElement("p");
  from.className = "from";
  from.append(...copies(card.closest(".page").querySelector("h2").childNodes));
  popup.replaceChildren(...copies(card.children), from);
  popup.querySelector("h3").ariaLevel = "2"; // here it is below the page's title itself
  popup.classList.toggle("passing", !keep);
  popup.hidden = false;
  figure.classList.toggle("current", keep);
  card.classList.toggle("current", keep);
  placePopup();
}

function hide() {
  popup.hidden = true;
  shown?.classList.remove("current");
  if (shown) cardOf(shown).classList.remove("current");
  shown = null;
  kept = false;
}

function placePopup() {
  const sign = shown.getBoundingClientRect();
  const around = frame.getBoundingClientRect();
  const room = popup.getBoundingClientRect();
  const right = sign.right - around.left + 10;
  const left = sign.left - around.left - room.width - 10;
  const x = right + room.width <= around.width || left < 0 ? right : left;
  const y = sign.top - around.top + sign.height / 2 - room.height / 2;
  const inside = (at, size, all) => Math.max(8, Math.min(at, all - size - 8));
  popup.style.left = `${inside(x, room.width, around.width)}px`;
  popup.style.top = `${inside(y, room.height, around.height)}px`;
}

for (const figure of figures) {
  figure.querySelector("title").remove(); // the window says it better than the browser's own tip
  figure.addEventListener("pointerenter", () => show(figure, false));
  figure.addEventListener("pointerleave", () => kept || hide());
  figure.addEventListener("focus", () => figure.matches(":focus-visible") && show(figure, false));
  figure.addEventListener("blur", () => kept || hide());
  figure.addEventListener("click", (event) => {
    event.preventDefault();
    if (dragged) return;
    show(figure, true);
    const byKeyboard = event.detail === 0;
    if (byKeyboard) cardOf(figure).focus();
    else if (getComputedStyle(cardOf(figure).closest("#list")).overflowY === "auto") cardOf(figure).scrollIntoView({ block: "nearest" });
  });
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("a.on-map");
  if (!link) return;
  event.preventDefault();
  const figure = document.querySelector(link.getAttribute("href"));
  const box = boxes.find(({ element }) => element === figure);
  view.x = view.width / 2 - view.k * box.x;
  view.y = view.height / 2 - view.k * box.y;
  draw();
  figure.focus({ preventScroll: true });
  show(figure, true);
});

// ---- mouse, touch and keys

let grip = null;
let dragged = false;

svg.addEventListener("pointerdown", (event) => {
  if (event.button !== 0) return;
  grip = { id: event.pointerId, x: event.clientX, y: event.clientY };
  dragged = false;
});
window.addEventListener("pointermove", (event) => {
  if (event.pointerId !== grip?.id) return;
  const [dx, dy] = [event.clientX - grip.x, event.clientY - grip.y];
  if (!dragged && Math.hypot(dx, dy) < 4) return;
  dragged = true;
  svg.classList.add("dragged");
  grip = { id: grip.id, x: event.clientX, y: event.clientY };
  drag(dx, dy);
});
for (const end of ["pointerup", "pointercancel"]) {
  window.addEventListener(end, () => {
    if (grip && dragged) redraw();
    grip = null;
    svg.classList.remove("dragged");
  });
}
svg.addEventListener("dragstart", (event) => event.preventDefault());
svg.addEventListener("click", (event) => {
  if (!dragged && !event.target.closest("a")) hide();
});
svg.addEventListener("wheel", (event) => {
  event.preventDefault();
  const { left, top } = frame.getBoundingClientRect();
  const pixels = event.deltaY * (event.deltaMode === 1 ? 16 : 1);
  zoom(Math.exp(-pixels / 400), event.clientX - left, event.clientY - top);
}, { passive: false });

const keys = {
  "+": () => zoom(2),
  "=": () => zoom(2),
  "-": () => zoom(0.5),
  "0": () => all(),
  ArrowLeft: () => pan(80, 0),
  ArrowRight: () => pan(-80, 0),
  ArrowUp: () => pan(0, 80),
  ArrowDown: () => pan(0, -80),
};

function all() {
  fit();
  redraw();
}

document.getElementById("map").addEventListener("keydown", (event) => {
  if (!(event.key in keys) || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  keys[event.key]();
});
document.addEventListener("keydown", (event) => event.key === "Escape" && hide());

document.getElementById("zoom").addEventListener("click", (event) => {
  const factor = event.target.dataset.zoom;
  if (factor) Number(factor) ? zoom(Number(factor)) : all();
});

svg.setAttribute("tabindex", "0");
document.getElementById("zoom").hidden = false;
scaleBar.hidden = false;
new ResizeObserver(resize).observe(frame);
resize();
draw();
