package rheobase.network.training;

import rheobase.network.NetworkException;
import rheobase.network.Score;
import rheobase.network.model.Json;
import rheobase.network.model.JsonFields;
import tools.jackson.databind.node.ObjectNode;

/**
 * An {@link EpochRecord} as a line of {@code metrics.jsonl}. Doubles come back to the bit; what is
 * no finite number, such as the firing rate of a layer that does not spike, is {@code null} in the
 * file and NaN when read.
 */
public final class EpochLine {
  private EpochLine() {}

  /** One line, without its end. */
  public static String write(EpochRecord record) {
    var json = Json.object();
    json.put("epoch", record.epoch());
    put(json, "rate", record.rate());
    put(json, "train", record.train());
    put(json, "validation", record.validation());
    put(json, "test", record.test());
    put(json, "gradientNorm", record.gradientNorm());
    var rates = json.putArray("firingRates");
    record.firingRates().forEach(rate -> rates.add(finiteOrNull(rate)));
    put(json, "seconds", record.seconds());
    put(json, "sequencesPerSecond", record.sequencesPerSecond());
    json.put("best", record.best());
    return Json.line(json);
  }

  /**
   * Reads a line.
   *
   * @throws NetworkException when it is not what {@link #write} writes
   */
  public static EpochRecord read(String line) {
    var json = JsonFields.parse(line, "the record of an epoch");
    var record =
        new EpochRecord(
            json.smallWhole("epoch"),
            json.numberOrNaN("rate"),
            score(json, "train"),
            score(json, "validation"),
            score(json, "test"),
            json.numberOrNaN("gradientNorm"),
            json.numbersOrNaN("firingRates"),
            json.numberOrNaN("seconds"),
            json.numberOrNaN("sequencesPerSecond"),
            json.flag("best"));
    json.nothingElse();
    return record;
  }

  private static void put(ObjectNode json, String name, Score score) {
    if (score == null) {
      json.putNull(name);
      return;
    }
    var object = json.putObject(name);
    put(object, "accuracy", score.accuracy());
    put(object, "accuracyAnnotated", score.accuracyAnnotated());
    put(object, "loss", score.loss());
    if (score.confusion() == null) {
      object.putNull("confusion");
      return;
    }
    var confusion = object.putArray("confusion");
    for (var row : score.confusion()) {
      var counts = confusion.addArray();
      for (long count : row) {
        counts.add(count);
      }
    }
  }

  private static void put(ObjectNode json, String name, double value) {
    json.put(name, finiteOrNull(value));
  }

  private static Double finiteOrNull(double value) {
    return Double.isFinite(value) ? value : null;
  }

  private static Score score(JsonFields json, String name) {
    if (!json.has(name)) {
      return null;
    }
    var score = json.object(name);
    var read =
        new Score(
            score.numberOrNaN("accuracy"),
            score.numberOrNaN("accuracyAnnotated"),
            score.numberOrNaN("loss"),
            score.has("confusion") ? score.table("confusion") : null);
    score.nothingElse();
    return read;
  }
}
