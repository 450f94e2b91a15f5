package rheobase.data;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** Leaves out what is bad and remembers why. */
public final class Skipping implements Preparation {
  /** Why, in the order in which it was told. */
  public final List<String> reasons = new ArrayList<>();

  @Override
  public void progress(String what, int done, int of) {}

  @Override
  public void done() {}

  @Override
  public void bad(DataException why) {
    reasons.add(why.getMessage());
  }

  @Override
  public SequenceSet cached(
      String name, String settings, List<Path> files, Supplier<SequenceSet> encode) {
    return encode.get();
  }
}
