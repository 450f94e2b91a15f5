package rheobase.data;

import java.util.Arrays;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Locale;

/**
 * What is in a set of sequences, counted.
 *
 * @param groups number of different groups
 * @param shortest steps of the shortest sequence, 0 for an empty set
 * @param longest steps of the longest sequence, 0 for an empty set
 * @param totalSteps of all sequences together
 * @param eventRates per channel, the share of steps whose value is positive; QTDB pads with -1
 * @param classShares per class, its share of the targets, whether annotated or not
 * @param annotatedShares per class, its share of the annotated targets
 * @param annotated share of the targets that are annotated
 */
public record SequenceSummary(
    String name,
    int sequences,
    int groups,
    int shortest,
    int longest,
    long totalSteps,
    List<String> classes,
    double[] eventRates,
    double[] classShares,
    double[] annotatedShares,
    double annotated) {

  /** Counts what is in the set; the shares of an empty set are zero. */
  public static SequenceSummary of(SequenceSet set) {
    final long[] events = new long[set.channels()];
    final float[] row = new float[set.channels()];
    final long[] targets = new long[set.classes().size()];
    final long[] annotatedTargets = new long[set.classes().size()];
    long steps = 0;
    for (Sequence sequence : set.sequences()) {
      steps += sequence.steps();
      for (int step = 0; step < sequence.steps(); step++) {
        sequence.signal().read(step, row, 0);
        for (int c = 0; c < row.length; c++) {
          if (row[c] > 0) {
            events[c]++;
          }
        }
      }
      for (int i = 0; i < sequence.targets().length; i++) {
        targets[sequence.targets()[i]]++;
        if (sequence.annotated()[i]) {
          annotatedTargets[sequence.targets()[i]]++;
        }
      }
    }
    return new SequenceSummary(
        set.name(),
        set.size(),
        (int) set.sequences().stream().map(Sequence::group).distinct().count(),
        set.sequences().stream().mapToInt(Sequence::steps).min().orElse(0),
        set.sequences().stream().mapToInt(Sequence::steps).max().orElse(0),
        steps,
        set.classes(),
        shares(events, steps),
        shares(targets, sum(targets)),
        shares(annotatedTargets, sum(annotatedTargets)),
        sum(annotatedTargets) / (double) Math.max(1, sum(targets)));
  }

  /** A few plain lines, each ended by a line break. */
  public String text() {
    final StringBuilder text = new StringBuilder();
    final String length = shortest == longest ? "" + shortest : shortest + " to " + longest;
    line(text, "%s: %d sequences of %d groups", name, sequences, groups);
    line(text, "  steps        %s each, %d in all", length, totalSteps);
    events(text);
    line(text, "  annotated    %.1f %% of the targets", 100 * annotated);
    for (int i = 0; i < classes.size(); i++) {
      line(
          text,
          "  class %-6s %5.1f %% of all, %5.1f %% of the annotated",
          classes.get(i),
          100 * classShares[i],
          100 * annotatedShares[i]);
    }
    return text.toString();
  }

  /** Every channel's rate where they fit a line, else their mean and range. */
  private void events(StringBuilder text) {
    if (eventRates.length <= 8) {
      text.append("  event rates ");
      for (double rate : eventRates) {
        text.append(String.format(Locale.ROOT, " %.4f", rate));
      }
      line(text, " per step and channel");
    } else {
      final DoubleSummaryStatistics rates = Arrays.stream(eventRates).summaryStatistics();
      line(
          text,
          "  event rates  %.4f per step and channel, mean of %d channels from %.4f to %.4f",
          rates.getAverage(),
          eventRates.length,
          rates.getMin(),
          rates.getMax());
    }
  }

  private static void line(StringBuilder text, String format, Object... arguments) {
    text.append(String.format(Locale.ROOT, format, arguments)).append('\n');
  }

  private static long sum(long[] counts) {
    long sum = 0;
    for (long count : counts) {
      sum += count;
    }
    return sum;
  }

  private static double[] shares(long[] counts, long total) {
    final double[] shares = new double[counts.length];
    for (int i = 0; i < counts.length; i++) {
      shares[i] = counts[i] / (double) Math.max(1, total);
    }
    return shares;
  }
}
