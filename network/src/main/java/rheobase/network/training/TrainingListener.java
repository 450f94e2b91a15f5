package rheobase.network.training;

import java.util.List;

/**
 * Who watches a run. Called from the thread that runs it: first steps, then their epoch, and so on.
 */
public interface TrainingListener {
  /**
   * After each optimiser step.
   *
   * @param epoch from 1
   * @param sequences done in this epoch, of {@code total}
   * @param loss mean of the epoch so far
   * @param accuracy mean of the epoch so far
   * @param firingRates per layer, of the epoch so far; NaN for a layer that does not spike
   */
  void step(
      int epoch, int sequences, int total, double loss, double accuracy, List<Double> firingRates);

  /** After each epoch. */
  void epoch(EpochRecord record);
}
