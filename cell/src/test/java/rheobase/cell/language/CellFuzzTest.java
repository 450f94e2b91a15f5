package rheobase.cell.language;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import rheobase.cell.RandomCells;
import rheobase.cell.graph.StepProgram;
import rheobase.cell.graph.Surrogate;

/** Whatever is typed, the answer is a cell or a {@link CellException}, and it comes at once. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class CellFuzzTest {
  private static final List<String> TOKENS =
      List.of(
          "cell",
          "input",
          "const",
          "param",
          "mask",
          "state",
          "output",
          "from",
          "below",
          "recurrence",
          "a",
          "b",
          "u",
          "s",
          "tau",
          "0",
          "1",
          "0.5",
          "1e-3",
          "1e308",
          "1e",
          "..",
          "-",
          "-",
          "+",
          "*",
          "/",
          "(",
          ")",
          "(",
          ")",
          ",",
          "=",
          "=",
          ">=",
          "<=",
          "<",
          "\n",
          "\n",
          "\n",
          "#",
          "\t",
          "exp",
          "log",
          "sqrt",
          "tanh",
          "spike",
          "min",
          "quantize",
          "normal",
          "uniform",
          "é",
          "\u0000",
          "\uD83D",
          "€");

  /** Texts that are cells go all the way to their derivative. */
  private static boolean isCell(String text) {
    try {
      StepProgram.of(
          Cells.compile("fuzz.cell", text, Overrides.NONE), null, true, Surrogate.DEFAULT);
      return true;
    } catch (CellException e) {
      assertThat(e).hasMessageMatching("(?s)fuzz\\.cell:\\d+:\\d+: .+; .+");
      return false;
    }
  }

  @Test
  void mutatedCellsCompileOrAreExplained() {
    var random = new Random(1);
    var texts = new ArrayList<String>(Cells.names().stream().map(Cells::text).toList());
    for (int seed = 0; seed < 20; seed++) {
      texts.add(RandomCells.text(seed));
    }
    int cells = 0;
    int rounds = 6000;
    for (int round = 0; round < rounds; round++) {
      var text = new StringBuilder(texts.get(random.nextInt(texts.size())));
      for (int i = 1 + random.nextInt(3); i > 0; i--) {
        mutate(text, random);
      }
      cells += isCell(text.toString()) ? 1 : 0;
    }
    // otherwise the mutations would test one half only
    assertThat(cells).isBetween(rounds / 20, rounds * 19 / 20);
  }

  private static void mutate(StringBuilder text, Random random) {
    int at = random.nextInt(text.length());
    int other = random.nextInt(text.length());
    int end = Math.min(text.length(), at + 1 + random.nextInt(4));
    switch (random.nextInt(6)) {
      case 0 -> text.deleteCharAt(at);
      case 1 -> text.insert(at, TOKENS.get(random.nextInt(TOKENS.size())));
      case 2 -> text.setCharAt(at, text.charAt(other));
      case 3 -> text.insert(other, text.substring(at, end));
      case 4 -> text.replace(at, end, TOKENS.get(random.nextInt(TOKENS.size())));
      default -> {
        List<String> lines = new ArrayList<>(text.toString().lines().toList());
        int line = random.nextInt(lines.size());
        String moved = random.nextBoolean() ? lines.remove(line) : lines.get(line);
        lines.add(random.nextInt(lines.size() + 1), moved);
        text.setLength(0);
        text.append(String.join("\n", lines)).append('\n');
      }
    }
  }

  @Test
  void tokenSoupIsExplained() {
    var random = new Random(2);
    for (int round = 0; round < 6000; round++) {
      var text = new StringBuilder(random.nextInt(4) == 0 ? "" : "cell a\ninput i\nstate u = 0\n");
      for (int i = random.nextInt(40); i > 0; i--) {
        text.append(TOKENS.get(random.nextInt(TOKENS.size())));
        text.append(random.nextInt(5) == 0 ? "" : " ");
      }
      isCell(text.toString());
    }
  }

  @Test
  void longChainsDoNotExhaustTheStack() {
    // 900 operations, each inside the one before: deeper than the stack of a thread in derivative
    // and interpreter
    var text = new StringBuilder("cell deep\ninput i\nstate u = 0\nu = u + i\n");
    for (int n = 0; n < 900; n++) {
      text.append("u = tanh(u)\n");
    }
    assertThat(isCell(text + "output u\n")).isTrue();
    assertThat(isCell("cell wide\ninput i\nu = i" + " + i".repeat(900) + "\noutput u\n")).isTrue();
    String parameters = "cell p\ninput i\nparam a = 1\nb = a\n" + "b = 1 + exp(b)\n".repeat(300);
    assertThat(isCell(parameters + "u = i * b\noutput u\n")).isTrue();
  }
}
