package rheobase.network;

import java.util.Locale;

/**
 * What is minimised, always averaged over the sequences of a batch.
 *
 * @param kind cross-entropy of softmax(logits), mean squared error against the one-hot target, or
 *     CTC of transcribed sequences
 * @param fromStep first step that counts, from 0; steps before it enter neither loss nor scores
 * @param reduction over the steps of a sequence when the readout gives logits each step: their sum
 *     or their mean
 */
public record LossSpec(Kind kind, int fromStep, Reduction reduction) {
  /** The function. */
  public enum Kind {
    CROSS_ENTROPY,
    MEAN_SQUARED_ERROR,
    /** Connectionist temporal classification ({@link rheobase.network.ctc.CtcLoss}). */
    CTC;

    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Over steps. */
  public enum Reduction {
    SUM,
    MEAN;

    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
