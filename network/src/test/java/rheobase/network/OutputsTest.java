package rheobase.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import rheobase.cell.graph.Surrogate;
import rheobase.cell.language.Cells;
import rheobase.data.Sequence;
import rheobase.data.SequenceSet;
import rheobase.network.parameter.Initializer;

/** What the last layer hands to the readout, for those who read it themselves. */
class OutputsTest {
  private static final int CHANNELS = 3;
  private static final int CLASSES = 4;

  private static LayerSpec layer(String name, String cell, int units, boolean recurrent) {
    return new LayerSpec(
        name,
        Cells.text(cell),
        units,
        recurrent,
        Map.of(),
        Map.of(),
        cell.equals("alif") ? Map.of("u", "uniform(0, 1)") : Map.of(),
        Surrogate.DEFAULT,
        Initializer.parse("xavier"),
        recurrent ? Initializer.parse("orthogonal") : null,
        Initializer.parse("uniform(-1, 1)"),
        null,
        null);
  }

  private static Network network(boolean bidirectional) {
    var spec =
        new NetworkSpec(
            CHANNELS,
            List.of(
                layer("low", "alif", 9, true)
                    .wired(LayerSpec.Connection.ALL_TO_ALL, bidirectional, 1),
                layer("top", "leaky_integrator", CLASSES, false)),
            Readout.EACH_STEP,
            new LossSpec(LossSpec.Kind.CROSS_ENTROPY, 0, LossSpec.Reduction.MEAN));
    return Network.create(spec, 4);
  }

  /** More than go through time together, of lengths beyond a stretch of time. */
  private static SequenceSet data() {
    var random = new Random(6);
    var sequences = new ArrayList<Sequence>();
    for (int i = 0; i < 19; i++) {
      int steps = 1 + random.nextInt(150);
      float[] values = new float[steps * CHANNELS];
      for (int k = 0; k < values.length; k++) {
        values[k] = (float) (2 * random.nextGaussian());
      }
      int[] targets = random.ints(steps, 0, CLASSES).toArray();
      sequences.add(
          new Sequence("s" + i, "g", steps, CHANNELS, values, targets, new boolean[steps]));
    }
    var classes = IntStream.range(0, CLASSES).mapToObj(c -> "class " + c).toList();
    return new SequenceSet("data", CHANNELS, classes, sequences);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void outputsAreWhatIsScored(boolean bidirectional) {
    var network = network(bidirectional);
    var data = data();
    long[][] confusion = new long[CLASSES][CLASSES];
    var outputs = network.outputs(data, 2, 8);
    for (int i = 0; i < data.size(); i++) {
      var sequence = data.sequences().get(i);
      float[] own = outputs.get(i);
      assertThat(own).hasSize(sequence.steps() * CLASSES);
      for (int t = 0; t < sequence.steps(); t++) {
        int largest = 0;
        for (int c = 1; c < CLASSES; c++) {
          largest = own[t * CLASSES + c] > own[t * CLASSES + largest] ? c : largest;
        }
        confusion[sequence.targets()[t]][largest]++;
      }
    }
    assertThat(network.evaluate(data, 1, 8).score().confusion()).isEqualTo(confusion);
    assertThat(IntStream.range(0, CLASSES).filter(c -> confusion[0][c] > 0).count())
        .as("classes that the untrained network names")
        .isGreaterThan(1);
  }

  @Test
  void dataOfOtherChannelsAreRefused() {
    var other =
        new SequenceSet(
            "other",
            2,
            data().classes(),
            List.of(new Sequence("s", "g", 1, 2, new float[2], new int[1], new boolean[1])));
    assertThatThrownBy(() -> network(false).outputs(other, 1, 1))
        .isInstanceOf(NetworkException.class)
        .hasMessage("other has 2 channels, but the network takes 3");
  }
}
