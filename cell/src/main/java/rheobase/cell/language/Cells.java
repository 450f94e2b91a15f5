package rheobase.cell.language;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import rheobase.cell.graph.Cell;

/** The door to the language: built-in cells by name, and any text made into a {@link Cell}. */
public final class Cells {
  private static final List<String> NAMES =
      List.of(
          "lif",
          "alif",
          "lif_hard",
          "alif_count",
          "relu_alif",
          "leaky_integrator",
          "leaky_sum",
          "linear",
          "ternary",
          "integrate_and_fire_encoder",
          "lif_graded",
          "gated",
          "gated_recurrent",
          "li_gru",
          "cuba_lif",
          "se_adlif",
          "tc_lif",
          "brf",
          "bhrf",
          "rnn",
          "lstm",
          "lstm_masked",
          "gru",
          "gru_masked");

  private Cells() {}

  /** The built-in cells. */
  public static List<String> names() {
    return NAMES;
  }

  /**
   * The text of a built-in cell.
   *
   * @throws CellException when there is none of that name
   */
  public static String text(String name) {
    if (!NAMES.contains(name)) {
      throw new CellException(
          "there is no built-in cell '" + name + "'; " + Names.nearest(name, NAMES));
    }
    try (var stream = Cells.class.getResourceAsStream("/cells/" + name + ".cell")) {
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * @param file what errors call the text
   * @throws CellException with file, line, column and a hint where the text is no cell
   */
  public static Cell compile(String file, String text, Overrides overrides) {
    return new Compiler(Parser.parse(file, text), overrides).compile();
  }

  /** The name that a text gives its cell. */
  public static String nameOf(String file, String text) {
    return Parser.parse(file, text).name();
  }
}
