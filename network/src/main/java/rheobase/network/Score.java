package rheobase.network;

import java.util.List;

/**
 * How well a network did on a set of sequences.
 *
 * @param accuracy mean over sequences of the share of scored steps (or of whole sequences)
 *     classified right; every target counts, also those that are a convention. Of transcribed
 *     sequences 1 less the error rate of all their labels, read greedily
 * @param accuracyAnnotated share classified right of all scored steps that carry an expert's label,
 *     whichever sequence they are in; NaN where none does
 * @param loss mean over sequences
 * @param confusion counts of scored steps, {@code [true class][predicted class]}; of transcribed
 *     sequences counts of labels, where those deleted stand in the last column and those inserted
 *     in the last row ({@link rheobase.data.text.ErrorCounts#of})
 * @param ends counts of the last steps of the sequences alone, where each step is scored; null
 *     where that is not known
 * @param transcripts of transcribed sequences, in their order; empty where they are not known
 */
public record Score(
    double accuracy,
    double accuracyAnnotated,
    double loss,
    long[][] confusion,
    long[][] ends,
    List<Transcript> transcripts) {

  /** What was said in a sequence and what was recognised, read greedily: class numbers in order. */
  public record Transcript(int[] said, int[] recognised) {}

  public Score {
    transcripts = List.copyOf(transcripts);
  }

  /** A score of which no transcripts are known. */
  public Score(
      double accuracy, double accuracyAnnotated, double loss, long[][] confusion, long[][] ends) {
    this(accuracy, accuracyAnnotated, loss, confusion, ends, List.of());
  }

  /** A score of which the last steps are not known. */
  public Score(double accuracy, double accuracyAnnotated, double loss, long[][] confusion) {
    this(accuracy, accuracyAnnotated, loss, confusion, null);
  }

  /** The same with what was recognised. */
  public Score with(List<Transcript> recognised) {
    return new Score(accuracy, accuracyAnnotated, loss, confusion, ends, recognised);
  }

  /** Share of sequences whose last step was classified right; NaN where none is known. */
  public double accuracyAtEnd() {
    long right = 0;
    long counted = 0;
    for (int truth = 0; ends != null && truth < ends.length; truth++) {
      right += ends[truth][truth];
      counted += sum(ends[truth]);
    }
    return (double) right / counted;
  }

  /** The same for the sequences of each class, mean of the classes that occur. */
  public double classMeanAtEnd() {
    double shares = 0;
    int classes = 0;
    for (int truth = 0; ends != null && truth < ends.length; truth++) {
      final long counted = sum(ends[truth]);
      if (counted > 0) {
        shares += (double) ends[truth][truth] / counted;
        classes++;
      }
    }
    return shares / classes;
  }

  private static long sum(long[] counts) {
    long sum = 0;
    for (long count : counts) {
      sum += count;
    }
    return sum;
  }
}
