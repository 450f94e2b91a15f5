// One example along time: class bands, readout, what went in, what every layer emitted, membranes of chosen neurons.
//
// Drawings are in data coordinates (x is the step) and are stretched to the width of the page, so that zooming is a
// change of the viewBox and colours follow the style sheet.

const NEURON_COLOURS = 3;

function example() {
  const {example} = data;
  if (!example || example.shown === 0) return null;
  const view = {from: 0, to: example.shown};
  const refreshers = []; // called when the view or the width changes
  const readers = []; // step -> [name, text, colour] for the line under the pointer
  const tracks = [
    track("Classes", null, element("div", {class: "key"}, data.classes.map((name, index) =>
      element("span", null, element("i", {style: `background:${classColour(index)}`}), name))), "classes"),
    ...bandTracks(example, view, refreshers, readers),
    readoutTrack(example, view, refreshers, readers),
    ...example.activities.flatMap(activity => activityTracks(activity, example, view, refreshers, readers)),
    timeTrack(view, refreshers),
  ];
  const field = element("div", {class: "tracks"}, tracks);
  const refresh = () => refreshers.forEach(refresher => refresher());
  const toolbar = pointing(field, example, view, refresh, readers);
  let width = 0;
  new ResizeObserver(() => {
    if (field.clientWidth !== width) {
      width = field.clientWidth;
      refresh();
    }
  }).observe(field);
  const cut = example.shown < example.steps ? ` Shown are the first ${whole(example.shown)} of ${whole(example.steps)} steps.` : "";
  const pale = example.unannotated.some((value, index) => index % 2 === 0 && value === 1) ? " Pale: no expert's label." : "";
  const scored = example.fromStep > 0 ? ` Steps before ${example.fromStep} are not scored.` : "";
  return section("example", "One example",
      `Sequence ${example.id} of the ${example.set} set.${scored}${cut}`,
      element("figure", {class: "example"}, toolbar, field,
          element("p", {class: "hint"}, "Drag to zoom, double-click for all. Click a row of a raster to see that neuron's membrane." + pale)));
}

/** A labelled row of the figure. */
function track(label, detail, plot, kind) {
  return element("div", {class: "track " + kind},
      element("div", {class: "label"}, label, detail ? element("small", null, detail) : null), plot);
}

function stretched(width, height, view, refreshers, ...content) {
  const node = drawn("svg", {preserveAspectRatio: "none", "aria-hidden": true}, content);
  refreshers.push(() => node.setAttribute("viewBox", `${view.from} 0 ${view.to - view.from} ${height}`));
  return node;
}

/** Calls visit(value, start, length) for a list [value, length, value, length, ...]. */
function eachRun(runs, visit) {
  let start = 0;
  for (let index = 0; index < runs.length; index += 2) {
    visit(runs[index], start, runs[index + 1]);
    start += runs[index + 1];
  }
}

function unrolled(runs) {
  const values = [];
  eachRun(runs, (value, start, length) => {
    for (let step = 0; step < length; step++) values.push(value);
  });
  return values;
}

function bandTracks(example, view, refreshers, readers) {
  const targets = unrolled(example.targets);
  const predictions = unrolled(example.predictions);
  const unannotated = unrolled(example.unannotated);
  const wrong = [];
  for (let step = 0; step < example.shown; step++) {
    const now = step >= example.fromStep && targets[step] !== predictions[step] ? 1 : 0;
    if (wrong.length && wrong[wrong.length - 2] === now) wrong[wrong.length - 1]++;
    else wrong.push(now, 1);
  }
  const scored = example.shown - Math.min(example.fromStep, example.shown);
  let errors = 0;
  eachRun(wrong, (value, start, length) => errors += value * length);
  readers.push(step => ["true", data.classes[targets[step]] + (unannotated[step] ? " (no label)" : ""), targets[step]]);
  readers.push(step => ["predicted", data.classes[predictions[step]], predictions[step]]);
  const perSequence = example.predictions.length === 2;
  return [
    track("True", null, bands(example.targets, view, refreshers, step => unannotated[step]), "band"),
    track("", null, strip(wrong, view, refreshers), "strip"),
    track("Predicted", scored > 0 && !perSequence ? `${percent(1 - errors / scored)} right` : null,
        bands(example.predictions, view, refreshers, () => false), "band"),
  ];
}

