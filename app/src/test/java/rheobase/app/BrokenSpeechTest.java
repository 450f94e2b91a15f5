package rheobase.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import rheobase.data.kaldi.ArkWriter;
import rheobase.data.kaldi.Matrix;

/**
 * One bad utterance among good ones, in each of the corpora that are transcribed: the command stops
 * with a sentence that names the file, and with {@code --skip-bad} goes on without that one.
 */
class BrokenSpeechTest {
  @TempDir private Path folder;

  /** A small corpus in its true format. */
  private enum Corpus {
    TIMIT(
        "asr-timit",
        "data.labels=phones_48",
        "data.targets=transcript",
        "loss.kind=ctc",
        "training.curriculum=[]",
        "layer.output.units=49",
        "data.validation=0.3") {
      @Override
      void write(Path folder) throws IOException {
        ToneSpeech.timit(folder, 2, 1);
      }
    },
    LIBRISPEECH("asr-librispeech") {
      @Override
      void write(Path folder) throws IOException {
        for (var chapter : List.of("train-clean-100/19/198", "dev-clean/84/1", "test-clean/61/7")) {
          var place = Files.createDirectories(folder.resolve(chapter));
          var id = chapter.substring(chapter.indexOf('/') + 1).replace('/', '-');
          var lines = new StringBuilder();
          for (int n = 0; n < 2; n++) {
            var name = "%s-%04d".formatted(id, n);
            Files.write(place.resolve(name + ".flac"), noise(16_000, 4000)); // 23 frames
            lines.append(name).append(" IT'S SO\n");
          }
          Files.writeString(place.resolve(id + ".trans.txt"), lines);
        }
      }
    },
    PHONES_OF_LIBRISPEECH(
        "asr-librispeech",
        "data.targets=phones",
        "data.dictionary=words.dict",
        "layer.output.units=40") {
      @Override
      void write(Path folder) throws IOException {
        LIBRISPEECH.write(folder);
        Files.writeString(folder.resolve("words.dict"), "it's IH1 T S\nso S OW1\n");
      }
    },
    DIGITS("speech-digits", "data.train_strings=4", "data.held_strings=2") {
      @Override
      void write(Path folder) throws IOException {
        for (var speaker : List.of("ann", "theo", "yweweler")) {
          for (int digit = 0; digit < 10; digit++) {
            for (int take = 0; take < 2; take++) {
              var name = "%d_%s_%d.wav".formatted(digit, speaker, take);
              Files.write(folder.resolve(name), noise(8000, 800));
            }
          }
        }
      }
    },
    KALDI("./from-kaldi.toml") {
      @Override
      void write(Path folder) throws IOException {
        kaldi(folder, 6, 6, 2);
      }
    };

    final String experiment;
    final List<String> settings;

    Corpus(String experiment, String... settings) {
      this.experiment = experiment;
      this.settings = List.of(settings);
    }

    abstract void write(Path folder) throws IOException;
  }

  private static byte[] noise(int rate, int samples) {
    var random = new Random(samples);
    short[] values = new short[samples];
    for (int n = 0; n < samples; n++) {
      values[n] = (short) random.nextInt(-9000, 9000);
    }
    return ToneSpeech.wav(rate, values);
  }

  /**
   * Tables of six utterances with three values and 6 frames; b has others.
   *
   * @param frames of b
   * @param labels of b
   * @param last of them
   */
  private static void kaldi(Path folder, int frames, int labels, int last) throws IOException {
    try (var features = new ArkWriter(folder.resolve("feats.ark"), null, ArkWriter.Form.BINARY);
        var classes = new ArkWriter(folder.resolve("ali.ark"), null, ArkWriter.Form.TEXT)) {
      for (var key : List.of("a", "b", "c", "d", "e", "f")) {
        boolean other = key.equals("b");
        int steps = other ? frames : 6;
        features.write(key, new Matrix(steps, 3, new float[3 * steps]));
        int[] own = new int[other ? labels : 6];
        if (own.length > 0) {
          own[own.length - 1] = other ? last : 1;
        }
        classes.write(key, own);
      }
    }
    Files.writeString(folder.resolve("train.txt"), "a\nb\nc\n");
    Files.writeString(folder.resolve("dev.txt"), "d\n");
    Files.writeString(folder.resolve("test.txt"), "e\nf\n");
  }

