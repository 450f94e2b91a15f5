package rheobase.app;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import rheobase.data.kaldi.ArkWriter;
import rheobase.data.kaldi.Matrix;

/**
 * A folder as small as can be of every kind of recordings that can be read, in its true format; and
 * the experiment that reads it.
 *
 * <p>Each names the files that a test damages, one of every sort that the folder has.
 */
enum SmallFolder {
  QTDB("ecg", "QTDB_train.mat", "QTDB_test.mat") {
    @Override
    void write(Path folder) throws IOException {
      Files.write(folder.resolve("QTDB_train.mat"), mat(0, 3));
      Files.write(folder.resolve("QTDB_test.mat"), mat(3, 1));
    }

    @Override
    String mislabel(Path folder) throws IOException {
      final var bytes = mat(0, 3);
      // the last class of the last step, which has its one elsewhere
      bytes[bytes.length - 8 + (3 * 1301 * 6 - 1) % 8] = 1;
      Files.write(folder.resolve("QTDB_train.mat"), bytes);
      return "QTDB_train.mat holds a label that is not one-hot";
    }
  },
  MNIST(
      "smnist",
      "train-images-idx3-ubyte",
      "train-labels-idx1-ubyte",
      "t10k-images-idx3-ubyte",
      "t10k-labels-idx1-ubyte") {
    @Override
    void write(Path folder) throws IOException {
      for (var part : List.of("train", "t10k")) {
        final int count = part.equals("train") ? 3 : 2;
        final var images = ByteBuffer.allocate(16 + count * 784);
        images.putInt(0x803).putInt(count).putInt(28).putInt(28);
        Files.write(folder.resolve(part + "-images-idx3-ubyte"), images.array());
        final var labels = ByteBuffer.allocate(8 + count).putInt(0x801).putInt(count);
        Files.write(folder.resolve(part + "-labels-idx1-ubyte"), labels.array());
      }
    }

    @Override
    String mislabel(Path folder) throws IOException {
      final var labels = folder.resolve("t10k-labels-idx1-ubyte");
      final var bytes = Files.readAllBytes(labels);
      bytes[9] = 10;
      Files.write(labels, bytes);
      return "t10k-labels-idx1-ubyte gives image 1 the label 10";
    }
  },
  SHD("shd", "shd_train.h5", "shd_test.h5") {
    @Override
    void write(Path folder) throws IOException {
      copy("heidelberg", folder, "shd_.*");
    }

    @Override
    String mislabel(Path folder) throws IOException {
      replace("heidelberg/label-out-of-range.h5", folder.resolve("shd_train.h5"));
      return "shd_train.h5";
    }
  },
  SSC("ssc", "ssc_train.h5", "ssc_valid.h5", "ssc_test.h5") {
    @Override
    void write(Path folder) throws IOException {
      copy("heidelberg", folder, "ssc_.*");
    }

    @Override
    String mislabel(Path folder) throws IOException {
      replace("heidelberg/label-out-of-range.h5", folder.resolve("ssc_valid.h5"));
      return "ssc_valid.h5";
    }
  },
  FSDD("digits", "recordings/3_ann_7.wav") {
    @Override
    void write(Path folder) throws IOException {
      for (int take = 3; take < 8; take++) {
        save(folder.resolve("recordings/3_ann_" + take + ".wav"), wav(8000, 900, take));
      }
    }

    @Override
    String mislabel(Path folder) throws IOException {
      save(folder.resolve("recordings/three_ann_8.wav"), wav(8000, 900, 8));
      return "three_ann_8.wav is not named";
    }

    @Override
    boolean needs(String file) {
      return false;
    }
  },
  DIGIT_STRINGS("strings.toml", "recordings/7_ann_0.wav") {
    @Override
    void write(Path folder) throws IOException {
      for (var speaker : List.of("ann", "theo", "yweweler")) {
        for (int digit = 0; digit < 10; digit++) {
          save(
              folder.resolve("recordings/%d_%s_0.wav".formatted(digit, speaker)),
              wav(8000, 900, digit));
        }
      }
    }

    @Override
    String mislabel(Path folder) throws IOException {
      Files.move(
          folder.resolve("recordings/7_ann_0.wav"), folder.resolve("recordings/17_ann_0.wav"));
      return "17_ann_0.wav is not named";
    }

    @Override
    String named(String file) {
      return "ann"; // who lacks a digit when it is gone
    }
  },
  SPEECH_COMMANDS(
      "commands",
      "yes/a_nohash_0.wav",
      "yes/b_nohash_0.wav",
      "_background_noise_/hum.wav",
      "validation_list.txt",
      "testing_list.txt") {
    @Override
    void write(Path folder) throws IOException {
      final var lists = List.of(new StringBuilder(), new StringBuilder());
      for (var word : "bed down go left no off on right stop up yes".split(" ")) {
        for (var speaker : List.of("a", "b", "c")) {
          final var clip = word + "/" + speaker + "_nohash_0.wav";
          save(folder.resolve(clip), wav(16_000, 800, clip.hashCode()));
          if (!speaker.equals("a")) {
            lists.get(speaker.charAt(0) - 'b').append(clip).append('\n');
          }
        }
      }
      save(folder.resolve("_background_noise_/hum.wav"), wav(16_000, 170_000, 5));
      Files.writeString(folder.resolve("validation_list.txt"), lists.getFirst());
      Files.writeString(folder.resolve("testing_list.txt"), lists.getLast());
    }

    @Override
    String mislabel(Path folder) throws IOException {
      save(folder.resolve("yeah/a_nohash_0.wav"), wav(16_000, 800, 8));
      return "yeah is of no word";
    }

    @Override
    boolean needs(String file) {
      return !file.startsWith("yes/a"); // one to train on, which no list names
    }
  },
  COMMAND_SAMPLE("commands", "y_labels.csv", "tst_000041_Up_8.bin") {
    @Override
    void write(Path folder) throws IOException {
      final var list = new StringBuilder();
      final var classes = "Down Go Left No Off On Right Stop Up Yes Silence Unknown".split(" ");
      for (int i = 0; i < 60; i++) {
        final var name = "tst_%06d_%s_%d.bin".formatted(i, classes[i / 5], i / 5);
        save(folder.resolve(name), samples(16_000, i).array());
        list.append("%s, 12, %d\n".formatted(name, i / 5));
      }
      Files.writeString(folder.resolve("y_labels.csv"), list);
    }

    @Override
    String mislabel(Path folder) throws IOException {
      final var list = folder.resolve("y_labels.csv");
      Files.writeString(list, Files.readString(list).replaceFirst("12, 8", "12, 3"));
      return "y_labels.csv:41 gives tst_000040_Up_8.bin the class 3";
    }
  },
  SOLI("soli", "file_half.json", "0_2_0.h5", "0_3_0.h5") {
    @Override
    void write(Path folder) throws IOException {
      copy("soli", folder, "file_half.json|[0-9]+_[0-9]+_[0-9]+\\.h5");
    }

    @Override
    String mislabel(Path folder) throws IOException {
      replace("soli/label-of-another.h5", folder.resolve("0_2_0.h5"));
      return "0_2_0.h5";
    }
  },
  TIMIT("phones", "dr1-fvmh0/sx1.wav", "dr1-fvmh0/sx1.phn") {
    @Override
    void write(Path folder) throws IOException {
      for (var speaker :
          "dr1-fvmh0 dr1-mcpm0 dr2-faem0 dr3-falk0 dr4-maeb0 dr6-fapb0 dr8-mbcg0".split(" ")) {
        save(folder.resolve(speaker).resolve("sx1.wav"), wav(16_000, 4000, speaker.hashCode()));
        Files.writeString(
            folder.resolve(speaker).resolve("sx1.phn"), "0 900 h#\n900 3000 aa\n3000 4000 h#\n");
      }
    }

    @Override
    String mislabel(Path folder) throws IOException {
      final var phones = folder.resolve("dr1-fvmh0/sx1.phn");
      Files.writeString(phones, Files.readString(phones).replace("aa", "aaa"));
      return "sx1.phn:2";
    }
  },
  LIBRISPEECH(
      "asr-librispeech",
      "LibriSpeech/train-clean-100/19/198/19-198-0000.flac",
      "LibriSpeech/train-clean-100/19/198/19-198.trans.txt") {
    @Override
    void write(Path folder) throws IOException {
      for (var chapter : List.of("train-clean-100/19/198", "dev-clean/84/12", "test-clean/61/70")) {
        final var parts = chapter.split("/");
        final var place = folder.resolve("LibriSpeech").resolve(chapter);
        final var transcript = new StringBuilder();
        for (int n = 0; n < 2; n++) {
          final var id = "%s-%s-%04d".formatted(parts[1], parts[2], n);
          final var sound = new short[4000];
          samples(4000, id.hashCode()).flip().asShortBuffer().get(sound);
          save(place.resolve(id + ".flac"), SpeechCorpora.flac(sound));
          transcript.append(id).append(" OH\n");
        }
        Files.writeString(place.resolve(parts[1] + "-" + parts[2] + ".trans.txt"), transcript);
      }
    }

    @Override
    String mislabel(Path folder) throws IOException {
      final var transcript = folder.resolve(files.getLast());
      Files.writeString(transcript, Files.readString(transcript).replace("0001 OH", "0001 OH 2"));
      return "19-198.trans.txt:2: 19-198-0001 ";
    }

    @Override
    String named(String file) {
      return Path.of(file).getFileName().toString();
    }
  },
  LIBRISPEECH_SAMPLE("asr-librispeech", "wav/19-198-0000.wav", "metadata.tsv") {
    @Override
    void write(Path folder) throws IOException {
      final var list = new StringBuilder("utt_id\tspeaker\tsubset\ttranscript\n");
      for (var subset : List.of("train-clean-100", "dev-clean", "test-clean")) {
        for (int n = 0; n < 2; n++) {
          final var id = "%s-198-%04d".formatted(subset.startsWith("train") ? "19" : subset, n);
          save(folder.resolve("wav/" + id + ".wav"), wav(16_000, 4000, id.hashCode()));
          list.append("%s\t%s\t%s\tOH\n".formatted(id, subset, subset));
        }
      }
      Files.writeString(folder.resolve("metadata.tsv"), list);
    }

    @Override
    String mislabel(Path folder) throws IOException {
      final var list = folder.resolve("metadata.tsv");
      Files.writeString(list, Files.readString(list).replaceFirst("OH", "4"));
      return "metadata.tsv:2: 19-198-0000 ";
    }
  },
  KALDI("kaldi.toml", "feats.ark", "feats.scp", "ali.ark", "train.txt", "test.txt", "utt2spk") {
    @Override
    void write(Path folder) throws IOException {
      final var features = folder.resolve("feats.ark");
      try (var matrices =
              new ArkWriter(features, folder.resolve("feats.scp"), ArkWriter.Form.BINARY);
          var labels = new ArkWriter(folder.resolve("ali.ark"), null, ArkWriter.Form.TEXT)) {
        final var speakers = new StringBuilder();
        for (int n = 0; n < 6; n++) {
          matrices.write("u" + n, new Matrix(4, 2, new float[] {n, 1, 2, 3, 4, 5, 6, 7}));
          labels.write("u" + n, new int[] {0, 1, 1, 0});
          speakers.append("u%d s%d\n".formatted(n, n / 2));
        }
        Files.writeString(folder.resolve("utt2spk"), speakers);
      }
      // three, so that half of the list ends within a name
      Files.writeString(folder.resolve("train.txt"), "u0\nu1\nu2\n");
      Files.writeString(folder.resolve("test.txt"), "u3\nu4\nu5\n");
    }

    @Override
    String mislabel(Path folder) throws IOException {
      final var labels = folder.resolve("ali.ark");
      Files.writeString(labels, Files.readString(labels).replaceFirst("u2 0", "u2 2"));
      return "utterance u2 has the label 2 at frame 0 in " + labels;
    }
  },
  CSV("csv", "walk/p1-0.csv") {
    @Override
    void write(Path folder) throws IOException {
      for (var label : List.of("sit", "walk")) {
        for (int person = 0; person < 4; person++) {
          save(
              folder.resolve("%s/p%d-0.csv".formatted(label, person)),
              "ax,ay,az\n%d,2,3\n4,5,6\n7,8,9\n".formatted(person).getBytes());
        }
      }
    }

    @Override
    boolean needs(String file) {
      return false;
    }
  },
  NPZ("npz.toml", "walks.npz") {
    @Override
    void write(Path folder) throws IOException {
      write(folder, 8);
    }

    private void write(Path folder, int labels) throws IOException {
      try (var zip = new ZipOutputStream(Files.newOutputStream(folder.resolve("walks.npz")))) {
        zip.putNextEntry(new ZipEntry("x.npy"));
        zip.write(npy("<i2", "(8, 20, 2)", samples(320, 3)));
        zip.putNextEntry(new ZipEntry("y.npy"));
        final var classes = ByteBuffer.allocate(labels);
        for (int n = 0; n < labels; n++) {
          classes.put((byte) (n % 2));
        }
        zip.write(npy("|u1", "(" + labels + ",)", classes));
      }
    }

    @Override
    String mislabel(Path folder) throws IOException {
      write(folder, 7);
      return "walks.npz";
    }
  },
  WFDB("wfdb.toml", "b.hea", "b.dat", "b.atr") {
    @Override
    void write(Path folder) throws IOException {
      for (var name : List.of("a", "b", "c", "d")) {
        Files.writeString(
            folder.resolve(name + ".hea"),
            "%s 1 250 300\n%s.dat 16 200 16 0\n".formatted(name, name));
        save(folder.resolve(name + ".dat"), samples(300, name.hashCode()).array());
        final var beats = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
        for (int symbol : List.of(1, 5, 1)) { // N, V, N, each 50 steps after the one before
          beats.putShort((short) (symbol << 10 | 50));
        }
        save(folder.resolve(name + ".atr"), beats.array());
      }
    }

    @Override
    String mislabel(Path folder) throws IOException {
      Files.writeString(folder.resolve("b.hea"), "b 1 250 100\nb.dat 16 200 16 0\n");
      save(folder.resolve("b.dat"), samples(100, 1).array());
      return "b.atr has an annotation at sample 150";
    }

    @Override
    boolean needs(String file) {
      return !file.endsWith(".hea");
    }
  };

