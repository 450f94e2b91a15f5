// The page from top to bottom.

function head() {
  const {scores, energy} = data;
  const main = scores.test ? ["test", scores.test] : scores.validation ? ["validation", scores.validation] : ["training", scores.train];
  const lstm = energy && energy.baselines.find(baseline => /lstm/i.test(baseline.name));
  const spiking = data.layers.filter(layer => !missing(layer.firingRate));
  const neurons = spiking.reduce((sum, layer) => sum + layer.units, 0);
  const rate = spiking.reduce((sum, layer) => sum + layer.units * layer.firingRate, 0) / neurons;
  const tile = (value, text) => element("div", {class: "tile"}, element("b", null, value), element("span", null, text));
  return element("header", null,
      element("p", {class: "over"}, `Rheobase report · one run, seed ${data.provenance.seed}`),
      element("h1", null, data.name),
      element("div", {class: "hero"},
          element("div", {class: "score"},
              element("b", null, main[1] ? percent(main[1].accuracy) : "–"),
              element("span", null, `${main[0]} accuracy`)),
          element("p", {class: data.optimistic ? "headline caution" : "headline"}, data.headline)),
      element("div", {class: "tiles"},
          main[1] && !missing(main[1].accuracyAnnotated) && main[1].accuracyAnnotated !== main[1].accuracy
            ? tile(percent(main[1].accuracyAnnotated), "on expert-labelled steps only") : null,
          data.folding && main[1] ? tile(percent(main[1].accuracyFolded), `as ${data.folding}`) : null,
          data.lastStep && main[1] ? tile(percent(main[1].classMeanAtEnd), "at the last step, mean of the classes") : null,
          neurons ? tile(figure(rate), "spikes per neuron and step") : null,
          energy ? tile(joules(energy.picojoules), "per step" + (lstm ? `, ${times(lstm.ratio)} less than an LSTM` : "")) : null,
          tile(whole(data.layers.reduce((sum, layer) => sum + layer.parameters, 0)), "trained parameters"),
          data.seconds ? tile(duration(data.seconds), `for ${whole(data.epochs)} epochs`) : null));
}

/** The first so many columns are text, the others numbers. */
function table(headings, rows, foot, textColumns = 1) {
  const row = (cells, tag) => element("tr", null, cells.map((cell, index) => element(index === 0 ? "th" : tag, {
    scope: tag === "th" ? "col" : index === 0 ? "row" : null, class: index < textColumns ? "text" : null,
  }, cell)));
  return element("div", {class: "scroll"}, element("table", null,
      element("thead", null, row(headings, "th")),
      element("tbody", null, rows.map(cells => row(cells, "td"))),
      foot ? element("tfoot", null, row(foot, "td")) : null));
}

function scores() {
  const rows = ["train", "validation", "test"].filter(set => data.scores[set]).map(set => {
    const score = data.scores[set];
    return [set, percent(score.accuracy, 2), percent(score.accuracyAnnotated, 2),
      ...(data.folding ? [percent(score.accuracyFolded, 2)] : []),
      ...(data.lastStep ? [percent(score.accuracyAtEnd, 2), percent(score.classMeanAtEnd, 2)] : []), figure(score.loss, 4)];
  });
  if (rows.length === 0) return null;
  return section("scores", "Scores", "Of the model that was kept, one run.",
      table(["set", "accuracy", "labelled only", ...(data.folding ? [data.folding] : []),
        ...(data.lastStep ? ["last step", "last, by class"] : []), "loss"], rows));
}

/** Counts and shares of each true class; a button a set. */
function confusion() {
  const sets = ["test", "validation", "train"].filter(set => data.scores[set] && data.scores[set].confusion);
  if (sets.length === 0) return null;
  const holder = element("div", {class: "scroll"});
  const buttons = sets.map(set => element("button", {type: "button", onclick: () => choose(set)}, set));
  const choose = set => {
    holder.replaceChildren(confusionTable(data.scores[set].confusion));
    buttons.forEach((button, index) => button.setAttribute("aria-pressed", sets[index] === set));
  };
  choose(sets[0]);
  return section("confusion", "Confusion",
      "Share of each true class (rows) and, small, the number of scored decisions.",
      sets.length > 1 ? element("div", {class: "choice"}, buttons) : null, holder);
}

