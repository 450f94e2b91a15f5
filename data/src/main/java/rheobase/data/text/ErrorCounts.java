package rheobase.data.text;

import java.util.Locale;

/**
 * Errors of what was recognised against what was said: the word error rate of words, the phone
 * error rate of phones, the character error rate of characters.
 *
 * @param said number of labels that were said
 * @param substitutions labels recognised as another
 * @param deletions labels that were not recognised
 * @param insertions labels that were recognised where there was none
 */
public record ErrorCounts(long said, long substitutions, long deletions, long insertions) {
  /** Nothing said, nothing recognised. */
  public static final ErrorCounts NONE = new ErrorCounts(0, 0, 0, 0);

  /** All kinds together. */
  public long errors() {
    return substitutions + deletions + insertions;
  }

  /** Labels recognised as themselves. */
  public long right() {
    return said - substitutions - deletions;
  }

  /**
   * Errors per label that was said, {@code (S + D + I) / N}; above 1 where more was recognised than
   * said, NaN where nothing was said.
   */
  public double rate() {
    return said == 0 ? Double.NaN : (double) errors() / said;
  }

  /** Of both together. */
  public ErrorCounts plus(ErrorCounts other) {
    return new ErrorCounts(
        said + other.said,
        substitutions + other.substitutions,
        deletions + other.deletions,
        insertions + other.insertions);
  }

  /**
   * Counts from a confusion matrix that has a class more than there are labels, the last.
   *
   * @param confusion {@code [said][recognised]}; what stands in the last column was deleted, what
   *     in the last row inserted
   */
  public static ErrorCounts of(long[][] confusion) {
    final int nothing = confusion.length - 1;
    long said = 0;
    long substitutions = 0;
    long deletions = 0;
    long insertions = 0;
    for (int from = 0; from < nothing; from++) {
      for (int to = 0; to < nothing; to++) {
        said += confusion[from][to];
        substitutions += from == to ? 0 : confusion[from][to];
      }
      said += confusion[from][nothing];
      deletions += confusion[from][nothing];
      insertions += confusion[nothing][from];
    }
    return new ErrorCounts(said, substitutions, deletions, insertions);
  }

  /** One line, e.g. {@code 12.50 % (2 errors in 16: 1 substituted, 0 deleted, 1 inserted)}. */
  public String text() {
    return String.format(
        Locale.ROOT,
        "%.2f %% (%d errors in %d: %d substituted, %d deleted, %d inserted)",
        100 * rate(),
        errors(),
        said,
        substitutions,
        deletions,
        insertions);
  }
}