  /** As {@code rheo} is told it: a name, or a file of {@link #own}. */
  final String experiment;

  final List<String> files;

  SmallFolder(String experiment, String... files) {
    this.experiment = experiment;
    this.files = List.of(files);
  }

  /** Writes the folder. */
  abstract void write(Path folder) throws IOException;

  /**
   * Gives something a label that cannot be.
   *
   * @return what a message says of it
   */
  String mislabel(Path folder) throws IOException {
    throw new UnsupportedOperationException("any label is one of " + this);
  }

  /** Whether nothing can be read without this file. */
  boolean needs(String file) {
    return true;
  }

  /** The experiment files that {@link #experiment} may name. */
  static void own(Path folder) throws IOException {
    final var text =
        """
        name = "%s"
        readout = "%s"
        [data]
        source = "%s"
        %s
        test = 0.25
        validation = 0.25
        [[layer]]
        name = "output"
        cell = "leaky_integrator"
        units = 2
        [training]
        epochs = 1
        batch = 2
        """;
    Files.writeString(folder.resolve("npz.toml"), text.formatted("npz", "mean", "npz", ""));
    Files.writeString(
        folder.resolve("wfdb.toml"),
        text.formatted("wfdb", "each_step", "wfdb", "label = \"beat\""));
    Files.writeString(
        folder.resolve("strings.toml"),
        text.formatted("strings", "each_step", "digit_strings", "train_strings = 2")
            .replace("test = 0.25\nvalidation = 0.25", "held_strings = 2"));
    Files.writeString(
        folder.resolve("kaldi.toml"),
        text.formatted("kaldi", "each_step", "kaldi", "utt2spk = \"utt2spk\"\nclasses = 2")
            .replace("test = 0.25\n", ""));
  }

