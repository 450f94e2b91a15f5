package rheobase.network;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import rheobase.data.text.Alignment;
import rheobase.data.text.ErrorCounts;

/**
 * Counts what a network got right, row by row, so that tallies of micro-batches can be added up in
 * their order. Sums of losses are in double precision.
 */
public final class Tally {
  private final int classes;
  private final long[][] confusion;
  private final long[][] ends;
  private double[] rowLoss = new double[0];
  private long[] rowRight = new long[0];
  private long[] rowCounted = new long[0];

  /** Null for a row that is not transcribed. */
  private Score.Transcript[] rowTranscript = new Score.Transcript[0];

  private long sequences;
  private long annotatedRight;
  private long annotatedCounted;

  /** Of transcribed sequences: labels said, and errors in recognising them. */
  private long said;

  private long errors;
  private double loss;
  private double accuracy;

  public Tally(int classes) {
    this.classes = classes;
    confusion = new long[classes][classes];
    ends = new long[classes][classes];
  }

  int classes() {
    return classes;
  }

  /** Forgets everything. */
  public void clear() {
    for (int t = 0; t < classes; t++) {
      java.util.Arrays.fill(confusion[t], 0);
      java.util.Arrays.fill(ends[t], 0);
    }
    sequences = 0;
    annotatedRight = 0;
    annotatedCounted = 0;
    said = 0;
    errors = 0;
    loss = 0;
    accuracy = 0;
  }

  void begin(int rows) {
    if (rowLoss.length < rows) {
      rowLoss = new double[rows];
      rowRight = new long[rows];
      rowCounted = new long[rows];
      rowTranscript = new Score.Transcript[rows];
    }
    java.util.Arrays.fill(rowLoss, 0);
    java.util.Arrays.fill(rowRight, 0);
    java.util.Arrays.fill(rowCounted, 0);
    java.util.Arrays.fill(rowTranscript, null);
  }

  void add(int row, int target, int predicted, boolean annotated, double lost) {
    confusion[target][predicted]++;
    rowLoss[row] += lost;
    rowCounted[row]++;
    boolean right = target == predicted;
    if (right) {
      rowRight[row]++;
    }
    if (annotated) {
      annotatedCounted++;
      if (right) {
        annotatedRight++;
      }
    }
  }

  /** Of a step that was added, says that it is the last of its sequence. */
  void addEnd(int target, int predicted) {
    ends[target][predicted]++;
  }

  void endRow(int row, boolean meanOverSteps) {
    if (rowCounted[row] > 0) {
      sequences++;
      if (meanOverSteps) {
        rowLoss[row] /= rowCounted[row];
      }
      accuracy += share(row).accuracy;
      loss += rowLoss[row];
    }
  }

  /**
   * Counts a transcribed sequence; a label deleted is confused with the last class, and one
   * inserted is what that was confused with.
   */
  void addTranscript(int row, int[] said, int[] recognised, double lost) {
    rowTranscript[row] = new Score.Transcript(said, recognised);
    Alignment alignment = Alignment.of(said, recognised);
    for (Alignment.Pair pair : alignment.pairs()) {
      int from = pair.said() == Alignment.NOTHING ? classes - 1 : pair.said();
      int to = pair.recognised() == Alignment.NOTHING ? classes - 1 : pair.recognised();
      confusion[from][to]++;
    }
    ErrorCounts counts = alignment.counts();
    this.said += counts.said();
    errors += counts.errors();
    annotatedCounted += counts.said();
    annotatedRight += counts.said() - counts.errors();
    rowLoss[row] = lost;
    rowRight[row] = counts.said() - counts.errors();
    rowCounted[row] = counts.said();
    sequences++;
    accuracy += share(row).accuracy;
    loss += lost;
  }

  /** What one sequence adds to the sums. */
  record Share(double loss, double accuracy) {}

  /** Of a row of the micro-batch that ended last. */
  Share share(int row) {
    return new Share(rowLoss[row], (double) rowRight[row] / Math.max(1, rowCounted[row]));
  }

