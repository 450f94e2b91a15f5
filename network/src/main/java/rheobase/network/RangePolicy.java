package rheobase.network;

import java.util.Locale;

/** When the range of a quantiser moves while a network is trained. */
public enum RangePolicy {
  /** After every batch, towards the largest magnitude anywhere in it. */
  BATCH,
  /**
   * After every batch, towards the mean over its steps of the largest magnitude in each: an outlier
   * does not take the range for itself, and what is trained is what is run later. Needs the batch
   * in one micro-batch, like {@link #STEP}.
   */
  MEAN,
  /**
   * Before every time step, towards the largest magnitude in it: how Ponghiran and Roy 2022 train.
   * All sequences of a batch then depend on one another, so they have to be one micro-batch. The
   * model keeps, and each batch begins with, what ranges were on average over the steps of the
   * batches before; theirs keeps what the last step left.
   */
  STEP;

  /** As experiment files write it. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
