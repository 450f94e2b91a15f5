package rheobase.app.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import rheobase.app.report.ReportData.Activity;
import rheobase.app.report.ReportData.Baseline;
import rheobase.app.report.ReportData.Energy;
import rheobase.app.report.ReportData.Example;
import rheobase.app.report.ReportData.Layer;
import rheobase.app.report.ReportData.Operations;
import rheobase.app.report.ReportData.Provenance;
import rheobase.app.report.ReportData.Scores;
import rheobase.app.report.ReportData.Selection;
import rheobase.app.report.ReportData.TrainedParameter;
import rheobase.network.Score;
import rheobase.network.training.EpochRecord;
import rheobase.network.training.SelectOn;

/**
 * A made-up run on made-up heartbeats with the sizes and the look of a real one, the same for the
 * same seed.
 */
final class Heartbeats {
  static final List<String> CLASSES = List.of("P", "PQ", "QR", "RS", "ST", "TP");
  static final int STEPS = 1301;
  static final int HIDDEN = 36;
  static final int EPOCHS = 400;
  static final int BEST = 371;

  /** Length of each wave in steps at a heart rate of about 70 a minute and 250 steps a second. */
  private static final int[] LENGTHS = {24, 13, 10, 12, 70, 82};

  private Heartbeats() {}

  static ReportData report(long seed, SelectOn selectOn) {
    return report("ecg", CLASSES, seed, selectOn);
  }

  static ReportData report(String name, List<String> classes, long seed, SelectOn selectOn) {
    final var random = new Random(seed);
    final var history = history(random, selectOn);
    final var best = history.get(BEST - 1);
    final int[] targets = targets(random);
    final int[] predictions = predictions(targets, random);
    final double[][] hidden = hidden(targets, random);
    return new ReportData(
        name,
        new Selection(selectOn, BEST, EPOCHS, EPOCHS),
        classes,
        history,
        new Scores(
            score(best.train().accuracy(), 0.012, best.train().loss(), 556, random),
            selectOn == SelectOn.VALIDATION ? score(0.862, 0.013, 0.398, 62, random) : null,
            score(0.8574, 0.0131, 0.4133, 141, random)),
        List.of(
            new Layer("hidden", "alif", 4, HIDDEN, true, 36 * 4 + 36 * 36 + 36 * 4, 0.3442),
            new Layer("output", "leaky_integrator", HIDDEN, 6, false, 36 * 6 + 6 + 6, Double.NaN)),
        List.of(
            trained("hidden", "tau_m", HIDDEN, 20, 5, 1.35, random),
            trained("hidden", "tau_adp", HIDDEN, 150, 10, 0.82, random),
            trained("output", "tau_m", 6, 20, 5, 0.55, random)),
        new Example(
            "sel102-0042",
            "test",
            10,
            targets,
            annotated(),
            predictions,
            "membrane u",
            readout(targets, predictions, random),
            List.of(
                new Activity("input", input(targets, random), null, null),
                new Activity("hidden", hidden, "u", membrane(hidden, random)))),
        new Energy(
            0.1,
            3.2,
            "Per-layer formulas as in TC-LIF (AAAI 2024), 45 nm CMOS.",
            List.of(
                new Operations(
                    "hidden",
                    "(m n Fr_in + n n Fr + 2 n Fr) AC + 3 n MAC",
                    482.1,
                    108,
                    393.8,
                    6480),
                new Operations("output", "m n Fr_in AC + n MAC", 74.3, 6, 26.6, 912)),
            List.of(
                new Baseline("RNN", 5299),
                new Baseline("GRU", 15898),
                new Baseline("LSTM", 23482))),
        new Provenance(
            "qtdb, 618 training and 141 test sequences",
            "9f2c4be1d7a3506e88e1f0b2c9a4d5e6f7081920a1b2c3d4e5f60718293a4b5c",
            seed,
            "0.1.0",
            "Temurin 25.0.3+9, linux amd64",
            "1c0e6a5b9d8f7e6c5b4a39281706f5e4d3c2b1a09f8e7d6c5b4a392817060f0e",
            EXPERIMENT,
            Map.of(
                "split",
                "validation 0.1 of the training records, whole records, seed " + seed,
                "threads",
                "2")));
  }

