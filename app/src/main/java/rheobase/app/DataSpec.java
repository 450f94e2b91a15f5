package rheobase.app;

import java.util.List;

/**
 * What a network learns from.
 *
 * @param source of the sequences
 * @param validation share of the training sequences held out to select the model on; whole records,
 *     never parts of one. Looked at only where the model is selected on them
 * @param validationSeed decides which records are held out; apart from the seed of the training, so
 *     that runs with different seeds hold out the same
 * @param steps cut every sequence after so many steps; 0 keeps all
 */
public record DataSpec(Source source, double validation, long validationSeed, int steps) {

  /** Where sequences come from. */
  public sealed interface Source {
    /** As experiment files write it. */
    String text();
  }

  /**
   * The QT Database as published by Yin, Corradi and Bohté: {@code QTDB_train.mat} and {@code
   * QTDB_test.mat} of a folder.
   */
  public record Qtdb() implements Source {
    @Override
    public String text() {
      return "qtdb";
    }
  }

  /**
   * Heartbeats of the dynamical model of McSharry et al. 2003, made on the spot.
   *
   * @param train sequences to train on
   * @param test sequences to test on
   * @param seed of the recordings
   */
  public record SyntheticEcg(int train, int test, long seed) implements Source {
    @Override
    public String text() {
      return "synthetic_ecg";
    }
  }

  /** The sources an experiment can name. */
  static final List<String> SOURCES = List.of("qtdb", "synthetic_ecg");

  /** Whether the sequences lie in a folder that the call must name with {@code --data}. */
  public boolean needsFolder() {
    return switch (source) {
      case Qtdb _ -> true;
      case SyntheticEcg _ -> false;
    };
  }
}
