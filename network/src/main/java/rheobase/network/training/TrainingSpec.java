package rheobase.network.training;

import java.util.Map;
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
    int truncateSteps) {
  public TrainingSpec {
    rateFactors = Map.copyOf(rateFactors);
  }
}
