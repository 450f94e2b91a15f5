package rheobase.app;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import rheobase.network.energy.Cost;

/**
 * The picture of a comparison, an SVG file that loads nothing: of every row the test accuracy of
 * each seed with mean and standard deviation, and beside it, on a logarithmic scale, the energy of
 * an inference, without memory (full) and with it (ring). Colours are those of the page of a run,
 * light and dark.
 */
final class ComparisonPicture {
  private static final int LABEL = 300;
  private static final int PANEL = 290;
  private static final int GAP = 40;
  private static final int MARGIN = 24;
  private static final int TOP = 56;
  private static final int LINE = 17;
  private static final int ROOM = 18;
  private static final int WIDTH = MARGIN + LABEL + GAP + PANEL + GAP + PANEL + MARGIN;
  private static final int ACCURACY = MARGIN + LABEL + GAP;
  private static final int ENERGY = ACCURACY + PANEL + GAP;

  /** Of a label's line: what {@link #LABEL} has room for. */
  private static final int MOST_LETTERS = 42;

  private static final String STYLE =
      """
      <style>
        svg { --paper: #fdfcfa; --ink: #1b2127; --soft: #5c666f; --rule: #e5e2dc;
              --accent: #1f6f9f; --energy: #cc5a14; background: var(--paper);
              font: 13px system-ui, -apple-system, "Segoe UI", Roboto, Arial, sans-serif; }
        @media (prefers-color-scheme: dark) {
          svg { --paper: #14181c; --ink: #e3e7ea; --soft: #97a1aa; --rule: #2a3036;
                --accent: #62b0dd; --energy: #f0914f; }
        }
        text { fill: var(--ink); } .soft { fill: var(--soft); font-size: 12px; }
        .title { font-weight: 600; } .rule { stroke: var(--rule); }
        .seed { fill: var(--accent); fill-opacity: .35; }
        .mean { stroke: var(--accent); stroke-width: 2.5; } .sd { stroke: var(--accent); }
        .energy { fill: var(--energy); stroke: var(--energy); stroke-width: 2; }
        .memory { fill: var(--paper); stroke: var(--energy); stroke-width: 2; }
        .reach { stroke: var(--energy); stroke-opacity: .5; }
      </style>
      """;

  private final StringBuilder svg = new StringBuilder();

  private ComparisonPicture() {}

  /** The whole file. */
  static String of(List<ComparedRow> rows) {
    return new ComparisonPicture().drawn(rows);
  }

  private String drawn(List<ComparedRow> rows) {
    var labels = rows.stream().map(ComparisonPicture::label).toList();
    int bottom = TOP + labels.stream().mapToInt(ComparisonPicture::height).sum();
    svg.append(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" role=\"img\">%n"
            .formatted(WIDTH, bottom + 64));
    svg.append("<title>Test accuracy and energy of an inference</title>\n").append(STYLE);
    text(ACCURACY, 26, "title", "test accuracy");
    text(ENERGY, 26, "title", "energy of an inference");
    text(ENERGY, 42, "soft", "full: operations; ring: with memory");
    text(ACCURACY, 42, "soft", "mean and sd, a dot a seed");
    var accuracy = accuracyScale(rows, bottom);
    var energy = energyScale(rows, bottom);
    int top = TOP;
    for (int index = 0; index < rows.size(); index++) {
      var lines = labels.get(index);
      for (int line = 0; line < lines.size(); line++) {
        text(
            MARGIN,
            top + ROOM / 2 + LINE * line + LINE - 4,
            line == 0 ? "" : "soft",
            lines.get(line));
      }
      int middle = top + height(lines) / 2;
      accuracies(rows.get(index), middle, accuracy);
      energies(rows.get(index), middle, energy);
      top += height(lines);
    }
    if (rows.stream().anyMatch(ComparedRow::selectedOnTest)) {
      text(MARGIN, bottom + 52, "soft", "† chosen on the test set, so too good there");
    }
    if (!rows.stream().allMatch(ComparedRow::sameAnswers)) {
      text(ENERGY, bottom + 52, "soft", "‡ another test set than the first row");
    }
    return svg.append("</svg>\n").toString();
  }

  /** Name, then settings, a line each as far as they have room. */
  private static List<String> label(ComparedRow row) {
    var parts = row.label().split(" (?=[A-Za-z_][\\w.-]*\\s*=)");
    var lines = new ArrayList<String>();
    for (var part : parts) {
      lines.add(part.length() <= MOST_LETTERS ? part : part.substring(0, MOST_LETTERS - 1) + "…");
    }
    lines.set(
        0, lines.getFirst() + (row.selectedOnTest() ? " †" : "") + (row.sameAnswers() ? "" : " ‡"));
    return lines;
  }

  private static int height(List<String> lines) {
    return LINE * lines.size() + ROOM;
  }

