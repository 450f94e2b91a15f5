package rheobase.app;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ForkJoinPool;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import rheobase.app.source.ErrorRate;
import rheobase.data.text.ErrorCounts;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Errors of a test set read in one way.
 *
 * @param by how the labels were found, as {@code --json} has it
 * @param said the same for people
 * @param counts of each error rate
 * @param scales what the parts of a score weighed, by name; empty where there are none
 * @param scalesFrom where these come from, such as {@code chosen on validation}
 */
record Recognised(
    String by,
    String said,
    Map<ErrorRate, ErrorCounts> counts,
    Map<String, Double> scales,
    String scalesFrom) {

  /**
   * Counts errors.
   *
   * @param said of each sequence
   * @param recognised of each sequence
   */
  static Map<ErrorRate, ErrorCounts> count(
      List<ErrorRate> rates, List<int[]> said, List<int[]> recognised) {
    var counts = new LinkedHashMap<ErrorRate, ErrorCounts>();
    for (var rate : rates) {
      var sum = ErrorCounts.NONE;
      for (int i = 0; i < said.size(); i++) {
        sum = sum.plus(rate.of(said.get(i), recognised.get(i)));
      }
      counts.put(rate, sum);
    }
    return counts;
  }

  /** Reads every sequence, several at a time; in their order. */
  static List<int[]> each(int sequences, int threads, IntFunction<int[]> read) {
    var pool = new ForkJoinPool(threads);
    try {
      return pool.submit(() -> IntStream.range(0, sequences).parallel().mapToObj(read).toList())
          .get();
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case RuntimeException failure -> throw failure;
        case Error failure -> throw failure;
        case Throwable failure -> throw new IllegalStateException(failure);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while labels were looked for", e);
    } finally {
      pool.shutdown();
    }
  }

  /** What stands below a table, for people; nothing where nothing was read. */
  static String text(List<Recognised> all) {
    return all.isEmpty()
        ? ""
        : all.stream().map(Recognised::text).collect(Collectors.joining("", "\n", ""));
  }

  private String text() {
    var text = new StringBuilder("  read ").append(said).append('\n');
    counts.forEach(
        (rate, count) -> text.append(String.format("    %-24s%s%n", rate.name(), count.text())));
    if (!scales.isEmpty()) {
      text.append("    ");
      scales.forEach((name, value) ->
          text.append(name.replaceAll("([A-Z])", " $1").toLowerCase())
              .append(' ')
              .append(Words.number(value))
              .append(", "));
      text.append(scalesFrom).append('\n');
    }
    return text.toString();
  }

  /** For {@code --json}. */
  ObjectNode json() {
    var object = JsonNodeFactory.instance.objectNode();
    object.put("by", by);
    counts.forEach((rate, count) -> {
      var own = object.putObject(rate.key());
      own.set("rate", ResultJson.number(count.rate()));
      own.put("labels", count.said());
      own.put("substitutions", count.substitutions());
      own.put("deletions", count.deletions());
      own.put("insertions", count.insertions());
    });
    if (!scales.isEmpty()) {
      var own = object.putObject("scales");
      scales.forEach((name, value) -> own.set(name, ResultJson.number(value)));
      own.put("from", scalesFrom);
    }
    return object;
  }
}
