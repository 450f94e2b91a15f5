package rheobase.data;

import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;

/** What a loader tells while it prepares data, and where it keeps what took long to encode. */
public interface Preparation {
  /** Tells nobody and keeps nothing. */
  Preparation NONE =
      new Preparation() {
        @Override
        public void progress(String what, int done, int of) {}

        @Override
        public void done() {}

        @Override
        public SequenceSet cached(
            String name, String settings, List<Path> files, Supplier<SequenceSet> encode) {
          return encode.get();
        }
      };

  /**
   * Says how far something is.
   *
   * @param what e.g. {@code reading fsdd}
   * @param of how many there are
   */
  void progress(String what, int done, int of);

  /** Says that all is prepared, or has failed. */
  void done();

  /**
   * Says that a file of many cannot be used. Returns where it is to be left out.
   *
   * @param why a sentence that names the file
   * @throws DataException that very one, where it is not
   */
  default void bad(DataException why) {
    throw why;
  }

  /** How many times {@link #bad} has left something out. */
  default int skipped() {
    return 0;
  }

  /**
   * Encoded data, from where they were kept or made now.
   *
   * @param name of the data, for the name of the file they are kept in
   * @param settings everything besides the files that decides the result
   * @param files what the data are made of
   */
  SequenceSet cached(String name, String settings, List<Path> files, Supplier<SequenceSet> encode);
}
