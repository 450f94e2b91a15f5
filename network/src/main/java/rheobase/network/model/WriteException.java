package rheobase.network.model;

/** A file that the disk or its folder did not take; the message names it and says why. */
public final class WriteException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public WriteException(String message, Throwable cause) {
    super(message, cause);
  }
}
