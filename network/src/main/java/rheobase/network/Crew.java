package rheobase.network;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntConsumer;
import java.util.function.ObjIntConsumer;
import java.util.stream.IntStream;
import rheobase.data.Sequence;
import rheobase.data.SequenceSet;
import rheobase.network.parameter.Tensor;

/**
 * Workers on threads. A batch is cut into micro-batches of a fixed size; whoever is free takes the
 * next one, and results are added up in the order of the micro-batches, whoever made them. So
 * nothing depends on the number of threads.
 */
public final class Crew implements AutoCloseable {
  private static final double RANGE_MOMENTUM = 0.1;
  private static final double NORM_MOMENTUM = 0.1;

  private final Network network;
  private final List<Worker> workers = new ArrayList<>();
  private final ExecutorService threads;
  private final int rows;
  private final float[] reached;
  private final int stretch;

  /** The first layer of each group of layers, where that is normalised, else null. */
  private final List<Layer> groups;

  private final Map<Layer, BatchStatistics> normalised = new LinkedHashMap<>();

  private final RangePolicy ranges;

  /** Of each micro-batch of the batch under way, where it is trained piece by piece of its time. */
  private final List<Worker.Standing> standing = new ArrayList<>();

  /** A crew whose ranges follow batches; arguments as below. */
  public Crew(Network network, int threadCount, int rows, int stretch, boolean trains) {
    this(network, threadCount, rows, stretch, trains, RangePolicy.BATCH);
  }

  /**
   * @param rows sequences of a micro-batch
   * @param stretch steps the workers' buffers hold
   * @param trains whether gradients are wanted
   * @param ranges when they move; where they follow steps, a batch must not have more sequences
   *     than a micro-batch, nor more steps than the buffers
   */
  public Crew(
      Network network, int threadCount, int rows, int stretch, boolean trains, RangePolicy ranges) {
    this.ranges = ranges;
    this.network = network;
    this.rows = rows;
    this.stretch = stretch;
    reached = new float[network.parameters().values().length];
    groups = Worker.normalisedGroups(network.levels());
    for (Layer layer : groups) {
      if (layer != null && trains) {
        normalised.put(layer, new BatchStatistics(layer));
      }
    }
    for (int i = 0; i < threadCount; i++) {
      workers.add(new Worker(network, rows, stretch, trains));
    }
    threads =
        Executors.newFixedThreadPool(
            threadCount,
            task -> {
              var thread = new Thread(task, "rheobase-worker");
              thread.setDaemon(true);
              return thread;
            });
  }

  /**
   * Score, loss and activity over all sequences. Sequences of like length go through time together,
   * the longest first; no bit of the result depends on it.
   */
  public Network.Evaluation evaluate(SequenceSet data, long seed) {
    var tally = new Tally(data.classes().size());
    var activity = new Activity(network.levels().size());
    int[] order = byLength(data.sequences());
    var sequences = Arrays.stream(order).mapToObj(data.sequences()::get).toList();
    long[] keys = Arrays.stream(order).asLongStream().toArray();
    var shares = new Tally.Share[order.length];
    var transcripts = new Score.Transcript[order.length];
    run(
        Math.ceilDiv(sequences.size(), rows),
        (worker, m) -> worker.evaluate(rows(sequences, keys, m, seed, "evaluation")),
        (worker, m) -> {
          tally.add(worker.tally);
          activity.add(worker.activity);
          for (int i = m * rows; i < Math.min(order.length, (m + 1) * rows); i++) {
            shares[order[i]] = worker.tally.share(i - m * rows);
            transcripts[order[i]] = worker.tally.transcript(i - m * rows);
          }
        });
    tally.sum(Arrays.asList(shares), rows);
    var score = tally.score();
    if (order.length > 0 && transcripts[0] != null) {
      score = score.with(Arrays.asList(transcripts));
    }
    return new Network.Evaluation(score, activity.inputRate(), activity.rates());
  }

  /**
   * What the last layer hands to the readout, in the order of the sequences: {@code [step][class]},
   * flat, of each. The same bits as {@link #evaluate} scores.
   */
  public List<float[]> outputs(SequenceSet data, long seed) {
    int[] order = byLength(data.sequences());
    var sequences = Arrays.stream(order).mapToObj(data.sequences()::get).toList();
    long[] keys = Arrays.stream(order).asLongStream().toArray();
    var outputs = new float[order.length][];
    run(
        Math.ceilDiv(sequences.size(), rows),
        (worker, m) -> {
          float[][] own = worker.outputs(rows(sequences, keys, m, seed, "evaluation"));
          for (int i = 0; i < own.length; i++) {
            outputs[order[m * rows + i]] = own[i];
          }
        },
        (_, _) -> {});
    return List.of(outputs);
  }

