package rheobase.data.own;

import java.util.List;

/** Which recordings make up a set. */
public sealed interface Part {
  /** Those that are marked for it, by folder, column or list. */
  record Marked() implements Part {}

  /**
   * About this share of all recordings, in whole groups; 1 for all, whatever they are marked for.
   *
   * @param share above 0
   */
  record Share(double share) implements Part {}

  /** Those of these groups. */
  record Groups(List<String> names) implements Part {
    public Groups {
      names = List.copyOf(names);
    }
  }
}
