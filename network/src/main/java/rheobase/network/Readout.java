package rheobase.network;

import java.util.Locale;

/**
 * How the last layer's emitted values become logits (adaptive-SRNN papers, section on readouts).
 */
public enum Readout {
  /** One row of logits a step: the value itself. */
  EACH_STEP,
  /** The mean over the steps of the sequence. */
  MEAN,
  /** The value at the last step. */
  LAST,
  /** The sum over the steps of softmax(value): probabilities added up, then used as logits. */
  SUM_OF_SOFTMAX,
  /** The sum over the steps; of a cell that emits spikes, the spike count. */
  SPIKE_COUNT;

  /** As experiment files write it, e.g. {@code sum_of_softmax}. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