  /** The places of the sequences, longest first, equals as they come. */
  private static int[] byLength(List<Sequence> sequences) {
    return IntStream.range(0, sequences.size())
        .boxed()
        .sorted(Comparator.comparingInt(i -> -sequences.get(i).steps()))
        .mapToInt(i -> i)
        .toArray();
  }

  /**
   * Gradient of the mean loss of a batch.
   *
   * @param keys one a sequence, naming its random initial state
   * @param truncateSteps see {@link LayerPass#backward}
   * @param gradient flat, overwritten
   * @param tally added to
   * @param activity added to
   */
  public void train(
      List<Sequence> batch,
      long[] keys,
      long seed,
      int truncateSteps,
      float[] gradient,
      Tally tally,
      Activity activity) {
    Arrays.fill(gradient, 0);
    Arrays.fill(reached, 0);
    if (ranges != RangePolicy.BATCH) {
      if (batch.size() > rows) {
        throw new IllegalArgumentException(
            "a batch of " + batch.size() + " is no single micro-batch of at most " + rows);
      }
      workers.forEach(worker -> worker.followSteps(ranges == RangePolicy.STEP));
    }
    if (!normalised.isEmpty()) {
      trainTogether(batch, keys, seed, truncateSteps, gradient, tally, activity);
      return;
    }
    run(
        Math.ceilDiv(batch.size(), rows),
        (worker, m) ->
            worker.train(rows(batch, keys, m, seed, "training"), 1.0 / batch.size(), truncateSteps),
        (worker, _) -> merge(worker, gradient, tally, activity));
  }

  /**
   * Gradient of the mean loss of the answers so far to a batch, by a piece of its time; the
   * parameters may change from piece to piece. For a readout that adds up, and layers that need no
   * sequence as a whole.
   *
   * @param first step of the piece; 0, then the step after the piece before
   * @param steps of the piece, at most those of the buffers
   * @param gradient flat, overwritten
   * @param tally added to, the sequences that end in this piece
   * @param activity added to
   */
  public void trainPiece(
      List<Sequence> batch,
      long[] keys,
      long seed,
      int first,
      int steps,
      float[] gradient,
      Tally tally,
      Activity activity) {
    Arrays.fill(gradient, 0);
    Arrays.fill(reached, 0);
    int count = Math.ceilDiv(batch.size(), rows);
    while (standing.size() < count) {
      standing.add(new Worker.Standing());
    }
    run(
        count,
        (worker, m) ->
            worker.trainPiece(
                rows(batch, keys, m, seed, "training"),
                1.0 / batch.size(),
                first,
                steps,
                standing.get(m)),
        (worker, _) -> merge(worker, gradient, tally, activity));
  }

  private void merge(Worker worker, float[] gradient, Tally tally, Activity activity) {
    for (int i = 0; i < gradient.length; i++) {
      gradient[i] += worker.gradient[i];
    }
    raise(worker);
    tally.add(worker.tally);
    activity.add(worker.activity);
  }

  /**
   * A batch through a network that normalises: every micro-batch has a worker of its own, and all
   * go through the groups of layers side by side, for each group's statistics are those of all.
   */
  private void trainTogether(
      List<Sequence> batch,
      long[] keys,
      long seed,
      int truncateSteps,
      float[] gradient,
      Tally tally,
      Activity activity) {
    int count = Math.ceilDiv(batch.size(), rows);
    while (workers.size() < count) {
      workers.add(new Worker(network, rows, stretch, true));
    }
    var parts = new Worker.Together[count];
    each(
        count,
        m ->
            parts[m] =
                workers.get(m)
                .new Together(rows(batch, keys, m, seed, "training"), 1.0 / batch.size()));
    var norms = new DriveNorm[count];
    for (int g = 0; g < groups.size(); g++) {
      int group = g;
      BatchStatistics statistics = normalised.get(groups.get(g));
      if (statistics != null) {
        each(count, m -> norms[m] = parts[m].driveAhead(group));
        statistics.gather(List.of(norms));
      }
      each(count, m -> parts[m].forward(group, statistics));
    }
    each(count, m -> parts[m].turn());
    for (int g = groups.size() - 1; g >= 0; g--) {
      int group = g;
      BatchStatistics statistics = normalised.get(groups.get(g));
      each(count, m -> parts[m].backward(group, truncateSteps));
      if (statistics != null) {
        for (int m = 0; m < count; m++) {
          norms[m] = parts[m].norm(group);
        }
        statistics.gatherGradient(List.of(norms), gradient);
        each(count, m -> parts[m].backBelow(group, statistics));
      }
    }
    each(count, m -> parts[m].end());
    for (int m = 0; m < count; m++) {
      merge(workers.get(m), gradient, tally, activity);
    }
  }

  /** Runs {@code work} for 0..count-1 on all threads, and waits for all of it. */
  private void each(int count, IntConsumer work) {
    var futures = new ArrayList<Future<?>>();
    for (int m = 0; m < count; m++) {
      int number = m;
      futures.add(threads.submit(() -> work.accept(number)));
    }
    try {
      for (Future<?> future : futures) {
        future.get();
      }
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case RuntimeException failure -> throw failure;
        case Error failure -> throw failure;
        case Throwable failure -> throw new IllegalStateException(failure);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while a batch was running", e);
    }
  }

