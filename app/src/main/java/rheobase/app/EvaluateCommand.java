package rheobase.app;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code rheo evaluate}: scores a model file on the test set of its experiment. */
@Command(
    name = "evaluate",
    header = "Score a model file on the test set.",
    usageHelpWidth = RheoCommand.WIDTH,
    description = {"", "The test set is that of the experiment the model was trained by.", ""})
final class EvaluateCommand implements Callable<Integer> {
  @ParentCommand private RheoCommand rheo;

  @Parameters(paramLabel = "MODEL", description = "Path of a .rheo file.")
  private Path model;

  @Mixin private RunOptions run;

  @Override
  public Integer call() {
    return 0;
  }
}
