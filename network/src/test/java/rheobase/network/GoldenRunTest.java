package rheobase.network;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import rheobase.cell.graph.Surrogate;
import rheobase.cell.language.Cells;
import rheobase.data.RandomStream;
import rheobase.data.Sequence;
import rheobase.network.optimize.Optimizer;
import rheobase.network.optimize.OptimizerSpec;
import rheobase.network.parameter.Initializer;

/**
 * A small training whose every bit is written down. A change that rounds anything differently fails
 * here first: where it is meant, the new numbers go in, and with them the knowledge that models
 * trained before cannot be reproduced to the bit any more.
 */
class GoldenRunTest {
  private static final int STEPS = 12;
  private static final double RATE = 0.05;

  private static final List<String> LOSSES =
      List.of(
          "0x1.21ac38c3e675dp0",
          "0x1.45b77cbe8d9b1p0",
          "0x1.1597d05a7fd73p0",
          "0x1.1a0f296c54c42p0",
          "0x1.1d22bcc25e44p0",
          "0x1.19969a6b78cadp0",
          "0x1.1518579d1fb5p0",
          "0x1.138668e9d5d26p0",
          "0x1.12722a9ac0bfap0",
          "0x1.1199b1c75d8e2p0",
          "0x1.0fd62811db927p0",
          "0x1.108890faa7e46p0");

  private static final String WEIGHTS =
      "fe50f029f916d940e501242af356d73b0c9be53a2718f92f34f5463adf048e9e";

  @Test
  void lossAndWeightsKeepEveryBit() {
    var loss = new LossSpec(LossSpec.Kind.CROSS_ENTROPY, 2, LossSpec.Reduction.MEAN);
    var spec =
        new NetworkSpec(
            4,
            List.of(
                layer("spiking", "alif", 19, true, null),
                layer("gated", "lstm", 7, true, null),
                layer("output", "alif", 3, false, "u")),
            Readout.EACH_STEP,
            loss);
    Network network = Network.create(spec, 1);
    var optimizer =
        new Optimizer(
            new OptimizerSpec.Adam(RATE),
            network.parameters(),
            Map.of("tau_m", 3.0, "tau_adp", 3.0),
            network.bounds());
    List<Sequence> batch = batch();
    float[] gradient = new float[network.parameters().values().length];
    var losses = new ArrayList<String>();
    try (var crew = new Crew(network, 2, 3, 32, true)) {
      for (int step = 0; step < STEPS; step++) {
        var tally = new Tally(3);
        long[] keys = new long[batch.size()];
        Arrays.setAll(keys, r -> r);
        crew.train(batch, keys, step, 0, gradient, tally, new Activity(3));
        losses.add(Double.toHexString(tally.loss()));
        optimizer.step(network.parameters().values(), gradient, RATE);
        network.follow();
      }
    }
    assertThat(losses).isEqualTo(LOSSES);
    assertThat(network.parameters().sha256()).isEqualTo(WEIGHTS);
  }

  private static LayerSpec layer(
      String name, String cell, int units, boolean recurrent, String emits) {
    boolean spiking = cell.equals("alif");
    return new LayerSpec(
        name,
        Cells.text(cell),
        units,
        recurrent,
        Map.of(),
        spiking ? Map.of("tau_m", "normal(8, 2)", "tau_adp", "normal(30, 5)") : Map.of(),
        spiking ? Map.of("u", "uniform(0, 1)", "s", "u") : Map.of("h", "normal(0, 0.1)"),
        Surrogate.DEFAULT,
        // strong at the top, so that softmax meets more than nearly equal logits
        emits == null ? new Initializer.Xavier() : new Initializer.Normal(0, 4),
        new Initializer.Orthogonal(1),
        new Initializer.Constant(0),
        new Initializer.Constant(0),
        emits);
  }

  /** Twenty sequences of 40 to 59 steps: which of three channels fired last, a fourth is noise. */
  private static List<Sequence> batch() {
    var batch = new ArrayList<Sequence>();
    for (int r = 0; r < 20; r++) {
      var random = RandomStream.of(7, "golden run", r);
      int steps = 40 + r;
      float[] values = new float[4 * steps];
      int[] targets = new int[steps];
      int last = 0;
      for (int t = 0; t < steps; t++) {
        if (random.nextInt(6) == 0) {
          last = random.nextInt(3);
          values[4 * t + last] = 1;
        }
        values[4 * t + 3] = random.nextInt(5) == 0 ? random.nextFloat() : 0;
        targets[t] = last;
      }
      String id = "sequence " + r;
      batch.add(new Sequence(id, id, steps, 4, values, targets, new boolean[steps]));
    }
    return batch;
  }
}
