package rheobase.network;

/**
 * A network, model file or experiment that cannot be used; the message says what, where and what to
 * do.
 */
public final class NetworkException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public NetworkException(String message) {
    super(message);
  }

  public NetworkException(String message, Throwable cause) {
    super(message, cause);
  }
}
