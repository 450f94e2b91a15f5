package rheobase.cell;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Makes cells up, as text, the same for the same seed. Together they use everything the language
 * has; each keeps its values within a range where single precision can follow double.
 */
public final class RandomCells {
  private final Random random;
  private final List<String> values = new ArrayList<>();

  private RandomCells(long seed) {
    random = new Random(seed);
  }

  /** The text of the cell with this number. */
  public static String text(long seed) {
    return new RandomCells(seed).text("random_" + seed);
  }

  private String text(String name) {
    var text = new StringBuilder("cell " + name + "\n");
    var sources = List.of("", " from below", " from recurrence");
    for (int i = 0, n = 1 + random.nextInt(3); i < n; i++) {
      text.append("input  i%d%s%n".formatted(i, sources.get(random.nextInt(3))));
      values.add("i" + i);
    }
    text.append("const  k = 0.75, dt = 1\n");
    values.add("k");
    for (int i = 0, n = random.nextInt(3); i < n; i++) {
      text.append("param  p%d = uniform(2, 9) >= dt%n".formatted(i));
      text.append("decay%d = exp(-dt / p%d)%n".formatted(i, i));
      values.add(random.nextBoolean() ? "decay" + i : "(1 - decay" + i + ")");
    }
    if (random.nextInt(3) == 0) {
      text.append("mask   keep\n");
      values.add("keep");
    }
    int states = 1 + random.nextInt(3);
    for (int s = 0; s < states; s++) {
      text.append("state  s%d = %s%n".formatted(s, random.nextBoolean() ? "0" : "uniform(0, 1)"));
      values.add("s" + s);
    }
    text.append("\n");
    int temporaries = 1 + random.nextInt(3);
    for (int t = 0; t < temporaries; t++) {
      text.append("t%d = %s%n".formatted(t, expression(3)));
      values.add("t" + t);
    }
    for (int s = 0; s < states; s++) {
      text.append("s%d = %s%n".formatted(s, next("s" + s)));
    }
    String output = random.nextBoolean() ? "s0" : "t" + (temporaries - 1);
    return text.append("output ").append(output).append("\n").toString();
  }

  private String next(String state) {
    return switch (random.nextInt(4)) {
      case 0 -> "0.7 * %s + 0.3 * tanh(%s)".formatted(state, expression(2));
      case 1 -> "spike(%s - %s)".formatted(expression(2), values.getFirst());
      case 2 -> "sigmoid(%s)".formatted(expression(2));
      default -> "max(-3, min(%s, %s))".formatted(expression(2), "3");
    };
  }

  private String expression(int depth) {
    if (depth == 0) {
      return random.nextInt(5) == 0
          ? "%.2f".formatted(random.nextDouble() * 2)
          : values.get(random.nextInt(values.size()));
    }
    String a = expression(depth - 1);
    String b = expression(depth - 1);
    String leaf = expression(0);
    return switch (random.nextInt(19)) {
      case 0 -> "(%s + %s)".formatted(a, b);
      case 1 -> "(%s - %s)".formatted(a, b);
      case 2 -> "%s * %s".formatted(leaf, a);
      case 3 -> "%s / (1 + abs(%s))".formatted(a, b);
      case 4 -> "(-%s)".formatted(a);
      case 5 -> "min(%s, %s)".formatted(a, b);
      case 6 -> "max(%s, %s)".formatted(a, leaf);
      case 7 -> "exp(1.5 * tanh(%s))".formatted(a);
      case 8 -> "log(0.5 + abs(%s))".formatted(a);
      case 9 -> "sqrt(0.5 + abs(%s))".formatted(a);
      case 10 -> "sigmoid(%s)".formatted(a);
      case 11 -> "tanh(%s)".formatted(a);
      case 12 -> "relu(%s)".formatted(a);
      case 13 -> "abs(%s)".formatted(a);
      case 14 -> "sin(%s)".formatted(a);
      case 15 -> "cos(%s)".formatted(a);
      case 16 -> "spike(%s)".formatted(a);
      case 17 -> "%s * %s * %s".formatted(leaf, expression(0), a);
      default -> "quantize(%s, %d, %d)".formatted(a, 2 + random.nextInt(6), random.nextInt(2));
    };
  }
}