function confusionTable(counts) {
  const sum = values => values.reduce((total, value) => total + value, 0);
  const compact = counts.length > 12;
  const name = index => element("span", {class: "class"}, element("i", {style: `background:${classColour(index)}`}), data.classes[index]);
  const columns = counts.map((_, column) => sum(counts.map(row => row[column])));
  return element("table", {class: compact ? "confusion compact" : "confusion"},
      element("thead", null, element("tr", null, element("td", {class: "corner"}, "true \\ predicted"),
          counts.map((_, index) => element("th", {scope: "col"}, compact ? element("span", {class: "upright"}, data.classes[index]) : name(index))),
          element("th", {scope: "col", class: "margin"}, "decisions"))),
      element("tbody", null, counts.map((row, truth) => {
        const total = sum(row);
        return element("tr", null, element("th", {scope: "row"}, name(truth)),
            row.map((count, index) => {
              const share = total ? count / total : 0;
              return element("td", {
                class: (index === truth ? "right" : "wrong") + (share > 0.5 ? " strong" : ""),
                style: `--share:${share.toFixed(4)}`,
                title: `${data.classes[truth]} taken for ${data.classes[index]}: ${whole(count)} of ${whole(total)}, ${percent(share)}`,
              }, compact ? null : [element("b", null, total ? (100 * share).toFixed(1) : "–"), element("small", null, whole(count))]);
            }),
            element("td", {class: "margin"}, whole(total)));
      })),
      element("tfoot", null, element("tr", null, element("th", {scope: "row"}, "precision"),
          columns.map((total, index) => element("td", null, total ? (100 * counts[index][index] / total).toFixed(compact ? 0 : 1) : "–")),
          element("td", {class: "margin"}, whole(sum(columns))))));
}

function parameters() {
  const shown = data.parameters.filter(parameter => parameter.edges.length > 0);
  if (shown.length === 0) return null;
  return section("parameters", "What the neurons learned",
      "One value per neuron, before training (outline) and after it (filled); dashed lines are the means.",
      element("div", {class: "histograms"}, shown.map(histogram)));
}

function histogram({layer, name, unit, count, edges, before, after}) {
  const bins = edges.length - 1;
  const most = Math.max(...before.counts, ...after.counts);
  const height = value => 100 * value / (most * 1.06);
  const bars = after.counts.map((value, bin) => value === 0 ? null
    : drawn("rect", {x: bin + 0.06, y: 100 - height(value), width: 0.88, height: height(value), class: "after"}));
  let outline = "M0 100";
  before.counts.forEach((value, bin) => outline += `V${100 - height(value)}H${bin + 1}`);
  const low = edges[0];
  const high = edges[bins];
  const place = value => 100 * (value - low) / (high - low);
  const moment = (label, {mean, sd, least, most: largest}) => [
    label, figure(mean), figure(sd), figure(least), figure(largest)];
  return element("figure", {class: "histogram"},
      element("figcaption", null, `${layer}.${name}`, element("small", null, unit ? ` in ${unit}` : "", `, ${whole(count)} ${count === 1 ? "neuron" : "neurons"}`)),
      element("div", {class: "plot"},
          drawn("svg", {viewBox: `0 0 ${bins} 100`, preserveAspectRatio: "none", "aria-hidden": true},
              bars, drawn("path", {d: outline + "V100", class: "before"})),
          ticks(0, most, 3).filter(value => value > 0 && Number.isInteger(value)).map(value =>
            element("span", {class: "level", style: `bottom:${height(value)}%`}, element("b", null, whole(value)))),
          [[before, "before"], [after, "after"]].filter(([{mean}]) => !missing(mean)).map(([{mean}, kind]) =>
            element("i", {class: "mean " + kind, style: `left:${place(mean)}%`}))),
      element("div", {class: "axis"}, ticks(low, high, 4).map(value =>
        element("span", {style: `left:${place(value)}%`}, plain(value)))),
      table(["", "mean", "sd", "least", "most"], [moment("before", before), moment("after", after)]));
}

