package rheobase.data;

import java.util.Arrays;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Locale;

/**
 * What is in a set of sequences, counted.
 *
 * @param shortest steps of the shortest sequence, 0 for an empty set
 * @param longest steps of the longest sequence, 0 for an empty set
 * @param totalSteps of all sequences together
 * @param groupNames of the groups, sorted
 * @param events whether all values are whole numbers, as those of events are
 * @param eventRates per channel, the share of steps whose value is positive; QTDB pads with -1
 * @param least per channel, the smallest value
 * @param mean per channel, over all steps
 * @param greatest per channel, the largest value
 * @param classShares per class, its share of the targets, whether annotated or not
 * @param annotatedShares per class, its share of the annotated targets
 * @param annotated share of the targets that are annotated
 */
public record SequenceSummary(
    String name,
    int sequences,
    List<String> groupNames,
    int shortest,
    int longest,
    long totalSteps,
    List<String> classes,
    boolean events,
    double[] eventRates,
    float[] least,
    double[] mean,
    float[] greatest,
    double[] classShares,
    double[] annotatedShares,
    double annotated) {

  /** So many channels or groups are worth a line or a name each. */
  private static final int FEW = 12;

  /** Counts what is in the set; the shares of an empty set are zero. */
  public static SequenceSummary of(SequenceSet set) {
    final long[] events = new long[set.channels()];
    final float[] row = new float[set.channels()];
    final float[] least = new float[set.channels()];
    final float[] greatest = new float[set.channels()];
    final double[] mean = new double[set.channels()];
    Arrays.fill(least, Float.POSITIVE_INFINITY);
    Arrays.fill(greatest, Float.NEGATIVE_INFINITY);
    final long[] targets = new long[set.classes().size()];
    final long[] annotatedTargets = new long[set.classes().size()];
    boolean whole = true;
    long steps = 0;
    for (Sequence sequence : set.sequences()) {
      steps += sequence.steps();
      for (int step = 0; step < sequence.steps(); step++) {
        sequence.signal().read(step, row, 0);
        for (int c = 0; c < row.length; c++) {
          if (row[c] > 0) {
            events[c]++;
          }
          whole &= row[c] == Math.rint(row[c]);
          least[c] = Math.min(least[c], row[c]);
          greatest[c] = Math.max(greatest[c], row[c]);
          mean[c] += row[c];
        }
      }
      for (int i = 0; i < sequence.targets().length; i++) {
        targets[sequence.targets()[i]]++;
        if (sequence.annotated()[i]) {
          annotatedTargets[sequence.targets()[i]]++;
        }
      }
    }
    for (int c = 0; c < mean.length; c++) {
      mean[c] /= Math.max(1, steps);
    }
    return new SequenceSummary(
        set.name(),
        set.size(),
        set.sequences().stream().map(Sequence::group).distinct().sorted().toList(),
        set.sequences().stream().mapToInt(Sequence::steps).min().orElse(0),
        set.sequences().stream().mapToInt(Sequence::steps).max().orElse(0),
        steps,
        set.classes(),
        whole,
        shares(events, steps),
        least,
        mean,
        greatest,
        shares(targets, sum(targets)),
        shares(annotatedTargets, sum(annotatedTargets)),
        sum(annotatedTargets) / (double) Math.max(1, sum(targets)));
  }

  /** Number of different groups. */
  public int groups() {
    return groupNames.size();
  }

  /** A few plain lines, each ended by a line break; channels go by number. */
  public String text() {
    return text(List.of());
  }

  /**
   * A few plain lines, each ended by a line break.
   *
   * @param channels their names
   */
  public String text(List<String> channels) {
    final StringBuilder text = new StringBuilder();
    final String length = shortest == longest ? "" + shortest : shortest + " to " + longest;
    line(text, "%s: %s of %s", name, count(sequences, "sequence"), count(groups(), "group"));
    if (groups() < sequences && groups() <= FEW) {
      line(text, "  groups       %s", String.join(", ", groupNames));
    }
    line(text, "  steps        %s each, %d in all", length, totalSteps);
    if (events || eventRates.length > FEW) {
      events(text);
    } else {
      values(text, channels);
    }
    line(text, "  annotated    %.1f %% of the targets", 100 * annotated);
    final int width = Math.max(6, classes.stream().mapToInt(String::length).max().orElse(0));
    for (int i = 0; i < classes.size(); i++) {
      line(
          text,
          "  class %-" + width + "s %5.1f %% of all, %5.1f %% of the annotated",
          classes.get(i),
          100 * classShares[i],
          100 * annotatedShares[i]);
    }
    return text.toString();
  }

  private void values(StringBuilder text, List<String> channels) {
    for (int c = 0; c < least.length; c++) {
      final String channel =
          channels.size() == least.length ? channels.get(c) : "channel " + (c + 1);
      // what is left of a mean that was taken off is no number to look at
      final double shown = Math.abs(mean[c]) < 1e-6 * (greatest[c] - least[c]) ? 0 : mean[c];
      line(text, "  %-12s %.4g to %.4g, mean %.4g", channel, least[c], greatest[c], shown);
    }
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

  private static String count(int number, String what) {
    return number + " " + (number == 1 ? what : what + "s");
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
