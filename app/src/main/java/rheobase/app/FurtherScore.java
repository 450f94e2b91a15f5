package rheobase.app;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import rheobase.app.source.DataSource;
import rheobase.network.Score;

/**
 * An accuracy or error rate that is told beside the usual accuracies, by the custom of some data.
 *
 * @param name as tables head its column
 * @param pointer to it in a score of {@code --json}
 * @param of takes it out of a score
 */
record FurtherScore(String name, String pointer, ToDoubleFunction<Score> of) {

  /** Those of a data set. */
  static List<FurtherScore> of(DataSource source) {
    var further = new ArrayList<FurtherScore>();
    source
        .folding()
        .ifPresent(folding ->
            further.add(
                new FurtherScore(
                    folding.name(),
                    "/folded/" + folding.name(),
                    score -> folding.accuracy(score.confusion()))));
    for (var rate : source.errorRates()) {
      further.add(new FurtherScore(rate.name(), "/" + rate.key(), score -> rate.of(score).rate()));
    }
    if (source.scoresLastStep()) {
      further.add(new FurtherScore("last step", "/lastStep/accuracy", Score::accuracyAtEnd));
      further.add(new FurtherScore("last, by class", "/lastStep/classMean", Score::classMeanAtEnd));
    }
    return further;
  }
}
