package rheobase.data;

import java.util.Collection;

/** Guesses what a mistyped name was meant to be, for error sentences. */
@FunctionalInterface
public interface Nearest {
  /** Guesses nothing. */
  Nearest SILENT = (_, _) -> ".";

  /** The end of a sentence, such as {@code ; did you mean 'ax'?}; at least a full stop. */
  String hint(String wrong, Collection<String> known);
}
