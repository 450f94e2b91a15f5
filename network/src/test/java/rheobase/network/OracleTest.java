package rheobase.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import rheobase.network.optimize.Optimizer;
import rheobase.network.optimize.OptimizerSpec;
import rheobase.network.parameter.Parameters;
import rheobase.network.parameter.Tensor;
import rheobase.network.reference.ReferenceNetwork;

/**
 * Both the reference and the engine against numbers that neither of them made: hand-written
 * backpropagation and automatic differentiation that agreed to 1e-11.
 */
class OracleTest {
  private static final double EXACT = 1e-10;
  private static final double SINGLE = 1e-4;

  @ParameterizedTest
  @ValueSource(
      strings = {"alif", "alif2", "alif_perstep", "alif_ecg", "lif_soft", "lif", "lstm", "gru"})
  void referenceReproducesTheOracle(String file) {
    referenceReproduces(OracleCase.read(file), EXACT);
  }

  @Test
  void referenceReproducesAppendixA() {
    // its traces are printed to eight decimals
    referenceReproduces(OracleCase.appendix(), 6e-9);
  }

  private static void referenceReproduces(OracleCase oracle, double traceTolerance) {
    var network = new ReferenceNetwork(oracle.spec(), oracle.parameters());
    double loss = 0;
    var gradients = new LinkedHashMap<String, double[]>();
    for (int b = 0; b < oracle.batch().size(); b++) {
      ReferenceNetwork.Result result = network.run(oracle.batch().get(b));
      loss += result.loss() / oracle.batch().size();
      addTo(gradients, result.gradients(), 1.0 / oracle.batch().size());
      for (int i = 0; i < result.layers().size(); i++) {
        ReferenceNetwork.LayerTrace layer = result.layers().get(i);
        int row = b;
        oracle
            .traces()
            .get(i)
            .forEach((name, expected) ->
                compareTrace(
                    layer.name() + " " + name,
                    expected,
                    row,
                    layer.values().get(name),
                    traceTolerance));
        if (oracle.drives().get(i) != null) {
          double[][] drive =
              Stream.of(layer.drive()).map(inputs -> inputs[0]).toArray(double[][]::new);
          compareTrace(layer.name() + " drive", oracle.drives().get(i), row, drive, EXACT);
        }
      }
    }
    assertThat(loss).isCloseTo(oracle.loss(), within(EXACT));
    assertThat(gradients.keySet()).containsExactlyInAnyOrderElementsOf(oracle.gradients().keySet());
    oracle
        .gradients()
        .forEach((name, expected) -> {
          double[] actual = gradients.get(name);
          assertThat(actual).as(name).hasSameSizeAs(expected);
          for (int i = 0; i < expected.length; i++) {
            assertThat(actual[i]).as("%s[%d]", name, i).isCloseTo(expected[i], within(EXACT));
          }
        });
  }

  private static void compareTrace(
      String what, double[][][] expected, int row, double[][] actual, double tolerance) {
    assertThat(actual).as(what).hasNumberOfRows(expected.length);
    for (int t = 0; t < expected.length; t++) {
      for (int j = 0; j < expected[t][row].length; j++) {
        assertThat(actual[t][j])
            .as("%s of sequence %d, step %d, unit %d", what, row, t, j)
            .isCloseTo(expected[t][row][j], within(tolerance));
      }
    }
  }

  private static void addTo(Map<String, double[]> sum, Map<String, double[]> more, double share) {
    more.forEach((name, values) -> {
      double[] total = sum.computeIfAbsent(name, _ -> new double[values.length]);
      for (int i = 0; i < total.length; i++) {
        total[i] += share * values[i];
      }
    });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"alif", "alif2", "alif_perstep", "alif_ecg", "lif_soft", "lif", "lstm", "gru"})
  void engineReproducesTheOracle(String file) {
    engineReproduces(OracleCase.read(file));
  }

  @Test
  void engineReproducesAppendixA() {
    engineReproduces(OracleCase.appendix());
  }

  private static void engineReproduces(OracleCase oracle) {
    Network network = network(oracle);
    float[] gradient = new float[network.parameters().values().length];
    assertThat(step(network, oracle, gradient))
        .isCloseTo(oracle.loss(), within(SINGLE * oracle.loss()));
    oracle
        .gradients()
        .forEach((name, expected) -> {
          Tensor tensor = network.parameters().tensor(name);
          compare(name, expected, Parameters.saved(tensor, gradient), SINGLE);
        });
    for (int i = 0; i < network.layers().size(); i++) {
      Trace.LayerTrace layer = network.trace(oracle.batch().getFirst(), 0).layers().get(i);
      oracle
          .traces()
          .get(i)
          .forEach((name, expected) -> {
            float[][] actual = layer.states().get(name);
            for (int t = 0; actual != null && t < expected.length; t++) {
              compare(layer.name() + " " + name, expected[t][0], actual[t], SINGLE);
            }
          });
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"alif", "alif2", "alif_perstep", "alif_ecg", "lif_soft"})
  void adamTakesTheSameFiveSteps(String file) {
    OracleCase oracle = OracleCase.read(file);
    Network network = network(oracle);
    boolean integrates = oracle.parameters().containsKey("readout.tau");
    Map<String, Double> factors =
        integrates
            ? Map.of("tau_m", 3.0, "tau_adp", 3.0, "readout.tau", 3.0)
            : Map.of("tau_m", 3.0, "tau_adp", 3.0);
    var optimizer =
        new Optimizer(
            new OptimizerSpec.Adam(1e-2), network.parameters(), factors, network.bounds());
    float[] gradient = new float[network.parameters().values().length];
    for (int i = 0; i < 6; i++) {
      double expected = oracle.adamLosses()[i];
      assertThat(step(network, oracle, gradient))
          .as("loss before step %d", i)
          .isCloseTo(expected, within(SINGLE * expected));
      if (i < 5) {
        optimizer.step(network.parameters().values(), gradient, 1e-2);
        network.follow();
      }
    }
    oracle
        .adamParameters()
        .forEach(
            (name, expected) -> compare(name, expected, network.parameters().get(name), SINGLE));
  }

  private static Network network(OracleCase oracle) {
    Network network = Network.blank(oracle.spec());
    oracle
        .parameters()
        .forEach((name, values) -> {
          float[] floats = new float[values.length];
          for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) values[i];
          }
          network.parameters().set(name, floats);
        });
    network.follow();
    return network;
  }

  /** Loss and gradient of the whole batch. */
  private static double step(Network network, OracleCase oracle, float[] gradient) {
    var tally = new Tally(network.layers().getLast().units());
    var activity = new Activity(network.layers().size());
    int rows = oracle.batch().size();
    try (var crew = new Crew(network, 1, rows, oracle.batch().getFirst().steps(), true)) {
      crew.train(oracle.batch(), new long[rows], 0, 0, gradient, tally, activity);
    }
    return tally.loss();
  }

  /**
   * Within {@code tolerance} of each value, but no closer than that of a hundredth of the largest.
   */
  private static void compare(String name, double[] expected, float[] actual, double tolerance) {
    assertThat(actual).as(name).hasSize(expected.length);
    double largest = 0;
    for (double value : expected) {
      largest = Math.max(largest, Math.abs(value));
    }
    for (int i = 0; i < expected.length; i++) {
      double scale = Math.max(Math.abs(expected[i]), largest / 100);
      assertThat((double) actual[i])
          .as("%s[%d]", name, i)
          .isCloseTo(expected[i], within(tolerance * scale + 1e-12));
    }
  }
}
