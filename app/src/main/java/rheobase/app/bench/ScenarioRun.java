package rheobase.app.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import rheobase.network.Activity;
import rheobase.network.Crew;
import rheobase.network.Network;
import rheobase.network.Tally;
import rheobase.network.model.Json;
import rheobase.network.optimize.Optimizer;
import rheobase.network.optimize.OptimizerSpec;
import rheobase.network.parameter.Parameters;
import rheobase.network.parameter.Tensor;
import tools.jackson.databind.node.ObjectNode;

/**
 * Times whole training steps (forward, backward, Adam, everything that follows the parameters) and
 * forward passes of the engine on a scenario, after checking that it computes what the peer does.
 *
 * <p>Training moves the parameters and with them the activity, on which the cost depends. So every
 * step begins again at the scenario's values; the peers take their few steps close to them.
 */
public final class ScenarioRun {
  /** As the peers' Adam. */
  private static final double RATE = 1e-3;

  /** Nothing in the scenarios is random. */
  private static final long SEED = 0;

  private final Scenario scenario;
  private final int threads;
  private final Stopwatch.Pace pace;
  private final PrintStream remarks;
  private final Network network;
  private final float[] initial;
  private final float[] gradient;
  private final Optimizer optimizer;
  private final float[] atRest;
  private final long[] keys;
  private final Tally tally;
  private final Activity activity;

  private ScenarioRun(Scenario scenario, int threads, Stopwatch.Pace pace, PrintStream remarks) {
    this.scenario = scenario;
    this.threads = threads;
    this.pace = pace;
    this.remarks = remarks;
    network = scenario.network();
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

  /** The scenarios that make up the comparison, in order. */
  public static List<String> usual() {
    return ScenarioShape.usual();
  }

  /** All scenarios there are. */
  public static List<String> names() {
    return ScenarioShape.names();
  }

  /**
   * Reads or makes a scenario, checks it and times it.
   *
   * @param name one of {@link #names}
   * @param folder of its data; null for some of our own making
   * @param remarks told how the check went and how quiet the machine was
   * @return what {@code rheo bench --json} prints; empty where the first step is not the peer's, so
   *     that nothing was timed
   * @throws rheobase.network.NetworkException when the folder does not hold the scenario
   */
  public static Optional<ObjectNode> of(
      String name, Path folder, int threads, PrintStream remarks) {
    ScenarioShape shape = ScenarioShape.named(name).orElseThrow();
    Stopwatch.Pace pace = shape.trial() ? Stopwatch.Pace.TRIAL : Stopwatch.Pace.PEERS;
    return new ScenarioRun(Scenario.of(shape, folder), threads, pace, remarks).run();
  }

  private Optional<ObjectNode> run() {
    FirstStep first;
    Stopwatch.Reading train;
    int rows = Math.min(scenario.microBatch(), scenario.data().size());
    try (Crew crew = new Crew(network, threads, rows, scenario.steps(), true)) {
      first = first(crew);
      if (!agrees(first)) {
        return Optional.empty();
      }
      train = new Stopwatch(pace, threads, this::rewind, () -> step(crew)).measure();
      say("training step", train);
    }
    rewind();
    Stopwatch.Reading forward;
    try (Crew crew = network.evaluators(threads)) {
      forward =
          new Stopwatch(pace, threads, () -> {}, () -> crew.evaluate(scenario.data(), SEED))
              .measure();
      say("forward pass", forward);
    }
    return Optional.of(json(first, train, forward));
  }

  private void rewind() {
    network.take(initial);
    optimizer.restore(0, atRest, atRest);
  }

  private FirstStep first(Crew crew) {
    step(crew);
    var norms = new LinkedHashMap<String, Double>();
    scenario
        .tensors()
        .forEach((ours, reported) -> norms.put(reported, norm(network.parameters().tensor(ours))));
    List<Double> rates = activity.rates().stream().filter(rate -> !rate.isNaN()).toList();
    return new FirstStep(tally.loss(), rates, norms);
  }

  private void step(Crew crew) {
    tally.clear();
    activity.clear();
    crew.train(scenario.data().sequences(), keys, SEED, 0, gradient, tally, activity);
    optimizer.step(network.parameters().values(), gradient, RATE);
    network.follow();
  }

  private double norm(Tensor tensor) {
    double sum = 0;
    for (float value : Parameters.saved(tensor, gradient)) {
      sum += (double) value * value;
    }
    return Math.sqrt(sum);
  }

  private boolean agrees(FirstStep first) {
    if (scenario.reference().isEmpty()) {
      remarks.printf(
          "%s: %s, so there is nothing of the peers' to check the first step against%n",
          scenario.name(), scenario.origin());
      return true;
    }
    Scenario.Reference reference = scenario.reference().get();
    var differences = first.against(reference.single(), reference.exact());
    double tolerance = FirstStep.tolerance(differences);
    boolean agrees = differences.stream().allMatch(each -> each.relative() <= tolerance);
    remarks.printf(
        Locale.ROOT,
        "%s: first step, relative differences from the peer in double precision%n"
            + "%-28s %13s %9s   peer in single precision%n",
        scenario.name(),
        "",
        "",
        "ours");
    for (FirstStep.Difference difference : differences) {
      remarks.printf(
          Locale.ROOT,
          "  %-26s %13.6g %9.1e %9.1e%s%n",
          difference.what(),
          difference.ours(),
          difference.relative(),
          difference.peer(),
          difference.relative() <= tolerance ? "" : "  too far");
    }
    remarks.printf(
        Locale.ROOT,
        agrees
            ? "%s: all within %.1e, so it is the peers' network%n"
            : "%s: more than %.1e apart: this is not the peers' network, so nothing was timed%n",
        scenario.name(),
        tolerance);
    return agrees;
  }

  private void say(String what, Stopwatch.Reading reading) {
    remarks.printf(
        Locale.ROOT,
        "%s: %s %.6f s, %.6f s of processor time; %d of %d repetitions count; warm-up %.0f s%s%n",
        scenario.name(),
        what,
        reading.median(),
        reading.processor(),
        reading.clean(),
        reading.repetitions(),
        reading.warmUp(),
        reading.settled() ? "" : " and still changing");
  }

  private ObjectNode json(FirstStep first, Stopwatch.Reading train, Stopwatch.Reading forward) {
    ObjectNode line =
        Json.object()
            .put("scenario", scenario.name())
            .put("threads", threads)
            .put("trainMedianSeconds", train.median())
            .put("forwardMedianSeconds", forward.median())
            .put("peakMemoryBytes", peakMemory())
            .put("loss", first.loss());
    first.gradientL2().forEach(line.putObject("gradientL2")::put);
    first.firingRates().forEach(line.putArray("firingRates")::add);
    return line;
  }

  /** Largest resident size so far as Linux counts it; null where there is no Linux. */
  private static Long peakMemory() {
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
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
