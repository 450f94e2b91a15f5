package rheobase.app;

/** A layer names a cell that is neither built in nor a file. */
final class UnknownCellException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  UnknownCellException(String message) {
    super(message);
  }
}
