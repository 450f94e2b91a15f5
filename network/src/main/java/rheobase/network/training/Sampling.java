package rheobase.network.training;

import java.util.Locale;

/** Which of the training sequences an epoch visits. */
public enum Sampling {
  /** Each once, in random order. */
  SHUFFLED,
  /**
   * As many as there are, drawn with replacement, all classes equally often: the weighted sampling,
   * by 1 / the number of sequences of a class, of the adaptive SRNN's Speech Commands. Sequences of
   * a rare class come several times, some of a frequent one not at all.
   */
  BALANCED;

  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
