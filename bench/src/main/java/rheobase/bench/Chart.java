package rheobase.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Lines over common points, both axes logarithmic, as an SVG file that loads nothing: a cost that
 * grows as a power is a straight line, a cost in proportion one at the angle of the diagonal.
 * Colours are those of the page of a run, light and dark.
 *
 * @param x positive, ascending
 * @param series as long as {@code x} each
 */
record Chart(String title, String xLabel, String yLabel, List<Double> x, List<Series> series) {

  /**
   * One line.
   *
   * @param y positive
   */
  record Series(String name, List<Double> y) {}

  private static final int LEFT = 64;
  private static final int TOP = 40;
  private static final int WIDTH = 420;
  private static final int HEIGHT = 300;

  private static final String STYLE =
      """
      <style>
        svg { --paper: #fdfcfa; --ink: #1b2127; --soft: #5c666f; --rule: #e5e2dc;
              --first: #1f6f9f; --second: #cc5a14; background: var(--paper);
              font: 13px system-ui, -apple-system, "Segoe UI", Roboto, Arial, sans-serif; }
        @media (prefers-color-scheme: dark) {
          svg { --paper: #14181c; --ink: #e3e7ea; --soft: #97a1aa; --rule: #2a3036;
                --first: #62b0dd; --second: #f0914f; }
        }
        text { fill: var(--ink); } .soft { fill: var(--soft); font-size: 12px; }
        .title { font-weight: 600; } .rule { stroke: var(--rule); }
        polyline { fill: none; stroke-width: 2; }
        .line0 { stroke: var(--first); } .dot0 { fill: var(--first); }
        .line1 { stroke: var(--second); } .dot1 { fill: var(--second); }
      </style>
      """;

  Chart {
    for (Series each : series) {
      if (each.y.size() != x.size()) {
        throw new IllegalArgumentException(
            "'%s' has %d points over %d places".formatted(each.name, each.y.size(), x.size()));
      }
    }
  }

  /** From the first value to the last, over a length. */
  private record Scale(double from, double to, double begin, double length) {
    double at(double value) {
      return from == to
          ? begin + length / 2
          : begin + length * Math.log(value / from) / Math.log(to / from);
    }
  }

  /** The whole file. */
  String svg() {
    var across = new Scale(x.getFirst(), x.getLast(), LEFT, WIDTH);
    var values = series.stream().flatMap(each -> each.y.stream()).sorted().toList();
    // whole powers of ten around all values
    double low = Math.pow(10, Math.floor(Math.log10(values.getFirst())));
    double high = Math.pow(10, Math.ceil(Math.log10(values.getLast())));
    var upward = new Scale(low, high, TOP + HEIGHT, -HEIGHT);
    var svg = new ArrayList<String>();
    svg.add(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" role=\"img\">"
            .formatted(LEFT + WIDTH + 140, TOP + HEIGHT + 56));
    svg.add("<title>" + escaped(title) + "</title>");
    svg.add(STYLE.strip());
    svg.add(text(LEFT, 22, "title", "start", title));
    svg.add(text(LEFT - 8, TOP - 6, "soft", "end", yLabel));
    svg.add(text(LEFT + WIDTH, TOP + HEIGHT + 42, "soft", "end", xLabel));
    for (double power = low; power <= high * 1.01; power *= 10) {
      double y = upward.at(power);
      svg.add(line(LEFT, y, LEFT + WIDTH, y));
      svg.add(text(LEFT - 8, y + 4, "soft", "end", number(power)));
    }
    for (double value : x) {
      svg.add(line(across.at(value), TOP, across.at(value), TOP + HEIGHT));
      svg.add(text(across.at(value), TOP + HEIGHT + 20, "soft", "middle", number(value)));
    }
    for (int s = 0; s < series.size(); s++) {
      Series each = series.get(s);
      svg.add(
          "<polyline class=\"line%d\" points=\"%s\"/>"
              .formatted(
                  s,
                  IntStream.range(0, x.size())
                      .mapToObj(i -> place(across.at(x.get(i)), upward.at(each.y.get(i))))
                      .collect(Collectors.joining(" "))));
      for (int i = 0; i < x.size(); i++) {
        svg.add(
            String.format(
                Locale.ROOT,
                "<circle class=\"dot%d\" cx=\"%.1f\" cy=\"%.1f\" r=\"3.5\"/>",
                s,
                across.at(x.get(i)),
                upward.at(each.y.get(i))));
      }
      svg.add(
          text(LEFT + WIDTH + 10, upward.at(each.y.getLast()) + 4, "dot" + s, "start", each.name));
    }
    svg.add("</svg>");
    return String.join("\n", svg) + "\n";
  }

  private static String place(double x, double y) {
    return String.format(Locale.ROOT, "%.1f,%.1f", x, y);
  }

  private static String number(double value) {
    return value == Math.rint(value)
        ? String.format(Locale.ROOT, "%.0f", value)
        : Double.toString(value);
  }

  private static String text(double x, double y, String kind, String anchor, String text) {
    return String.format(
        Locale.ROOT,
        "<text class=\"%s\" x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>",
        kind,
        x,
        y,
        anchor,
        escaped(text));
  }

  private static String line(double x, double y, double toX, double toY) {
    return String.format(
        Locale.ROOT,
        "<line class=\"rule\" x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\"/>",
        x,
        y,
        toX,
        toY);
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }
}
