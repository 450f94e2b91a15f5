package rheobase.cell.language;

/**
 * A cell that cannot be understood or used. The message is complete: where ({@code
 * file:line:column} when the text is to blame), what is wrong, and a hint.
 */
public final class CellException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public CellException(String message) {
    super(message);
  }
}
