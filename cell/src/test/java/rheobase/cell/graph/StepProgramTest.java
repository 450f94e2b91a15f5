package rheobase.cell.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import rheobase.cell.RandomCells;
import rheobase.cell.graph.Node.Function;
import rheobase.cell.graph.Node.Leaf;
import rheobase.cell.graph.Node.Source;
import rheobase.cell.graph.Node.Unary;
import rheobase.cell.kernel.Interpreter;
import rheobase.cell.language.Cells;
import rheobase.cell.language.Overrides;

/** What is left of a cell when it is made ready for a backend. */
class StepProgramTest {

  private static Cell builtIn(String name, Map<String, Double> constants) {
    return Cells.compile(name, Cells.text(name), new Overrides(constants, Map.of(), Map.of()));
  }

  private static StepProgram program(Cell cell) {
    return StepProgram.of(cell, null, false, Surrogate.DEFAULT);
  }

  private static StepProgram program(String text) {
    return program(Cells.compile("t", text, Overrides.NONE));
  }

  private static List<String> states(StepProgram program) {
    return program.states().stream().map(i -> program.cell().states().get(i).name()).toList();
  }

  private static Set<Source> sources(List<Node> nodes) {
    return Graph.ordered(nodes).stream()
        .filter(Leaf.class::isInstance)
        .map(node -> ((Leaf) node).source())
        .collect(Collectors.toCollection(() -> EnumSet.noneOf(Source.class)));
  }

  private static boolean uses(List<Node> nodes, Function function) {
    return Graph.ordered(nodes).stream()
        .anyMatch(node -> node instanceof Unary(Function f, Node _) && f == function);
  }

  private static List<Node> backward(StepProgram program) {
    var all = new ArrayList<Node>(program.driveGradient());
    all.addAll(program.previousGradient());
    all.addAll(program.coefficientGradient());
    return all;
  }

  // live states

  @Test
  void withoutAdaptationTheThresholdIsNoState() {
    assertThat(states(program(builtIn("alif", Map.of())))).containsExactly("u", "eta", "s");

    StepProgram program = program(builtIn("alif", Map.of("beta", 0.0)));
    assertThat(states(program)).containsExactly("u", "s");
    assertThat(program.coefficients()).hasSize(1);
    // tau_adp, the second parameter, gets no gradient
    assertThat(Graph.isConstant(program.parameterGradient().get(1), 0)).isTrue();
    assertThat(Graph.isConstant(program.parameterGradient().get(0), 0)).isFalse();
  }

  @Test
  void withoutAdaptationTheAdaptiveNeuronIsTheLeakyOne() {
    StepProgram adaptive = program(builtIn("alif", Map.of("beta", 0.0, "b0", 0.1)));
    StepProgram leaky = program(builtIn("lif", Map.of("b0", 0.1)));
    assertThat(adaptive.next()).hasToString(leaky.next().toString());
    assertThat(adaptive.driveGradient()).hasToString(leaky.driveGradient().toString());
  }

  @Test
  void aStateOnWhichNothingEmittedDependsIsDropped() {
    String text =
        """
        cell t
        input i
        state u = 0, counter = 0, trace = 0
        counter = counter + 1
        trace = 0.9 * trace + u
        u = 0.5 * u + i
        output u
        """;
    assertThat(states(program(text))).containsExactly("u");
    Cell cell = Cells.compile("t", text, Overrides.NONE);
    assertThat(states(StepProgram.of(cell, "trace", false, Surrogate.DEFAULT)))
        .containsExactly("u", "trace");
  }

  // emitted values

  @Test
  void aLayerReadByItsMembraneEmitsTheSpikeOnlyIfItIsRecurrent() {
    Cell cell = builtIn("alif", Map.of());
    StepProgram forward = StepProgram.of(cell, "u", false, Surrogate.DEFAULT);
    assertThat(forward.emitted()).containsExactly(forward.next().getFirst());
    StepProgram recurrent = StepProgram.of(cell, "u", true, Surrogate.DEFAULT);
    assertThat(recurrent.emitted())
        .containsExactly(recurrent.next().get(2), recurrent.next().get(0));
    assertThat(recurrent.emittedState()).containsExactly(2, 0);
  }

  @Test
  void anEmittedValueThatIsNoStateHasAPlaneOfItsOwn() {
    StepProgram program = program(builtIn("lif_hard", Map.of()));
    assertThat(states(program)).containsExactly("u");
    assertThat(program.emittedState()).containsExactly(-1);
  }

  @Test
  void statesOfOneValueAreToldApartByName() {
    String text =
        """
        cell t
        input i
        state a = 0, b = 1
        a = tanh(i + a)
        b = a
        y = a
        """;
    StepProgram ofState = program(text + "output b");
    assertThat(states(ofState)).containsExactly("a", "b");
    assertThat(ofState.emittedState()).containsExactly(1);
    assertThat(program(text + "output y").emittedState()).containsExactly(-1);
  }

