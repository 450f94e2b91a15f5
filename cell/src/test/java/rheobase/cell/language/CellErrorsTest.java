package rheobase.cell.language;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * What a user reads when a cell is wrong. Every message is given in full: it is the product here.
 */
class CellErrorsTest {

  /** Line 1 to 3 of a good cell; what is wrong then begins in line 4. */
  private static final String HEAD =
      """
      cell t
      input i
      state u = 0
      """;

  private static void assertMessage(String text, String message) {
    assertThatThrownBy(() -> Cells.compile("t.cell", text, Overrides.NONE))
        .isInstanceOf(CellException.class)
        .hasMessage(message);
  }

  /** The wrong lines, behind {@link #HEAD}. */
  private static void assertMessageBehindHead(String lines, String message) {
    assertMessage(HEAD + lines, message);
  }

  // the text as a whole

  @Test
  void anEmptyTextIsNoCell() {
    assertMessage("", "t.cell:1:1: there is no cell in this text; begin it with: cell NAME");
    assertMessage(
        "# nothing but a comment\n\n",
        "t.cell:2:1: there is no cell in this text; begin it with: cell NAME");
  }

  @Test
  void theFirstLineNamesTheCell() {
    assertMessage(
        "# head\ninput i",
        "t.cell:2:1: the cell has no name yet; the first line must be: cell NAME");
    assertMessage(
        "cell  # which?",
        "t.cell:1:7: the cell's name is missing before the end of the line; write: cell NAME");
  }

  @Test
  void aFileHoldsOneCell() {
    assertMessage(
        "cell a\n  cell b", "t.cell:2:3: a second cell begins here; a file holds one cell");
  }

  @Test
  void aCellNeedsAnOutputAndAnInput() {
    assertMessageBehindHead(
        "u = i\n", "t.cell:4:1: cell 't' has no output; add a line: output NAME");
    assertMessage(
        "cell t\nu = 1\noutput u\n", "t.cell:3:1: cell 't' has no input; add a line: input NAME");
  }

  @Test
  void aCellHasOneOutput() {
    assertMessageBehindHead(
        "u = i\noutput u\noutput u",
        "t.cell:6:8: a second output; a cell has one output; the first is in line 5");
  }

  @Test
  void theOutputMustBeAssigned() {
    assertMessageBehindHead(
        "u = i\noutput i",
        "t.cell:5:8: 'i' cannot be the output; the output must be a name that the equations"
            + " assign");
    assertMessageBehindHead(
        "voltage = i\nu = i\noutput voltaeg",
        "t.cell:6:8: there is no 'voltaeg'; did you mean 'voltage'?");
    assertMessageBehindHead(
        "output",
        "t.cell:4:7: the output's name is missing before the end of the line; write: output NAME");
  }

  @Test
  void everyStateIsAssigned() {
    assertMessageBehindHead(
        "s = i\noutput s",
        "t.cell:3:7: state 'u' is never assigned; give it an equation or make it a const");
  }

  // characters and numbers

  @Test
  void aStrangeCharacterIsShownWithItsNumber() {
    assertMessageBehindHead(
        "u = i ^ 2",
        "t.cell:4:7: '^' has no meaning here; a cell is made of names, numbers and + - * / ( ) , ="
            + " >= <=");
    assertMessageBehindHead(
        "u = \u00a0i",
        "t.cell:4:5: '\u00a0' (U+00A0) has no meaning here;"
            + " a cell is made of names, numbers and + - * / ( ) , = >= <=");
    assertMessageBehindHead(
        "u = 🧠",
        "t.cell:4:5: '🧠' (U+1F9E0) has no meaning here;"
            + " a cell is made of names, numbers and + - * / ( ) , = >= <=");
  }

  @Test
  void aByteOrderMarkIsNoError() {
    assertThat(Cells.nameOf("t.cell", "\uFEFFcell t")).isEqualTo("t");
  }

  @Test
  void anIllFormedNumberIsNamed() {
    assertMessageBehindHead(
        "u = 1.2.3", "t.cell:4:5: '1.2.3' is no number; write numbers as 20, 0.5 or 1e-3");
    assertMessageBehindHead(
        "u = .", "t.cell:4:5: '.' is no number; write numbers as 20, 0.5 or 1e-3");
  }

