package rheobase.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import rheobase.app.bench.Work;
import rheobase.network.model.Json;
import tools.jackson.databind.JsonNode;

/**
 * What the scenarios would take if every part ran at the limit that was measured for it, beside
 * what they took; printed as Markdown.
 *
 * <pre>java -cp ... rheobase.bench.Roofline RESULTS.jsonl...</pre>
 *
 * The files hold lines of {@code rheo bench --json} and of {@code bench/machine-limits}, as {@code
 * bench/run-peers} collects them; other lines are passed over.
 *
 * <p>The arithmetic is done one kind after the other, so its times add up: event adds at the rate
 * of {@code rowadd.c}, products at the peak of {@code fmapeak.c}, operations of the neurons at half
 * of that, for they are not multiply-adds. Meanwhile the tape is carried at the rate of {@code
 * stream.c} for a working set of its size. The longer of the two is the limit.
 */
final class Roofline {
  /**
   * Limits on a number of threads.
   *
   * @param flops multiplications and additions a second
   * @param bytes a second by the size of the working set in megabytes
   * @param adds a second along rows of weights; of the slowest and the fastest matrix the middle
   */
  record Limits(int threads, double flops, TreeMap<Double, Double> bytes, double adds) {
    static Limits of(JsonNode node) {
      int threads = node.get("threads").asInt();
      var bytes = new TreeMap<Double, Double>();
      for (JsonNode size : node.get("memory")) {
        bytes.put(size.get("megabytes").asDouble(), 1e9 * size.get("gigaBytes").asDouble());
      }
      double[] adds =
          node.get("rowAdds").values().stream()
              .mapToDouble(row -> row.get("gigaAdds").asDouble())
              .sorted()
              .toArray();
      // rowadd.c runs on one core
      return new Limits(
          threads,
          1e9 * node.get("gigaFlops").asDouble(),
          bytes,
          threads * 1e9 * adds[adds.length / 2]);
    }

    /** Bytes a second where so many are held. */
    double bytes(double held) {
      var entry = bytes.ceilingEntry(held / 1e6);
      return entry == null ? bytes.lastEntry().getValue() : entry.getValue();
    }
  }

  /** Seconds at the limits. */
  record Bound(double events, double products, double neurons, double memory) {
    static Bound of(Work work, Limits limits) {
      return new Bound(
          work.eventAdds() / limits.adds,
          2 * work.multiplyAdds() / limits.flops,
          2 * work.cellOperations() / limits.flops,
          work.tapeBytes() / limits.bytes(limits.threads * work.heldBytes()));
    }

    double seconds() {
      return Math.max(events + products + neurons, memory);
    }

    /** What takes most of it. */
    String most() {
      var parts =
          Map.of("memory", memory, "events", events, "products", products, "neurons", neurons);
      return memory >= events + products + neurons
          ? "memory"
          : parts.entrySet().stream()
              .filter(part -> !part.getKey().equals("memory"))
              .max(Comparator.comparingDouble(Map.Entry::getValue))
              .orElseThrow()
              .getKey();
    }
  }

  private Roofline() {}

  public static void main(String[] arguments) throws IOException {
    if (arguments.length == 0) {
      System.err.println("usage: rheobase.bench.Roofline RESULTS.jsonl...");
      System.exit(2);
    }
    var lines = new ArrayList<JsonNode>();
    for (String file : arguments) {
      for (String line : Files.readAllLines(Path.of(file))) {
        lines.add(Json.parse(line, "a line of " + file));
      }
    }
    System.out.print(table(lines));
  }

  /** The table of all measurements for whose number of threads there are limits. */
  static String table(List<JsonNode> lines) {
    var limits = new LinkedHashMap<Integer, Limits>();
    var measured = new LinkedHashMap<String, List<JsonNode>>();
    for (JsonNode line : lines) {
      if (line.has("limits")) {
        Limits each = Limits.of(line.get("limits"));
        limits.put(each.threads, each);
      } else if (line.has("trainMedianSeconds") && Work.counts(line.get("scenario").asString())) {
        measured
            .computeIfAbsent(
                line.get("scenario").asString() + " on " + line.get("threads"),
                _ -> new ArrayList<>())
            .add(line);
      }
    }
    var table =
        new StringBuilder(
            """
            | scenario | threads | pass | event adds | multiply-adds | neurons | tape | at the limits | mostly | measured | reached |
            |---|---|---|---|---|---|---|---|---|---|---|
            """);
    for (List<JsonNode> same : measured.values()) {
      Limits here = limits.get(same.getFirst().get("threads").asInt());
      if (here != null) {
        table.append(row(same, true, here)).append(row(same, false, here));
      }
    }
    return table.toString();
  }

  private static String row(List<JsonNode> measured, boolean training, Limits limits) {
    JsonNode first = measured.getFirst();
    var rates = first.get("firingRates").values().stream().map(JsonNode::asDouble).toList();
    Work work = Work.of(first.get("scenario").asString(), rates, training);
    Bound bound = Bound.of(work, limits);
    String field = training ? "trainMedianSeconds" : "forwardMedianSeconds";
    double[] seconds = measured.stream().mapToDouble(line -> line.get(field).asDouble()).toArray();
    Arrays.sort(seconds);
    double median = seconds[seconds.length / 2];
    return String.format(
        Locale.ROOT,
        "| %s | %d | %s | %.3g G | %.3g G | %.3g G | %.0f MB | %.2f ms | %s | %.2f ms | %.0f %%"
            + " |%n",
        first.get("scenario").asString(),
        limits.threads,
        training ? "training" : "forward",
        work.eventAdds() / 1e9,
        work.multiplyAdds() / 1e9,
        work.cellOperations() / 1e9,
        work.tapeBytes() / 1e6,
        1e3 * bound.seconds(),
        bound.most(),
        1e3 * median,
        100 * bound.seconds() / median);
  }
}
