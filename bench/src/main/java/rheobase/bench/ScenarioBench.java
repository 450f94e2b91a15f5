package rheobase.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import rheobase.network.Activity;
import rheobase.network.Crew;
import rheobase.network.Network;
import rheobase.network.Tally;
import rheobase.network.model.Json;
import rheobase.network.optimize.Optimizer;
import rheobase.network.optimize.OptimizerSpec;
import rheobase.network.parameter.Tensor;

/**
 * Times whole training steps (forward, backward, Adam, everything that follows the parameters) and
 * forward passes of the engine on a scenario of the peers, after checking that it computes what
 * they do. One JSON object on standard output; the check and how quiet the machine was on standard
 * error.
 *
 * <p>Training moves the parameters and with them the activity, on which the cost depends. So every
 * step begins again at the scenario's values; the peers take their few steps close to them.
 */
@Command(
    name = "ScenarioBench",
    description = "Times training steps and forward passes on a scenario of the peers.",
    sortOptions = false)
final class ScenarioBench implements Callable<Integer> {
  /** As the peers' Adam. */
  private static final double RATE = 1e-3;

  /** Nothing in the scenarios is random. */
  private static final long SEED = 0;

  @Spec private CommandSpec spec;

  @Parameters(index = "0", description = "where dump_scenario.py has written the scenario")
  private Path folder;

  @Parameters(index = "1", description = "its name, for instance A")
  private String name;

  @Option(names = "--threads", defaultValue = "1", description = "threads (${DEFAULT-VALUE})")
  private int threads;

  @Option(
      names = "--micro-batch",
      defaultValue = "16",
      description =
          "sequences trained together on a thread, as training.micro_batch of an"
              + " experiment (${DEFAULT-VALUE})")
  private int microBatch;

  private ScenarioBench() {}

  public static void main(String[] arguments) {
    System.exit(new CommandLine(new ScenarioBench()).execute(arguments));
  }

  @Override
  public Integer call() throws IOException {
    if (threads < 1 || microBatch < 1) {
      throw new ParameterException(
          spec.commandLine(), "--threads and --micro-batch take a number from 1 on");
    }
    Scenario scenario;
    try {
      scenario = Scenario.read(folder, name);
    } catch (IOException e) {
      System.err.println(e.getMessage());
      return 2;
    }
    var bench = new Steps(scenario);
    Stopwatch.Reading train;
    FirstStep first;
    try (Crew crew = bench.trainers()) {
      first = bench.first(crew);
      if (!agrees(first, scenario)) {
        return 1;
      }
      train = new Stopwatch(threads, bench::rewind, () -> bench.step(crew)).measure();
      say("training", train);
    }
    bench.rewind();
    Stopwatch.Reading forward;
    try (Crew crew = bench.network.evaluators(threads)) {
      forward =
          new Stopwatch(threads, () -> {}, () -> crew.evaluate(scenario.data(), SEED)).measure();
      say("forward", forward);
    }
    print(first, train, forward);
    return 0;
  }

  /** A scenario under way. */
  private final class Steps {
    private final Scenario scenario;
    private final Network network;
    private final float[] initial;
    private final float[] gradient;
    private final Optimizer optimizer;
    private final float[] atRest;
    private final long[] keys;
    private final Tally tally;
    private final Activity activity;

    Steps(Scenario scenario) {
      this.scenario = scenario;
      network = scenario.create();
      network.check(scenario.data());
      initial = network.parameters().values().clone();
      gradient = new float[initial.length];
      atRest = new float[initial.length];
      optimizer =
          new Optimizer(
              new OptimizerSpec.Adam(RATE), network.parameters(), Map.of(), network.bounds());
      keys = new long[scenario.data().size()];
      tally = new Tally(scenario.data().classes().size());
      activity = new Activity(network.spec().layers().size());
    }

    Crew trainers() {
      int rows = Math.min(microBatch, scenario.data().size());
      return new Crew(network, threads, rows, scenario.steps(), true);
    }

    void rewind() {
      network.take(initial);
      optimizer.restore(0, atRest, atRest);
    }

    FirstStep first(Crew crew) {
      step(crew);
      var norms = new LinkedHashMap<String, Double>();
      scenario
          .tensors()
          .forEach((ours, theirs) -> norms.put(theirs, norm(network.parameters().tensor(ours))));
      List<Double> rates = activity.rates().stream().filter(rate -> !rate.isNaN()).toList();
      return new FirstStep(tally.loss(), rates, norms);
    }

    void step(Crew crew) {
      tally.clear();
      activity.clear();
      crew.train(scenario.data().sequences(), keys, SEED, 0, gradient, tally, activity);
      optimizer.step(network.parameters().values(), gradient, RATE);
      network.follow();
    }

    private double norm(Tensor tensor) {
      double sum = 0;
      for (float value : rheobase.network.parameter.Parameters.saved(tensor, gradient)) {
        sum += (double) value * value;
      }
      return Math.sqrt(sum);
    }
  }

  private static boolean agrees(FirstStep first, Scenario scenario) {
    var differences = first.against(scenario.single(), scenario.exact());
    double tolerance = FirstStep.tolerance(differences);
    boolean agrees = true;
    System.err.printf(
        Locale.ROOT,
        "first step of %s, relative differences from the peer in double precision:%n"
            + "%-28s %13s %9s   peer in single precision%n",
        scenario.name(),
        "",
        "",
        "ours");
    for (FirstStep.Difference difference : differences) {
      boolean within = difference.relative() <= tolerance;
      agrees &= within;
      System.err.printf(
          Locale.ROOT,
          "  %-26s %13.6g %9.1e %9.1e%s%n",
          difference.what(),
          difference.ours(),
          difference.relative(),
          difference.peer(),
          within ? "" : "  too far");
    }
    System.err.printf(
        Locale.ROOT,
        agrees
            ? "  all within %.1e%n"
            : "  more than %.1e apart: this is not the peers' network, so nothing was timed%n",
        tolerance);
    return agrees;
  }

  private static void say(String what, Stopwatch.Reading reading) {
    System.err.printf(
        Locale.ROOT,
        "%-8s %.6f s, %.6f s of processor time; %d of %d repetitions count; warm-up %.0f s%s%n",
        what,
        reading.median(),
        reading.processor(),
        reading.clean(),
        reading.repetitions(),
        reading.warmUp(),
        reading.settled() ? "" : " and still changing");
  }

  private void print(FirstStep first, Stopwatch.Reading train, Stopwatch.Reading forward)
      throws IOException {
    var line =
        Json.object()
            .put("scenario", name)
            .put("threads", threads)
            .put("trainMedianSeconds", train.median())
            .put("forwardMedianSeconds", forward.median())
            .put("peakMemoryBytes", peakMemory())
            .put("loss", first.loss());
    first.gradientL2().forEach(line.putObject("gradientL2")::put);
    first.firingRates().forEach(line.putArray("firingRates")::add);
    System.out.println(Json.line(line));
  }

  /** Largest resident size so far as Linux counts it; null where there is no Linux. */
  private static Long peakMemory() throws IOException {
    Path status = Path.of("/proc/self/status");
    if (!Files.exists(status)) {
      return null;
    }
    try (var lines = Files.lines(status)) {
      return lines
          .filter(line -> line.startsWith("VmHWM:"))
          .map(line -> line.replaceAll("\\D", ""))
          .map(kibibytes -> 1024 * Long.parseLong(kibibytes))
          .findFirst()
          .orElse(null);
    }
  }
}
