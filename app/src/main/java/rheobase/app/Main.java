package rheobase.app;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;
import rheobase.cell.language.CellException;
import rheobase.cell.language.Names;
import rheobase.data.DataException;
import rheobase.network.NetworkException;
import rheobase.network.model.WriteException;
import rheobase.network.training.TrainingException;

/**
 * Where the command starts. Status: 0 done, 2 a wrong call or a wrong file, 1 a run that failed,
 * 130 stopped by Ctrl-C. Every failure is one sentence on standard error; {@code --debug} adds the
 * stack trace.
 */
public final class Main {
  /** Status of a call that was well-formed but failed. */
  static final int FAILED = 1;

  /** Status of a call that could not be carried out as written. */
  static final int WRONG = 2;

  /** Status of a run stopped by Ctrl-C, as shells have it: 128 and the number of the signal. */
  static final int INTERRUPTED = 130;

  private Main() {}

  /** Runs the command and ends the process with its status. */
  public static void main(String[] arguments) {
    System.exit(run(Surroundings.ofProcess(), arguments));
  }

  /** Runs the command and gives its status. */
  static int run(Surroundings surroundings, String... arguments) {
    var rheo = new RheoCommand(surroundings);
    var commandLine =
        new CommandLine(rheo)
            .setCaseInsensitiveEnumValuesAllowed(true)
            .setOut(new PrintWriter(surroundings.out(), true))
            .setErr(new PrintWriter(surroundings.err(), true))
            .setColorScheme(
                CommandLine.Help.defaultColorScheme(surroundings.live() ? Ansi.AUTO : Ansi.OFF))
            .setParameterExceptionHandler((failure, call) -> {
              var command = failure.getCommandLine();
              command.getErr().println("rheo: " + wrongCall(failure));
              if (!isNoCommand(failure)) {
                UnmatchedArgumentException.printSuggestions(failure, command.getErr());
              }
              command
                  .getErr()
                  .println("See " + command.getCommandSpec().qualifiedName() + " --help");
              return WRONG;
            })
            .setExecutionExceptionHandler((failure, command, call) -> {
              surroundings.err().println("rheo: " + sentence(failure));
              if (rheo.debug) {
                failure.printStackTrace(surroundings.err());
              }
              return status(failure);
            });
    try {
      return commandLine.execute(arguments);
    } catch (OutOfMemoryError e) {
      surroundings
          .err()
          .println(
              "rheo: out of memory with a heap of "
                  + (Runtime.getRuntime().maxMemory() >> 20)
                  + " MB; try fewer --threads, a smaller training.micro_batch or"
                  + " training.checkpoint_steps");
      return FAILED;
    } catch (LinkageError | AssertionError e) {
      surroundings.err().println("rheo: " + sentence(e));
      if (rheo.debug) {
        e.printStackTrace(surroundings.err());
      }
      return FAILED;
    }
  }

  private static String wrongCall(ParameterException failure) {
    if (!isNoCommand(failure)) {
      return failure.getMessage();
    }
    String wrong = ((UnmatchedArgumentException) failure).getUnmatched().getFirst();
    var commands = failure.getCommandLine().getSubcommands().keySet();
    return "there is no command '" + wrong + "'" + Names.hint(wrong, commands);
  }

  /** Whether a word stands where a command should, but is none. */
  private static boolean isNoCommand(ParameterException failure) {
    return failure instanceof UnmatchedArgumentException unmatched
        && !failure.getCommandLine().getSubcommands().isEmpty()
        && !unmatched.getUnmatched().getFirst().startsWith("-");
  }

  private static int status(Exception failure) {
    return switch (failure) {
      case CellException _, DataException _, NetworkException _ -> WRONG;
      default -> FAILED;
    };
  }

  private static String sentence(Throwable failure) {
    return switch (failure) {
      case CellException e -> e.getMessage();
      case DataException e -> e.getMessage();
      case NetworkException e -> e.getMessage();
      case TrainingException e -> e.getMessage();
      case WriteException e -> e.getMessage();
      case UncheckedIOException e -> Failures.reason(e.getCause());
      case IOException e -> Failures.reason(e);
      default ->
          "this is a defect of Rheobase; please report it with the output of --debug: " + failure;
    };
  }
}
