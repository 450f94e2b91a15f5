package rheobase.cell.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import rheobase.cell.RandomCells;
import rheobase.cell.graph.Surrogate;
import rheobase.cell.language.CellException;
import rheobase.cell.language.Cells;

class CellVerificationTest {

  static Stream<Arguments> builtInCellsAndSurrogates() {
    return Cells.names().stream()
        .flatMap(name ->
            Stream.of(Surrogate.Kind.values())
                .filter(kind -> kind == Surrogate.DEFAULT.kind() || fires(name))
                .map(kind -> Arguments.of(name, kind)));
  }

  private static boolean fires(String name) {
    return Cells.text(name).contains("spike(");
  }

  @ParameterizedTest
  @MethodSource("builtInCellsAndSurrogates")
  void builtInCellsPass(String name, Surrogate.Kind kind) {
    var verification = CellVerification.verify(name, Cells.text(name), Surrogate.of(kind));
    assertThat(verification).matches(CellVerification::passed);
    assertThat(verification.derivativeError()).isLessThan(1e-6);
    assertThat(verification.kernelError()).isLessThan(1e-5);
  }

  static LongStream seeds() {
    return LongStream.range(0, 60);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void randomCellsPass(long seed) {
    String text = RandomCells.text(seed);
    assertThat(CellVerification.verify("random", text, Surrogate.DEFAULT))
        .as(text)
        .matches(CellVerification::passed);
  }

  @Test
  void theRandomCellsUseTheWholeLanguage() {
    String all = String.join("", seeds().mapToObj(RandomCells::text).toList());
    assertThat(all)
        .contains(
            List.of(
                "exp(",
                "log(",
                "sqrt(",
                "sigmoid(",
                "tanh(",
                "relu(",
                "abs(",
                "min(",
                "max(",
                "sin(",
                "cos(",
                "spike(",
                "quantize(",
                " + ",
                " - ",
                " * ",
                " / ",
                "(-",
                "mask ",
                "param ",
                "const ",
                "from below",
                "from recurrence",
                "uniform("));
  }

  @Test
  void theGatedNeuronWithGradedSpikesPasses() {
    // Ponghiran and Roy 2022, v2
    String text =
        """
        cell gated_recurrent
        input f, c
        const bits = 6, threshold = 3
        mask  keep
        state current = 0, v = 0, y = 0
        gate    = sigmoid(f)
        current = gate * current + (1 - gate) * relu(c) * keep
        v       = v + current
        y       = quantize(v, bits, threshold)
        v       = v - y
        output y
        """;
    assertThat(CellVerification.verify("gated", text, Surrogate.DEFAULT))
        .matches(CellVerification::passed);
  }

  @Test
  void statesUnderARootOrALogarithmAreKeptWhereTheCellKeepsThem() {
    String text =
        """
        cell t
        input i
        state power = 0.1, y = 0
        power = 0.9 * power + 0.1 * i * i
        y = i / sqrt(power) + log(power)
        output y
        """;
    assertThat(CellVerification.verify("t", text, Surrogate.DEFAULT))
        .matches(CellVerification::passed);
  }

  @Test
  void whereRoundingDecidesEverywhereNothingPasses() {
    String text = "cell t\ninput i\ny = spike(i - i)\noutput y";
    assertThat(CellVerification.verify("t", text, Surrogate.DEFAULT).passed()).isFalse();
  }

  @Test
  void aCellThatIsNoNumberDoesNotPass() {
    String text = "cell t\ninput i\ny = sqrt(-1 - i * i)\noutput y";
    assertThat(CellVerification.verify("t", text, Surrogate.DEFAULT).passed()).isFalse();
  }

  @Test
  void anyErrorAboveItsLimitFails() {
    assertThat(new CellVerification("c", 1e-6, 1e-4, 0, 0).passed()).isTrue();
    assertThat(new CellVerification("c", 1.1e-6, 0, 0, 0).passed()).isFalse();
    assertThat(new CellVerification("c", 0, 1.1e-4, 0, 0).passed()).isFalse();
    assertThat(new CellVerification("c", 0, 0, Double.MIN_VALUE, 0).passed()).isFalse();
    assertThat(new CellVerification("c", 0, 0, 0, Double.MIN_VALUE).passed()).isFalse();
    assertThat(new CellVerification("c", Double.NaN, 0, 0, 0).passed()).isFalse();
  }

  @Test
  void aCellTooLargeForTheCompilerOfTheJvmIsRefused() {
    var text = new StringBuilder("cell big\ninput i\nstate h = 0\nh = 0.5 * h");
    for (int gate = 0; gate < 40; gate++) {
      text.append(" + tanh(%d * i * h)".formatted(gate));
    }
    String message =
        "cell 'big' is too large: a step forward or back takes more than 8,000 bytes of code,"
            + " the most that the JVM compiles; use fewer functions (an lstm takes 2,300 bytes)";
    assertThatThrownBy(() -> CellVerification.verify("big", text + "\noutput h", Surrogate.DEFAULT))
        .isInstanceOf(CellException.class)
        .hasMessage(message);
    for (int gate = 40; gate < 240; gate++) {
      text.append(" + tanh(%d * i * h)".formatted(gate));
    }
    assertThatThrownBy(() -> CellVerification.verify("big", text + "\noutput h", Surrogate.DEFAULT))
        .hasMessage(message);
  }
}
