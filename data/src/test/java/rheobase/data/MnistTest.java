package rheobase.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MnistTest {
  private static final Mnist.Reading BY_PIXEL = new Mnist.Reading(1, Mnist.inRows());

  @TempDir Path folder;

  private byte[] images;

  @BeforeEach
  void threeImages() throws IOException {
    images = new byte[16 + 3 * 784];
    new Random(1).nextBytes(images);
    ByteBuffer.wrap(images).putInt(0x803).putInt(3).putInt(28).putInt(28);
    write("train-images-idx3-ubyte", images);
    write("train-labels-idx1-ubyte", labels(7, 0, 9));
  }

  @Test
  void anImageIsReadRowByRowFromPaperToInk() {
    images[16 + 784] = (byte) 255;
    images[16 + 784 + 783] = 51;
    write("train-images-idx3-ubyte", images);
    final Sequence second = Mnist.train(folder, BY_PIXEL).sequences().get(1);
    assertThat(second.steps()).isEqualTo(784);
    assertThat(second.channels()).isEqualTo(1);
    assertThat(second.values()[0]).isEqualTo(1f);
    assertThat(second.values()[783]).isEqualTo(0.2f);
    assertThat(second.targets()).containsExactly(0);
  }

  @Test
  void aWindowSeesThePixelsThatFollowAndStaysOnTheLast() {
    final float[] one = Mnist.train(folder, BY_PIXEL).sequences().getFirst().values();
    final float[] eight =
        Mnist.train(folder, new Mnist.Reading(8, Mnist.inRows())).sequences().getFirst().values();
    assertThat(Arrays.copyOfRange(eight, 8 * 100, 8 * 101))
        .isEqualTo(Arrays.copyOfRange(one, 100, 108));
    assertThat(Arrays.copyOfRange(eight, 8 * 783, 8 * 784))
        .isEqualTo(Arrays.copyOfRange(one, 776, 784));
  }

  @Test
  void aPixelIsInkAboveAGreyValueAndPaperUpToIt() {
    images[16] = 25; // 0.098
    images[17] = 26; // 0.102
    images[18] = 0;
    images[19] = 51; // 0.2
    write("train-images-idx3-ubyte", images);
    assertThat(ink(0.1)).startsWith(0, 1, 0, 1);
    assertThat(ink(0.2)).startsWith(0, 0, 0, 0).containsOnly(0, 1);
    assertThat(ink(0.0)).startsWith(1, 1, 0, 1);
    for (double nowhere : new double[] {-0.1, 1, Double.NaN}) {
      assertThatThrownBy(() -> ink(nowhere))
          .isInstanceOf(DataException.class)
          .hasMessageContaining("No pixel is ink above " + nowhere);
    }
  }

  private float[] ink(double above) {
    final var reading = new Mnist.Reading(1, Mnist.inRows(), above);
    return Mnist.train(folder, reading).sequences().getFirst().values();
  }

  @Test
  void thePermutationIsTheSameForAllImagesAndForEver() {
    final int[] order = Mnist.permuted(1);
    assertThat(order).containsOnlyOnce(Mnist.inRows());
    assertThat(Arrays.copyOf(order, 5)).containsExactly(723, 464, 294, 487, 615);
    final float[] plain = Mnist.train(folder, BY_PIXEL).sequences().get(2).values();
    final float[] permuted =
        Mnist.train(folder, new Mnist.Reading(1, order)).sequences().get(2).values();
    for (int step = 0; step < 784; step++) {
      assertThat(permuted[step]).isEqualTo(plain[order[step]]);
    }
  }

  @Test
  void zippedFilesAreReadToo() throws IOException {
    final String hash = Mnist.train(folder, BY_PIXEL).sha256();
    final var zipped = new ByteArrayOutputStream();
    try (var zip = new GZIPOutputStream(zipped)) {
      zip.write(images);
    }
    Files.delete(folder.resolve("train-images-idx3-ubyte"));
    write("train-images-idx3-ubyte.gz", zipped.toByteArray());
    assertThat(Mnist.train(folder, BY_PIXEL).sha256()).isEqualTo(hash);
    write("train-images-idx3-ubyte.gz", Arrays.copyOf(zipped.toByteArray(), zipped.size() / 2));
    refused("train-images-idx3-ubyte.gz", "cannot be unzipped");
  }

  @Test
  void aMissingFileIsNamedWithThePageItComesFrom() throws IOException {
    Files.delete(folder.resolve("train-labels-idx1-ubyte"));
    refused("holds no train-labels-idx1-ubyte", "SHA-256 is ec02e794", "MNIST is four files");
  }

  @Test
  void aTruncatedFileIsRefusedWithBothSizes() {
    write("train-images-idx3-ubyte", Arrays.copyOf(images, images.length - 1));
    refused("promises 2352 bytes of data (3 x 28 x 28), but 2351 follow its header");
    write("train-images-idx3-ubyte", Arrays.copyOf(images, images.length + 1));
    refused("but 2353 follow its header");
    write("train-images-idx3-ubyte", Arrays.copyOf(images, 10));
    refused("ends within its header, at byte 10");
    write("train-images-idx3-ubyte", new byte[0]);
    refused("is empty; expected is an IDX file");
  }

  @Test
  void aHugePromiseIsRefusedBeforeAnythingIsAllocated() {
    ByteBuffer.wrap(images).putInt(4, Integer.MAX_VALUE);
    write("train-images-idx3-ubyte", images);
    refused("promises 2147483647 x 28 x 28 bytes of data, more than the 2352 there are");
    ByteBuffer.wrap(images).putInt(4, -1);
    write("train-images-idx3-ubyte", images);
    refused("promises 4294967295 x 28 x 28");
  }

  @Test
  void damagedFilesEndInASentenceOrInImages() throws IOException {
    final var zipped = new ByteArrayOutputStream();
    try (var zip = new GZIPOutputStream(zipped)) {
      zip.write(images);
    }
    final var random = new Random(3);
    for (byte[] whole : List.of(images, zipped.toByteArray())) {
      for (int trial = 0; trial < 300; trial++) {
        final byte[] damaged =
            trial % 2 == 0 ? Arrays.copyOf(whole, random.nextInt(whole.length)) : whole.clone();
        if (trial % 2 == 1) {
          damaged[random.nextInt(trial % 4 == 1 ? 16 : whole.length)] ^=
              (byte) (1 + random.nextInt(255));
        }
        write("train-images-idx3-ubyte", damaged);
        final Throwable refusal = catchThrowable(() -> Mnist.train(folder, BY_PIXEL));
        assertThat(refusal != null || trial % 2 == 1).as("cut off, but read").isTrue();
        if (refusal != null) {
          assertThat(refusal)
              .isInstanceOf(DataException.class)
              .hasMessageContaining("train-images-idx3-ubyte");
        }
      }
    }
  }

  @Test
  void whatIsNoIdxFileIsRefused() {
    write("train-images-idx3-ubyte", "PNG and so on, at length".getBytes());
    refused("begins with the bytes 80 78 71; an IDX file of unsigned bytes begins with 0 0 8");
    write("train-images-idx3-ubyte", labels(1, 2, 3));
    refused("holds an array of 1 dimensions; expected are 3");
  }

  @Test
  void imagesOfAnotherSizeAreRefused() {
    ByteBuffer.wrap(images).putInt(4, 12).putInt(8, 14).putInt(12, 14);
    write("train-images-idx3-ubyte", images);
    refused("holds images of 14 x 14 pixels");
  }

  @Test
  void labelsThatAreTooFewOrNoDigitsAreRefused() {
    write("train-labels-idx1-ubyte", labels(7, 0));
    refused("holds 2 labels, but", "holds 3 images");
    write("train-labels-idx1-ubyte", labels(7, 10, 1));
    refused("gives image 1 the label 10; digits are 0 to 9");
  }

  @Test
  void thePublishedFilesHoldSeventyThousandDigits() {
    final String data = System.getenv("RHEOBASE_DATA");
    final Path mnist =
        (data == null ? Path.of("../../shared/data") : Path.of(data)).resolve("mnist");
    Assumptions.assumeTrue(Files.isDirectory(mnist), "no MNIST at " + mnist);
    final SequenceSet test = Mnist.test(mnist, BY_PIXEL);
    assertThat(test.size()).isEqualTo(10_000);
    assertThat(test.sequences().getFirst().targets()).containsExactly(7);
    assertThat(Mnist.train(mnist, BY_PIXEL).size()).isEqualTo(60_000);
  }

  private void refused(String... parts) {
    final var refusal = assertThatThrownBy(() -> Mnist.train(folder, BY_PIXEL));
    refusal.isInstanceOf(DataException.class);
    for (String part : parts) {
      refusal.hasMessageContaining(part);
    }
  }

  private static byte[] labels(int... labels) {
    final ByteBuffer bytes = ByteBuffer.allocate(8 + labels.length);
    bytes.putInt(0x801).putInt(labels.length);
    for (int label : labels) {
      bytes.put((byte) label);
    }
    return bytes.array();
  }

  private void write(String name, byte[] bytes) {
    try {
      Files.write(folder.resolve(name), bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
