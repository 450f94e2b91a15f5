package rheobase.cell.graph;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import rheobase.cell.RandomCells;
import rheobase.cell.graph.StepOperations.Signal;
import rheobase.cell.language.Cells;
import rheobase.cell.language.Overrides;

/** What is counted in the equations of a cell. */
class StepOperationsTest {

  private static StepOperations builtIn(String name, String emits, Map<String, Double> constants) {
    var cell = Cells.compile(name, Cells.text(name), new Overrides(constants, Map.of(), Map.of()));
    return StepOperations.of(cell, emits, true);
  }

  private static StepOperations builtIn(String name) {
    return builtIn(name, null, Map.of());
  }

  /** Of a cell with two states, two parameters and an input, and the equations given. */
  private static StepOperations of(String... equations) {
    var text =
        """
        cell t
        input i
        param a = 0.5, b = 0.5
        state u = 0, v = 0
        """
            + String.join("\n", equations);
    return StepOperations.of(Cells.compile("t", text, Overrides.NONE), null, true);
  }

  private static void assertCounts(
      StepOperations step, int accumulates, int perSpike, int products, int productsPerSpike) {
    assertThat(step.accumulates()).as("AC").isEqualTo(accumulates);
    assertThat(step.accumulatesPerSpike()).as("AC a spike").isEqualTo(perSpike);
    assertThat(step.multiplyAccumulates()).as("MAC").isEqualTo(products);
    assertThat(step.multiplyAccumulatesPerSpike()).as("MAC a spike").isEqualTo(productsPerSpike);
  }

  /** The rows of TC-LIF's table, and its ALIF row of the same making. */
  @ParameterizedTest
  @CsvSource({
    "lif,              0, 1, 1, SPIKES, 1, 1",
    "alif,             0, 2, 3, SPIKES, 2, 2",
    "leaky_integrator, 0, 0, 1, REAL,   1, 1",
    "leaky_sum,        0, 0, 1, REAL,   1, 0",
    "lif_hard,         0, 1, 1, SPIKES, 1, 0",
    "linear,           0, 0, 0, REAL,   0, 0",
    "ternary,          0, 0, 0, SPIKES, 0, 1",
    "relu_alif,        1, 0, 5, REAL,   3, 2",
    "rnn,              0, 0, 1, REAL,   1, 0",
  })
  void builtInCellsCountAsTheirPublishedRows(
      String cell, int ac, int perSpike, int mac, Signal output, int states, int coefficients) {
    var step = builtIn(cell);
    assertCounts(step, ac, perSpike, mac, 0);
    assertThat(step.output()).isEqualTo(output);
    assertThat(step.emitted()).isEqualTo(output);
    assertThat(step.states()).isEqualTo(states);
    assertThat(step.coefficients()).isEqualTo(coefficients);
  }

  /** Of an LSTM: 3 products, of which one absorbs the sum, and 5 functions. */
  @Test
  void functionsOfAGateAreCountedOnceEach() {
    assertCounts(builtIn("lstm"), 0, 0, 3 + 5, 0);
  }

  @Test
  void adaptationThatDoesNothingCostsNothing() {
    assertThat(builtIn("alif", null, Map.of("beta", 0.0))).isEqualTo(builtIn("lif"));
  }

  @Test
  void membraneThatIsReadInPlaceOfTheSpikeIsARealValue() {
    var step = builtIn("alif", "u", Map.of());
    assertThat(step.emitted()).isEqualTo(Signal.REAL);
    assertThat(step.output()).isEqualTo(Signal.SPIKES);
    assertCounts(step, 0, 2, 3, 0);
  }

  @Test
  void sumsOfProductsNeedNoFurtherAdditions() {
    assertCounts(of("u = a * u + b * v + i", "v = i", "output u"), 0, 0, 2, 0);
    assertCounts(of("u = u + v + i", "v = i", "output u"), 2, 0, 0, 0);
    // (a u + b v) + v + u: two products bring two additions for the three of the sum
    assertCounts(of("u = a * u + b * v + v + u", "v = i", "output u"), 1, 0, 2, 0);
  }

  @Test
  void additionThatAProductBringsIsUsedOnce() {
    assertCounts(of("w = a * u", "u = w + v", "v = w + i", "output u"), 1, 0, 1, 0);
  }

  @Test
  void factorOnAnInputGoesIntoTheWeightsOnlyIfItIsTheOnlyUse() {
    assertCounts(of("u = v + a * i", "v = u", "output u"), 1, 0, 0, 0);
    assertCounts(of("u = v + a * i", "v = b * i", "output u"), 0, 0, 2, 0);
  }

  @Test
  void spikesWithinTheNeuronCountAtEveryStep() {
    // v is a second spike: u is gated by it
    assertCounts(
        of("u = a * u + i", "v = spike(u)", "s = spike(u - v * b)", "output s"), 1, 0, 1, 0);
  }

  @Test
  void gradedSpikesMultiplyWhereTheyArrive() {
    var text =
        """
        cell t
        input i
        param a = 0.5
        state v = 0, y = 0
        v = a * v + i - y
        y = quantize(v, 6, 3)
        output y
        """;
    var step = StepOperations.of(Cells.compile("t", text, Overrides.NONE), null, true);
    assertThat(step.output()).isEqualTo(Signal.GRADED_SPIKES);
    assertCounts(step, 0, 1, 2, 0);
    var scaled = Cells.compile("t", text.replace("- y", "- a * y"), Overrides.NONE);
    assertCounts(StepOperations.of(scaled, null, true), 0, 0, 2, 1);
  }

  @Test
  void resetToZeroLeavesARealValue() {
    var step = builtIn("lif_hard", "u", Map.of());
    assertThat(step.emitted()).isEqualTo(Signal.REAL);
  }

  /** Nothing is counted twice, whatever the cell. */
  @ParameterizedTest
  @MethodSource("seeds")
  void noExpressionCostsMoreThanOneOperation(long seed) {
    var cell = Cells.compile("random", RandomCells.text(seed), Overrides.NONE);
    var step = StepOperations.of(cell, null, true);
    var program = StepProgram.of(cell, null, true, Surrogate.DEFAULT);
    var roots = new ArrayList<>(program.next());
    roots.addAll(program.emitted());
    assertThat(
            step.accumulates()
                + step.accumulatesPerSpike()
                + step.multiplyAccumulates()
                + step.multiplyAccumulatesPerSpike())
        .isLessThanOrEqualTo(
            (int) Graph.ordered(roots).stream().filter(n -> !n.operands().isEmpty()).count());
  }

  static LongStream seeds() {
    return LongStream.range(0, 40);
  }
}