  /** What the quantisers met in the batch trained last, laid out as the parameters. */
  private void raise(Worker worker) {
    for (int i = 0; i < network.layers().size(); i++) {
      Tensor range = network.layers().get(i).range();
      for (int r = 0; range != null && r < range.columns(); r++) {
        int at = range.offset() + r;
        reached[at] =
            ranges != RangePolicy.BATCH
                ? worker.layer(i).meanRange(r)
                : Math.max(reached[at], worker.layer(i).reached(r));
      }
    }
  }

  /**
   * Follows the batch trained last with what is tracked instead of trained: the means and variances
   * of normalised drives, by a share of 0.1, and the ranges of quantisers.
   *
   * @param batches trained so far, this one included
   */
  public void track(long batches) {
    trackRanges(batches);
    normalised
        .values()
        .forEach(statistics -> statistics.track(network.parameters().values(), NORM_MOMENTUM));
  }

  /**
   * Follows the range of every quantiser with what the batch trained last reached: a moving average
   * of momentum 0.1, corrected for its start (Ponghiran and Roy 2022; theirs moves every step, ours
   * every batch, so that no result depends on how a batch is cut). Of ranges that did follow every
   * step, it is the mean over the steps that is followed.
   *
   * @param batches trained so far, this one included
   */
  private void trackRanges(long batches) {
    double share = rangeShare(batches);
    float[] values = network.parameters().values();
    for (Layer layer : network.layers()) {
      Tensor range = layer.range();
      for (int r = 0; range != null && r < range.columns(); r++) {
        int at = range.offset() + r;
        values[at] += (float) (share * (reached[at] - values[at]));
      }
    }
  }

  /**
   * Share of the way that a range moves towards what was reached.
   *
   * @param times that it has moved, this one included
   */
  static double rangeShare(long times) {
    return RANGE_MOMENTUM / (1 - StrictMath.pow(1 - RANGE_MOMENTUM, times));
  }

  /**
   * Which layer, step and sequence of a batch first leave the finite numbers; null when none does
   * in the forward pass.
   */
  public String firstBadPlace(List<Sequence> batch, long[] keys, long seed) {
    for (int m = 0; m < Math.ceilDiv(batch.size(), rows); m++) {
      String place = workers.getFirst().firstBadPlace(rows(batch, keys, m, seed, "training"));
      if (place != null) {
        return place;
      }
    }
    return null;
  }

  private Worker.Rows rows(
      List<Sequence> sequences, long[] keys, int m, long seed, String purpose) {
    int from = m * rows;
    int to = Math.min(sequences.size(), from + rows);
    return new Worker.Rows(
        sequences.subList(from, to), Arrays.copyOfRange(keys, from, to), seed, purpose);
  }

  /** Runs {@code work} for 0..count-1 on all threads and {@code merge} after it, in order. */
  private void run(int count, ObjIntConsumer<Worker> work, ObjIntConsumer<Worker> merge) {
    var turns = new Turns(count);
    var futures = new ArrayList<Future<?>>();
    for (Worker worker : workers) {
      futures.add(
          threads.submit(() -> {
            for (int m = turns.next(); m >= 0; m = turns.next()) {
              try {
                work.accept(worker, m);
                turns.await(m);
                merge.accept(worker, m);
                turns.done();
              } catch (Throwable failure) {
                turns.fail(failure);
              }
            }
            return null;
          }));
    }
    try {
      for (Future<?> future : futures) {
        future.get();
      }
    } catch (ExecutionException e) {
      throw new AssertionError("workers hand their failures to the turns", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while a batch was running", e);
    }
    switch (turns.failure()) {
      case null -> {}
      case RuntimeException failure -> throw failure;
      case Error failure -> throw failure;
      case Throwable failure -> throw new IllegalStateException(failure);
    }
  }

  /** Hands out numbers, and lets their owners go on in order. */
  private static final class Turns {
    private final int count;
    private int handedOut;
    private int finished;
    private Throwable failure;

    Turns(int count) {
      this.count = count;
    }

    synchronized int next() {
      return failure != null || handedOut == count ? -1 : handedOut++;
    }

    synchronized void await(int turn) throws InterruptedException {
      while (finished < turn) {
        if (failure != null) {
          throw new IllegalStateException("another worker failed");
        }
        wait();
      }
    }

    synchronized void done() {
      finished++;
      notifyAll();
    }

    /** Stops all; the first failure is the one that counts, as others follow from it. */
    synchronized void fail(Throwable cause) {
      if (failure == null) {
        failure = cause;
      }
      notifyAll();
    }

    /** Null where all went well. */
    synchronized Throwable failure() {
      return failure;
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
