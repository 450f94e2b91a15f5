package rheobase.data;

/**
 * Data that cannot be used. The message is one complete sentence for the person who chose the data:
 * what is wrong, in which file, sequence or step, and what to do.
 */
public final class DataException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public DataException(String message) {
    super(message);
  }

  public DataException(String message, Throwable cause) {
    super(message, cause);
  }
}
