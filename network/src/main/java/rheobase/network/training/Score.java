package rheobase.network.training;

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
 */
public record Score(double accuracy, double accuracyAnnotated, double loss, long[][] confusion) {}
