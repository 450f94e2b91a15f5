package rheobase.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.zip.Deflater;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import us.hebi.matlab.mat.format.Mat5;
import us.hebi.matlab.mat.types.Array;
import us.hebi.matlab.mat.types.MatFile;
import us.hebi.matlab.mat.types.MatlabType;
import us.hebi.matlab.mat.types.Matrix;
import us.hebi.matlab.mat.types.Sinks;

class QtDatabaseTest {
  private static final int STEPS = 1301;
  private static final int LIMIT = 64 << 20;

  @TempDir private Path folder;
  private Path file;

  @BeforeEach
  void nameTheFile() {
    file = folder.resolve("QTDB_train.mat");
  }

  // What is read from a good file

  @Test
  void everyValueAndLabelLandsAtItsSequenceStepAndChannel() throws IOException {
    final Matrix x = events(3);
    final Matrix y = labels(3);
    write(Map.of("x", x, "y", y));
    final SequenceSet set = QtDatabase.train(folder);
    assertThat(set.classes()).containsExactly("P", "PQ", "QR", "RS", "ST", "TP");
    for (int n = 0; n < 3; n++) {
      final Sequence sequence = set.sequences().get(n);
      for (int t = 0; t < STEPS; t++) {
        for (int c = 0; c < 4; c++) {
          assertThat(sequence.values()[t * 4 + c]).isEqualTo(x.getFloat(new int[] {n, t, c}));
        }
        final int label = label(n, t);
        assertThat(sequence.targets()[t]).isEqualTo(Math.max(0, label));
        assertThat(sequence.annotated()[t]).isEqualTo(label >= 0);
      }
    }
  }

  @Test
  void thePaddingStepIsKept() throws IOException {
    write(Map.of("x", events(1), "y", labels(1)));
    final float[] values = QtDatabase.train(folder).sequences().getFirst().values();
    assertThat(Arrays.copyOfRange(values, 1300 * 4, 1301 * 4)).containsExactly(-1, 0, 0, 0);
  }

  @Test
  void uncompressedFilesAndOtherNumberClassesReadTheSame() throws IOException {
    write(Map.of("x", events(2), "y", labels(2)));
    final String expected = QtDatabase.train(folder).sha256();
    write(Map.of("x", events(2), "y", labels(2)), Deflater.NO_COMPRESSION);
    assertThat(QtDatabase.train(folder).sha256()).isEqualTo(expected);
    final Matrix doubles = Mat5.newMatrix(new int[] {2, STEPS, 4}, MatlabType.Double);
    final Matrix shorts = events(2);
    for (int i = 0; i < doubles.getNumElements(); i++) {
      doubles.setDouble(i, shorts.getDouble(i));
    }
    write(Map.of("x", doubles, "y", labels(2)));
    assertThat(QtDatabase.train(folder).sha256()).isEqualTo(expected);
  }

  @Test
  void otherVariablesAreIgnored() throws IOException {
    write(
        Map.of(
            "x", events(1),
            "y", labels(1),
            "z", Mat5.newStruct().set("field", Mat5.newString("text")),
            "t", Mat5.newScalar(3)));
    assertThat(QtDatabase.train(folder).size()).isEqualTo(1);
  }

  @Test
  void windowsThatShareTheirLabelsAreOneGroup() throws IOException {
    final Matrix y = labels(4); // sequence n is labelled as if it began at step 1000 n
    for (int t = 0; t < STEPS; t++) { // ... but the third is another recording
      for (int c = 0; c < 6; c++) {
        y.setByte(new int[] {2, t, c}, (byte) (c == (t / 7) % 6 ? 1 : 0));
      }
    }
    write(Map.of("x", events(4), "y", y));
    assertThat(QtDatabase.train(folder).sequences())
        .extracting(Sequence::group)
        .containsExactly(
            "qtdb-train/recording-00",
            "qtdb-train/recording-00",
            "qtdb-train/recording-01",
            "qtdb-train/recording-02");
  }

  // What a bad file is told

