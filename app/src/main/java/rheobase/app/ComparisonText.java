package rheobase.app;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import rheobase.network.energy.Cost;
import rheobase.network.energy.NetworkEnergy;

/** The table of a comparison, in Markdown. */
final class ComparisonText {
  private static final String ON_TEST = " †";
  private static final String OTHER_TEST = " ‡";

  /** What makes two accuracies of the same answers differ. */
  private static final double ROUNDING = 1e-9;

  private ComparisonText() {}

  /** The table with what must be known to read it. */
  static String of(List<ComparedRow> rows) {
    boolean labelled = rows.stream().anyMatch(ComparisonText::unlabelledCount);
    var further = new LinkedHashMap<String, String>();
    rows.forEach(
        row -> row.further().forEach(each -> further.put(each.name(), "/test" + each.pointer())));
    var head = new ArrayList<>(List.of("experiment", "test"));
    if (labelled) {
      head.add("labelled only");
    }
    head.addAll(further.keySet());
    head.addAll(
        List.of(
            "validation",
            "parameters",
            "rate",
            "AC a step",
            "MAC a step",
            "energy",
            "ratio",
            "with memory",
            "ratio",
            "s an epoch"));
    var text = new StringBuilder(line(head));
    text.append("|---|").append("--:|".repeat(head.size() - 1)).append('\n');
    rows.forEach(row -> text.append(line(cells(row, rows.getFirst(), labelled, further.values()))));
    return text.append('\n').append(notes(rows)).toString();
  }

  private static boolean unlabelledCount(ComparedRow row) {
    return Math.abs(row.mean("/test/accuracy") - row.mean("/test/accuracyLabelled")) > ROUNDING;
  }

  private static List<String> cells(
      ComparedRow row, ComparedRow first, boolean labelled, Collection<String> further) {
    var cells = new ArrayList<String>();
    cells.add(
        code(row.label())
            + (row.selectedOnTest() ? ON_TEST : "")
            + (row.sameAnswers() ? "" : OTHER_TEST));
    cells.add(share(row, "/test/accuracy"));
    if (labelled) {
      cells.add(share(row, "/test/accuracyLabelled"));
    }
    further.forEach(pointer -> cells.add(share(row, pointer)));
    cells.add(share(row, "/validation/accuracy"));
    cells.add(String.format(Locale.ROOT, "%,d", row.parameters()));
    double rate = row.firingRate();
    cells.add(Double.isNaN(rate) ? "-" : String.format(Locale.ROOT, "%.3f", rate));
    cells.add(count(row.step(energy -> energy.operations().accumulates())));
    cells.add(count(row.step(energy -> energy.operations().multiplyAccumulates())));
    double alone = row.inference(ComparisonText::alone);
    cells.add(Words.energy(alone));
    cells.add(Words.times(alone / first.inference(ComparisonText::alone)));
    double both = row.inference(ComparisonText::withMemory);
    cells.add(Words.energy(both));
    cells.add(Words.times(both / first.inference(ComparisonText::withMemory)));
    cells.add(Words.number(row.mean("/secondsPerEpoch")));
    return cells;
  }

  private static double alone(NetworkEnergy energy) {
    return energy.picojoules(Cost.INT32);
  }

  private static double withMemory(NetworkEnergy energy) {
    return energy.picojoulesWithMemory(Cost.INT32);
  }

  /** {@code 85.10 ± 0.42 %}; without a deviation where there is one run. */
  private static String share(ComparedRow row, String pointer) {
    double mean = row.mean(pointer);
    double deviation = row.deviation(pointer);
    return Double.isFinite(mean) && Double.isFinite(deviation)
        ? String.format(Locale.ROOT, "%.2f ± %.2f %%", 100 * mean, 100 * deviation)
        : Words.percent(mean);
  }

  private static String count(double value) {
    return String.format(Locale.ROOT, "%,.0f", value);
  }

  private static String notes(List<ComparedRow> rows) {
    var notes = new ArrayList<String>();
    int seeds = rows.getFirst().results().size();
    notes.add(
        (seeds == 1 ? "One seed each" : "Mean and standard deviation of " + seeds + " seeds each")
            + "; rate: spikes per neuron and step on the test set; energy: an inference of "
            + rows.stream()
                .map(row -> Words.number(row.steps()))
                .distinct()
                .collect(Collectors.joining(" or "))
            + " steps, 32-bit integers at 45 nm, without and with memory (docs/energy.md);"
            + " ratio: to the first row.");
    if (rows.stream().anyMatch(ComparedRow::selectedOnTest)) {
      notes.add(
          ON_TEST.strip()
              + " The model was chosen on the test set, so its score there is too good: compare it"
              + " only with figures that were found in the same way.");
    }
    if (!rows.stream().allMatch(ComparedRow::sameAnswers)) {
      notes.add(
          OTHER_TEST.strip()
              + " Another test set than that of the first row: the accuracies cannot be compared.");
    }
    return String.join("\n\n", notes) + "\n";
  }

  /** As it was typed; what would end the code or the cell is replaced. */
  private static String code(String text) {
    return "`" + text.replace("`", "'").replace("|", "\\|") + "`";
  }

  private static String line(List<String> cells) {
    return cells.stream().collect(Collectors.joining(" | ", "| ", " |\n"));
  }
}
