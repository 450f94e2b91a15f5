package rheobase.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The command itself: its parts, and what they share. */
@Command(
    name = "rheo",
    versionProvider = RheoCommand.Version.class,
    usageHelpWidth = RheoCommand.WIDTH,
    description = "Trains spiking recurrent networks on sequences.",
    synopsisSubcommandLabel = "COMMAND",
    optionListHeading = "%nOptions:%n",
    commandListHeading = "%nCommands:%n",
    footer = {
      "",
      "rheo train ecg                  learns heartbeats of its own making, within three minutes",
      "rheo train ecg --data DIR       learns the QT Database in DIR",
      "rheo COMMAND --help             explains a command",
      "",
      "Status: 0 done, 2 a wrong call or file, 1 a run that failed, 130 stopped by Ctrl-C."
    },
    subcommands = {
      TrainCommand.class,
      ResumeCommand.class,
      EvaluateCommand.class,
      TranscribeCommand.class,
      CompareCommand.class,
      ImportCommand.class,
      EnergyCommand.class,
      VerifyCommand.class,
      BenchCommand.class,
      CellsCommand.class,
      DataCommand.class
    })
final class RheoCommand implements Runnable {
  static final int WIDTH = 100;

  final Surroundings surroundings;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      scope = ScopeType.INHERIT,
      description = "Explain the command.")
  private boolean help;

  @Option(
      names = {"-V", "--version"},
      versionHelp = true,
      description = "Print the versions of Rheobase and Java.")
  private boolean version;

  @Option(
      names = "--debug",
      scope = ScopeType.INHERIT,
      description = "Print the stack trace of a failure.")
  boolean debug;

  @Spec private CommandSpec spec;

  RheoCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "name a command: " + String.join(", ", spec.subcommands().keySet()));
  }

  /** A path from the command line, under the folder the call was made in. */
  Path resolve(Path path) {
    return path == null ? null : surroundings.workingFolder().resolve(path);
  }

  /** The experiments that go by a name alone. */
  ExperimentFiles experiments() {
    return new ExperimentFiles(
        surroundings.home().resolve("experiments"), surroundings.workingFolder());
  }

  /** What {@code --version} prints. */
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {
        "rheo " + number(),
        "Java " + Runtime.version() + " (" + System.getProperty("java.vm.name") + ")"
      };
    }

    /** Of Rheobase, as {@code 0.1.0}: Maven writes it into the manifest of the jar. */
    static String number() {
      var version = RheoCommand.class.getPackage().getImplementationVersion();
      return version == null ? "unpackaged" : version;
    }
  }

  /** Whether a folder exists and holds anything. */
  static boolean holdsAnything(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return Files.exists(folder);
    }
    try (var entries = Files.list(folder)) {
      return entries.findAny().isPresent();
    }
  }
}
