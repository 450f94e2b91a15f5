package rheobase.network.training;

/**
 * How well a network did on a set of sequences.
 *
 * @param accuracy mean over sequences of the share of scored steps (or of whole sequences)
 *     classified right; every target counts, also those that are a convention
 * @param accuracyAnnotated share classified right of all scored steps that carry an expert's label,
 *     whichever sequence they are in; NaN where none does
 * @param loss mean over sequences
 * @param confusion counts of scored steps, {@code [true class][predicted class]}
 */
public record Score(double accuracy, double accuracyAnnotated, double loss, long[][] confusion) {}
