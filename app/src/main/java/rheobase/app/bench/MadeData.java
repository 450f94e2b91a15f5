package rheobase.app.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import rheobase.data.QtDatabase;
import rheobase.data.RandomStream;
import rheobase.data.Sequence;
import rheobase.data.SequenceSet;
import rheobase.data.SyntheticEcg;

/**
 * Sequences by the peers' recipes but with random numbers of our own: as many, as long and as
 * active as theirs, though no value is the same.
 */
final class MadeData {
  private static final long SEED = 1234;

  /** Sides of an image. */
  private static final int SIDE = 28;

  /** Lines of it that are drawn on. */
  private static final int DRAWN = 20;

  private static final double BACKGROUND = 0.02;
  private static final double MOST_ACTIVE = 0.95;

  private MadeData() {}

  /** Everything made. */
  static SequenceSet of(ScenarioShape shape) {
    if (shape.input() == ScenarioShape.Input.HEARTBEATS) {
      return SyntheticEcg.generate("synthetic ECG train", shape.sequences(), SEED);
    }
    var sequences = new ArrayList<Sequence>();
    for (int b = 0; b < shape.sequences(); b++) {
      RandomStream random = RandomStream.of(SEED, shape.name(), b);
      float[] values =
          switch (shape.input()) {
            case SPIKES -> bump(shape, random);
            case PIXELS -> strokes(random);
            case HEARTBEATS -> throw new AssertionError("made above");
          };
      String id = shape.name() + " " + b;
      sequences.add(
          new Sequence(
              id,
              id,
              shape.signal(values),
              new int[] {random.nextInt(shape.outputs())},
              new boolean[] {true}));
    }
    return new SequenceSet(
        "scenario " + shape.name(), shape.inputs(), classes(shape.outputs()), sequences);
  }

  /** The first sequences of the QT Database, as the peers have them. */
  static SequenceSet recorded(ScenarioShape shape, Path folder) {
    SequenceSet train = QtDatabase.train(folder);
    return new SequenceSet(
        train.name(),
        train.channels(),
        train.classes(),
        train.sequences().subList(0, shape.sequences()));
  }

  static List<String> classes(int count) {
    return IntStream.range(0, count).mapToObj(Integer::toString).toList();
  }

  /** Spikes of a Gaussian bump that moves over the channels and ends before the sequence does. */
  private static float[] bump(ScenarioShape shape, RandomStream random) {
    int steps = shape.steps();
    int channels = shape.inputs();
    double start = between(random, 0.2, 0.8);
    double way = between(random, -0.4, 0.4);
    double width = between(random, 0.08, 0.25);
    double end = between(random, 0.6, 1);
    double[] rates = new double[steps * channels];
    for (int t = 0; t < steps; t++) {
      double time = (double) t / steps;
      for (int c = 0; c < channels; c++) {
        double distance = ((double) c / channels - start - way * time) / width;
        rates[t * channels + c] =
            (time < end ? Math.exp(-0.5 * distance * distance) : 0) + BACKGROUND;
      }
    }
    double scale = shape.activity() / Arrays.stream(rates).average().orElseThrow();
    float[] values = new float[rates.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextDouble() < Math.min(scale * rates[i], MOST_ACTIVE) ? 1 : 0;
    }
    return values;
  }

  /** An image of horizontal strokes along a path, about a fifth of its pixels not black. */
  private static float[] strokes(RandomStream random) {
    float[] image = new float[SIDE * SIDE];
    double centre = SIDE / 2.0;
    for (int line = 0; line < DRAWN; line++) {
      centre += 6 * 0.18 * random.nextGaussian();
      int width = 4 + random.nextInt(6);
      int from = (int) Math.clamp(centre - width / 2.0, 0, SIDE - 1);
      for (int column = from; column < Math.min(SIDE, from + width); column++) {
        image[(4 + line) * SIDE + column] = (float) between(random, 0.3, 1);
      }
    }
    return image;
  }

  private static double between(RandomStream random, double low, double high) {
    return low + (high - low) * random.nextDouble();
  }
}