  @Test
  void anUnknownValueIsNotEmitted() {
    assertThatThrownBy(
            () -> StepProgram.of(builtIn("alif", Map.of()), "tau_m", false, Surrogate.DEFAULT))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("cell 'alif' has no state or value 'tau_m' to emit");
  }

  @Test
  void aSpikingCellIsKnownByItsOutput() {
    assertThat(program(builtIn("alif", Map.of())).spikes()).isTrue();
    assertThat(program(builtIn("lif_hard", Map.of())).sparse()).isTrue();
    assertThat(program(builtIn("lstm", Map.of())).sparse()).isFalse();
    StepProgram graded = program("cell t\ninput i\ny = quantize(i, 6, 3)\noutput y");
    assertThat(graded.spikes()).isFalse();
    assertThat(graded.sparse()).isTrue();
    StepProgram ternary = program(builtIn("ternary", Map.of()));
    assertThat(ternary.spikes()).isFalse();
    assertThat(ternary.sparse()).isTrue();
    StepProgram inverted = program("cell t\ninput i\ny = 1 - spike(i)\noutput y");
    assertThat(inverted.sparse()).isFalse();
  }

  // coefficients

  @Test
  void theAdaptiveNeuronHasTwoCoefficients() {
    StepProgram program = program(builtIn("alif", Map.of()));
    // exp(-dt/tau_m) and exp(-dt/tau_adp); 1 - alpha and 1 - rho are no third and fourth
    assertThat(program.coefficients())
        .hasSize(2)
        .allMatch(node -> node instanceof Unary(Function f, Node _) && f == Function.EXP);
    double[] values = new Interpreter(program.coefficients(), null).run(leaf -> leaf.index() + 4);
    assertThat(values)
        .containsExactlyInAnyOrder(StrictMath.exp(-1 / 4.0), StrictMath.exp(-1 / 5.0));
  }

  @Test
  void aCheapFunctionOfACoefficientSendsItsGradientToIt() {
    StepProgram program = program(builtIn("leaky_integrator", Map.of()));
    assertThat(program.coefficients()).hasSize(1);
    // m = alpha m' + (1 - alpha) i: dm/dalpha = m' - i
    double[] gradient =
        new Interpreter(program.coefficientGradient(), null)
            .run(leaf ->
                switch (leaf.source()) {
                  case PREVIOUS -> 7;
                  case DRIVE -> 3;
                  case GRADIENT -> leaf.index() == 0 ? 0.5 : 1.5;
                  default -> 100;
                });
    assertThat(gradient[0]).isCloseTo((7 - 3) * (0.5 + 1.5), within(1e-12));
  }

  @Test
  void aCoefficientChainsItsGradientToTheParameterOnce() {
    StepProgram program = program(builtIn("leaky_integrator", Map.of("dt", 2.0)));
    double tau = 5;
    double[] gradient =
        new Interpreter(program.parameterGradient(), null)
            .run(leaf -> leaf.source() == Source.PARAMETER ? tau : 3);
    assertThat(gradient[0]).isCloseTo(3 * Math.exp(-2 / tau) * 2 / (tau * tau), within(1e-12));
  }

  @Test
  void anExpressionOverParametersAloneIsOneCoefficient() {
    StepProgram program =
        program(
            """
            cell t
            input i
            param a = 1, b = 2
            state u = 0
            u = u * (exp(a) * tanh(b) + b / a) + i * a
            output u
            """);
    assertThat(program.coefficients()).hasSize(2);
    assertThat(uses(program.next(), Function.EXP)).isFalse();
  }

  // what the passes read

  static List<String> texts() {
    var texts = new ArrayList<String>(Cells.names().stream().map(Cells::text).toList());
    for (int seed = 0; seed < 40; seed++) {
      texts.add(RandomCells.text(seed));
    }
    return texts;
  }

  @ParameterizedTest
  @MethodSource("texts")
  void parametersAreReadByCoefficientsOnly(String text) {
    StepProgram program = program(text);
    var step = new ArrayList<Node>(program.next());
    step.addAll(program.emitted());
    assertThat(sources(step))
        .isSubsetOf(Source.DRIVE, Source.PREVIOUS, Source.COEFFICIENT, Source.MASK, Source.RANGE);
    assertThat(sources(backward(program)))
        .isSubsetOf(
            Source.DRIVE,
            Source.PREVIOUS,
            Source.NEXT,
            Source.COEFFICIENT,
            Source.MASK,
            Source.RANGE,
            Source.GRADIENT);
    assertThat(sources(program.coefficients())).isSubsetOf(Source.PARAMETER);
    assertThat(sources(program.parameterGradient())).isSubsetOf(Source.PARAMETER, Source.GRADIENT);
  }

  @Test
  void theBackwardPassTakesWhatTheForwardPassLeft() {
    StepProgram program = program(builtIn("rnn", Map.of()));
    assertThat(uses(program.next(), Function.TANH)).isTrue();
    assertThat(uses(backward(program), Function.TANH)).isFalse();
    assertThat(sources(backward(program))).containsExactlyInAnyOrder(Source.NEXT, Source.GRADIENT);
  }
}
