package rheobase.app;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Speech that is no speech: each symbol is a tone of its own over a little noise, so that a small
 * network learns within seconds to tell them apart.
 *
 * @param symbols in order
 * @param ends of each, in seconds
 */
record ToneSpeech(List<String> symbols, List<Double> ends) {
  static final int RATE = 16000;

  /** Hertz; 0 for a pause. */
  private static final Map<String, Double> TONES =
      Map.of(
          "h#", 0.0, "|", 0.0, "aa", 400.0, "iy", 1100.0, "s", 2600.0, "A", 400.0, "B", 1100.0, "C",
          2600.0);

  /** Symbols in a row, each 80 to 200 ms long and none the same as the one before. */
  static ToneSpeech of(List<String> symbols, Random random) {
    var ends = new ArrayList<Double>();
    double at = 0;
    for (int i = 0; i < symbols.size(); i++) {
      at += 0.08 + 0.12 * random.nextDouble();
      ends.add(Math.rint(at * 1000) / 1000);
    }
    return new ToneSpeech(symbols, ends);
  }

  double begin(int symbol) {
    return symbol == 0 ? 0 : ends.get(symbol - 1);
  }

  /** Samples of 16 bits at a rate. */
  short[] samples(int rate, Random random) {
    short[] samples = new short[(int) Math.round(ends.getLast() * rate)];
    int symbol = 0;
    for (int n = 0; n < samples.length; n++) {
      while (symbol < symbols.size() - 1 && n >= ends.get(symbol) * rate) {
        symbol++;
      }
      double tone = Math.sin(2 * Math.PI * TONES.get(symbols.get(symbol)) * n / rate);
      samples[n] = (short) (8000 * tone + 60 * random.nextGaussian());
    }
    return samples;
  }

  static byte[] wav(int rate, short[] samples) {
    var bytes = ByteBuffer.allocate(44 + 2 * samples.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.put(ascii("RIFF")).putInt(36 + 2 * samples.length).put(ascii("WAVEfmt ")).putInt(16);
    bytes.putShort((short) 1).putShort((short) 1).putInt(rate).putInt(2 * rate);
    bytes.putShort((short) 2).putShort((short) 16);
    bytes.put(ascii("data")).putInt(2 * samples.length);
    for (short sample : samples) {
      bytes.putShort(sample);
    }
    return bytes.array();
  }

  static byte[] sphere(int rate, short[] samples) {
    var header =
        """
        NIST_1A
           1024
        channel_count -i 1
        sample_rate -i %d
        sample_count -i %d
        sample_n_bytes -i 2
        sample_byte_format -s2 10
        end_head
        """
            .formatted(rate, samples.length);
    var bytes = ByteBuffer.allocate(1024 + 2 * samples.length).order(ByteOrder.BIG_ENDIAN);
    bytes.put(ascii(header)).position(1024);
    for (short sample : samples) {
      bytes.putShort(sample);
    }
    return bytes.array();
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /** In the form of TIMIT, name.wav and name.phn. */
  void writeTimit(Path folder, String name, Random random) throws IOException {
    Files.createDirectories(folder);
    Files.write(folder.resolve(name + ".wav"), wav(RATE, samples(RATE, random)));
    var phones = new StringBuilder();
    for (int i = 0; i < symbols.size(); i++) {
      phones.append(
          "%d %d %s\n"
              .formatted(
                  Math.round(begin(i) * RATE), Math.round(ends.get(i) * RATE), symbols.get(i)));
    }
    Files.writeString(folder.resolve(name + ".phn"), phones);
  }

  /** A pause, three to seven tones, a pause. */
  static ToneSpeech phones(Random random) {
    var symbols = new ArrayList<String>();
    symbols.add("h#");
    var tones = List.of("aa", "iy", "s");
    for (int i = 3 + random.nextInt(5); i > 0; i--) {
      symbols.add(other(tones, symbols.getLast(), random));
    }
    symbols.add("h#");
    return of(symbols, random);
  }

  private static String other(List<String> from, String than, Random random) {
    var chosen = from.get(random.nextInt(from.size()));
    return chosen.equals(than) ? other(from, than, random) : chosen;
  }

  /**
   * The tree of the free sample of TIMIT: four speakers to train on and the four of its test.
   *
   * @param train sentences of each speaker to train on
   * @param test sentences of each speaker of the test
   */
  static void timit(Path folder, int train, int test) throws IOException {
    for (var speaker : List.of("dr1-fvmh0", "dr1-mcpm0", "dr3-falk0", "dr5-mbgt0")) {
      speaker(folder.resolve(speaker), train);
    }
    for (var speaker : List.of("dr2-faem0", "dr4-maeb0", "dr6-fapb0", "dr8-mbcg0")) {
      speaker(folder.resolve(speaker), test);
    }
  }

  private static void speaker(Path folder, int sentences) throws IOException {
    var random = new Random(folder.getFileName().hashCode());
    for (int n = 1; n <= sentences; n++) {
      phones(random).writeTimit(folder, "sx" + n, random);
    }
  }

  /** Words of the tones A, B and C. */
  static final List<String> WORDS = List.of("AB", "BA", "CA", "ABC", "CAB", "BAC");

  /**
   * A list of sentences as {@code metadata.tsv}, with the sounds in wav/.
   *
   * @param counts of sentences by subset; every subset has a speaker of its own
   */
  static void sentences(Path folder, Map<String, Integer> counts) throws IOException {
    var list = new StringBuilder("utt_id\tspeaker\tsubset\ttranscript\n");
    var wav = Files.createDirectories(folder.resolve("wav"));
    for (var subset : counts.entrySet()) {
      var random = new Random(subset.getKey().hashCode());
      for (int n = 0; n < subset.getValue(); n++) {
        var words = new ArrayList<String>();
        for (int i = 2 + random.nextInt(2); i > 0; i--) {
          words.add(WORDS.get(random.nextInt(WORDS.size())));
        }
        var letters = String.join("|", words).chars().mapToObj(Character::toString).toList();
        var id = subset.getKey() + "-" + n;
        Files.write(wav.resolve(id + ".wav"), wav(RATE, of(letters, random).samples(RATE, random)));
        list.append(
            "%s\t%s\t%s\t%s\n"
                .formatted(id, subset.getKey(), subset.getKey(), String.join(" ", words)));
      }
    }
    Files.writeString(folder.resolve("metadata.tsv"), list);
  }
}
