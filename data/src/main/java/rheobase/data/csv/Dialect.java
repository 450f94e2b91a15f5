package rheobase.data.csv;

/**
 * How a CSV file is written.
 *
 * @param delimiter between fields; {@link #FIND} to find out
 * @param header whether the first row names the columns
 */
public record Dialect(char delimiter, Header header) {
  /** The delimiter is whichever of tab, semicolon, bar and comma parts all rows alike. */
  public static final char FIND = 0;

  /** Finds out both. */
  public static final Dialect ANY = new Dialect(FIND, Header.DETECT);

  /** Whether the first row names the columns. */
  public enum Header {
    /** It does when none of its fields is a number. */
    DETECT,
    PRESENT,
    ABSENT
  }
}
