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
 * @param late how much more late steps count in it; needs a readout each step
 */
public record LossSpec(Kind kind, int fromStep, Reduction reduction, Late late) {
  /** All steps count the same. */
  public LossSpec(Kind kind, int fromStep, Reduction reduction) {
    this(kind, fromStep, reduction, Late.NONE);
  }

  /**
   * The loss of step t, from 0, is multiplied by 1 + (t - after) / over where t is above {@code
   * after}: so the adaptive SRNN's grid search on Soli weights its frames, with 30 and 30. Scores
   * count all steps the same.
   */
  public record Late(int after, double over) {
    /** All steps count the same. */
    public static final Late NONE = new Late(0, Double.POSITIVE_INFINITY);

    public Late {
      if (!(over > 0)) {
        throw new NetworkException(
            "late steps weigh 1 + (step - after) / over; 'over' is %s and must be above 0"
                .formatted(over));
      }
    }

    /** Factor on the loss of a step. */
    public double weight(int step) {
      return 1 + Math.max(0, step - after) / over;
    }
  }

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
