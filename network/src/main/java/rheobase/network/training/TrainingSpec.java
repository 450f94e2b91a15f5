package rheobase.network.training;

import java.util.List;
import java.util.Map;
import rheobase.network.LayerSpec;
import rheobase.network.NetworkException;
import rheobase.network.RangePolicy;
import rheobase.network.Readout;
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
 * @param sampling which training sequences an epoch visits
 * @param stepEvery an optimiser step after every k steps of the sequences, by the loss of the
 *     answer so far and back through these k only; states go on. 0 for one step after the last
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
    RangePolicy range,
    Sampling sampling,
    int stepEvery) {
  public TrainingSpec {
    rateFactors = Map.copyOf(rateFactors);
    if (range != RangePolicy.BATCH && microBatch < batch) {
      throw new NetworkException(
          "ranges that follow every step (training.range = \"%s\") need the whole batch in one micro-batch; training.micro_batch is %d, training.batch %d"
              .formatted(range.text(), microBatch, batch));
    }
    if (range != RangePolicy.BATCH && checkpointSteps > 0) {
      throw new NetworkException(
          "ranges that follow every step (training.range = \"%s\") need every sequence in one go; leave out training.checkpoint_steps"
              .formatted(range.text()));
    }
  }

  /**
   * Makes sure that a network can be trained so.
   *
   * @throws NetworkException naming the setting and what it does not go with
   */
  public void check(List<LayerSpec> layers, Readout readout) {
    if (sampling == Sampling.BALANCED && readout == Readout.EACH_STEP) {
      throw new NetworkException(
          "training.sampling = \"balanced\" draws by the class of a sequence; with the readout"
              + " each_step there is none");
    }
    if (stepEvery > 0) {
      if (readout == Readout.EACH_STEP || readout == Readout.LAST) {
        throw new NetworkException(
            "training.step_every needs an answer that adds up over the steps: the readout mean, sum_of_softmax or spike_count, not %s"
                .formatted(readout.text()));
      }
      for (var layer : layers) {
        if (layer.bidirectional() || layer.isNormalised()) {
          throw new NetworkException(
              "layer '%s' %s and sees every sequence as a whole; leave out training.step_every"
                  .formatted(
                      layer.name(),
                      layer.bidirectional() ? "is bidirectional" : "normalises its drive"));
        }
      }
      if (checkpointSteps > 0 || truncateSteps > 0 || range != RangePolicy.BATCH) {
        throw new NetworkException(
            "training.step_every does not go with training.%s"
                .formatted(
                    checkpointSteps > 0
                        ? "checkpoint_steps: it keeps no more than its own steps anyway"
                        : truncateSteps > 0
                            ? "truncate_steps: the gradient is cut where the step is taken"
                            : "range = \"" + range.text() + "\""));
      }
    }
  }
}
