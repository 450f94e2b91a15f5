package rheobase.app;

import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import rheobase.cell.graph.Surrogate;
import rheobase.cell.kernel.CellVerification;
import rheobase.cell.language.Cells;
import rheobase.network.NetworkException;

/** {@code rheo verify}: checks what a user of a cell must otherwise believe. */
@Command(
    name = "verify",
    header = "Check the derivative and the kernels of cells.",
    usageHelpWidth = RheoCommand.WIDTH,
    description = {
      "",
      "Checks the derivative of a cell against central differences on the smoothed cell, its float"
          + " kernel against the double-precision interpreter, and the whole sequence against"
          + " step-by-step streaming. Prints the largest relative error of each. Without CELL,"
          + " checks all that are built in.",
      ""
    })
final class VerifyCommand implements Callable<Integer> {
  @ParentCommand private RheoCommand rheo;

  @Parameters(
      paramLabel = "CELL",
      description = "Name of a built-in cell, or path of a .cell file.",
      arity = "0..*")
  private List<String> cells = List.of();

  @Override
  public Integer call() {
    var out = rheo.surroundings.out();
    var texts = new CellTexts(List.of(rheo.surroundings.workingFolder()));
    var results =
        (cells.isEmpty() ? Cells.names() : cells)
            .stream().map(cell -> verify(cell, texts)).toList();
    out.printf(
        "%-28s %12s %12s %12s %12s%n",
        "largest error", "derivative", "kernel", "vector form", "streaming");
    for (var errors : results) {
      row(
          out,
          errors.cell(),
          errors.derivativeError(),
          errors.kernelError(),
          errors.formError(),
          errors.streamingError(),
          errors.passed() ? "" : "  FAILED");
    }
    row(out, "allowed", CellVerification.DERIVATIVE_LIMIT, CellVerification.KERNEL_LIMIT, 0, 0, "");
    out.flush();
    return results.stream().allMatch(CellVerification::passed) ? 0 : Main.FAILED;
  }

  private static void row(
      PrintStream out,
      String name,
      double derivative,
      double kernel,
      double form,
      double streaming,
      String verdict) {
    out.printf(
        Locale.ROOT,
        "%-28s %12.1e %12.1e %12.1e %12.1e%s%n",
        name,
        derivative,
        kernel,
        form,
        streaming,
        verdict);
  }

  private static CellVerification verify(String cell, CellTexts texts) {
    try {
      var found = texts.find(cell);
      return CellVerification.verify(found.file(), found.text(), Surrogate.DEFAULT);
    } catch (UnknownCellException e) {
      throw new NetworkException(e.getMessage(), e);
    }
  }
}
