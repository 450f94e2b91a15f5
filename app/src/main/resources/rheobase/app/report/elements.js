// Elements, numbers and colours: what every part of the page uses.
// Text from the data enters the page only as text nodes and attribute values, never as markup.

const data = JSON.parse(document.getElementById("report-data").textContent);

/** element("p", {class: "note"}, "text", child, ...): attributes by name, "on..." as listeners, null children left out. */
function element(tag, attributes, ...children) {
  return furnish(document.createElement(tag), attributes, children);
}

/** The same for a drawing. */
function drawn(tag, attributes, ...children) {
  return furnish(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes, children);
}

function furnish(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes || {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.flat(Infinity).filter(child => child !== null && child !== undefined && child !== false));
  return node;
}

const missing = value => value === null || value === undefined;

/** Three significant digits, with thousands apart; a dash for what is missing. */
function figure(value, digits = 3) {
  if (missing(value)) return "–";
  if (value === 0) return "0";
  if (value < 0) return "−" + figure(-value, digits);
  const size = Math.abs(value);
  if (size >= 1e6 || size < 1e-3) {
    const exponent = Math.floor(Math.log10(size));
    return (value / 10 ** exponent).toFixed(Math.max(0, digits - 1)) + " × 10" + raised(exponent);
  }
  const decimals = Math.max(0, digits - 1 - Math.floor(Math.log10(size)));
  return grouped(Number(value.toPrecision(Math.max(digits, Math.floor(Math.log10(size)) + 1))).toFixed(decimals));
}

/** As written, without zeros at the end: for constants and axes. */
const plain = value => missing(value) ? "–" : grouped(String(Number(value.toPrecision(6))).replace("-", "−"));

const raised = exponent => String(exponent).replace(/[-\d]/g, sign => "⁰¹²³⁴⁵⁶⁷⁸⁹"[sign] || "⁻");

const grouped = digits => {
  const [whole, fraction] = digits.split(".");
  return whole.replace(/\B(?=(\d{3})+$)/g, "\u202f") + (fraction ? "." + fraction : "");
};

/** A number of operations or bytes. */
const amount = value => missing(value) ? "–" : Math.abs(value) >= 100 ? whole(value) : plain(Number(value.toPrecision(3)));

const whole = value => missing(value) ? "–" : grouped(String(Math.round(value)));

const percent = (share, decimals = 1) => missing(share) ? "–" : (100 * share).toFixed(decimals) + "\u202f%";

const times = ratio => missing(ratio) ? "–" : (ratio >= 10 ? whole(ratio) : ratio.toFixed(1)) + "×";

/** From picojoules. */
function joules(picojoules) {
  if (missing(picojoules)) return "–";
  const units = ["pJ", "nJ", "µJ", "mJ"];
  let unit = 0;
  let value = picojoules;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return figure(value) + "\u202f" + units[unit];
}

function duration(seconds) {
  if (missing(seconds)) return "–";
  if (seconds < 90) return figure(seconds, 2) + "\u202fs";
  if (seconds < 5400) return (seconds / 60).toFixed(1) + "\u202fmin";
  return (seconds / 3600).toFixed(1) + "\u202fh";
}

/** Round numbers from low to high, about as many as wanted. */
function ticks(low, high, wanted) {
  const raw = (high - low) / Math.max(1, wanted);
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = power * ([1, 2, 5, 10].find(factor => factor * power >= raw) || 10);
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  return Array.from({length: Math.max(0, last - first + 1)}, (_, index) => (first + index) * step);
}

/** A colour of the page's style by its name, as the scheme in force has it. */
const colour = name => getComputedStyle(document.documentElement).getPropertyValue("--" + name).trim();

/** Eight class colours are told apart by eyes of every kind; more classes repeat hues and rely on their names. */
const CLASS_COLOURS = 8;
const classColour = index => `var(--class-${data.classes.length <= CLASS_COLOURS ? index : "many-" + index})`;
const classInk = index => `var(--class-${data.classes.length <= CLASS_COLOURS ? index : "many"}-ink)`;
if (data.classes.length > CLASS_COLOURS) {
  data.classes.forEach((_, index) => document.documentElement.style.setProperty(
      `--class-many-${index}`, `oklch(${[70, 58, 80][index % 3]}% 0.12 ${(index * 137.5) % 360})`));
}

/** A section with its heading, an optional line under it, and its content. */
function section(id, title, note, ...content) {
  return element("section", {id},
      element("h2", null, title),
      note ? element("p", {class: "note"}, note) : null,
      content);
}
