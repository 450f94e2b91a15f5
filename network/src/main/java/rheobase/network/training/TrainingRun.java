package rheobase.network.training;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import rheobase.data.Sequence;
import rheobase.data.SequenceSet;
import rheobase.data.Split;
import rheobase.network.Activity;
import rheobase.network.Crew;
import rheobase.network.Network;
import rheobase.network.NetworkException;
import rheobase.network.NetworkSpec;
import rheobase.network.Score;
import rheobase.network.Tally;
import rheobase.network.model.ModelFile;
import rheobase.network.optimize.GradientNorm;
import rheobase.network.optimize.Optimizer;
import rheobase.network.optimize.Schedule;

/**
 * Trains a network in a folder, from the first epoch or from a checkpoint, to the model file.
 *
 * <p>Nothing but the experiment, the data and the seed decides a single bit of the result: the
 * order of sequences and their initial states come from streams named by epoch and sequence, sums
 * are made in the order of micro-batches, and a checkpoint holds whatever else there is. So a run
 * that was killed and resumed, on any number of threads, ends with the model it would have had.
 *
 * <p>Files in the folder: {@code checkpoint}, {@code metrics.jsonl} (a line an epoch), {@code
 * model.rheo} at the end.
 */
public final class TrainingRun {
  private static final String CHECKPOINT = "checkpoint";
  private static final String METRICS = "metrics.jsonl";
  private static final String MODEL = "model.rheo";

  /**
   * Epochs may be shorter than a disk's patience: checkpoints between them are at least this far
   * apart.
   */
  private static final double SECONDS_BETWEEN_CHECKPOINTS = 5;

  private final Path folder;
  private final TrainingSpec spec;
  private final Split data;
  private final int threads;
  private final Map<String, String> provenance;
  private final String fingerprint;
  private final String dataHash;
  private final Network network;
  private final Optimizer optimizer;
  private final float[] gradient;
  private final float[] best;

  private int epoch = 1;
  private int position;
  private Schedule.State schedule = Schedule.State.START;
  private int bestEpoch;
  private double bestScore = Double.NEGATIVE_INFINITY;
  private final List<EpochRecord> history = new ArrayList<>();

  private final Tally tally;
  private final Activity activity;
  private double normSum;
  private long batches;
  private double secondsBefore;

  private TrainingRun(
      Path folder,
      NetworkSpec spec,
      TrainingSpec training,
      Split data,
      int threads,
      Map<String, String> provenance) {
    this.folder = folder;
    this.spec = training;
    this.data = data;
    this.threads = threads;
    this.provenance = provenance;
    fingerprint = Fingerprint.of(spec, training).text();
    dataHash = data.train().sha256() + data.validation().sha256() + data.test().sha256();
    training.check(spec.layers(), spec.readout());
    network = Network.create(spec, training.seed());
    network.check(data.train());
    network.check(data.validation());
    network.check(data.test());
    if (training.selectOn() == SelectOn.VALIDATION && data.validation().size() == 0) {
      throw new NetworkException(
          "there are no validation sequences to select the model on; set data.validation above 0 or"
              + " select on train or last");
    }
    spec.wholeSequenceLayer()
        .filter(layer ->
            training.checkpointSteps() > 0 || layer.bidirectional() && training.truncateSteps() > 0)
        .ifPresent(layer -> {
          throw new NetworkException(
              layer.bidirectional()
                  ? "layer '%s' is bidirectional and sees every sequence as a whole; leave out training.checkpoint_steps and training.truncate_steps"
                      .formatted(layer.name())
                  : "layer '%s' normalises its drive and sees every sequence as a whole; leave out training.checkpoint_steps"
                      .formatted(layer.name()));
        });
    if (data.train().size() == 0) {
      throw new NetworkException("there are no sequences to train on");
    }
    optimizer =
        new Optimizer(
            training.optimizer(), network.parameters(), training.rateFactors(), network.bounds());
    gradient = new float[network.parameters().values().length];
    best = network.parameters().values().clone();
    tally = new Tally(data.train().classes().size());
    activity = new Activity(spec.layers().size());
  }

