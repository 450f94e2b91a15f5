// Learning curves: one line chart a quantity over the epochs, all with one cursor.

const cursorOfAllCurves = uPlot.sync("epochs");
let curves = [];

/** The charts of the history; each is {title, series: [{label, colour, values, dash}], format, logarithmic, wide}. */
function curveCharts() {
  const {history} = data;
  const sets = [["train", "train"], ["validation", "validation"], ["test", "test"]].filter(([key]) => history[key]);
  const of = quantity => sets.map(([key, label]) => ({
    label, colour: "set-" + key, values: history[key][quantity], dash: key === "test" ? [6, 3] : null,
  }));
  const firing = data.layers.map((layer, index) => ({
    label: layer.name, colour: "layer-" + index % 4, values: history.firingRates[index],
  })).filter(series => series.values.some(value => !missing(value)));
  return [
    {title: "Accuracy", wide: true, series: of("accuracy"), format: value => percent(value), axis: value => plain(100 * value) + "\u202f%"},
    {title: "Loss", wide: true, series: of("loss"), format: figure},
    {title: "Gradient norm", logarithmic: true, format: figure,
      series: [{label: "norm", colour: "ink-soft", values: history.gradientNorm}]},
    {title: "Learning rate", format: figure, fromZero: true, stepped: true,
      series: [{label: "rate", colour: "ink-soft", values: history.rate}]},
    {title: "Firing rate", fromZero: true, format: figure, series: firing, unit: "spikes per neuron and step"},
  ].filter(chart => chart.series.length > 0 && chart.series.some(series => series.values.some(value => !missing(value))));
}

function learning() {
  if (data.history.epoch.length === 0) return null;
  const holders = curveCharts().map(chart => ({chart, node: element("figure", {class: chart.wide ? "chart wide" : "chart"},
      element("figcaption", null, chart.title, chart.unit ? element("small", null, " " + chart.unit) : null))}));
  const draw = () => {
    curves.forEach(curve => curve.destroy());
    curves = holders.map(({chart, node}) => curve(chart, node));
  };
  whenShown(draw, holders.map(({node}) => node), () =>
    curves.forEach((curve, index) => curve.setSize({width: holders[index].node.clientWidth, height: heightOf(holders[index].chart)})));
  return section("learning", "Learning",
      "Training scores are measured on each batch just before its update. "
          + `The vertical line marks epoch ${data.bestEpoch}, whose model was kept.`
          + (data.history.epoch.length < data.epochs ? ` Drawn are ${whole(data.history.epoch.length)} of ${whole(data.epochs)} epochs.` : ""),
      element("div", {class: "charts"}, holders.map(({node}) => node)));
}

const heightOf = chart => chart.wide ? 260 : 180;

function curve(chart, node) {
  const font = "12px system-ui, sans-serif";
  // A logarithm of nothing has no place on the axis.
  const clean = values => values.map(value => missing(value) || (chart.logarithmic && value <= 0) ? null : value);
  const best = data.bestEpoch;
  const markBest = plot => {
    if (best < plot.scales.x.min || best > plot.scales.x.max) return;
    const x = Math.round(plot.valToPos(best, "x", true)) + 0.5;
    plot.ctx.save();
    plot.ctx.strokeStyle = colour("mark");
    plot.ctx.lineWidth = devicePixelRatio;
    plot.ctx.beginPath();
    plot.ctx.moveTo(x, plot.bbox.top);
    plot.ctx.lineTo(x, plot.bbox.top + plot.bbox.height);
    plot.ctx.stroke();
    plot.ctx.restore();
  };
  const axis = {stroke: colour("ink-soft"), font, grid: {stroke: colour("rule"), width: 1}, ticks: {show: false}};
  const stepped = uPlot.paths.stepped({align: -1});
  return new uPlot({
    width: node.clientWidth,
    height: heightOf(chart),
    padding: [8, 22, 0, 0],
    cursor: {sync: {key: cursorOfAllCurves.key}, points: {size: 7}, drag: {x: true, y: false}},
    scales: {
      x: {time: false},
      y: {
        distr: chart.logarithmic ? 3 : 1,
        range: chart.logarithmic ? undefined
            : (plot, low, high) => uPlot.rangeNum(chart.fromZero ? 0 : low, high, 0.08, true),
      },
    },
    axes: [
      {...axis, size: 28, space: 60, values: (plot, values) => values.map(value => Number.isInteger(value) ? whole(value) : "")},
      {...axis, size: 56,
        grid: {...axis.grid, filter: (plot, splits) => splits.map(value => !chart.logarithmic || isPowerOfTen(value) ? value : null)},
        values: (plot, values) => values.map(value => missing(value) ? "" : (chart.axis || plain)(value))},
    ],
    series: [
      {label: "epoch", value: (plot, value) => missing(value) ? "" : whole(value)},
      ...chart.series.map(series => ({
        label: series.label,
        stroke: colour(series.colour),
        width: 1.6,
        dash: series.dash || undefined,
        paths: chart.stepped ? stepped : undefined,
        points: {show: series.values.length < 3},
        value: (plot, value) => missing(value) ? "" : chart.format(value),
      })),
    ],
    hooks: {drawAxes: [markBest], ready: [showBest]},
  }, [data.history.epoch, ...chart.series.map(series => clean(series.values))], node);
}

const isPowerOfTen = value => Math.abs(Math.log10(value) % 1) < 1e-9;

/** Without a pointer on the chart, its legend shows the epoch that was kept. */
function showBest(plot) {
  const index = data.history.epoch.indexOf(data.bestEpoch);
  const rest = () => plot.setLegend({idx: index < 0 ? data.history.epoch.length - 1 : index}, false);
  plot.over.addEventListener("mouseleave", () => requestAnimationFrame(rest));
  rest();
}

/**
 * Draws now, again in the other colours when the scheme changes or the page is printed, and fits when the nodes change
 * their width.
 */
function whenShown(draw, nodes, fit) {
  let widths = [];
  requestAnimationFrame(() => {
    draw();
    widths = nodes.map(node => node.clientWidth);
    new ResizeObserver(() => {
      const now = nodes.map(node => node.clientWidth);
      if (now.some((width, index) => width !== widths[index])) {
        widths = now;
        fit();
      }
    }).observe(nodes[0]);
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
  addEventListener("beforeprint", () => {
    document.documentElement.classList.add("printing");
    draw();
  });
  addEventListener("afterprint", () => {
    document.documentElement.classList.remove("printing");
    draw();
  });
}
