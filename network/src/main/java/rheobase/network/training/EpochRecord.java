package rheobase.network.training;

import java.util.List;
import rheobase.network.Score;

/**
 * One line of {@code metrics.jsonl}: what an epoch brought.
 *
 * @param epoch from 1
 * @param rate learning rate of this epoch
 * @param train score over the epoch's own batches, each measured just before its optimiser step
 * @param validation null where there is no validation set
 * @param test null unless the model is selected on the test set
 * @param gradientNorm mean over batches, before clipping
 * @param firingRates per layer, mean of the emitted spikes per neuron and step; NaN for a layer
 *     whose cell does not spike
 * @param seconds of the epoch, scoring included
 * @param sequencesPerSecond training sequences
 * @param best whether this epoch's model is the one kept so far
 */
public record EpochRecord(
    int epoch,
    double rate,
    Score train,
    Score validation,
    Score test,
    double gradientNorm,
    List<Double> firingRates,
    double seconds,
    double sequencesPerSecond,
    boolean best) {}