  @Test
  void aNumberThatNoFloatHoldsIsRefused() {
    assertMessageBehindHead(
        "u = i * 1e39",
        "t.cell:4:9: this is 1.0E39, beyond what a float holds; constants must be numbers of at"
            + " most 3.4e38");
    assertMessageBehindHead(
        "u = i + exp(1000)",
        "t.cell:4:9: this is Infinity, beyond what a float holds;"
            + " constants must be numbers of at most 3.4e38");
    assertMessageBehindHead(
        "u = i + 2 * sqrt(-1)",
        "t.cell:4:13: this has no value; constants must be numbers of at most 3.4e38");
  }

  // statements

  @Test
  void aLineBeginsWithAKeywordOrAnAssignment() {
    assertMessageBehindHead(
        "= 3",
        "t.cell:4:1: a keyword or a name is missing before '='; a line is a declaration or NAME ="
            + " EXPRESSION");
    assertMessageBehindHead(
        "sate v = 0",
        "t.cell:4:1: 'sate' begins no statement; a line begins with"
            + " cell, const, input, mask, output, param, state or NAME =");
    assertMessageBehindHead(
        "u = i u = 2", "t.cell:4:7: 'u' is one too many; a line holds one statement");
  }

  @Test
  void aDeclarationNeedsAName() {
    assertMessageBehindHead(
        "const 3 = 4", "t.cell:4:7: a name is missing before '3'; a declaration needs a name");
    assertMessageBehindHead(
        "mask keep,",
        "t.cell:4:11: a name is missing before the end of the line; a declaration needs a name");
    assertMessageBehindHead(
        "state input = 0", "t.cell:4:7: 'input' is a word of the language; choose another name");
  }

  @Test
  void aDeclarationNeedsItsValue() {
    assertMessageBehindHead(
        "const k", "t.cell:4:8: '=' is missing before the end of the line; write: k = VALUE");
    assertMessageBehindHead(
        "param tau = >= 1",
        "t.cell:4:13: a value is missing before '>='; a number, a name, a function or '(' goes"
            + " here");
  }

  @Test
  void aNameIsDeclaredOnce() {
    assertMessageBehindHead(
        "const u = 1", "t.cell:4:7: 'u' is declared twice; the first time was in line 3");
    assertMessageBehindHead(
        "u = i\nv = u\nstate v = 0", "t.cell:6:7: 'v' is taken already; choose another name");
    assertMessageBehindHead(
        "const tanh = 1", "t.cell:4:7: 'tanh' is taken already; choose another name");
    assertMessageBehindHead(
        "const min = 1", "t.cell:4:7: 'min' is taken already; choose another name");
  }

  @Test
  void onlyStatesAndNewNamesAreAssigned() {
    assertMessageBehindHead(
        "i = 1", "t.cell:4:1: 'i' is declared as input and cannot be assigned; use a new name");
    assertMessageBehindHead(
        "const k = 1\nk = 2",
        "t.cell:5:1: 'k' is declared as const and cannot be assigned; use a new name");
    assertMessageBehindHead("exp = 2", "t.cell:4:1: 'exp' is a function; choose another name");
    assertMessageBehindHead(
        "quantize = 2", "t.cell:4:1: 'quantize' is a function; choose another name");
  }

  @Test
  void anInputComesFromBelowOrFromRecurrence() {
    String hint = "an input comes 'from below', 'from recurrence', or, without either, from both";
    assertMessageBehindHead(
        "input j from above", "t.cell:4:9: 'from above' is no source of an input; " + hint);
    assertMessageBehindHead(
        "input j of below", "t.cell:4:9: 'of below' is no source of an input; " + hint);
    assertMessageBehindHead(
        "input j from",
        "t.cell:4:13: 'below' or 'recurrence' is missing before the end of the line;"
            + " write: input NAME from below");
  }

  // values

  @Test
  void initialValuesAndBoundsAreNumbers() {
    String hint = "use numbers and names declared as const only";
    assertMessageBehindHead("const k = i", "t.cell:4:11: const k must be a number; " + hint);
    assertMessageBehindHead(
        "param tau = 20 >= i", "t.cell:4:19: a bound must be a number; " + hint);
    assertMessageBehindHead(
        "state v = 2 * u", "t.cell:4:13: an initial value must be a number; " + hint);
    assertMessageBehindHead(
        "param tau = normal(u, 1)",
        "t.cell:4:20: the first number of normal must be a number; " + hint);
  }