function layers() {
  const largest = Math.max(0.001, ...data.layers.map(layer => layer.firingRate || 0));
  return section("layers", "Layers",
      "Firing rates are spikes per neuron and step on the test set.",
      table(["layer", "cell", "size", "parameters", "firing rate"], data.layers.map(layer => [
        layer.name, layer.cell, `${whole(layer.inputs)} → ${whole(layer.units)}${layer.recurrent ? ", recurrent" : ""}`,
        whole(layer.parameters),
        missing(layer.firingRate) ? element("span", {class: "quiet"}, "does not spike")
          : element("span", {class: "bar"}, element("i", {style: `width:${80 * layer.firingRate / largest}px`}), figure(layer.firingRate)),
      ]), null, 3));
}

function energy() {
  const {energy} = data;
  if (!energy) return null;
  const counted = energy.layers.some(row => !missing(row.bytes));
  const sum = key => energy.layers.reduce((total, row) => total + (row[key] || 0), 0);
  const rows = energy.layers.map(row => [
    element("span", null, row.layer, element("small", {class: "formula"}, row.formula)),
    amount(row.accumulates), amount(row.multiplyAccumulates), joules(row.picojoules),
    ...counted ? [amount(row.bytes)] : []]);
  const largest = Math.max(energy.picojoules, ...energy.baselines.map(baseline => baseline.picojoules));
  const bar = (name, picojoules, note, own) => element("div", {class: own ? "energy own" : "energy"},
      element("span", null, name),
      element("span", {class: "measure"}, element("i", {style: `width:${100 * picojoules / largest}%`})),
      element("span", null, joules(picojoules), element("b", null, note)));
  return section("energy", "Energy per step",
      `Counted operations at measured firing rates: ${plain(energy.accumulate)} pJ for an accumulate (AC), `
          + `${plain(energy.multiplyAccumulate)} pJ for a multiply-accumulate (MAC). ${energy.source}`,
      element("div", {class: "energies"},
          bar("This network", energy.picojoules, "1×", true),
          energy.baselines.map(baseline => bar(`${baseline.name}, same sizes`, baseline.picojoules, times(baseline.ratio), false))),
      table(["layer", "AC", "MAC", "energy", ...counted ? ["bytes moved"] : []], rows,
          ["network", amount(sum("accumulates")), amount(sum("multiplyAccumulates")), joules(energy.picojoules),
            ...counted ? [amount(sum("bytes"))] : []]));
}

function provenance() {
  const {provenance} = data;
  const entries = [
    ["selected on", data.selectedOn], ["data", provenance.data], ["data sha256", provenance.dataSha256],
    ["weights sha256", provenance.weightsSha256], ["seed", provenance.seed], ["Rheobase", provenance.version],
    ["JVM", provenance.jvm], ...Object.entries(provenance.more)];
  return section("provenance", "Provenance", null,
      element("dl", null, entries.filter(([, value]) => !missing(value) && value !== "").map(([name, value]) =>
        [element("dt", null, name), element("dd", {class: /sha256/.test(name) ? "hash" : null}, value)])),
      provenance.experiment ? element("details", null, element("summary", null, "The experiment as run"),
          element("pre", null, provenance.experiment)) : null);
}

document.getElementById("page").replaceChildren(
    ...[head(), learning(), example(),
      element("div", {class: data.classes.length > 12 ? "pair stacked" : "pair"}, confusion(), scores()),
      parameters(), layers(), energy(), provenance()].filter(Boolean));

addEventListener("beforeprint", () => document.querySelectorAll("details").forEach(details => details.open = true));
