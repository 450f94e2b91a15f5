package rheobase.app;

import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import java.util.function.LongSupplier;
import rheobase.network.Score;
import rheobase.network.training.EpochRecord;
import rheobase.network.training.TrainingListener;

/**
 * One line an epoch on standard error. On a terminal it is alive while the epoch runs, with a bar
 * that fills; elsewhere it is printed once, when the epoch is done.
 */
final class Progress implements TrainingListener {
  private static final int BAR = 20;
  private static final long REDRAW_NANOS = 100_000_000;

  private final PrintStream err;
  private final boolean live;
  private final boolean unicode;
  private final int columns;
  private final int epochs;
  private final LongSupplier clock;

  private long epochStarted;
  private int runningEpoch;
  private long drawn;
  private int finished;
  private double secondsAnEpoch = Double.NaN;

  Progress(Surroundings surroundings, int epochs) {
    this(
        surroundings.err(),
        surroundings.live(),
        surroundings.unicode(),
        surroundings.columns(),
        epochs,
        System::nanoTime);
  }

  /**
   * @param clock nanoseconds, as {@link System#nanoTime}
   */
  Progress(
      PrintStream err, boolean live, boolean unicode, int columns, int epochs, LongSupplier clock) {
    this.err = err;
    this.live = live;
    this.unicode = unicode;
    this.columns = columns;
    this.epochs = epochs;
    this.clock = clock;
    this.epochStarted = clock.getAsLong();
    this.drawn = epochStarted - REDRAW_NANOS;
  }

  @Override
  public void step(
      int epoch, int sequences, int total, double loss, double accuracy, List<Double> firingRates) {
    long now = clock.getAsLong();
    if (epoch != runningEpoch) {
      runningEpoch = epoch;
      epochStarted = now;
      // The first step is done by now: count its time too, as far as it is known.
      if (sequences < total) {
        epochStarted -=
            Double.isNaN(secondsAnEpoch) ? 0 : (long) (secondsAnEpoch * 1e9 * sequences / total);
      }
    }
    if (!live || now - drawn < REDRAW_NANOS) {
      return;
    }
    drawn = now;
    double share = (double) sequences / total;
    double elapsed = (now - epochStarted) / 1e9;
    double whole = Double.isNaN(secondsAnEpoch) ? elapsed / share : secondsAnEpoch;
    var left = elapsed > 0 ? whole * (1 - share) + whole * (epochs - epoch) : Double.NaN;
    draw(
        head(epoch)
            + " "
            + bar(share)
            + figures(loss, accuracy, null, firingRates, sequences / elapsed, left));
  }

  @Override
  public void epoch(EpochRecord record) {
    // The first epoch compiles the code it runs: the second replaces it, later ones are averaged
    // in.
    finished++;
    secondsAnEpoch =
        finished <= 2 ? record.seconds() : secondsAnEpoch + (record.seconds() - secondsAnEpoch) / 4;
    var line =
        head(record.epoch())
            + figures(
                record.train().loss(),
                record.train().accuracy(),
                record,
                record.firingRates(),
                record.sequencesPerSecond(),
                secondsAnEpoch * (epochs - record.epoch()));
    if (live) {
      draw(line);
      err.println();
    } else {
      err.println(line);
    }
    err.flush();
  }

  /** Ends a line that an interrupted epoch left behind. */
  void breakOff() {
    if (live) {
      err.print("\r\u001b[K");
      err.flush();
    }
  }

  private String head(int epoch) {
    int width = Integer.toString(epochs).length();
    return String.format(Locale.ROOT, "epoch %" + width + "d/%d", epoch, epochs);
  }

  private static String figures(
      double loss,
      double accuracy,
      EpochRecord done,
      List<Double> rates,
      double speed,
      double left) {
    var text = new StringBuilder();
    text.append("  loss ").append(Words.number(loss));
    text.append("  train ").append(Words.percent(accuracy));
    if (done != null) {
      score(text, "validation", done.validation());
      score(text, "test", done.test());
      text.append(done.best() ? " *" : "  ");
    }
    text.append("  rates ").append(Words.rates(rates));
    if (Double.isFinite(speed)) {
      text.append(String.format(Locale.ROOT, "  %.0f seq/s", speed));
    }
    if (Double.isFinite(left) && left > 0) {
      text.append("  ").append(Words.duration(left)).append(" left");
    }
    return text.toString();
  }

  private static void score(StringBuilder text, String name, Score score) {
    if (score != null) {
      text.append("  ").append(name).append(' ').append(Words.percent(score.accuracy()));
    }
  }

  private String bar(double share) {
    int full = (int) Math.round(share * BAR);
    return (unicode ? "━" : "#").repeat(full) + (unicode ? "╌" : "-").repeat(BAR - full);
  }

  /** Overwrites the last line; a line that wrapped could not be overwritten, so it is cut. */
  private void draw(String line) {
    err.print(
        "\r" + (line.length() < columns ? line : line.substring(0, columns - 1)) + "\u001b[K");
    err.flush();
  }
}