  @Test
  void aDistributionMustBeOne() {
    assertMessageBehindHead(
        "param tau = normal(20, -5)",
        "t.cell:4:13: normal(20.0, -5.0) is no distribution; the deviation must not be negative");
    assertMessageBehindHead(
        "param tau = uniform(5, 1)",
        "t.cell:4:13: uniform(5.0, 1.0) is no distribution; write uniform(low, high)");
    assertMessageBehindHead(
        "param tau = normal(20)",
        "t.cell:4:13: normal takes 2 values, not 1; write normal(mean, deviation)");
    assertMessageBehindHead(
        "u = normal(0, 1)",
        "t.cell:4:5: there is no function 'normal'; distributions stand only behind 'param' and"
            + " 'state'");
  }

  @Test
  void boundsMustLeaveRoomForTheInitialValue() {
    assertMessageBehindHead(
        "param tau = 20 >= 5 <= 1",
        "t.cell:4:7: the bounds of 'tau' exclude each other; write >= LOWER <= UPPER");
    assertMessageBehindHead(
        "param tau = 0.5 >= 1",
        "t.cell:4:13: 'tau' starts at 0.5, outside its bounds; begin within [1.0, Infinity]");
  }

  // expressions

  @Test
  void anUnknownNameBringsTheNearestOne() {
    assertMessageBehindHead(
        "param tau_adp = 20 >= 1\nu = exp(-1 / tau_apd)",
        "t.cell:5:14: there is no 'tau_apd'; did you mean 'tau_adp'?");
    assertMessageBehindHead("u = x", "t.cell:4:5: there is no 'x'; known are i, u");
  }

  @Test
  void aNameUsedTooEarlyIsExplained() {
    assertMessageBehindHead(
        "u = u + v\nv = i",
        "t.cell:4:9: 'v' is used before it is given;"
            + " move its line up, or declare it as a state if its value one step ago is meant");
  }

  @Test
  void theLeftOfTwoErrorsComesFirst() {
    assertMessageBehindHead(
        "u = first + second", "t.cell:4:5: there is no 'first'; known are i, u");
  }

  @Test
  void anUnknownFunctionBringsTheNearestOne() {
    assertMessageBehindHead(
        "u = sigmod(i)", "t.cell:4:5: there is no function 'sigmod'; did you mean 'sigmoid'?");
    assertMessageBehindHead(
        "u = heaviside(i)",
        "t.cell:4:5: there is no function 'heaviside'; known are abs, cos, exp, log, max, min,"
            + " quantize, relu, sigmoid, sin, spike, sqrt, tanh");
  }

  @Test
  void aFunctionTakesItsNumberOfValues() {
    assertMessageBehindHead("u = exp(i, u)", "t.cell:4:5: exp takes 1 value, not 2; write exp(x)");
    assertMessageBehindHead("u = max(i)", "t.cell:4:5: max takes 2 values, not 1; write max(a, b)");
    assertMessageBehindHead(
        "u = quantize(i, 6)",
        "t.cell:4:5: quantize takes 3 values, not 2; write quantize(x, bits, threshold)");
    assertMessageBehindHead(
        "u = exp()",
        "t.cell:4:9: a value is missing before ')'; a number, a name, a function or '(' goes here");
  }

  @Test
  void quantizeTakesWholeConstantBits() {
    assertMessageBehindHead(
        "u = quantize(i, 2.5, 0)",
        "t.cell:4:5: quantize cannot have 2.5 bits; give a whole number from 1 to 32");
    assertMessageBehindHead(
        "u = quantize(i, 33, 0)",
        "t.cell:4:5: quantize cannot have 33.0 bits; give a whole number from 1 to 32");
    assertMessageBehindHead(
        "u = quantize(i, u, 0)",
        "t.cell:4:17: the number of bits must be a number;"
            + " use numbers and names declared as const only");
    assertMessageBehindHead(
        "u = quantize(i, 6, i)",
        "t.cell:4:20: the threshold must be a number;"
            + " use numbers and names declared as const only");
  }