  @Test
  void aMissingFolderOrFileSaysWhichFilesAreWanted() {
    assertThatThrownBy(() -> QtDatabase.train(folder.resolve("nowhere")))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("There is no folder " + folder.resolve("nowhere"))
        .hasMessageContaining("Wanted are QTDB_train.mat (SHA-256 72d1a10c");
    assertThatThrownBy(() -> QtDatabase.test(folder))
        .isInstanceOf(DataException.class)
        .hasMessageStartingWith("There is no file " + folder.resolve("QTDB_test.mat"))
        .hasMessageContaining("916f11e2")
        .hasMessageContaining("https://github.com/byin-cwi/Efficient-spiking-networks");
  }

  @Test
  void aTruncatedFileIsNamedInTheErrorWithTheByte() throws IOException {
    write(Map.of("x", events(2), "y", labels(2)));
    final byte[] whole = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(whole, whole.length - 10));
    assertThatThrownBy(() -> QtDatabase.train(folder))
        .isInstanceOf(DataException.class)
        .hasMessageStartingWith(file + " is cut off or damaged: the element at byte ")
        .hasMessageMatching(".* needs \\d+ more bytes, but only \\d+ follow\\.");
    Files.write(file, Arrays.copyOf(whole, 50));
    assertThatThrownBy(() -> QtDatabase.train(folder))
        .hasMessage(file + " is cut off: it ends after 50 bytes, inside its header.");
    Files.write(file, new byte[0]);
    assertThatThrownBy(() -> QtDatabase.train(folder)).hasMessageContaining("after 0 bytes");
  }

  @Test
  void aFileThatIsNoMatFileIsToldSo() throws IOException {
    Files.write(file, "x,y\n1,2\n".repeat(100).getBytes(StandardCharsets.UTF_8));
    assertThatThrownBy(() -> QtDatabase.train(folder))
        .isInstanceOf(DataException.class)
        .hasMessage(file + " is not a MATLAB file: it does not begin with \"MATLAB 5.0\".");
  }

  @Test
  void aVersion73FileIsToldHowToBeSaved() throws IOException {
    final byte[] bytes = new byte[1024];
    System.arraycopy("MATLAB 7.3 MAT-file".getBytes(StandardCharsets.US_ASCII), 0, bytes, 0, 19);
    Files.write(file, bytes);
    assertThatThrownBy(() -> QtDatabase.train(folder))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("MATLAB 7.3 (HDF5)")
        .hasMessageContaining("save it with -v7");
  }

  @Test
  void aMissingVariableIsToldWithTheOnesThereAre() throws IOException {
    write(Map.of("x", events(1), "labels", labels(1)));
    assertThatThrownBy(() -> QtDatabase.train(folder))
        .isInstanceOf(DataException.class)
        .hasMessage(file + " has no variable y; it has labels, x.");
  }

  @Test
  void aWrongShapeIsToldWithTheRightOne() throws IOException {
    write(Map.of("x", Mat5.newMatrix(new int[] {2, 1300, 4}), "y", labels(2)));
    assertThatThrownBy(() -> QtDatabase.train(folder))
        .isInstanceOf(DataException.class)
        .hasMessage(
            file + " holds x with the shape (2, 1300, 4); it should be (sequences, 1301, 4).");
    write(Map.of("x", events(2), "y", Mat5.newMatrix(2, STEPS)));
    assertThatThrownBy(() -> QtDatabase.train(folder))
        .hasMessageContaining("y with the shape (2, 1301); it should be (sequences, 1301, 6)");
    write(Map.of("x", events(2), "y", labels(3)));
    assertThatThrownBy(() -> QtDatabase.train(folder))
        .hasMessageContaining("2 sequences in x but labels for 3 in y");
  }

  @Test
  void aVariableThatHoldsNoNumbersIsRefused() throws IOException {
    for (Array wrong :
        List.of(
            Mat5.newString("events"),
            Mat5.newCell(2, 2),
            Mat5.newStruct(),
            Mat5.newLogical(2, 2),
            Mat5.newComplex(2, 2))) {
      write(Map.of("x", wrong, "y", labels(2)));
      assertThatThrownBy(() -> QtDatabase.train(folder))
          .isInstanceOf(DataException.class)
          .hasMessage(file + " holds no plain numbers in its variable x.");
    }
  }

  @Test
  void aRowThatIsNotOneHotIsNamedBySequenceAndStep() throws IOException {
    final Matrix y = labels(3);
    for (int c = 0; c < 6; c++) {
      y.setByte(new int[] {2, 700, c}, (byte) (c == 1 || c == 4 ? 1 : 0));
    }
    write(Map.of("x", events(3), "y", y));
    assertThatThrownBy(() -> QtDatabase.train(folder))
        .isInstanceOf(DataException.class)
        .hasMessage(
            file
                + " holds a label that is not one-hot: y is (0 1 0 0 1 0) in sequence 2 at step"
                + " 700.");
    final Matrix seven = labels(3);
    seven.setByte(new int[] {1, 30, 0}, (byte) 7);
    write(Map.of("x", events(3), "y", seven));
    assertThatThrownBy(() -> QtDatabase.train(folder))
        .hasMessageMatching("(?s).*y is \\(7 .*\\) in sequence 1 at step 30\\.");
  }

  @Test
  void anEventThatIsNoEventIsNamedByPlace() throws IOException {
    final Matrix x = Mat5.newMatrix(new int[] {2, STEPS, 4}, MatlabType.Double);
    x.setDouble(new int[] {1, 12, 3}, Double.NaN);
    write(Map.of("x", x, "y", labels(2)));
    assertThatThrownBy(() -> QtDatabase.train(folder))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("the value NaN in x, in sequence 1 at step 12, channel 3");
  }

  // What a hostile file can do

  /** Bits flipped, ends cut off, pieces moved: sequences or a sentence, within bounds of memory. */
  @Test
  @Timeout(120)
  void aDamagedFileIsReadOrRefusedAndNothingElse() throws IOException {
    int read = 0;
    for (int level : new int[] {Deflater.DEFAULT_COMPRESSION, Deflater.NO_COMPRESSION}) {
      write(Map.of("x", events(2), "y", labels(2), "s", Mat5.newString("also here")), level);
      final byte[] good = Files.readAllBytes(file);
      for (int round = 0; round < 500; round++) {
        final byte[] bytes = damaged(good, RandomStream.of(17, "fuzz", level, round));
        read += isReadWithinBounds(bytes, "round " + round + ", level " + level) ? 1 : 0;
      }
    }
    assertThat(read).isBetween(50, 500); // of 1000: the damage is neither harmless nor hopeless
  }

  /** Every number of the header, of the first variable's tags and of its first data, one by one. */
  @Test
  @Timeout(120)
  void noLengthInTheFileIsBelieved() throws IOException {
    for (int level : new int[] {Deflater.DEFAULT_COMPRESSION, Deflater.NO_COMPRESSION}) {
      write(Map.of("x", events(1)), level);
      final byte[] good = Files.readAllBytes(file);
      for (int at = 116; at < 208; at += 4) {
        for (int nasty : new int[] {-1, 0, 14, 0x00ffffff, 0x7ffffff8, Integer.MIN_VALUE}) {
          final byte[] bytes = good.clone();
          ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putInt(at, nasty);
          isReadWithinBounds(bytes, nasty + " at " + at + ", level " + level);
        }
      }
    }
  }

  private boolean isReadWithinBounds(byte[] bytes, String what) throws IOException {
    final com.sun.management.ThreadMXBean threads =
        (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    Files.write(file, bytes);
    final long before = threads.getCurrentThreadAllocatedBytes();
    boolean read = false;
    try {
      QtDatabase.train(folder);
      read = true;
    } catch (DataException e) {
      assertThat(e.getMessage()).startsWith(file.toString()).endsWith(".").hasLineCount(1);
    } catch (RuntimeException | Error e) {
      throw new AssertionError(what, e);
    }
    assertThat(threads.getCurrentThreadAllocatedBytes() - before).as(what).isLessThan(16L << 20);
    return read;
  }

  private static byte[] damaged(byte[] good, RandomStream random) {
    final byte[] bytes = good.clone();
    // Half of the damage goes where the lengths and types are: the first 200 bytes.
    final int reach = random.nextInt(2) == 0 ? Math.min(200, bytes.length) : bytes.length;
    switch (random.nextInt(3)) {
      case 0 -> {
        for (int i = random.nextInt(8); i >= 0; i--) {
          bytes[random.nextInt(reach)] ^= (byte) (1 << random.nextInt(8));
        }
      }
      case 1 -> {
        final int length = random.nextInt(64);
        final int from = random.nextInt(bytes.length - length);
        System.arraycopy(good, from, bytes, random.nextInt(bytes.length - length), length);
      }
      default -> {
        return Arrays.copyOf(bytes, random.nextInt(bytes.length));
      }
    }
    return bytes;
  }

  @Test
  void aVariableThatUnpacksToTooMuchIsRefused() throws IOException {
    final Deflater deflater = new Deflater();
    deflater.setInput(new byte[LIMIT + 1]);
    deflater.finish();
    final byte[] packed = new byte[1 << 20];
    final int length = deflater.deflate(packed);
    deflater.end();
    final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.writeBytes(header());
    bytes.writeBytes(
        ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putInt(15).putInt(length).array());
    bytes.write(packed, 0, length);
    Files.write(file, bytes.toByteArray());
    assertThatThrownBy(() -> QtDatabase.train(folder))
        .isInstanceOf(DataException.class)
        .hasMessage(
            file
                + " is damaged: at byte 128 it has a variable that unpacks to more than 67108864"
                + " bytes.");
  }

  @Test
  void aFlippedBitInsideACompressedVariableIsFoundByItsChecksum() throws IOException {
    write(Map.of("x", events(2)), Deflater.BEST_SPEED);
    final byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length - 1] ^= 1; // the last byte of the zlib checksum
    Files.write(file, bytes);
    assertThatThrownBy(() -> QtDatabase.train(folder))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("does not unpack");
  }

  // What the published files hold

  /** Section 2.1 of the specification, measured there with scipy. */
  @Test
  void thePublishedFilesHaveThePublishedShares() {
    final Path published = publishedFolder();
    final SequenceSummary train = SequenceSummary.of(QtDatabase.train(published));
    final SequenceSummary test = SequenceSummary.of(QtDatabase.test(published));
    assertThat(train.sequences()).isEqualTo(618);
    assertThat(test.sequences()).isEqualTo(141);
    assertThat(train.eventRates())
        .containsExactly(new double[] {.0825, .0676, .0868, .0726}, within(1e-4));
    assertThat(test.eventRates())
        .containsExactly(new double[] {.0871, .0690, .0814, .0783}, within(1e-4));
    assertThat(train.classShares())
        .containsExactly(new double[] {.207, .062, .058, .045, .302, .327}, within(6e-4));
    assertThat(test.classShares())
        .containsExactly(new double[] {.236, .055, .054, .049, .305, .301}, within(6e-4));
    assertThat(1 - train.annotated()).isCloseTo(.082, within(5e-4));
    assertThat(1 - test.annotated()).isCloseTo(.104, within(5e-4));
  }

  @Test
  void thePublishedFilesGiveTheSameSequencesForEver() {
    final Path published = publishedFolder();
    assertThat(QtDatabase.train(published).sha256())
        .isEqualTo("dfb1310de4f75bddced672a5fcfbdb109250fefeca5c20e5c31d6403221b64e4");
    assertThat(QtDatabase.test(published).sha256())
        .isEqualTo("412be0aef4df165fb1be9f61d83e0e0c4977d866f1c93ea2efab6f2fbdfb310c");
  }

  /**
   * The ground of the validation split (docs/decisions.md): of two neighbours in the published
   * files either all 260 labels of their common steps agree or at most half do, and only sequences
   * of one recording are that alike.
   */
  @Test
  void neighboursShareAllTheirCommonLabelsOrAreDifferentRecordings() {
    final Path published = publishedFolder();
    final Map<String, Integer> recordings = new HashMap<>();
    for (SequenceSet set : List.of(QtDatabase.train(published), QtDatabase.test(published))) {
      for (int n = 1; n < set.size(); n++) {
        final Sequence before = set.sequences().get(n - 1);
        final Sequence after = set.sequences().get(n);
        int agree = 0;
        for (int t = 40; t < 300; t++) {
          final boolean known = before.annotated()[1000 + t];
          if (known == after.annotated()[t]
              && (!known || before.targets()[1000 + t] == after.targets()[t])) {
            agree++;
          }
        }
        if (before.group().equals(after.group())) {
          assertThat(agree).as(after.id()).isEqualTo(260);
        } else {
          assertThat(agree).as(after.id()).isLessThanOrEqualTo(130);
        }
      }
      recordings.put(
          set.name(),
          set.sequences().stream().map(Sequence::group).collect(Collectors.toSet()).size());
    }
    assertThat(recordings).containsEntry("qtdb-train", 75).containsEntry("qtdb-test", 20);
  }

  /** A heart's rate and its leads' events are its own: RR and event rates tell recordings apart. */
  @Test
  void sequencesOfARecordingAreAlikeAndNeighboursAcrossABorderAreNot() {
    final List<Sequence> sequences = QtDatabase.train(publishedFolder()).sequences();
    double within = 0;
    double across = 0;
    int inside = 0;
    int borders = 0;
    for (int n = 1; n < sequences.size(); n++) {
      final double difference =
          Math.abs(StrictMath.log(beat(sequences.get(n - 1)) / beat(sequences.get(n))));
      if (Double.isNaN(difference)) {
        continue;
      }
      if (sequences.get(n - 1).group().equals(sequences.get(n).group())) {
        within += difference;
        inside++;
      } else {
        across += difference;
        borders++;
      }
    }
    assertThat(across / borders).isGreaterThan(5 * within / inside);
  }

  /** Mean steps from one change QR to RS to the next, NaN with fewer than two. */
  private static double beat(Sequence sequence) {
    int first = -1;
    int last = -1;
    int count = 0;
    for (int t = 1; t < sequence.steps(); t++) {
      if (sequence.targets()[t - 1] == 2 && sequence.targets()[t] == 3) {
        first = first < 0 ? t : first;
        last = t;
        count++;
      }
    }
    return count < 2 ? Double.NaN : (last - first) / (count - 1.0);
  }

  private static Path publishedFolder() {
    final String named = System.getenv("RHEOBASE_DATA");
    final Path data = Path.of(named == null ? "../../shared/data" : named).resolve("qtdb");
    assumeTrue(Files.isDirectory(data), "no QTDB at " + data + "; set RHEOBASE_DATA");
    return data;
  }

  // Files made here

  /** Small events that tell every place apart well enough, and the padding step. */
  private static Matrix events(int count) {
    final Matrix x = Mat5.newMatrix(new int[] {count, STEPS, 4}, MatlabType.Int16);
    for (int n = 0; n < count; n++) {
      for (int t = 0; t < STEPS - 1; t++) {
        for (int c = 0; c < 4; c++) {
          x.setShort(new int[] {n, t, c}, (short) ((n * 31 + t * 7 + c * 5 + t * c) % 11 / 9));
        }
      }
      x.setShort(new int[] {n, STEPS - 1, 0}, (short) -1);
    }
    return x;
  }

  private static Matrix labels(int count) {
    final Matrix y = Mat5.newMatrix(new int[] {count, STEPS, 6}, MatlabType.UInt8);
    for (int n = 0; n < count; n++) {
      for (int t = 0; t < STEPS; t++) {
        if (label(n, t) >= 0) {
          y.setByte(new int[] {n, t, label(n, t)}, (byte) 1);
        }
      }
    }
    return y;
  }

  /** One long recording cut every 1000 steps: classes of 37 steps, and every seventh unlabelled. */
  private static int label(int n, int t) {
    return (1000 * n + t) / 37 % 7 - 1;
  }

  private void write(Map<String, ? extends Array> variables) throws IOException {
    write(variables, Deflater.BEST_SPEED);
  }

  private void write(Map<String, ? extends Array> variables, int level) throws IOException {
    Files.deleteIfExists(file);
    final MatFile mat = Mat5.newMatFile();
    variables.forEach(mat::addArray);
    try (var sink = Sinks.newStreamingFile(file.toFile())) {
      Mat5.newWriter(sink).setDeflateLevel(level).writeMat(mat);
    }
  }

  private byte[] header() throws IOException {
    write(Map.of("x", Mat5.newScalar(1)));
    return Arrays.copyOf(Files.readAllBytes(file), 128);
  }
}
