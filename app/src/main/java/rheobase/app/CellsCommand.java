package rheobase.app;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import rheobase.cell.language.Cells;
import rheobase.network.NetworkException;

/** {@code rheo cells}: the built-in cells, or the text of one. */
@Command(
    name = "cells",
    header = "List the built-in cells, or print the text of one.",
    usageHelpWidth = RheoCommand.WIDTH,
    description = {
      "",
      "The text of a cell is where a cell of your own begins: rheo cells alif > mine.cell",
      ""
    })
final class CellsCommand implements Callable<Integer> {
  @ParentCommand private RheoCommand rheo;

  @Parameters(
      paramLabel = "CELL",
      description = "Name of a built-in cell, or path of a .cell file.",
      arity = "0..1")
  private String cell;

  @Override
  public Integer call() {
    var out = rheo.surroundings.out();
    if (cell == null) {
      Cells.names().forEach(name -> out.printf("%-20s %s%n", name, firstComment(Cells.text(name))));
    } else {
      try {
        out.print(new CellTexts(List.of(rheo.surroundings.workingFolder())).find(cell).text());
      } catch (UnknownCellException e) {
        throw new NetworkException(e.getMessage(), e);
      }
    }
    out.flush();
    return 0;
  }

  private static String firstComment(String text) {
    return text.lines()
        .filter(line -> line.startsWith("#"))
        .findFirst()
        .map(line -> line.substring(1).strip())
        .orElse("");
  }
}
