package rheobase.data;

import java.util.Collection;

/** Guesses what a mistyped name was meant to be, for error sentences. */
@FunctionalInterface
public interface Nearest {
  /** Says nothing. */
  Nearest SILENT = (_, _) -> "";

  /** The end of a sentence, from the semicolon on: {@code ; did you mean 'ax'?}. */
  String hint(String wrong, Collection<String> known);
}