  @Test
  void bracketsAndOperandsAreComplete() {
    assertMessageBehindHead(
        "u = (i + u",
        "t.cell:4:11: ')' is missing before the end of the line; every '(' needs its ')'");
    assertMessageBehindHead(
        "u = exp(i",
        "t.cell:4:10: ')' is missing before the end of the line;"
            + " close the arguments of exp with ')'");
    assertMessageBehindHead(
        "u = i + * 2",
        "t.cell:4:9: a value is missing before '*'; a number, a name, a function or '(' goes here");
    assertMessageBehindHead(
        "u = i )", "t.cell:4:7: ')' is one too many; a line holds one statement");
  }

  @Test
  void divisionByAConstantZeroIsSeen() {
    assertMessageBehindHead(
        "const k = 2\nu = i / (k - 2)",
        "t.cell:5:7: division by zero; the divisor is a constant that is 0");
  }

  @Test
  void anExpressionIsNestedWithinReason() {
    assertMessageBehindHead(
        "u = " + "(".repeat(100_000) + "i" + ")".repeat(100_000),
        "t.cell:4:205: the expression is nested deeper than 200; give parts of it a name");
    assertMessageBehindHead(
        "u = " + "-".repeat(100_000) + "i",
        "t.cell:4:205: the expression is nested deeper than 200; give parts of it a name");
  }

  @Test
  void aCellHasAReasonableNumberOfOperations() {
    String message =
        ": the cell has more than 1000 operations;"
            + " no kernel can be made of so many; describe a simpler neuron";
    assertThatThrownBy(
            () -> Cells.compile("t.cell", HEAD + "u = i" + " + i".repeat(100_000), Overrides.NONE))
        .isInstanceOf(CellException.class)
        .hasMessageMatching("t\\.cell:4:\\d+" + message);
    assertMessageBehindHead("u = u + tanh(i)\n".repeat(100_000), "t.cell:504:7" + message);
  }

  // what an experiment changes

  private static void assertMessage(Overrides overrides, String message) {
    String text = "cell t\ninput i\nconst dt = 1\nparam tau = 20 >= dt\nstate u = 0\n";
    assertThatThrownBy(
            () -> Cells.compile("t.cell", text + "u = i * dt + tau\noutput u\n", overrides))
        .isInstanceOf(CellException.class)
        .hasMessage(message);
  }

  @Test
  void anOverrideOfNothingIsRefused() {
    assertMessage(
        new Overrides(Map.of("d", 2.0), Map.of(), Map.of()),
        "cell 't' has no const 'd'; did you mean 'dt'?");
    assertMessage(
        new Overrides(Map.of(), Map.of("tua", "3"), Map.of()),
        "cell 't' has no param 'tua'; known are tau");
    assertMessage(
        new Overrides(Map.of(), Map.of(), Map.of("tau", "3")),
        "cell 't' has no state 'tau'; known are u");
  }

  @Test
  void anOverrideIsReadAsCarefullyAsTheText() {
    assertMessage(
        new Overrides(Map.of(), Map.of("tau", "normal(20"), Map.of()),
        "the initial value of parameter 'tau':1:10: ')' is missing before the end of the line;"
            + " close the arguments of normal with ')'");
    assertMessage(
        new Overrides(Map.of(), Map.of("tau", ""), Map.of()),
        "the initial value of parameter 'tau':1:1: a value is missing before the end of the line;"
            + " a number, a name, a function or '(' goes here");
    assertMessage(
        new Overrides(Map.of(), Map.of("tau", "0.5"), Map.of()),
        "the initial value of parameter 'tau':1:1: 'tau' starts at 0.5, outside its bounds;"
            + " begin within [1.0, Infinity]");
    assertMessage(
        new Overrides(Map.of(), Map.of(), Map.of("u", "0 1")),
        "the initial value of state 'u':1:3: '1' is one too many; a line holds one statement");
    assertMessage(
        new Overrides(Map.of("dt", Double.NaN), Map.of(), Map.of()),
        "const 'dt' of cell 't' cannot be NaN; give a number of at most 3.4e38");
  }

  @Test
  void anUnknownBuiltInCellBringsTheNearestOne() {
    assertThatThrownBy(() -> Cells.text("alfi"))
        .isInstanceOf(CellException.class)
        .hasMessage("there is no built-in cell 'alfi'; did you mean 'alif'?");
  }
}
