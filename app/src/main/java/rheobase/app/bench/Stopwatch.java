package rheobase.app.bench;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.DoubleStream;

/**
 * Times something that is done over and over, by the peers' rule (their {@code common.measure}): a
 * repetition is as many calls as fill its time. On one thread it counts when the process had its
 * core to itself for 97 % of it; on more every repetition counts. Once seven count, or time is up,
 * the median is the answer.
 *
 * <p>Before that comes the warm-up, which the peers need less of: at least five seconds and until
 * two neighbouring groups of repetitions agree, because vector loops are a hundred times slower
 * before C2 has compiled them.
 */
public final class Stopwatch {
  private static final int ENOUGH = 7;
  private static final int TOO_MANY = 60;
  private static final double CLEAN = 0.97;
  private static final int GROUP = 5;
  private static final double SETTLED = 0.02;

  /**
   * How long it takes its time, in seconds.
   *
   * @param repetition at least
   * @param budget after which the repetitions that count may be fewer than seven
   * @param warmUp at least
   * @param longestWarmUp whether or not the times have settled
   */
  public record Pace(double repetition, double budget, double warmUp, double longestWarmUp) {
    /**
     * Of figures to be compared. The peers' repetitions are of 0.1 s, but the JVM counts processor
     * time in steps of 10 ms.
     */
    static final Pace PEERS = new Pace(0.5, 40, 5, 60);

    /** Of figures that nobody believes. */
    static final Pace TRIAL = new Pace(0.01, 1, 0, 0.1);
  }

  private static final OperatingSystemMXBean SYSTEM =
      ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

  private final Pace pace;
  private final int threads;
  private final Runnable before;
  private final Runnable work;
  private int calls = 1;

  /**
   * What was measured.
   *
   * @param median seconds a call
   * @param repetitions made
   * @param clean how many of them counted; where fewer than three did, the median is over all and
   *     says little
   * @param processor seconds of processor time a call, the median over all repetitions; where it is
   *     well below the median times the threads, others had the cores
   * @param warmUp seconds of it
   * @param settled whether the times had settled by its end
   */
  public record Reading(
      double median,
      int repetitions,
      int clean,
      double processor,
      double warmUp,
      boolean settled) {}

  /** One repetition: seconds a call, and cores that the process had. */
  private record Repetition(double seconds, double cores) {
    double processor() {
      return seconds * cores;
    }
  }

  /**
   * @param threads that do the work
   * @param before run before each call, off the clock
   */
  public Stopwatch(Pace pace, int threads, Runnable before, Runnable work) {
    this.pace = pace;
    this.threads = threads;
    this.before = before;
    this.work = work;
  }

  /** Warms up and measures. */
  public Reading measure() {
    double begin = now();
    boolean settled = warmUp(begin);
    double warm = now() - begin;
    var all = new ArrayList<Repetition>();
    var clean = new ArrayList<Repetition>();
    double end = now() + pace.budget;
    while (clean.size() < ENOUGH && all.size() < TOO_MANY && (all.size() < ENOUGH || now() < end)) {
      Repetition repetition = repeat();
      all.add(repetition);
      if (threads > 1 || repetition.cores > CLEAN) {
        clean.add(repetition);
      }
    }
    return new Reading(
        seconds(clean.size() >= 3 ? clean : all),
        all.size(),
        clean.size(),
        median(all.stream().mapToDouble(Repetition::processor)),
        warm,
        settled);
  }

  private boolean warmUp(double begin) {
    double previous = Double.POSITIVE_INFINITY;
    while (now() - begin < pace.longestWarmUp) {
      var group = new ArrayList<Repetition>();
      for (int i = 0; i < GROUP; i++) {
        Repetition repetition = repeat();
        calls = Math.max(1, (int) Math.ceil(pace.repetition / repetition.seconds));
        group.add(repetition);
      }
      double median = seconds(group);
      if (now() - begin > pace.warmUp && Math.abs(median / previous - 1) < SETTLED) {
        return true;
      }
      previous = median;
    }
    return false;
  }

  private Repetition repeat() {
    long processor = SYSTEM.getProcessCpuTime();
    double begin = now();
    double seconds = 0;
    for (int i = 0; i < calls; i++) {
      before.run();
      double start = now();
      work.run();
      seconds += now() - start;
    }
    double cores = (SYSTEM.getProcessCpuTime() - processor) * 1e-9 / (now() - begin);
    return new Repetition(seconds / calls, cores);
  }

  private static double seconds(List<Repetition> repetitions) {
    return median(repetitions.stream().mapToDouble(Repetition::seconds));
  }

  private static double median(DoubleStream values) {
    double[] sorted = values.sorted().toArray();
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  private static double now() {
    return System.nanoTime() * 1e-9;
  }
}