  /**
   * A run from the beginning.
   *
   * @param folder exists, holds no run
   * @param provenance what the model file says of how it came to be
   * @throws NetworkException where network and data do not fit
   */
  public static TrainingRun start(
      Path folder,
      NetworkSpec network,
      TrainingSpec training,
      Split data,
      int threads,
      Map<String, String> provenance) {
    return new TrainingRun(folder, network, training, data, threads, provenance);
  }

  /**
   * A run from its checkpoint.
   *
   * @throws NetworkException where there is none, or experiment or data are no longer those it was
   *     made with
   */
  public static TrainingRun resume(
      Path folder,
      NetworkSpec network,
      TrainingSpec training,
      Split data,
      int threads,
      Map<String, String> provenance) {
    var run = new TrainingRun(folder, network, training, data, threads, provenance);
    run.restore(Checkpoint.read(folder.resolve(CHECKPOINT)));
    return run;
  }

  /**
   * Trains until the last epoch is done or somebody wants to stop; either way a checkpoint is
   * written.
   *
   * @param stopRequested asked after every optimiser step
   * @throws TrainingException where the loss is no number, or the disk refuses a file
   */
  public TrainingResult run(TrainingListener listener, BooleanSupplier stopRequested) {
    writeMetrics();
    int longest = data.train().sequences().stream().mapToInt(Sequence::steps).max().orElseThrow();
    int piece = Math.max(spec.checkpointSteps(), spec.stepEvery());
    int stretch = piece > 0 ? Math.min(piece, longest) : longest;
    int rows = Math.min(spec.microBatch(), spec.batch());
    double saved = now();
    try (var crew = new Crew(network, threads, rows, stretch, true, spec.range());
        var judges = network.evaluators(threads)) {
      while (epoch <= spec.epochs()) {
        if (!epoch(crew, judges, listener, stopRequested)) {
          checkpoint();
          return unfinished();
        }
        boolean last = epoch > spec.epochs();
        if (last || now() - saved > SECONDS_BETWEEN_CHECKPOINTS) {
          checkpoint();
          saved = now();
        }
      }
    }
    return finish();
  }

  /** One epoch, or what is left of it; false when it was stopped. */
  private boolean epoch(
      Crew crew, Crew judges, TrainingListener listener, BooleanSupplier stopRequested) {
    double begin = now() - secondsBefore;
    double rate = spec.schedule().rate(spec.optimizer().rate(), epoch, schedule);
    var sequences = spec.curriculum().pieces(data.train().sequences(), epoch);
    int[] order = order(sequences);
    while (position < order.length) {
      if (stopRequested.getAsBoolean()) {
        secondsBefore = now() - begin;
        return false;
      }
      step(crew, sequences, order, rate);
      listener.step(
          epoch, position, order.length, tally.loss(), tally.accuracy(), activity.rates());
    }
    endEpoch(judges, rate, begin, listener);
    return true;
  }

  /** The order of the training sequences in this epoch. */
  private int[] order(List<Sequence> sequences) {
    int[] lengths = sequences.stream().mapToInt(Sequence::steps).toArray();
    if (spec.sampling() == Sampling.BALANCED) {
      int[] classes = sequences.stream().mapToInt(sequence -> sequence.targets()[0]).toArray();
      return EpochOrder.balanced(lengths, classes, spec.batch(), spec.seed(), epoch);
    }
    return EpochOrder.of(lengths, spec.batch(), spec.seed(), epoch);
  }

