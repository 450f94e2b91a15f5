package rheobase.network.training;

/**
 * A training run that failed though it was called rightly: a loss that is no number, a disk that is
 * full.
 */
public final class TrainingException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public TrainingException(String message) {
    super(message);
  }

  public TrainingException(String message, Throwable cause) {
    super(message, cause);
  }
}