function bands(runs, view, refreshers, faint) {
  const node = element("div", {class: "plot"});
  refreshers.push(() => {
    const perStep = node.clientWidth / (view.to - view.from);
    const segments = [];
    eachRun(runs, (value, start, length) => {
      const from = Math.max(start, view.from);
      const to = Math.min(start + length, view.to);
      if (to <= from) return;
      const name = data.classes[value];
      const room = (to - from) * perStep;
      segments.push(element("span", {
        class: faint(start) ? "segment faint" : "segment",
        style: `left:${(from - view.from) * perStep}px;width:${room}px;background:${classColour(value)};color:${classInk(value)}`,
      }, room > 7 * name.length + 4 ? name : null));
    });
    node.replaceChildren(...segments);
  });
  return node;
}

/** Where truth and prediction differ. */
function strip(runs, view, refreshers) {
  let path = "";
  eachRun(runs, (value, start, length) => path += value ? `M${start} 0h${length}v1h-${length}z` : "");
  return element("div", {class: "plot"}, stretched(0, 1, view, refreshers, drawn("path", {d: path, class: "wrong"})));
}

function readoutTrack(example, view, refreshers, readers) {
  const every = example.readoutEvery;
  const drawing = lines(example.readout.map((values, index) => ({values, colour: classColour(index)})), every, view, refreshers);
  readers.push(step => {
    const values = example.readout.map(trace => trace[Math.floor(step / every)]);
    const most = values.reduce((best, value, index) => value > values[best] ? index : best, 0);
    return ["largest readout", figure(values[most]), null];
  });
  return track("Readout", example.readoutName + (every > 1 ? `, every ${every} steps` : ""), element("div", {class: "plot"}, drawing.node, drawing.scale), "readout");
}

