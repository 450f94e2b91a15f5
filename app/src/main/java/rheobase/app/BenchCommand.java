package rheobase.app;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;
import rheobase.app.bench.ScenarioRun;
import rheobase.network.model.Json;
import tools.jackson.databind.JsonNode;

/**
 * {@code rheo bench}: how long a training step and a forward pass take.
 *
 * <p>Of several scenarios each runs in a process of its own: its peak memory is then its own, and
 * none runs on code that the JIT compiler made for another's shapes.
 */
@Command(
    name = "bench",
    header = "Time training steps and forward passes on fixed scenarios.",
    usageHelpWidth = RheoCommand.WIDTH,
    description = {
      "",
      "A is like ECG, B1 to B4 like spoken digits, C like sequential MNIST, D a layer of 1024;"
          + " B2-lstm, B2-gru, C-lstm and C-gru are these shapes with gated cells; tiny tries the"
          + " command out. Without names: A to D. docs/performance.md has their sizes and says how"
          + " to compare with other frameworks.",
      ""
    })
final class BenchCommand implements Callable<Integer> {
  @ParentCommand private RheoCommand rheo;
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "SCENARIO", arity = "0..*", description = "Names of scenarios.")
  private List<String> scenarios = List.of();

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description =
          "Where the peers' dump_scenario.py has written the scenarios: the same data and values"
              + " then, and loss and gradients are checked against the peers'. For A also the"
              + " folder of the QT Database. Default: data of our own making, of the same shape.")
  private Path data;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Threads to work with. Default: one a core.")
  private Integer threads;

  @Option(
      names = "--json",
      description = "Print one JSON object a scenario, a line each, on standard output.")
  private boolean json;

  @Override
  public Integer call() {
    int count = threads == null ? Runtime.getRuntime().availableProcessors() : threads;
    if (count < 1) {
      throw new ParameterException(
          spec.commandLine(), "--threads is " + count + "; it must be at least 1");
    }
    for (String name : scenarios) {
      if (!ScenarioRun.names().contains(name)) {
        throw new ParameterException(
            spec.commandLine(),
            "there is no scenario '%s'; known are %s"
                .formatted(name, String.join(", ", ScenarioRun.names())));
      }
    }
    Path folder = rheo.resolve(data);
    List<String> wanted = scenarios.isEmpty() ? ScenarioRun.usual() : scenarios;
    var results = new ArrayList<JsonNode>();
    for (String name : wanted) {
      Optional<? extends JsonNode> result =
          wanted.size() == 1
              ? ScenarioRun.of(name, folder, count, rheo.surroundings.err())
              : ofOwnProcess(name, folder, count);
      result.ifPresent(results::add);
      if (json) {
        result.map(Json::line).ifPresent(rheo.surroundings.out()::println);
      }
    }
    if (!json && !results.isEmpty()) {
      rheo.surroundings.out().print(table(results));
    }
    rheo.surroundings.out().flush();
    return results.size() == wanted.size() ? 0 : Main.FAILED;
  }

  /** The same command on one scenario, started as this process was. */
  private Optional<JsonNode> ofOwnProcess(String name, Path folder, int count) {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
    command.addAll(List.of("bench", name, "--json", "--threads", Integer.toString(count)));
    if (folder != null) {
      command.addAll(List.of("--data", folder.toString()));
    }
    try {
      Process process =
          new ProcessBuilder(command)
              .directory(rheo.surroundings.workingFolder().toFile())
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      // a scenario takes minutes: none goes on when this process is told to stop
      var end = new Thread(process::destroy);
      Runtime.getRuntime().addShutdownHook(end);
      String line;
      try (BufferedReader printed = process.inputReader()) {
        line = printed.lines().collect(Collectors.joining());
      }
      int status = process.waitFor();
      Runtime.getRuntime().removeShutdownHook(end);
      return status == 0
          ? Optional.of(Json.parse(line, "what scenario " + name + " printed"))
          : Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while scenario " + name + " ran", e);
    }
  }

  private static String table(List<JsonNode> results) {
    var rows = new ArrayList<List<String>>();
    rows.add(
        List.of(
            "scenario",
            "threads",
            "training step",
            "forward pass",
            "peak memory",
            "loss",
            "firing rates"));
    for (JsonNode result : results) {
      rows.add(
          List.of(
              result.get("scenario").asString(),
              result.get("threads").asString(),
              milliseconds(result.get("trainMedianSeconds")),
              milliseconds(result.get("forwardMedianSeconds")),
              result.get("peakMemoryBytes").isNull()
                  ? "-"
                  : (result.get("peakMemoryBytes").asLong() >> 20) + " MB",
              String.format(Locale.ROOT, "%.4f", result.get("loss").asDouble()),
              result.get("firingRates").values().stream()
                  .map(rate -> String.format(Locale.ROOT, "%.3f", rate.asDouble()))
                  .collect(Collectors.joining(" "))));
    }
    return Columns.text("lrrrrrl", rows);
  }

  private static String milliseconds(JsonNode seconds) {
    return String.format(Locale.ROOT, "%.2f ms", 1e3 * seconds.asDouble());
  }
}
