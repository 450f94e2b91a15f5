package rheobase.app;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import rheobase.data.SequenceSet;

/** {@code rheo data}: what an experiment would learn from. */
@Command(
    name = "data",
    header = "Print what the data of an experiment hold.",
    usageHelpWidth = RheoCommand.WIDTH,
    description = {"", "Sequences, records, classes, events and the hash of each set, as they would be trained on.", ""})
final class DataCommand implements Callable<Integer> {
  @ParentCommand private RheoCommand rheo;

  @Parameters(
      paramLabel = "EXPERIMENT",
      description = "Name of an experiment, or path of its .toml file. Default: ${DEFAULT-VALUE}.",
      arity = "0..1",
      defaultValue = "ecg")
  private String name;

  @Mixin private ExperimentOptions options;

  @Option(names = "--data", paramLabel = "DIR", description = "Folder of the recordings.")
  private Path data;

  @Override
  public Integer call() {
    var folder = rheo.resolve(data);
    var experiment = options.experiment(rheo, name, folder);
    var split = Dataset.load(experiment, folder).split();
    var out = rheo.surroundings.out();
    describe(out, "train", split.train());
    describe(out, "validation", split.validation());
    describe(out, "test", split.test());
    out.flush();
    return 0;
  }

  private static void describe(PrintStream out, String role, SequenceSet set) {
    if (set.sequences().isEmpty()) {
      return;
    }
    var groups = new HashSet<String>();
    long steps = 0;
    int shortest = Integer.MAX_VALUE;
    int longest = 0;
    var counts = new long[set.classes().size()];
    long targets = 0;
    long annotated = 0;
    var events = new long[set.channels()];
    for (var sequence : set.sequences()) {
      groups.add(sequence.group());
      steps += sequence.steps();
      shortest = Math.min(shortest, sequence.steps());
      longest = Math.max(longest, sequence.steps());
      for (int index = 0; index < sequence.targets().length; index++) {
        counts[sequence.targets()[index]]++;
        targets++;
        annotated += sequence.annotated()[index] ? 1 : 0;
      }
      for (int index = 0; index < sequence.values().length; index++) {
        events[index % set.channels()] += sequence.values()[index] == 0 ? 0 : 1;
      }
    }
    out.printf("%s: %s%n", role, set.name());
    out.printf(
        "  sequences     %,d of %,d records, %s steps each%n",
        set.sequences().size(),
        groups.size(),
        shortest == longest ? String.format(Locale.ROOT, "%,d", longest) : shortest + " to " + longest);
    out.printf("  channels      %d, events a step:", set.channels());
    for (long count : events) {
      out.printf(Locale.ROOT, " %.4f", (double) count / steps);
    }
    out.println();
    out.print("  classes      ");
    for (int index = 0; index < counts.length; index++) {
      out.printf(Locale.ROOT, " %s %s", set.classes().get(index), Words.percent((double) counts[index] / targets));
    }
    out.println();
    out.printf("  labelled      %s of the targets%n", Words.percent((double) annotated / targets));
    out.printf("  sha256        %s%n", set.sha256());
  }
}