/** Traces over one another on a common scale; {node, scale}. */
function lines(traces, every, view, refreshers) {
  let low = Infinity;
  let high = -Infinity;
  for (const {values} of traces) {
    for (const value of values) {
      if (missing(value)) continue;
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
  }
  if (!(high > low)) {
    low = (Number.isFinite(low) ? low : 0) - 0.5;
    high = low + 1;
  }
  const height = 1000;
  const y = value => Math.round(height * (0.96 - 0.92 * (value - low) / (high - low)));
  const paths = traces.map(({values, colour}) => {
    let path = "";
    let pen = "M";
    values.forEach((value, index) => {
      if (missing(value)) {
        pen = "M";
      } else {
        path += `${pen}${(index + 0.5) * every} ${y(value)}`;
        pen = "L";
      }
    });
    return drawn("path", {d: path, class: "line", style: `stroke:${colour}`});
  });
  const zero = low < 0 && high > 0 ? drawn("path", {d: `M0 ${y(0)}H${traces[0].values.length * every}`, class: "zero"}) : null;
  return {
    node: stretched(0, height, view, refreshers, zero, paths),
    scale: [element("span", {class: "most"}, figure(high, 2)), element("span", {class: "least"}, figure(low, 2))],
  };
}

function activityTracks(activity, example, view, refreshers, readers) {
  const rows = activity.rows.length;
  const total = activity.events.reduce((sum, count) => sum + count, 0);
  const rate = total / Math.max(1, rows * example.shown);
  const kept = rows < activity.units ? `${rows} of ${whole(activity.units)} units` : `${whole(rows)} ${rows === 1 ? "unit" : "units"}`;
  const height = Math.round(Math.min(320, Math.max(32, rows * (rows <= 8 ? 11 : 6))));
  const plot = element("div", {class: "plot raster", style: `height:${height}px`});
  const tracks = [track(activity.name, activity.raster ? `${kept}, ${figure(rate, 2)} per step` : kept, plot, "activity")];
  const highlights = drawn("g");
  plot.append(activity.raster
    ? stretched(0, rows, view, refreshers, rasterPaths(activity, activity.rows.map((_, row) => row)), highlights)
    : stretched(0, rows, view, refreshers, heatImage(activity, example.shown), highlights));
  if (activity.raster && rows > 1) readers.push(eventCounter(activity, example.shown, rows));
  if (activity.membranes && activity.membranes.length) {
    tracks.push(...membraneTracks(activity, example, view, refreshers, plot, highlights));
  }
  return tracks;
}

/** Events as bars of one step, runs of steps merged; graded events in four shades. */
function rasterPaths(activity, rows) {
  const shades = activity.values ? 4 : 1;
  const paths = Array.from({length: shades}, () => "");
  rows.forEach(row => {
    const steps = activity.raster[row];
    for (let index = 0; index < steps.length; index++) {
      const start = index;
      const shade = shadeOf(activity, row, index, shades);
      while (index + 1 < steps.length && steps[index + 1] === steps[index] + 1
          && shadeOf(activity, row, index + 1, shades) === shade) index++;
      const length = steps[index] - steps[start] + 1;
      paths[shade] += `M${steps[start]} ${row + 0.1}h${length}v.8h-${length}z`;
    }
  });
  return paths.map((path, shade) => drawn("path", {d: path, class: "events", "fill-opacity": (shade + 1) / shades}));
}

function shadeOf(activity, row, index, shades) {
  if (!activity.values) return 0;
  return Math.min(shades - 1, Math.floor(shades * Math.abs(activity.values[row][index]) / activity.largest));
}

function eventCounter(activity, steps, rows) {
  const counts = new Uint16Array(steps);
  for (const row of activity.raster) for (const step of row) counts[step]++;
  return step => [activity.name, `${counts[step]} of ${rows}`, null];
}

/** Dense values: blue above zero, red below, nothing at zero. */
function heatImage(activity, steps) {
  const rows = activity.rows.length;
  const bytes = atob(activity.image);
  const canvas = element("canvas", {width: steps, height: rows});
  const brush = canvas.getContext("2d");
  const pixels = brush.createImageData(steps, rows);
  for (let index = 0; index < bytes.length; index++) {
    const value = (bytes.charCodeAt(index) - 128) / 127;
    pixels.data.set(value >= 0 ? [40, 120, 190] : [205, 85, 35], 4 * index);
    pixels.data[4 * index + 3] = 255 * Math.min(1, Math.abs(value));
  }
  brush.putImageData(pixels, 0, 0);
  return drawn("image", {href: canvas.toDataURL(), width: steps, height: rows, preserveAspectRatio: "none"});
}

/** Membranes of three neurons, busy, middling and quiet at first; a click on the raster exchanges the oldest choice. */
function membraneTracks(activity, example, view, refreshers, plot, highlights) {
  const traces = new Map(activity.membranes.map(({unit, values}) => [unit, values]));
  const firing = activity.rows
      .map((unit, row) => ({unit, row, count: activity.events[row]}))
      .filter(({unit, count}) => traces.has(unit) && count > 0)
      .sort((one, other) => other.count - one.count);
  const wanted = [0.15, 0.5, 0.85].map(share => firing[Math.floor(share * firing.length)]).filter(Boolean);
  const first = wanted.length ? wanted.map(({unit}) => unit) : [...traces.keys()];
  const chosen = [...new Set(first)].slice(0, NEURON_COLOURS);
  const slots = chosen.map((_, slot) => {
    const own = [];
    refreshers.push(() => own.forEach(refresher => refresher()));
    return {own, node: track("", null, element("div", {class: "plot"}), "membrane"), slot};
  });
  const show = ({own, node, slot}) => {
    const unit = chosen[slot];
    own.length = 0;
    const row = activity.rows.indexOf(unit);
    const drawing = lines([{values: traces.get(unit), colour: `var(--neuron-${slot})`}], 1, view, own);
    if (activity.raster) drawing.node.append(spikeMarks(activity.raster[row]));
    node.firstChild.replaceChildren(
        element("i", {class: "dot", style: `background:var(--neuron-${slot})`}), `${activity.name} ${unit}`,
        element("small", null, activity.membraneName
            + (activity.raster ? `, ${figure(activity.events[row] / example.shown, 2)} per step` : "")));
    node.lastChild.replaceChildren(drawing.node, ...drawing.scale);
    own.forEach(refresher => refresher());
  };
  const highlight = () => highlights.replaceChildren(...chosen.map((unit, slot) => {
    const row = activity.rows.indexOf(unit);
    return drawn("g", {class: activity.raster ? "chosen" : "chosen dense", style: `--neuron:var(--neuron-${slot})`},
        drawn("rect", {x: 0, y: row, width: example.shown, height: 1}), activity.raster ? rasterPaths(activity, [row]) : null);
  }));
  let oldest = 0;
  plot.addEventListener("rowclick", event => {
    const unit = activity.rows[Math.floor(event.detail * activity.rows.length)];
    if (!traces.has(unit) || chosen.includes(unit)) return;
    chosen[oldest] = unit;
    show(slots[oldest]);
    oldest = (oldest + 1) % chosen.length;
    highlight();
  });
  slots.forEach(show);
  highlight();
  return slots.map(({node}) => node);
}

/** Events of one neuron as marks along the upper edge of its membrane, which is 1000 high. */
function spikeMarks(steps) {
  return drawn("path", {d: steps.map(step => `M${step + 0.1} 0h.8v70h-.8z`).join(""), class: "events"});
}

function timeTrack(view, refreshers) {
  const node = element("div", {class: "plot"});
  refreshers.push(() => {
    const wanted = Math.max(2, Math.floor(node.clientWidth / 90));
    node.replaceChildren(...ticks(view.from, view.to, wanted).filter(step => Number.isInteger(step)).map(step =>
      element("span", {style: `left:${100 * (step - view.from) / (view.to - view.from)}%`}, whole(step))));
  });
  return track("Step", null, node, "time");
}

/** The line under the pointer, zooming by drag, by button and by key; returns the bar above the figure. */
function pointing(field, example, view, refresh, readers) {
  const line = element("div", {class: "pointer", hidden: true});
  const stretch = element("div", {class: "stretch", hidden: true});
  field.append(line, stretch);
  const values = element("div", {class: "values"});
  const see = (from, to) => {
    const length = Math.min(example.shown, Math.max(20, Math.round(to - from)));
    view.from = Math.max(0, Math.min(example.shown - length, Math.round(from)));
    view.to = view.from + length;
    refresh();
    read(null);
  };
  const zoom = factor => {
    const middle = (view.from + view.to) / 2;
    const half = factor * (view.to - view.from) / 2;
    see(middle - half, middle + half);
  };
  const pan = share => see(view.from + share * (view.to - view.from), view.to + share * (view.to - view.from));
  const box = () => field.querySelector(".plot").getBoundingClientRect();
  const stepAt = event => {
    const {left, width} = box();
    return view.from + Math.max(0, Math.min(1, (event.clientX - left) / width)) * (view.to - view.from);
  };
  const pixel = step => {
    const {left, width} = box();
    return left - field.getBoundingClientRect().left + (step - view.from) / (view.to - view.from) * width;
  };
  function read(step) {
    if (step === null) {
      line.hidden = true;
      values.replaceChildren(element("span", null, `steps ${whole(view.from)} to ${whole(view.to - 1)}`));
      return;
    }
    line.hidden = false;
    line.style.left = pixel(step + 0.5) + "px";
    values.replaceChildren(element("span", null, "step ", element("b", null, whole(step))), ...readers.map(reader => {
      const [name, text, index] = reader(step);
      return element("span", null, index === null ? null : element("i", {style: `background:${classColour(index)}`}),
          name + " ", element("b", null, text));
    }));
  }
  let start = null;
  field.addEventListener("pointermove", event => {
    const step = stepAt(event);
    read(Math.min(view.to - 1, Math.floor(step)));
    if (start === null) return;
    stretch.hidden = Math.abs(pixel(step) - pixel(start)) < 5;
    stretch.style.left = Math.min(pixel(step), pixel(start)) + "px";
    stretch.style.width = Math.abs(pixel(step) - pixel(start)) + "px";
  });
  field.addEventListener("pointerdown", event => {
    if (event.button !== 0 || event.clientX < box().left) return;
    start = stepAt(event);
    field.setPointerCapture(event.pointerId);
  });
  field.addEventListener("pointerup", event => {
    if (start === null) return;
    const end = stepAt(event);
    if (!stretch.hidden) {
      see(Math.min(start, end), Math.max(start, end));
    } else {
      const raster = document.elementsFromPoint(event.clientX, event.clientY).find(node => node.classList.contains("raster"));
      if (raster) {
        const {top, height} = raster.getBoundingClientRect();
        raster.dispatchEvent(new CustomEvent("rowclick", {detail: Math.min(0.999, (event.clientY - top) / height)}));
      }
    }
    start = null;
    stretch.hidden = true;
  });
  field.addEventListener("pointercancel", () => {
    start = null;
    stretch.hidden = true;
  });
  field.addEventListener("pointerleave", () => read(null));
  field.addEventListener("dblclick", () => see(0, example.shown));
  const press = (text, title, act) => element("button", {type: "button", title, "aria-label": title, onclick: act}, text);
  read(null);
  return element("div", {class: "toolbar"}, values, element("div", {class: "buttons"},
      press("←", "Earlier", () => pan(-0.5)), press("→", "Later", () => pan(0.5)),
      press("+", "Closer", () => zoom(0.5)), press("−", "Farther", () => zoom(2)),
      press("all", "Whole example", () => see(0, example.shown))));
}
