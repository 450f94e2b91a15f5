package rheobase.network.training;

import java.nio.file.Path;
import java.util.List;
import rheobase.network.Network;
import rheobase.network.Score;

/**
 * How a run ended.
 *
 * @param finished false when it was stopped before its last epoch; then only epochs, history and
 *     networks mean something
 * @param epochs done
 * @param bestEpoch whose model was kept, from 1; 0 for none
 * @param network the model kept
 * @param initial before the first step
 * @param train score of the kept model on the whole training set
 * @param validation null where there is no validation set
 * @param test of the kept model
 * @param firingRates per layer on the test set; NaN where a layer does not spike
 * @param model file
 * @param weightsSha256 of the kept parameters
 * @param secondsPerEpoch mean over the epochs of the whole run
 * @param history a record per epoch
 */
public record TrainingResult(
    boolean finished,
    int epochs,
    int bestEpoch,
    Network network,
    Network initial,
    Score train,
    Score validation,
    Score test,
    List<Double> firingRates,
    Path model,
    String weightsSha256,
    double secondsPerEpoch,
    List<EpochRecord> history) {}
