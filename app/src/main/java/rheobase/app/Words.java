package rheobase.app;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Numbers as people read them. */
final class Words {
  private Words() {}

  /** So many files that were left out. */
  static String skipped(int files) {
    return files == 1
        ? "1 file that cannot be used (--skip-bad)"
        : String.format(Locale.ROOT, "%,d files that cannot be used (--skip-bad)", files);
  }

  /** {@code 84.31 %}. */
  static String percent(double share) {
    return Double.isFinite(share) ? String.format(Locale.ROOT, "%.2f %%", 100 * share) : "-";
  }

  /** Four significant digits. */
  static String number(double value) {
    if (!Double.isFinite(value)) {
      return "-";
    }
    double size = Math.abs(value);
    int decimals = size >= 1000 ? 0 : size >= 100 ? 1 : size >= 10 ? 2 : size >= 0.01 ? 3 : 5;
    return String.format(Locale.ROOT, "%,." + decimals + "f", value);
  }

  /** Firing rates of layers, two decimals; {@code -} for one that does not spike. */
  static String rates(List<Double> rates) {
    return rates.stream()
        .map(rate -> rate == null || rate.isNaN() ? "-" : String.format(Locale.ROOT, "%.3f", rate))
        .collect(Collectors.joining(" "));
  }

  /** {@code 45 s}, {@code 3 min 12 s}, {@code 1 h 04 min}. */
  static String duration(double seconds) {
    long whole = Math.max(0, Math.round(seconds));
    if (whole < 60) {
      return whole + " s";
    }
    return whole < 3600
        ? String.format(Locale.ROOT, "%d min %02d s", whole / 60, whole % 60)
        : String.format(Locale.ROOT, "%d h %02d min", whole / 3600, whole % 3600 / 60);
  }

  /** How many times as much, three digits: {@code 22.8x}. */
  static String times(double ratio) {
    return Double.isFinite(ratio)
        ? ratio < 999.5
            ? String.format(Locale.ROOT, "%.3gx", ratio)
            : String.format(Locale.ROOT, "%,.0fx", ratio)
        : "-";
  }

  /** A picojoule figure with the unit that suits it. */
  static String energy(double picojoules) {
    return picojoules < 1e3
        ? String.format(Locale.ROOT, "%.0f pJ", picojoules)
        : picojoules < 1e6
            ? String.format(Locale.ROOT, "%.2f nJ", picojoules / 1e3)
            : picojoules < 1e9
                ? String.format(Locale.ROOT, "%.2f uJ", picojoules / 1e6)
                : String.format(Locale.ROOT, "%.2f mJ", picojoules / 1e9);
  }
}