  private static final String EXPERIMENT =
      """
      name = "ecg"

      [data]
      source = "qtdb"
      validation = 0.1

      [[layer]]
      name = "hidden"
      cell = "alif"
      units = 36
      recurrent = true
      parameters = { tau_m = "normal(20, 5)", tau_adp = "normal(150, 10)" }
      surrogate = "multi_gaussian"

      [[layer]]
      name = "output"
      cell = "leaky_integrator"
      units = 6
      emits = "u"

      [loss]
      kind = "cross_entropy"
      from_step = 10

      [training]
      epochs = 400
      batch = 64
      rate = 1e-2
      seed = 3
      """;

  private static List<EpochRecord> history(Random random, SelectOn selectOn) {
    final var history = new ArrayList<EpochRecord>();
    double wander = 0;
    for (int epoch = 1; epoch <= EPOCHS; epoch++) {
      final double rate = 0.01 * Math.pow(0.5, (epoch - 1) / 100);
      wander = 0.85 * wander + 0.01 * random.nextGaussian() * Math.sqrt(rate / 0.01);
      final double gone = 1 - 0.62 * Math.exp(-epoch / 14.0) - 0.38 * Math.exp(-epoch / 110.0);
      final double train = 0.3 + 0.588 * gone + 0.6 * wander + 0.002 * random.nextGaussian();
      final double validation = 0.3 + 0.563 * gone + 0.8 * wander + 0.006 * random.nextGaussian();
      final double test = 0.3 + 0.557 * gone + 0.8 * wander + 0.004 * random.nextGaussian();
      history.add(
          new EpochRecord(
              epoch,
              rate,
              new Score(train, train + 0.011, 1.75 - 1.42 * gone - 0.8 * wander, null),
              selectOn == SelectOn.VALIDATION
                  ? new Score(validation, validation + 0.012, 1.75 - 1.35 * gone - wander, null)
                  : null,
              selectOn == SelectOn.TEST
                  ? new Score(test, test + 0.012, 1.76 - 1.34 * gone - wander, null)
                  : null,
              (2.6 * Math.exp(-epoch / 60.0) + 0.4) * Math.exp(0.35 * random.nextGaussian()),
              List.of(0.12 + 0.225 * gone + 0.002 * random.nextGaussian(), Double.NaN),
              0.41,
              1500 + 40 * random.nextGaussian(),
              epoch == BEST));
    }
    return history;
  }

  private static Score score(
      double accuracy, double more, double loss, int sequences, Random random) {
    final double[][] kernel = {
      {.84, .07, .005, .0, .01, .075},
      {.10, .77, .10, .01, .01, .01},
      {.005, .09, .80, .10, .005, .0},
      {.0, .005, .07, .80, .12, .005},
      {.005, .0, .002, .03, .885, .078},
      {.045, .005, .001, .0, .068, .881},
    };
    final double beats = 6.1 * sequences;
    final long[][] confusion = new long[6][6];
    for (int truth = 0; truth < 6; truth++) {
      for (int predicted = 0; predicted < 6; predicted++) {
        confusion[truth][predicted] =
            Math.round(
                beats
                    * LENGTHS[truth]
                    * kernel[truth][predicted]
                    * (1 + 0.05 * random.nextGaussian()));
      }
    }
    return new Score(accuracy, accuracy + more, loss, confusion);
  }

  private static TrainedParameter trained(
      String layer,
      String name,
      int units,
      double mean,
      double deviation,
      double factor,
      Random random) {
    final double[] before =
        random.doubles(units, 0, 1).map(_ -> mean + deviation * random.nextGaussian()).toArray();
    final double[] after =
        Arrays.stream(before)
            .map(value -> Math.max(1, value * factor * Math.exp(0.32 * random.nextGaussian())))
            .toArray();
    return new TrainedParameter(layer, name, "steps", before, after);
  }

