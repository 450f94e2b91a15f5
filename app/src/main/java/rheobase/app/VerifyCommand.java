package rheobase.app;

import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import rheobase.cell.kernel.CellVerification;
import rheobase.cell.language.CellException;
import rheobase.cell.language.Cells;
import rheobase.network.NetworkException;

/** {@code rheo verify}: checks what a user of a cell must otherwise believe. */
@Command(
    name = "verify",
    header = "Check the derivative and the kernels of cells.",
    usageHelpWidth = RheoCommand.WIDTH,
    description = {
      "",
      "Checks the derivative of a cell against central differences on the smoothed cell, its float kernel against the"
          + " double-precision interpreter, and the whole sequence against step-by-step streaming. Prints the largest"
          + " relative error of each. Without CELL, checks all that are built in.",
      ""
    })
final class VerifyCommand implements Callable<Integer> {
  static final double DERIVATIVE = 1e-6;
  static final double KERNEL = 1e-4;
  static final double STREAMING = 0;

  @ParentCommand private RheoCommand rheo;

  @Parameters(paramLabel = "CELL", description = "Name of a built-in cell, or path of a .cell file.", arity = "0..*")
  private List<String> cells = List.of();

  @Override
  public Integer call() {
    var out = rheo.surroundings.out();
    var texts = new CellTexts(List.of(rheo.surroundings.workingFolder()));
    out.printf(Locale.ROOT, "%-20s %12s %12s %12s%n", "largest error", "derivative", "kernel", "streaming");
    boolean sound = true;
    for (var cell : cells.isEmpty() ? Cells.names() : cells) {
      var errors = verify(cell, texts);
      boolean passed =
          errors.derivativeError() <= DERIVATIVE
              && errors.kernelError() <= KERNEL
              && errors.streamingError() <= STREAMING;
      out.printf(
          Locale.ROOT,
          "%-20s %12.2e %12.2e %12.2e%s%n",
          cell,
          errors.derivativeError(),
          errors.kernelError(),
          errors.streamingError(),
          passed ? "" : "  FAILED");
      sound &= passed;
    }
    out.printf(Locale.ROOT, "%-20s %12.0e %12.0e %12.0e%n", "allowed", DERIVATIVE, KERNEL, STREAMING);
    out.flush();
    return sound ? 0 : Main.FAILED;
  }

  private static CellVerification verify(String cell, CellTexts texts) {
    try {
      return CellVerification.verify(texts.text(cell));
    } catch (UnknownCellException e) {
      throw new NetworkException(e.getMessage(), e);
    } catch (CellException e) {
      throw new CellException(cell + ": " + e.getMessage());
    }
  }
}
