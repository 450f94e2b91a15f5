package rheobase.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import rheobase.cell.graph.Surrogate;
import rheobase.cell.language.Cells;
import rheobase.data.Sequence;
import rheobase.data.SequenceSet;
import rheobase.data.Signal;
import rheobase.network.LayerSpec;
import rheobase.network.LossSpec;
import rheobase.network.Network;
import rheobase.network.NetworkSpec;
import rheobase.network.Readout;
import rheobase.network.parameter.Initializer;

class ExampleTest {
  private static final int STEPS = 20;

  @Test
  void labelsOfATranscriptStandWhereTheNetworkHearsThem() {
    var layer =
        new LayerSpec(
            "output",
            Cells.text("linear"),
            3,
            false,
            Map.of(),
            Map.of(),
            Map.of(),
            Surrogate.DEFAULT,
            new Initializer.Xavier(),
            null,
            new Initializer.Constant(0),
            null,
            null);
    var loss = new LossSpec(LossSpec.Kind.CTC, 4, LossSpec.Reduction.SUM);
    var network = Network.create(new NetworkSpec(2, List.of(layer), Readout.EACH_STEP, loss), 1);
    var random = new Random(1);
    float[] values = new float[2 * STEPS];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    int[] labels = {1, 0, 0};
    var signal = new Signal.Dense(STEPS, 2, values);
    var set =
        new SequenceSet(
            "said",
            2,
            List.of("a", "b", "blank"),
            List.of(
                Sequence.transcribed("short", "g", signal, new int[] {1}),
                Sequence.transcribed("long", "g", signal, labels)));

    var example = Example.of(network, set, 1);
    assertThat(example.id()).isEqualTo("long");
    assertThat(example.targets()).hasSize(STEPS).startsWith(2, 2, 2, 2);
    assertThat(example.annotated()).hasSize(STEPS).doesNotContain(true);
    int[] said =
        IntStream.range(4, STEPS)
            .filter(t -> example.targets()[t] != example.targets()[t - 1])
            .map(t -> example.targets()[t])
            .filter(label -> label != 2)
            .toArray();
    assertThat(said).isEqualTo(labels);
  }
}
