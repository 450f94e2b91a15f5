package rheobase.data.own;

import java.util.Locale;

/**
 * How sequences of one's own are found, labelled, cut and divided, whatever their format.
 *
 * @param files which files are meant
 * @param labelFile a CSV file below the folder with a row a recording; null for none
 * @param label where labels stand: a column, an array or a kind of annotation; null for the default
 * @param group where groups stand, null where nothing tells them: then each recording is one
 * @param split where sets are marked, null for nowhere
 * @param missing what to do about missing values
 * @param classes or {@link ClassNames#UNKNOWN}
 * @param scope of labels
 * @param window cut recordings into pieces of so many steps; 0 leaves them whole
 * @param stride steps from one piece to the next, at least 1
 * @param test the test set
 * @param validation the validation set; {@link Part.Marked} leaves it empty where none is marked
 * @param testSeed decides which groups a share takes
 */
public record OwnSpec(
    FilePattern files,
    String labelFile,
    String label,
    String group,
    String split,
    Missing missing,
    ClassNames classes,
    Scope scope,
    int window,
    int stride,
    Part test,
    Part validation,
    long testSeed) {

  /** What a label is of. */
  public enum Scope {
    /** Of a step where labels change inside a recording, of a sequence where none does. */
    DETECT,
    /** One for each sequence. Pieces cut by a window across a change are left out. */
    SEQUENCE,
    /** One for each step. */
    STEP;

    /** As experiment files write it. */
    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** The same with what was found out about the recordings. */
  OwnSpec settled(ClassNames found, Scope scope) {
    return new OwnSpec(
        files,
        labelFile,
        label,
        group,
        split,
        missing,
        found,
        scope,
        window,
        stride,
        test,
        validation,
        testSeed);
  }

  /** Whether labels come from the files' own content, rather than a path or a list. */
  boolean labelsInside() {
    return labelFile == null && !files.tells("label");
  }
}