  private static final String FROM_KALDI =
      """
      name = "from-kaldi"
      readout = "each_step"
      [data]
      source = "kaldi"
      features = ["feats.ark"]
      validation = "dev.txt"
      classes = 3
      [[layer]]
      name = "output"
      cell = "linear"
      units = 3
      [training]
      epochs = 1
      """;

  /** What is wrong with one utterance, and the parts of the sentence that tells it. */
  private enum Damage {
    TIMIT_HEADER(Corpus.TIMIT, "dr1-fvmh0/sx1.wav", "ends within its header") {
      @Override
      void to(Path file) throws IOException {
        cut(file, 30);
      }
    },
    TIMIT_WITHOUT_SAMPLES(
        Corpus.TIMIT, "dr1-fvmh0/sx1.wav", "holds a header but not a single sample") {
      @Override
      void to(Path file) throws IOException {
        Files.write(file, noise(16_000, 0));
      }
    },
    TIMIT_WITHOUT_PHONES(Corpus.TIMIT, "dr1-fvmh0/sx1.phn", "sx1.wav has no SX1.PHN beside it") {
      @Override
      void to(Path file) throws IOException {
        Files.delete(file);
      }
    },
    TIMIT_EMPTY(Corpus.TIMIT, "dr1-fvmh0/sx1.phn", "sx1.phn") {
      @Override
      void to(Path file) throws IOException {
        Files.writeString(file, "");
      }
    },
    TIMIT_UNKNOWN_PHONE(
        Corpus.TIMIT, "dr1-fvmh0/sx1.phn", "sx1.phn:2 names 'qq', which is none of TIMIT's") {
      @Override
      void to(Path file) throws IOException {
        Files.writeString(file, Files.readString(file).replaceFirst(" (aa|iy|s)\n", " qq\n"));
      }
    },
    TIMIT_TOO_MANY_PHONES(
        Corpus.TIMIT, "dr1-fvmh0/sx1.phn", " frames, but ", " phones, which need ") {
      @Override
      void to(Path file) throws IOException {
        var wav = file.resolveSibling("sx1.wav");
        long samples = (Files.size(wav) - 44) / 2;
        var lines = new StringBuilder();
        for (long at = 0; at < samples; at += 50) {
          long end = Math.min(at + 50, samples);
          lines.append("%d %d %s\n".formatted(at, end, at % 100 == 0 ? "aa" : "iy"));
        }
        Files.writeString(file, lines);
      }
    },
    LIBRISPEECH_HEADER(
        Corpus.LIBRISPEECH, "train-clean-100/19/198/19-198-0000.flac", "ends within its header") {
      @Override
      void to(Path file) throws IOException {
        cut(file, 30);
      }
    },
    LIBRISPEECH_WITHOUT_SAMPLES(
        Corpus.LIBRISPEECH,
        "train-clean-100/19/198/19-198-0000.flac",
        "holds a header but not a single sample") {
      @Override
      void to(Path file) throws IOException {
        Files.write(file, noise(16_000, 0));
      }
    },
    LIBRISPEECH_WITHOUT_LINE(
        Corpus.LIBRISPEECH,
        "train-clean-100/19/198/19-198.trans.txt",
        "19-198-0000.flac has no line in ") {
      @Override
      void to(Path file) throws IOException {
        Files.writeString(file, "19-198-0001 SO\n");
      }
    },
    LIBRISPEECH_SAYS_NOTHING(
        Corpus.LIBRISPEECH,
        "train-clean-100/19/198/19-198.trans.txt",
        "19-198.trans.txt:1: 19-198-0000 has an empty transcript") {
      @Override
      void to(Path file) throws IOException {
        Files.writeString(file, "19-198-0000 \n19-198-0001 SO\n");
      }
    },
    LIBRISPEECH_TOO_MANY_LETTERS(
        Corpus.LIBRISPEECH,
        "train-clean-100/19/198/19-198.trans.txt",
        "19-198-0000.flac has 23 frames, but its transcript (",
        "19-198.trans.txt:1) has 26 labels, which need 26 of them") {
      @Override
      void to(Path file) throws IOException {
        Files.writeString(file, "19-198-0000 ABCDEFGHIJKLMNOPQRSTUVWXYZ\n19-198-0001 SO\n");
      }
    },
    LIBRISPEECH_UNKNOWN_WORD(
        Corpus.PHONES_OF_LIBRISPEECH,
        "train-clean-100/19/198/19-198.trans.txt",
        "19-198.trans.txt:1: 19-198-0000 has the word 'NORTHANGER', which the dictionary ") {
      @Override
      void to(Path file) throws IOException {
        Files.writeString(file, "19-198-0000 SO NORTHANGER\n19-198-0001 SO\n");
      }
    },
    DIGITS_HEADER(Corpus.DIGITS, "3_ann_0.wav", "ends within its header") {
      @Override
      void to(Path file) throws IOException {
        cut(file, 30);
      }
    },
    DIGITS_WITHOUT_SAMPLES(Corpus.DIGITS, "3_ann_0.wav", "holds a header but not a single sample") {
      @Override
      void to(Path file) throws IOException {
        Files.write(file, noise(8000, 0));
      }
    },
    KALDI_WITHOUT_LABELS(
        Corpus.KALDI, "ali.ark", "The utterance b (", "train.txt:2) has no labels in ") {
      @Override
      void to(Path file) throws IOException {
        Files.writeString(file, Files.readString(file).replaceFirst("(?m)^b .*\n", ""));
      }
    },
    KALDI_EMPTY(Corpus.KALDI, "feats.ark", "b") {
      @Override
      void to(Path file) throws IOException {
        kaldi(file.getParent(), 0, 0, 0);
      }
    },
    KALDI_OTHER_LENGTH(Corpus.KALDI, "ali.ark", "utterance b", "6", "5") {
      @Override
      void to(Path file) throws IOException {
        kaldi(file.getParent(), 6, 5, 2);
      }
    },
    KALDI_UNKNOWN_CLASS(Corpus.KALDI, "ali.ark", "utterance b", "7") {
      @Override
      void to(Path file) throws IOException {
        kaldi(file.getParent(), 6, 6, 7);
      }
    };

