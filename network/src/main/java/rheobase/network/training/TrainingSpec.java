package rheobase.network.training;

import java.util.Map;
import rheobase.network.NetworkException;
import rheobase.network.RangePolicy;
import rheobase.network.optimize.OptimizerSpec;
import rheobase.network.optimize.Schedule;

/**
 * How a network is trained. Everything here can change a result; the number of threads cannot and
 * is not here.
 *
 * @param epochs passes over the training set
 * @param batch sequences per optimiser step
 * @param microBatch sequences that one worker carries through time together; fixes the order of
 *     every sum
 * @param optimizer rule and its numbers
 * @param rateFactors factor on the rate by tensor name ({@code hidden.tau_m}) or bare parameter
 *     name ({@code tau_m})
 * @param schedule rate over epochs
 * @param clipNorm largest gradient norm, 0 for no clipping
 * @param seed of initial values, order of sequences and initial states
 * @param selectOn which score keeps a model
 * @param checkpointSteps keep only every k-th state and recompute the rest going backward (exact);
 *     0 keeps all
 * @param truncateSteps cut the gradient every k steps; 0 for full backpropagation through time
 * @param curriculum pieces that training sequences are cut into
 * @param range when the ranges of quantisers move
 */
public record TrainingSpec(
    int epochs,
    int batch,
    int microBatch,
    OptimizerSpec optimizer,
    Map<String, Double> rateFactors,
    Schedule schedule,
    double clipNorm,
    long seed,
    SelectOn selectOn,
    int checkpointSteps,
    int truncateSteps,
    Curriculum curriculum,
    RangePolicy range) {
  public TrainingSpec {
    rateFactors = Map.copyOf(rateFactors);
    if (range != RangePolicy.BATCH && microBatch < batch) {
      throw new NetworkException(
          "ranges that follow every step (training.range = \"%s\") need the whole batch in one micro-batch; training.micro_batch is %d, training.batch %d"
              .formatted(range.text(), microBatch, batch));
    }
    if (range != RangePolicy.BATCH && checkpointSteps > 0) {
      throw new NetworkException(
          "ranges that follow every step (training.range = \"step\") need every sequence in one go;"
              + " leave out training.checkpoint_steps");
    }
  }

  /** Training on whole sequences, with ranges that follow batches. */
  public TrainingSpec(
      int epochs,
      int batch,
      int microBatch,
      OptimizerSpec optimizer,
      Map<String, Double> rateFactors,
      Schedule schedule,
      double clipNorm,
      long seed,
      SelectOn selectOn,
      int checkpointSteps,
      int truncateSteps) {
    this(
        epochs,
        batch,
        microBatch,
        optimizer,
        rateFactors,
        schedule,
        clipNorm,
        seed,
        selectOn,
        checkpointSteps,
        truncateSteps,
        Curriculum.NONE,
        RangePolicy.BATCH);
  }
}
