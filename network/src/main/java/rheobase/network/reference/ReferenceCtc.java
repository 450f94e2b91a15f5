package rheobase.network.reference;

import java.util.Arrays;

/** CTC by its definition: every path is written out, so only for few steps of few classes. */
final class ReferenceCtc {
  private final double[][] probabilities;
  private final int first;
  private final int[] labels;
  private final int[] path;

  /** Of all paths that read as the labels. */
  private double sum;

  /** Of those of them that name a class at a step. */
  private final double[][] through;

  private ReferenceCtc(double[][] emitted, int first, int[] labels) {
    probabilities = Arrays.stream(emitted).map(ReferenceLoss::softmax).toArray(double[][]::new);
    this.first = first;
    this.labels = labels;
    path = new int[emitted.length];
    through = new double[emitted.length][emitted[0].length];
  }

  /**
   * Loss and gradient.
   *
   * @param first step that counts
   * @param share what the loss is multiplied by
   */
  static ReferenceLoss of(double[][] emitted, int first, int[] labels, double share) {
    var paths = new ReferenceCtc(emitted, first, labels);
    paths.follow(first, 1);
    double[][] gradient = new double[emitted.length][emitted[0].length];
    for (int t = first; t < emitted.length; t++) {
      for (int c = 0; c < gradient[t].length; c++) {
        // d(-ln sum)/d logit: the probability without the labels known, less that with them known
        gradient[t][c] = share * (paths.probabilities[t][c] - paths.through[t][c] / paths.sum);
      }
    }
    return new ReferenceLoss(-share * Math.log(paths.sum), gradient);
  }

  private void follow(int step, double probability) {
    if (step < path.length) {
      for (int c = 0; c < probabilities[step].length; c++) {
        path[step] = c;
        follow(step + 1, probability * probabilities[step][c]);
      }
    } else if (Arrays.equals(read(), labels)) {
      sum += probability;
      for (int t = first; t < path.length; t++) {
        through[t][path[t]] += probability;
      }
    }
  }

  /** What the path says: runs drawn together, then without blanks. */
  private int[] read() {
    int blank = probabilities[0].length - 1;
    int[] said = new int[path.length];
    int count = 0;
    for (int t = first; t < path.length; t++) {
      if (path[t] != blank && (t == first || path[t] != path[t - 1])) {
        said[count++] = path[t];
      }
    }
    return Arrays.copyOf(said, count);
  }
}
