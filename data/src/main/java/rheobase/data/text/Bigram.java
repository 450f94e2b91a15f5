package rheobase.data.text;

import java.util.List;

/**
 * How probable each label is after each other: counts from transcripts, smoothed after Witten and
 * Bell (1991, "The zero-frequency problem", method C) in the interpolated form
 *
 * <pre>
 * p(b | a) = (count(a b) + kinds(a) p(b)) / (count(a) + kinds(a))
 * p(b)     = (count(b) + 1) / (all counts + labels + 1)
 * </pre>
 *
 * <p>where {@code kinds(a)} is how many different labels follow a. Whatever comes after many
 * different labels may well be followed by one more; after a label that was never seen stands p(b).
 * The beginning of a transcript counts as a label before, its end as a label after, so that all p(b
 * | a) of an a add up to 1.
 */
public final class Bigram {
  private final int labels;
  private final long[][] counts;

  /** {@code [label before, or labels for the beginning][label after, or labels for the end]}. */
  private final double[][] logs;

  private Bigram(int labels, long[][] counts) {
    this.labels = labels;
    this.counts = counts;
    logs = smoothed(labels, counts);
  }

  /**
   * Counts what follows what.
   *
   * @param labels how many there are
   * @param transcripts labels in order, each below {@code labels}
   */
  public static Bigram of(int labels, List<int[]> transcripts) {
    final long[][] counts = new long[labels + 1][labels + 1];
    for (int[] transcript : transcripts) {
      int before = labels;
      for (int label : transcript) {
        counts[before][label]++;
        before = label;
      }
      counts[before][labels]++;
    }
    return new Bigram(labels, counts);
  }

  /**
   * The bigram with these counts.
   *
   * @param counts as {@link #counts} gives them
   */
  public static Bigram of(long[][] counts) {
    final long[][] copy = new long[counts.length][];
    for (int a = 0; a < counts.length; a++) {
      if (counts[a].length != counts.length) {
        throw new IllegalArgumentException(
            "%d labels before, but %d after the label %d"
                .formatted(counts.length, counts[a].length, a));
      }
      copy[a] = counts[a].clone();
    }
    return new Bigram(counts.length - 1, copy);
  }

  private static double[][] smoothed(int labels, long[][] counts) {
    final double[] single = new double[labels + 1];
    double all = labels + 1;
    for (int b = 0; b <= labels; b++) {
      single[b] = 1;
      for (int a = 0; a <= labels; a++) {
        single[b] += counts[a][b];
        all += counts[a][b];
      }
    }
    final double[][] logs = new double[labels + 1][labels + 1];
    for (int a = 0; a <= labels; a++) {
      long seen = 0;
      int kinds = 0;
      for (long count : counts[a]) {
        seen += count;
        kinds += count > 0 ? 1 : 0;
      }
      for (int b = 0; b <= labels; b++) {
        final double alone = single[b] / all;
        logs[a][b] =
            StrictMath.log(
                seen == 0 ? alone : (counts[a][b] + kinds * alone) / (double) (seen + kinds));
      }
    }
    return logs;
  }

  /** How many labels there are. */
  public int labels() {
    return labels;
  }

  /** Natural logarithm of the probability that a transcript begins with this label. */
  public double logBegin(int label) {
    return logs[labels][label];
  }

  /** Natural logarithm of the probability of a label after another. */
  public double log(int before, int label) {
    return logs[before][label];
  }

  /** Natural logarithm of the probability that a transcript ends after this label. */
  public double logEnd(int before) {
    return logs[before][labels];
  }

  /**
   * How often what followed what, {@code [label before][label after]}; the last row is of the
   * beginning, the last column of the end.
   */
  public long[][] counts() {
    final long[][] copy = new long[counts.length][];
    for (int a = 0; a < counts.length; a++) {
      copy[a] = counts[a].clone();
    }
    return copy;
  }
}