  /** What a message says of a file that is missing or damaged. */
  String named(String file) {
    return file.startsWith("_background")
        ? "_background_noise_"
        : file.replaceFirst("sx1.*", "sx1");
  }

  private static void copy(String from, Path to, String names) throws IOException {
    try (var files = Files.list(Rheo.HOME.resolve("data/src/test/resources").resolve(from))) {
      for (var file : files.toList()) {
        if (file.getFileName().toString().matches(names)) {
          Files.copy(file, to.resolve(file.getFileName()));
        }
      }
    }
  }

  private static void replace(String from, Path to) throws IOException {
    Files.copy(
        Rheo.HOME.resolve("data/src/test/resources").resolve(from),
        to,
        StandardCopyOption.REPLACE_EXISTING);
  }

  private static void save(Path file, byte[] bytes) throws IOException {
    Files.createDirectories(file.getParent());
    Files.write(file, bytes);
  }

  /** Noise of 16 bits. */
  private static ByteBuffer samples(int count, long seed) {
    final var bytes = ByteBuffer.allocate(2 * count).order(ByteOrder.LITTLE_ENDIAN);
    final var random = new Random(seed);
    for (int n = 0; n < count; n++) {
      bytes.putShort((short) random.nextInt(-9000, 9000));
    }
    return bytes;
  }