    final Corpus corpus;
    final String file;
    final List<String> told;

    Damage(Corpus corpus, String file, String... told) {
      this.corpus = corpus;
      this.file = file;
      this.told = List.of(told);
    }

    abstract void to(Path file) throws IOException;

    static void cut(Path file, int length) throws IOException {
      Files.write(file, Arrays.copyOf(Files.readAllBytes(file), length));
    }
  }

  private Rheo data(Corpus corpus, String... more) {
    var arguments = new ArrayList<>(List.of("data", corpus.experiment, "--data", "corpus"));
    corpus.settings.forEach(setting -> arguments.addAll(List.of("--set", setting)));
    arguments.addAll(List.of(more));
    return Rheo.call(folder, arguments.toArray(String[]::new));
  }

  private Path write(Corpus corpus) throws IOException {
    Files.writeString(folder.resolve("from-kaldi.toml"), FROM_KALDI);
    var place = Files.createDirectory(folder.resolve("corpus"));
    corpus.write(place);
    return place;
  }

  @ParameterizedTest
  @EnumSource
  void theWholeCorpusIsRead(Corpus corpus) throws IOException {
    write(corpus);
    var call = data(corpus);
    assertThat(call.status()).as(call.err()).isZero();
    assertThat(call.out()).doesNotContain("left out");
  }

  @ParameterizedTest
  @EnumSource
  void oneBadUtteranceIsToldAndLeftOutOnlyOnRequest(Damage damage) throws IOException {
    damage.to(write(damage.corpus).resolve(damage.file));
    var stopped = data(damage.corpus);
    assertThat(stopped.status()).as(stopped.out()).isEqualTo(Main.WRONG);
    assertThat(stopped.err().lines()).as(stopped.err()).hasSize(1);
    assertThat(stopped.err()).startsWith("rheo: ").contains(damage.told).endsWith(".\n");

    var skipped = data(damage.corpus, "--skip-bad");
    assertThat(skipped.status()).as(skipped.err()).isZero();
    assertThat(skipped.err().lines().filter(line -> line.startsWith("rheo: left out: ")))
        .as(skipped.err())
        .singleElement()
        .asString()
        .contains(damage.told);
    assertThat(skipped.out()).contains("1 file that cannot be used (--skip-bad)");
  }
}