  private void step(Crew crew, List<Sequence> sequences, int[] order, double rate) {
    int end = Math.min(order.length, position + spec.batch());
    var batch = new ArrayList<Sequence>();
    long[] keys = new long[end - position];
    for (int i = position; i < end; i++) {
      batch.add(sequences.get(order[i]));
      // a sequence that was drawn twice begins twice, each time otherwise
      int name = spec.sampling() == Sampling.BALANCED ? i : order[i];
      keys[i - position] = (long) epoch << 32 | name;
    }
    if (spec.stepEvery() > 0) {
      int longest = batch.stream().mapToInt(Sequence::steps).max().orElseThrow();
      for (int first = 0; first < longest; first += spec.stepEvery()) {
        crew.trainPiece(
            batch, keys, spec.seed(), first, spec.stepEvery(), gradient, tally, activity);
        update(crew, batch, keys, rate);
      }
    } else {
      crew.train(batch, keys, spec.seed(), spec.truncateSteps(), gradient, tally, activity);
      update(crew, batch, keys, rate);
    }
    position = end;
  }

  /** An optimiser step by the gradient. */
  private void update(Crew crew, List<Sequence> batch, long[] keys, double rate) {
    optimizer.leaveOutFrozen(gradient);
    double norm = GradientNorm.clip(gradient, spec.clipNorm());
    if (badLoss() || !Double.isFinite(norm)) {
      throw wentBad(crew, batch, keys);
    }
    normSum += norm;
    batches++;
    optimizer.step(network.parameters().values(), gradient, rate);
    crew.track(optimizer.steps());
    network.follow();
  }

  private boolean badLoss() {
    return !tally.isEmpty() && !Double.isFinite(tally.loss());
  }

  private TrainingException wentBad(Crew crew, List<Sequence> batch, long[] keys) {
    String place = crew.firstBadPlace(batch, keys, spec.seed());
    String kept =
        Files.exists(folder.resolve(CHECKPOINT))
            ? "the checkpoint from before is kept"
            : "no checkpoint had been written yet";
    return new TrainingException(
        "the %s in epoch %d, after %d sequences%s; %s. Try a lower learning rate or training.clip_norm"
            .formatted(
                badLoss() ? "loss is no finite number" : "gradient is no finite number",
                epoch,
                position,
                place == null
                    ? " (all states are finite; it arose going backward)"
                    : ": first in " + place,
                kept));
  }

  private void endEpoch(Crew judges, double rate, double begin, TrainingListener listener) {
    Score train = tally.score();
    Score validation = data.validation().size() == 0 ? null : score(judges, data.validation());
    Score test = spec.selectOn() == SelectOn.TEST ? score(judges, data.test()) : null;
    double score =
        switch (spec.selectOn()) {
          case VALIDATION -> validation.accuracy();
          case TRAIN -> train.accuracy();
          case TEST -> test.accuracy();
          case LAST -> epoch;
        };
    boolean isBest = score > bestScore;
    if (isBest) {
      bestScore = score;
      bestEpoch = epoch;
      System.arraycopy(network.parameters().values(), 0, best, 0, best.length);
    }
    schedule =
        spec.schedule()
            .after(
                schedule,
                watched ->
                    switch (watched) {
                      case TRAIN_LOSS -> train.loss();
                      case TRAIN_ACCURACY -> train.accuracy();
                      case VALIDATION_LOSS -> validation == null ? Double.NaN : validation.loss();
                      case VALIDATION_ACCURACY ->
                          validation == null ? Double.NaN : validation.accuracy();
                    });
    double seconds = now() - begin;
    var record =
        new EpochRecord(
            epoch,
            rate,
            train,
            validation,
            test,
            normSum / batches,
            activity.rates(),
            seconds,
            data.train().size() / seconds,
            isBest);
    history.add(record);
    append(record);
    epoch++;
    position = 0;
    tally.clear();
    activity.clear();
    normSum = 0;
    batches = 0;
    secondsBefore = 0;
    listener.epoch(record);
  }

  private Score score(Crew judges, SequenceSet set) {
    return judges.evaluate(set, spec.seed()).score();
  }

  private TrainingResult unfinished() {
    return new TrainingResult(
        false,
        epoch - 1,
        bestEpoch,
        network,
        initial(),
        null,
        null,
        null,
        List.of(),
        null,
        null,
        secondsPerEpoch(),
        List.copyOf(history));
  }