  private static byte[] wav(int rate, int count, long seed) {
    final var bytes = ByteBuffer.allocate(44 + 2 * count).order(ByteOrder.LITTLE_ENDIAN);
    bytes.put("RIFF".getBytes()).putInt(36 + 2 * count).put("WAVEfmt ".getBytes()).putInt(16);
    bytes.putShort((short) 1).putShort((short) 1).putInt(rate).putInt(2 * rate);
    bytes.putShort((short) 2).putShort((short) 16).put("data".getBytes()).putInt(2 * count);
    return bytes.put(samples(count, seed).array()).array();
  }

  private static byte[] npy(String type, String shape, ByteBuffer values) {
    final var head =
        "{'descr': '%s', 'fortran_order': False, 'shape': %s, }".formatted(type, shape);
    final var bytes = ByteBuffer.allocate(128 + values.capacity()).order(ByteOrder.LITTLE_ENDIAN);
    bytes
        .put((byte) 0x93)
        .put("NUMPY".getBytes())
        .put((byte) 1)
        .put((byte) 0)
        .putShort((short) 118);
    bytes.put("%-117s\n".formatted(head).getBytes());
    return bytes.put(values.array()).array();
  }

  /**
   * Sequences without an event, each of one class from step to step: so no two belong together.
   *
   * @param first class of the first
   */
  private static byte[] mat(int first, int sequences) {
    final var bytes =
        ByteBuffer.allocate(200 + 2 * 64 + sequences * 1301 * 10 + 16)
            .order(ByteOrder.LITTLE_ENDIAN);
    bytes.put("%-124s".formatted("MATLAB 5.0 MAT-file").getBytes()).putShort((short) 0x100);
    bytes.put("IM".getBytes());
    for (var name : List.of("x", "y")) {
      final int width = name.equals("x") ? 4 : 6;
      final int size = sequences * 1301 * width;
      final int padded = (size + 7) / 8 * 8;
      bytes.putInt(14).putInt(16 + 24 + 8 + 8 + padded);
      bytes.putInt(6).putInt(8).putInt(9).putInt(0); // of class uint8
      bytes.putInt(5).putInt(12).putInt(sequences).putInt(1301).putInt(width).putInt(0);
      bytes.putInt(1 << 16 | 1).put(name.getBytes()).put(new byte[3]);
      bytes.putInt(2).putInt(size);
      final var data = new byte[padded];
      if (width == 6) {
        for (int n = 0; n < sequences; n++) {
          for (int step = 0; step < 1301; step++) {
            data[n + sequences * (step + 1301 * (first + n))] = 1; // sequences are next neighbours
          }
        }
      }
      bytes.put(data);
    }
    return Arrays.copyOf(bytes.array(), bytes.position());
  }
}