  private void accuracies(ComparedRow row, int y, DoubleUnaryOperator scale) {
    double mean = row.mean("/test/accuracy");
    double deviation = row.deviation("/test/accuracy");
    if (!Double.isFinite(mean)) {
      return;
    }
    if (Double.isFinite(deviation)) {
      line(
          "sd", scale.applyAsDouble(mean - deviation), y, scale.applyAsDouble(mean + deviation), y);
    }
    for (double each : row.figures("/test/accuracy")) {
      circle("seed", scale.applyAsDouble(each), y, 4);
    }
    double x = scale.applyAsDouble(mean);
    line("mean", x, y - 8, x, y + 8);
  }

  private void energies(ComparedRow row, int y, DoubleUnaryOperator scale) {
    double alone = row.inference(energy -> energy.picojoules(Cost.INT32));
    double both = row.inference(energy -> energy.picojoulesWithMemory(Cost.INT32));
    line("reach", scale.applyAsDouble(alone), y, scale.applyAsDouble(both), y);
    circle("memory", scale.applyAsDouble(both), y, 5);
    circle("energy", scale.applyAsDouble(alone), y, 5);
  }

  /** From the lowest accuracy or its deviation to the highest, with some room, and ticks. */
  private DoubleUnaryOperator accuracyScale(List<ComparedRow> rows, int bottom) {
    var values =
        rows.stream()
            .flatMapToDouble(row -> {
              double mean = row.mean("/test/accuracy");
              double deviation = row.deviation("/test/accuracy");
              return DoubleStream.concat(
                  row.figures("/test/accuracy").stream().mapToDouble(Double::doubleValue),
                  DoubleStream.of(mean - deviation, mean + deviation));
            })
            .filter(Double::isFinite)
            .sorted()
            .toArray();
    double low = values.length == 0 ? 0 : values[0];
    double high = values.length == 0 ? 1 : values[values.length - 1];
    double room = Math.max(0.005, 0.08 * (high - low));
    double from = Math.max(0, low - room);
    double to = Math.min(1, high + room);
    DoubleUnaryOperator scale = value -> ACCURACY + PANEL * (value - from) / (to - from);
    double step = step((to - from) / 5);
    for (int tick = (int) Math.ceil(from / step); tick * step <= to; tick++) {
      tick(
          scale.applyAsDouble(tick * step),
          bottom,
          String.format(Locale.ROOT, step < 0.01 ? "%.1f %%" : "%.0f %%", 100 * tick * step));
    }
    return scale;
  }

  /** 1, 2 or 5 times a power of ten, at least so large. */
  private static double step(double least) {
    double power = Math.pow(10, Math.floor(Math.log10(least)));
    return Stream.of(1, 2, 5, 10)
        .mapToDouble(factor -> factor * power)
        .filter(step -> step >= least * (1 - 1e-9))
        .findFirst()
        .orElse(10 * power);
  }

  /** Whole powers of ten around all energies. */
  private DoubleUnaryOperator energyScale(List<ComparedRow> rows, int bottom) {
    var powers =
        rows.stream()
            .flatMapToDouble(row ->
                DoubleStream.of(
                    row.inference(energy -> energy.picojoules(Cost.INT32)),
                    row.inference(energy -> energy.picojoulesWithMemory(Cost.INT32))))
            .map(Math::log10)
            .toArray();
    int from = (int) Math.floor(Arrays.stream(powers).min().orElse(0));
    int to = Math.max(from + 1, (int) Math.ceil(Arrays.stream(powers).max().orElse(1)));
    DoubleUnaryOperator scale =
        picojoules -> ENERGY + PANEL * (Math.log10(picojoules) - from) / (to - from);
    int every = Math.ceilDiv(to - from, 5);
    for (int power = from; power <= to; power += every) {
      double value = Math.pow(10, power);
      tick(scale.applyAsDouble(value), bottom, joules(power));
    }
    return scale;
  }

  /** {@code 100 nJ} for 5: ten to this power, from picojoules. */
  private static String joules(int power) {
    var units = List.of("pJ", "nJ", "µJ", "mJ", "J");
    int unit = Math.clamp(Math.floorDiv(power, 3), 0, units.size() - 1);
    return String.format(Locale.ROOT, "%.0f %s", Math.pow(10, power - 3 * unit), units.get(unit));
  }

  private void tick(double x, int bottom, String text) {
    line("rule", x, TOP, x, bottom);
    svg.append(
        String.format(
            Locale.ROOT,
            "<text class=\"soft\" x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%s</text>%n",
            x,
            bottom + 20,
            text));
  }

  private void text(int x, int y, String kind, String text) {
    svg.append(
        "<text class=\"%s\" x=\"%d\" y=\"%d\">%s</text>%n".formatted(kind, x, y, escaped(text)));
  }

  private void line(String kind, double x, int y, double toX, int toY) {
    svg.append(
        String.format(
            Locale.ROOT,
            "<line class=\"%s\" x1=\"%.1f\" y1=\"%d\" x2=\"%.1f\" y2=\"%d\"/>%n",
            kind,
            x,
            y,
            toX,
            toY));
  }

  private void circle(String kind, double x, int y, int radius) {
    svg.append(
        String.format(
            Locale.ROOT,
            "<circle class=\"%s\" cx=\"%.1f\" cy=\"%d\" r=\"%d\"/>%n",
            kind,
            x,
            y,
            radius));
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }
}