  private static int[] targets(Random random) {
    final int[] targets = new int[STEPS];
    int wave = 5;
    int left = 37;
    for (int step = 0; step < STEPS; step++) {
      if (left-- == 0) {
        wave = (wave + 1) % 6;
        left = (int) Math.round(LENGTHS[wave] * (1 + 0.1 * random.nextGaussian())) - 1;
      }
      targets[step] = wave;
    }
    return targets;
  }

  private static boolean[] annotated() {
    final boolean[] annotated = new boolean[STEPS];
    Arrays.fill(annotated, 12, STEPS - 1, true);
    return annotated;
  }

  /** The truth with borders that come late or early and now and then a flicker. */
  private static int[] predictions(int[] targets, Random random) {
    final int[] predictions = new int[STEPS];
    int lag = 2;
    for (int step = 0; step < STEPS; step++) {
      if (step > 0 && targets[step] != targets[step - 1]) {
        lag = (int) Math.round(3 + 4 * random.nextGaussian());
      }
      predictions[step] = targets[Math.clamp(step - lag, 0, STEPS - 1)];
    }
    for (int flicker = 0; flicker < 7; flicker++) {
      final int from = random.nextInt(STEPS - 12);
      Arrays.fill(predictions, from, from + 4 + random.nextInt(6), (predictions[from] + 5) % 6);
    }
    return predictions;
  }

  private static double[][] readout(int[] targets, int[] predictions, Random random) {
    final double[][] readout = new double[STEPS][6];
    final double[] level = new double[6];
    for (int step = 0; step < STEPS; step++) {
      for (int unit = 0; unit < 6; unit++) {
        final double wanted =
            (predictions[step] == unit ? 9 : 0)
                + (targets[step] == unit ? 1.5 : 0)
                - 4
                + 2.2 * random.nextGaussian();
        level[unit] += 0.16 * (wanted - level[unit]);
        readout[step][unit] = level[unit];
      }
    }
    return readout;
  }

  /** Level crossings of two leads: many in QR and RS, some in the other waves. */
  private static double[][] input(int[] targets, Random random) {
    final double[] rates = {.12, .02, .75, .75, .16, .025};
    final double[][] input = new double[STEPS][4];
    for (int step = 0; step < STEPS; step++) {
      for (int channel = 0; channel < 4; channel++) {
        final boolean up = targets[step] == 3 ? channel % 2 == 1 : channel % 2 == 0;
        input[step][channel] = random.nextDouble() < rates[targets[step]] * (up ? 1 : 0.25) ? 1 : 0;
      }
    }
    return input;
  }

  private static double[][] hidden(int[] targets, Random random) {
    final double[][] hidden = new double[STEPS][HIDDEN];
    for (int unit = 0; unit < HIDDEN; unit++) {
      final int favourite = random.nextInt(6);
      final int second = random.nextInt(6);
      final double floor = unit % 9 == 4 ? 0.002 : 0.06 + 0.25 * random.nextDouble();
      double rate = 0;
      for (int step = 0; step < STEPS; step++) {
        final double wanted =
            unit % 9 == 4
                ? floor
                : targets[step] == favourite ? 0.9 : targets[step] == second ? 0.55 : floor;
        rate += 0.2 * (wanted - rate);
        hidden[step][unit] = random.nextDouble() < rate ? 1 : 0;
      }
    }
    return hidden;
  }

  private static double[][] membrane(double[][] hidden, Random random) {
    final double[][] membrane = new double[STEPS][HIDDEN];
    for (int unit = 0; unit < HIDDEN; unit++) {
      double level = 0;
      for (int step = 0; step < STEPS; step++) {
        final boolean spike = hidden[step][unit] > 0;
        final double drive = spike ? 0.5 : -0.05;
        level += 0.18 * (drive - level) + 0.02 * random.nextGaussian();
        if (step > 0 && hidden[step - 1][unit] > 0) {
          level -= 0.12;
        }
        membrane[step][unit] = level;
      }
    }
    return membrane;
  }
}
