package rheobase.data;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Handwritten digits (LeCun, Cortes, Burges; 60,000 for training, 10,000 for the test), read pixel
 * by pixel as sequences of 784 steps with one class each. So they are the benchmark S-MNIST;
 * permuted, PS-MNIST.
 *
 * <p>A folder holds {@code train-images-idx3-ubyte}, {@code train-labels-idx1-ubyte}, {@code
 * t10k-images-idx3-ubyte} and {@code t10k-labels-idx1-ubyte}, each plain or as {@code .gz}.
 *
 * <p>Every image is a group of its own: who wrote it is not published.
 */
public final class Mnist {
  /** The ten digits. */
  public static final List<String> CLASSES =
      IntStream.rangeClosed(0, 9).mapToObj(Integer::toString).toList();

  /** Pixels of an image, which is the number of steps. */
  public static final int PIXELS = 28 * 28;

  private static final String WANTED =
      "MNIST is four files (train-images-idx3-ubyte, train-labels-idx1-ubyte,"
          + " t10k-images-idx3-ubyte, t10k-labels-idx1-ubyte) from http://yann.lecun.com/exdb/mnist"
          + " or a mirror of it.";

  /** Of the published archives. */
  private static final Map<String, String> SHA256 =
      Map.of(
          "train-images-idx3-ubyte",
          "71524e2cd1ad2968737f7f2f2ff69cbfc32df8ccddff51593f7cb2d4e0eb5b64",
          "train-labels-idx1-ubyte",
          "ec02e7948609e5754d47881c09b8afdd8dfa60600b9e5388c8c54a67069ec772",
          "t10k-images-idx3-ubyte",
          "167310007f03058885c7e95e6c0b19c20de5c7fd3031f4cbdadc9014a523d80b",
          "t10k-labels-idx1-ubyte",
          "fc607395669ec21321ea83e4b82c0544b7e8e63ff5b34337c06bc0a17cc0da3c");

  private Mnist() {}

  /**
   * How images become sequences.
   *
   * @param width consecutive pixels seen at each step: 1 is the common benchmark; the networks
   *     released with Yin, Corradi and Bohté 2021 see 8 (S-MNIST) and 4 (PS-MNIST). The window
   *     moves on by one pixel a step
   * @param order {@code order[step]} is the pixel read there, the same for all images; see {@link
   *     #inRows} and {@link #permuted}
   * @param inkAbove from which grey value on, exclusive, a pixel is 1 rather than 0: 0.1 in the
   *     truncated PS-MNIST of 2022; null where it is its grey value itself
   */
  public record Reading(int width, int[] order, Double inkAbove) {
    public Reading {
      if (inkAbove != null && !(inkAbove >= 0 && inkAbove < 1)) {
        throw new DataException(
            "No pixel is ink above %s; grey values are from 0, paper, to 1.".formatted(inkAbove));
      }
      if (width < 1 || width > PIXELS) {
        throw new DataException(
            "A window of %d pixels is not possible; it must have 1 to %d."
                .formatted(width, PIXELS));
      }
    }

    /** With grey values. */
    public Reading(int width, int[] order) {
      this(width, order, null);
    }
  }

  /** Row after row from the top, each from the left. */
  public static int[] inRows() {
    return IntStream.range(0, PIXELS).toArray();
  }

  /**
   * A fixed random order: {@code RandomStream.of(seed, "pixel permutation")} shuffles the rows'
   * order.
   */
  public static int[] permuted(long seed) {
    final int[] order = inRows();
    RandomStream.of(seed, "pixel permutation").shuffle(order);
    return order;
  }

  /**
   * The 60,000 images to train on.
   *
   * @throws DataException naming the file and what is wrong with it
   */
  public static SequenceSet train(Path folder, Reading reading) {
    return read(folder, "train", "MNIST train", reading);
  }

  /**
   * The 10,000 images to test on.
   *
   * @throws DataException naming the file and what is wrong with it
   */
  public static SequenceSet test(Path folder, Reading reading) {
    return read(folder, "t10k", "MNIST test", reading);
  }

  private static SequenceSet read(Path folder, String part, String name, Reading reading) {
    DataFolder.check(folder, WANTED);
    final Path imageFile = find(folder, part + "-images-idx3-ubyte");
    final Path labelFile = find(folder, part + "-labels-idx1-ubyte");
    final IdxFile images = IdxFile.read(imageFile, 3);
    final IdxFile labels = IdxFile.read(labelFile, 1);
    final int count = images.shape()[0];
    if (images.shape()[1] * images.shape()[2] != PIXELS) {
      throw new DataException(
          "%s holds images of %d x %d pixels; those of MNIST have 28 x 28."
              .formatted(imageFile, images.shape()[1], images.shape()[2]));
    }
    if (labels.shape()[0] != count) {
      throw new DataException(
          "%s holds %d labels, but %s holds %d images."
              .formatted(labelFile, labels.shape()[0], imageFile, count));
    }
    final List<Sequence> sequences = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      final int label = labels.bytes()[i] & 0xff;
      if (label >= CLASSES.size()) {
        throw new DataException(
            "%s gives image %d the label %d; digits are 0 to 9.".formatted(labelFile, i, label));
      }
      final String id = part + "-" + i;
      final var signal = new Signal.Window(PIXELS, reading.width(), pixels(images, i, reading));
      sequences.add(new Sequence(id, id, signal, new int[] {label}, new boolean[] {true}));
    }
    return new SequenceSet(name, reading.width(), CLASSES, sequences);
  }

  /** From 0 (paper) to 1 (ink), in the order of reading. */
  private static float[] pixels(IdxFile images, int image, Reading reading) {
    final float[] pixels = new float[PIXELS];
    for (int step = 0; step < PIXELS; step++) {
      final int grey = images.bytes()[image * PIXELS + reading.order()[step]] & 0xff;
      pixels[step] =
          reading.inkAbove() == null ? grey / 255f : grey / 255.0 > reading.inkAbove() ? 1 : 0;
    }
    return pixels;
  }

  private static Path find(Path folder, String name) {
    for (String ending : List.of("", ".gz")) {
      final Path file = folder.resolve(name + ending);
      if (Files.isRegularFile(file)) {
        return file;
      }
    }
    throw new DataException(
        "The folder %s holds no %s, plain or as .gz (of which the SHA-256 is %s). %s"
            .formatted(folder, name, SHA256.get(name), WANTED));
  }
}
