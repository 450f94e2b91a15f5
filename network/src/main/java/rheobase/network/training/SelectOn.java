package rheobase.network.training;

import java.util.Locale;

/** Which score decides the epoch whose model is kept. */
public enum SelectOn {
  /** Accuracy on records held out of the training set: the default. */
  VALIDATION,
  /** Accuracy on the training set itself, as the ECG papers did. */
  TRAIN,
  /** Accuracy on the test set: only to compare with papers that chose so. */
  TEST,
  /** No choice: the model after the last epoch. */
  LAST;

  /** As the command line writes it. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