  /**
   * Scores the kept model, touching the test set for the first time unless it was selected on, and
   * writes it.
   */
  private TrainingResult finish() {
    Network kept = network.copy();
    kept.take(best);
    Score train;
    Score validation;
    Network.Evaluation test;
    try (var judges = kept.evaluators(threads)) {
      train = score(judges, data.train());
      validation = data.validation().size() == 0 ? null : score(judges, data.validation());
      test = judges.evaluate(data.test(), spec.seed());
    }
    var said = new TreeMap<>(provenance);
    said.put("selected_epoch", Integer.toString(bestEpoch));
    Path model = folder.resolve(MODEL);
    ModelFile.of(kept.spec(), said, kept.parameters()).write(model);
    return new TrainingResult(
        true,
        epoch - 1,
        bestEpoch,
        kept,
        initial(),
        train,
        validation,
        test.score(),
        test.firingRates(),
        model,
        kept.parameters().sha256(),
        secondsPerEpoch(),
        List.copyOf(history));
  }

  private Network initial() {
    return Network.create(network.spec(), spec.seed());
  }

  private double secondsPerEpoch() {
    return history.stream().mapToDouble(EpochRecord::seconds).average().orElse(Double.NaN);
  }

  private void checkpoint() {
    var arrays =
        Map.of(
            "parameters",
            network.parameters().values(),
            "first_moment",
            optimizer.first(),
            "second_moment",
            optimizer.second(),
            "best",
            best);
    Map<String, Object> more =
        Map.of(
            "tally", tally.state(),
            "activity", activity.state(),
            "gradient_norms", normSum,
            "batches", batches,
            "seconds", secondsBefore);
    new Checkpoint(
            fingerprint,
            dataHash,
            epoch,
            position,
            schedule,
            bestEpoch,
            bestScore,
            optimizer.steps(),
            List.copyOf(history),
            more,
            arrays)
        .write(folder.resolve(CHECKPOINT));
  }

  private void restore(Checkpoint saved) {
    new Fingerprint(saved.experiment())
        .changeTo(new Fingerprint(fingerprint))
        .ifPresent(change -> {
          throw new NetworkException(
              "the run in %s cannot go on, because its experiment was changed: %s; change it back or start a new run"
                  .formatted(folder, change));
        });
    if (!saved.data().equals(dataHash)) {
      throw new NetworkException(
          "the run in %s cannot go on, because its data are no longer the same; give it the data it began with or start a new run"
              .formatted(folder));
    }
    epoch = saved.epoch();
    position = saved.position();
    schedule = saved.schedule();
    bestEpoch = saved.bestEpoch();
    bestScore = saved.bestScore();
    history.addAll(saved.history());
    network.take(saved.array("parameters"));
    optimizer.restore(
        saved.optimizerSteps(), saved.array("first_moment"), saved.array("second_moment"));
    System.arraycopy(saved.array("best"), 0, best, 0, best.length);
    tally.restore((Map<?, ?>) saved.more().get("tally"));
    activity.restore((Map<?, ?>) saved.more().get("activity"));
    normSum = ((Number) saved.more().get("gradient_norms")).doubleValue();
    batches = ((Number) saved.more().get("batches")).longValue();
    secondsBefore = ((Number) saved.more().get("seconds")).doubleValue();
  }

  /**
   * Makes the file of metrics hold exactly the epochs done: a killed run may have written more than
   * its checkpoint knows.
   */
  private void writeMetrics() {
    String lines =
        history.stream()
            .map(record -> EpochLine.write(record) + "\n")
            .collect(Collectors.joining());
    write(lines, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING);
  }

  private void append(EpochRecord record) {
    write(EpochLine.write(record) + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  private void write(String text, StandardOpenOption how, StandardOpenOption too) {
    Path file = folder.resolve(METRICS);
    try {
      Files.writeString(file, text, StandardCharsets.UTF_8, StandardOpenOption.WRITE, how, too);
    } catch (IOException e) {
      throw new TrainingException(
          "%s cannot be written: %s; the last checkpoint is kept".formatted(file, e.getMessage()),
          e);
    }
  }

  private static double now() {
    return System.nanoTime() * 1e-9;
  }
}
