package rheobase.cell.language;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import rheobase.cell.graph.Cell;
import rheobase.cell.graph.Cell.From;
import rheobase.cell.graph.Cell.Initial;
import rheobase.cell.graph.Node.Source;
import rheobase.cell.kernel.Interpreter;

/** What the lines of a cell mean. */
class CellLanguageTest {

  private static Cell compile(String text) {
    return Cells.compile("test.cell", text, Overrides.NONE);
  }

  /**
   * The value of {@code name} after one step; every leaf is given as "i" for a drive, "u'" for the
   * state u before.
   */
  private static double value(Cell cell, String name, Map<String, Double> leaves) {
    return new Interpreter(List.of(cell.value(name)), null)
        .run(
            leaf -> leaves.get(leaf.source() == Source.PREVIOUS ? leaf.name() + "'" : leaf.name()))[
        0];
  }

  /** What an expression of constants, i = 3 and the state u = 5 comes to. */
  private static double value(String expression) {
    Cell cell = compile("cell t\ninput i\nstate u = 0\ny = " + expression + "\nu = i\noutput y");
    return value(cell, "y", Map.of("i", 3.0, "u'", 5.0));
  }

  // expressions

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "1 + 2 * i | 7",
        "(1 + 2) * i | 9",
        "10 - i - 2 | 5",
        "12 / i / 2 | 2",
        "-i * 2 | -6",
        "2 - -i | 5",
        "-(i + 1) | -4",
        "- - i | 3",
        "1.5e1 + 1E-1 + .5 | 15.6",
        "min(i, u) + 10 * max(i, u) | 53",
        "abs(i - u) | 2",
        "relu(i - u) + relu(u - i) | 2",
        "sqrt(i + 1) | 2",
        "exp(i - 3) + log(i - 2) + tanh(i - 3) + sin(i - 3) | 1",
        "cos(i - 3) + sigmoid(i - 3) | 1.5",
        "spike(i - 3) + 10 * spike(u - i) | 10",
      })
  void operatorsBindAndFunctionsMeanAsInMathematics(String expression, double expected) {
    assertThat(value(expression)).isCloseTo(expected, within(1e-12));
  }

  @Test
  void spacesCommentsAndLineEndsDoNotMatter() {
    Cell cell = compile("# head\r\n\tcell t # name\r\ninput i,j\r\n\r\nu=i+j#sum\r\noutput u");
    assertThat(cell.name()).isEqualTo("t");
    assertThat(value(cell, "u", Map.of("i", 1.0, "j", 2.0))).isEqualTo(3);
  }

  // states

  @Test
  void aStateReadBeforeItIsAssignedIsItsPreviousValue() {
    Cell cell =
        compile(
            """
            cell t
            input i
            state u = 0, w = 0
            before = u
            u = u + i
            after = u
            w = before + 10 * after
            output w
            """);
    assertThat(value(cell, "w", Map.of("i", 1.0, "u'", 4.0))).isEqualTo(4 + 10 * 5);
  }

  @Test
  void aNameAssignedTwiceHasTheValueOfTheMoment() {
    Cell cell =
        compile(
            """
            cell t
            input i
            state v = 0
            v = v + i
            y = v
            v = v - 1
            output y
            """);
    var leaves = Map.of("i", 2.0, "v'", 5.0);
    assertThat(value(cell, "y", leaves)).isEqualTo(7);
    assertThat(value(cell, "v", leaves)).isEqualTo(6);
  }

  @Test
  void theSpikeOfTheAdaptiveNeuronIsResetOneStepLaterByTheNewThreshold() {
    Cell cell = compile(Cells.text("alif"));
    double alpha = Math.exp(-1 / 4.0);
    double rho = Math.exp(-1 / 7.0);
    var before = Map.of("i", 1.5, "tau_m", 4.0, "tau_adp", 7.0, "u'", 0.3, "eta'", 0.2, "s'", 1.0);
    double eta = rho * 0.2 + (1 - rho);
    double theta = 0.01 + 1.8 * eta;
    double u = alpha * 0.3 + (1 - alpha) * 1.5 - theta;
    assertThat(value(cell, "eta", before)).isCloseTo(eta, within(1e-15));
    assertThat(value(cell, "u", before)).isCloseTo(u, within(1e-15));
    assertThat(value(cell, "s", before)).isEqualTo(u > theta ? 1 : 0);
  }

  // declarations

  @Test
  void aStateStartsAsANumberAConstantADistributionOrAnEarlierState() {
    Cell cell =
        compile(
            """
            cell t
            input i
            const b0 = 0.5
            state a = 2 * b0, b = normal(b0, 0.1), c = uniform(0, b0), d = c
            a = i
            b = i
            c = i
            d = i
            output d
            """);
    assertThat(cell.states().stream().map(Cell.State::initial))
        .containsExactly(
            new Initial.Number(1),
            new Initial.Normal(0.5, 0.1),
            new Initial.Uniform(0, 0.5),
            new Initial.SameAs("c"));
  }

  @Test
  void aParameterHasAnInitialDistributionAndBounds() {
    Cell cell =
        compile(
            """
            cell t
            input i
            const dt = 2
            param a = 3, b = normal(20, 5) >= dt, c = uniform(0, 1) <= 1, d = 1 >= 0 <= 2 * dt
            u = i * a * b * c * d
            output u
            """);
    double infinity = Double.POSITIVE_INFINITY;
    assertThat(cell.parameters())
        .containsExactly(
            new Cell.Parameter("a", new Initial.Number(3), -infinity, infinity),
            new Cell.Parameter("b", new Initial.Normal(20, 5), 2, infinity),
            new Cell.Parameter("c", new Initial.Uniform(0, 1), -infinity, 1),
            new Cell.Parameter("d", new Initial.Number(1), 0, 4));
  }

  @Test
  void anInputSaysWhereItComesFrom() {
    assertThat(compile(Cells.text("gru")).inputs())
        .containsExactly(
            new Cell.Input("r", From.BOTH),
            new Cell.Input("z", From.BOTH),
            new Cell.Input("n", From.BELOW),
            new Cell.Input("m", From.RECURRENCE));
    assertThat(compile("cell t\ninput a, b from below\nu = a + b\noutput u").inputs())
        .containsExactly(new Cell.Input("a", From.BELOW), new Cell.Input("b", From.BELOW));
  }

  @Test
  void aMaskIsAFactorFromOutside() {
    Cell cell = compile("cell t\ninput i\nmask keep\nu = i * keep\noutput u");
    assertThat(cell.masks()).containsExactly("keep");
    assertThat(value(cell, "u", Map.of("i", 3.0, "keep", 1.25))).isEqualTo(3.75);
  }

  // what an experiment changes

  @Test
  void constantsAreOverriddenEverywhereTheyAreUsed() {
    String text =
        """
        cell t
        input i
        const b = 2, c = 3 * b
        param tau = 100 >= b
        state u = c
        u = u + i * b + tau
        output u
        """;
    Cell cell = Cells.compile("t", text, new Overrides(Map.of("b", 5.0), Map.of(), Map.of()));
    assertThat(cell.states().getFirst().initial()).isEqualTo(new Initial.Number(15));
    assertThat(cell.parameters().getFirst().lower()).isEqualTo(5);
    assertThat(value(cell, "u", Map.of("i", 1.0, "u'", 0.0, "tau", 0.0))).isEqualTo(5);
  }

  @Test
  void initialValuesAreOverriddenAndMayNameConstantsAndEarlierStates() {
    Cell cell =
        Cells.compile(
            "alif",
            Cells.text("alif"),
            new Overrides(
                Map.of("b0", 0.1),
                Map.of("tau_m", "20", "tau_adp", "uniform(7, 70)"),
                Map.of("u", "uniform(0, b0)", "s", "u")));
    assertThat(cell.parameters().get(0).initial()).isEqualTo(new Initial.Number(20));
    assertThat(cell.parameters().get(1).initial()).isEqualTo(new Initial.Uniform(7, 70));
    assertThat(cell.states().stream().map(Cell.State::initial))
        .containsExactly(
            new Initial.Uniform(0, 0.1), new Initial.Number(0.1), new Initial.SameAs("u"));
  }

  // built-in cells

  static List<String> names() {
    return Cells.names();
  }

  @ParameterizedTest
  @MethodSource("names")
  void aBuiltInCellBearsTheNameOfItsFileAndSaysWhereItIsFrom(String name) {
    String text = Cells.text(name);
    assertThat(Cells.nameOf(name, text)).isEqualTo(name);
    assertThat(text).startsWith("# ");
    assertThat(text.lines()).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(130));
  }

  @Test
  void theNearestNameIsFoundByItsLetters() {
    assertThat(Names.distance("tau_apd", "tau_adp")).isEqualTo(2);
    assertThat(Names.distance("", "abc")).isEqualTo(3);
    assertThat(Names.nearest("thresold", List.of("threshold", "tau"))).contains("'threshold'");
    assertThat(Names.nearest("x", List.of("b", "a"))).isEqualTo("known are a, b");
    assertThat(Names.nearest("x", List.of())).isEqualTo("there are none");
  }
}
