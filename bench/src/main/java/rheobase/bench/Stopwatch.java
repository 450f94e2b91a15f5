package rheobase.bench;

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
final class Stopwatch {
  /** The peers take 0.1 s, but the JVM counts processor time in steps of 10 ms. */
  private static final double REPETITION = 0.5;

  private static final int ENOUGH = 7;
  private static final int TOO_MANY = 60;
  private static final double BUDGET = 40;
  private static final double CLEAN = 0.97;

  private static final double WARM_UP = 5;
  private static final double LONGEST_WARM_UP = 60;
  private static final int GROUP = 5;
  private static final double SETTLED = 0.02;

  private static final OperatingSystemMXBean SYSTEM =
      ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

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
  record Reading(
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
  Stopwatch(int threads, Runnable before, Runnable work) {
    this.threads = threads;
    this.before = before;
    this.work = work;
  }

  /** Warms up and measures. */
  Reading measure() {
    double begin = now();
    boolean settled = warmUp(begin);
    double warm = now() - begin;
    var all = new ArrayList<Repetition>();
    var clean = new ArrayList<Repetition>();
    double end = now() + BUDGET;
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
    while (now() - begin < LONGEST_WARM_UP) {
      var group = new ArrayList<Repetition>();
      for (int i = 0; i < GROUP; i++) {
        Repetition repetition = repeat();
        calls = Math.max(1, (int) Math.ceil(REPETITION / repetition.seconds));
        group.add(repetition);
      }
      double median = seconds(group);
      if (now() - begin > WARM_UP && Math.abs(median / previous - 1) < SETTLED) {
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
