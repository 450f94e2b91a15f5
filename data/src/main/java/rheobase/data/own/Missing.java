package rheobase.data.own;

import java.util.Locale;

/** What to do about a value, or the label of a step, that is not there. */
public enum Missing {
  /** Stop, and say where it is. */
  REFUSE,
  /** Leave out the step. */
  DROP,
  /** Take the last one before it; at the beginning, the first there is. */
  PREVIOUS;

  /** As experiment files write it. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
