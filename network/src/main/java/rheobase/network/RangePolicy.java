package rheobase.network;

import java.util.Locale;

/** When the range of a quantiser moves while a network is trained. */
public enum RangePolicy {
  /** After every batch, towards the largest magnitude anywhere in it. */
  BATCH,
  /**
   * Before every time step, towards the largest magnitude in it: what Ponghiran and Roy 2022
   * released. All sequences of a batch then depend on one another, so they have to be one
   * micro-batch.
   */
  STEP;

  /** As experiment files write it. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