  /** What was recognised in a row of the micro-batch that ended last; null of steps. */
  Score.Transcript transcript(int row) {
    return rowTranscript[row];
  }

  /**
   * Makes the sums again, as if the sequences had come in this order.
   *
   * @param rows sequences of a micro-batch
   */
  void sum(List<Share> shares, int rows) {
    loss = 0;
    accuracy = 0;
    for (int from = 0; from < shares.size(); from += rows) {
      double lossOfRows = 0;
      double accuracyOfRows = 0;
      for (Share share : shares.subList(from, Math.min(shares.size(), from + rows))) {
        lossOfRows += share.loss;
        accuracyOfRows += share.accuracy;
      }
      loss += lossOfRows;
      accuracy += accuracyOfRows;
    }
  }

  /**
   * Adds another tally to this one; in which order tallies are added decides the last bits of the
   * loss.
   */
  public void add(Tally other) {
    for (int t = 0; t < classes; t++) {
      for (int p = 0; p < classes; p++) {
        confusion[t][p] += other.confusion[t][p];
        ends[t][p] += other.ends[t][p];
      }
    }
    sequences += other.sequences;
    annotatedRight += other.annotatedRight;
    annotatedCounted += other.annotatedCounted;
    said += other.said;
    errors += other.errors;
    loss += other.loss;
    accuracy += other.accuracy;
  }

  /** Whether no sequence was counted yet. */
  public boolean isEmpty() {
    return sequences == 0;
  }

  /** Mean loss over the sequences so far. */
  public double loss() {
    return loss / sequences;
  }

  /**
   * Mean accuracy over the sequences so far; of transcribed ones 1 less the error rate of all
   * labels together, which is below 0 where there are more errors than labels.
   */
  public double accuracy() {
    return said > 0 ? 1 - (double) errors / said : accuracy / sequences;
  }

  public Score score() {
    return new Score(
        accuracy(),
        (double) annotatedRight / annotatedCounted,
        loss(),
        copy(confusion),
        copy(ends));
  }

  private static long[][] copy(long[][] counts) {
    long[][] copy = new long[counts.length][];
    for (int t = 0; t < counts.length; t++) {
      copy[t] = counts[t].clone();
    }
    return copy;
  }

  /** What a checkpoint keeps of the sequences so far. */
  public Map<String, Object> state() {
    return Map.of(
        "sequences", sequences,
        "annotated_right", annotatedRight,
        "annotated_counted", annotatedCounted,
        "said", said,
        "errors", errors,
        "loss", loss,
        "accuracy", accuracy,
        "confusion", flat(confusion),
        "ends", flat(ends));
  }

  private static List<Long> flat(long[][] counts) {
    var flat = new ArrayList<Long>();
    for (long[] row : counts) {
      for (long count : row) {
        flat.add(count);
      }
    }
    return flat;
  }

  /** Undoes {@link #state}. */
  public void restore(Map<?, ?> state) {
    sequences = ((Number) state.get("sequences")).longValue();
    annotatedRight = ((Number) state.get("annotated_right")).longValue();
    annotatedCounted = ((Number) state.get("annotated_counted")).longValue();
    // not in checkpoints from before there were transcripts
    said = state.get("said") instanceof Number number ? number.longValue() : 0;
    errors = state.get("errors") instanceof Number number ? number.longValue() : 0;
    loss = ((Number) state.get("loss")).doubleValue();
    accuracy = ((Number) state.get("accuracy")).doubleValue();
    fill(confusion, (List<?>) state.get("confusion"));
    if (state.containsKey("ends")) { // not yet in the first checkpoints
      fill(ends, (List<?>) state.get("ends"));
    }
  }

  private static void fill(long[][] counts, List<?> flat) {
    for (int i = 0; i < flat.size(); i++) {
      counts[i / counts.length][i % counts.length] = ((Number) flat.get(i)).longValue();
    }
  }
}
