package rheobase.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import rheobase.cell.language.Cells;
import rheobase.cell.language.Names;
import rheobase.network.NetworkException;

/**
 * The text of a cell, however it is named: a built-in one by its name, a file by its path ending in
 * {@code .cell}, or the text itself, as the experiment of a run folder holds it.
 *
 * @param folders that a relative path is looked for in, in this order
 */
record CellTexts(List<Path> folders) {

  /**
   * A cell as written.
   *
   * @param file what errors call it
   * @param text with line ends as Unix has them
   */
  record CellText(String file, String text) {
    CellText {
      text = text.replace("\r\n", "\n");
    }
  }

  /**
   * The cell of this name.
   *
   * @throws UnknownCellException when nothing has it
   */
  CellText find(String cell) {
    if (cell.contains("\n")) {
      return new CellText("cell", cell);
    }
    if (Cells.names().contains(cell)) {
      return new CellText(cell + ".cell", Cells.text(cell));
    }
    if (!cell.endsWith(".cell")) {
      throw new UnknownCellException(
          "there is no built-in cell '"
              + cell
              + "'"
              + Names.hint(cell, Cells.names())
              + " (a cell of your own is named by its file, ending in .cell)");
    }
    for (var folder : folders) {
      var file = folder.resolve(cell);
      if (Files.exists(file)) {
        return read(file);
      }
    }
    throw new UnknownCellException(
        "there is no cell file '"
            + cell
            + "'; looked in "
            + String.join(", ", folders.stream().distinct().map(Path::toString).toList()));
  }

  private static CellText read(Path file) {
    try {
      return new CellText(file.toString(), Files.readString(file));
    } catch (IOException e) {
      throw new NetworkException("cannot read the cell " + file + ": " + Failures.reason(e), e);
    }
  }
}
