package rheobase.app;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/**
 * Trees laid out as TIMIT and LibriSpeech are published, SPHERE and FLAC files included, made of
 * the samples of both.
 */
final class SpeechCorpora {
  /** The core test set: two men and a woman of each dialect region. */
  private static final List<String> CORE =
      List.of(
          "mdab0 mwbt0 felc0",
          "mtas1 mwew0 fpas0",
          "mjmp0 mlnt0 fpkt0",
          "mlll0 mtls0 fjlm0",
          "mbpm0 mklt0 fnlp0",
          "mcmj0 mjdh0 fmgd0",
          "mgrt0 mnjm0 fdhc0",
          "mjln0 mpam0 fmld0");

  private static final String DEVELOPMENT =
      """
      faks0 fdac1 fjem0 mgwt0 mjar0 mmdb1 mmdm2 mpdf0 fcmh0 fkms0 mbdg0 mbwm0 mcsh0 fadg0 fdms0
      fedw0 mgjf0 mglb0 mrtk0 mtaa0 mtdt0 mthc0 mwjg0 fnmr0 frew0 fsem0 mbns0 mmjr0 mdls0 mdlf0
      mdvc0 mers0 fmah0 fdrw0 mrcs0 mrjm4 fcal1 mmwh0 fjsj0 majc0 mjsw0 mreb0 fgjd0 fjmg0 mroa0
      mteb0 mjfc0 mrjr0 fmml0 mrws1\
      """;

  private SpeechCorpora() {}

  /** A folder of real data; without it the test is skipped. */
  static Path sample(String name) {
    var named = System.getenv("RHEOBASE_DATA");
    var folder = (named == null ? Path.of("../../shared/data") : Path.of(named)).resolve(name);
    Assumptions.assumeTrue(Files.isDirectory(folder), "no " + name + " at " + folder);
    return folder.toAbsolutePath().normalize();
  }

  /** 630 speakers they are not, but every one of the two test sets; a sentence each. */
  static void timit(Path sample, Path root) throws IOException {
    var speakers = children(sample).filter(name -> name.startsWith("dr")).toList();
    for (var speaker : speakers.subList(0, 6)) {
      var own = root.resolve("TRAIN/" + upper(speaker.substring(0, 3)));
      for (var sentence : sentences(sample.resolve(speaker)).subList(0, 2)) {
        sentence(sample.resolve(speaker), sentence, own.resolve(upper(speaker.substring(4))));
      }
      sentence(sample.resolve(speaker), "sa1", own.resolve(upper(speaker.substring(4))));
    }
    for (int region = 0; region < CORE.size(); region++) {
      var place = root.resolve("TEST/DR" + (region + 1));
      for (var name : CORE.get(region).split(" ")) {
        var from = sample.resolve(speakers.get(6 + region));
        sentence(from, sentences(from).getFirst(), place.resolve(upper(name)));
      }
    }
    for (var name : DEVELOPMENT.split("\\s+")) {
      var from = sample.resolve(speakers.get(15));
      sentence(from, sentences(from).getLast(), root.resolve("TEST/DR1").resolve(upper(name)));
    }
  }

  private static void sentence(Path from, String sentence, Path to) throws IOException {
    Files.createDirectories(to);
    Files.write(
        to.resolve(upper(sentence + ".wav")), sphere(samples(from.resolve(sentence + ".wav"))));
    Files.copy(from.resolve(sentence + ".phn"), to.resolve(upper(sentence + ".phn")));
    Files.copy(from.resolve(sentence + ".wrd"), to.resolve(upper(sentence + ".wrd")));
    Files.copy(from.resolve(sentence + ".txt"), to.resolve(upper(sentence + ".txt")));
  }

  private static List<String> sentences(Path speaker) throws IOException {
    return children(speaker)
        .filter(name -> name.endsWith(".phn") && !name.startsWith("sa"))
        .map(name -> name.substring(0, name.length() - 4))
        .toList();
  }

  private static Stream<String> children(Path folder) throws IOException {
    try (var entries = Files.list(folder)) {
      return entries.map(entry -> entry.getFileName().toString()).sorted().toList().stream();
    }
  }

  private static String upper(String name) {
    return name.toUpperCase(Locale.ROOT);
  }

  /** A few short utterances of each subset. */
  static void libriSpeech(Path sample, Path root) throws IOException {
    var lines = Files.readAllLines(sample.resolve("metadata.tsv"));
    var bySpeaker = new TreeMap<String, List<String[]>>();
    lines.stream()
        .skip(1)
        .map(line -> line.split("\t"))
        .filter(fields -> Double.parseDouble(fields[3]) < 5)
        .collect(Collectors.groupingBy(fields -> fields[1]))
        .forEach((speaker, own) -> bySpeaker.put(speaker, own.subList(0, Math.min(4, own.size()))));
    var others = bySpeaker.keySet().stream().filter(name -> !name.matches("19|26|27")).toList();
    for (var speaker : List.of("19", "26", "27")) {
      subset(sample, root.resolve("train-clean-100"), bySpeaker.get(speaker));
    }
    subset(sample, root.resolve("dev-clean"), bySpeaker.get(others.getFirst()));
    subset(sample, root.resolve("test-clean"), bySpeaker.get(others.getLast()));
  }

  private static void subset(Path sample, Path folder, List<String[]> utterances)
      throws IOException {
    Map<Path, StringBuilder> transcripts = new TreeMap<>();
    for (var fields : utterances) {
      var parts = fields[0].split("-");
      var chapter = Files.createDirectories(folder.resolve(parts[0]).resolve(parts[1]));
      Files.write(
          chapter.resolve(fields[0] + ".flac"),
          flac(samples(sample.resolve("wav/" + fields[0] + ".wav"))));
      transcripts
          .computeIfAbsent(
              chapter.resolve(parts[0] + "-" + parts[1] + ".trans.txt"), _ -> new StringBuilder())
          .append(fields[0] + " " + fields[4] + "\n");
    }
    for (var entry : transcripts.entrySet()) {
      Files.writeString(entry.getKey(), entry.getValue());
    }
  }

  /** Of a WAV file of 16 bits; behind the word 'data' and its length. */
  private static short[] samples(Path wav) throws IOException {
    var bytes = ByteBuffer.wrap(Files.readAllBytes(wav)).order(ByteOrder.LITTLE_ENDIAN);
    int at = 12;
    while (!new String(bytes.array(), at, 4, StandardCharsets.US_ASCII).equals("data")) {
      at += 8 + bytes.getInt(at + 4);
    }
    var samples = new short[bytes.getInt(at + 4) / 2];
    bytes.position(at + 8);
    bytes.slice().order(ByteOrder.LITTLE_ENDIAN).asShortBuffer().get(samples);
    return samples;
  }

  /** As TIMIT has them. */
  private static byte[] sphere(short[] samples) {
    var header =
        """
        NIST_1A
           1024
        database_id -s5 TIMIT
        channel_count -i 1
        sample_count -i %d
        sample_rate -i 16000
        sample_n_bytes -i 2
        sample_byte_format -s2 01
        sample_sig_bits -i 16
        end_head
        """
            .formatted(samples.length);
    var bytes = ByteBuffer.allocate(1024 + 2 * samples.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.put(header.getBytes(StandardCharsets.US_ASCII)).position(1024);
    bytes.asShortBuffer().put(samples);
    return bytes.array();
  }

  /** FLAC that compresses nothing: blocks of 4096 samples as they are. */
  static byte[] flac(short[] samples) {
    var bytes = ByteBuffer.allocate(100 + 3 * samples.length);
    bytes.put("fLaC".getBytes(StandardCharsets.US_ASCII)).put((byte) 0x80);
    bytes.put((byte) 0).putShort((short) 34); // the last block of metadata, of 34 bytes
    bytes.putShort((short) 4096).putShort((short) 4096).put(new byte[6]);
    // 20 bits of rate, 3 of channels less one, 5 of bits less one, 36 of samples
    bytes.putLong(16000L << 44 | 15L << 36 | samples.length).put(new byte[16]);
    for (int from = 0, number = 0; from < samples.length; from += 4096, number++) {
      int block = Math.min(4096, samples.length - from);
      int begin = bytes.position();
      bytes.putShort((short) 0xfff8).put((byte) 0x70).put((byte) 0x08);
      bytes.put((byte) number).putShort((short) (block - 1)); // fewer than 128 blocks
      bytes.put((byte) crc(bytes, begin, 8, 0x07)).put((byte) 0x02); // samples as they are
      for (int i = 0; i < block; i++) {
        bytes.putShort(samples[from + i]);
      }
      bytes.putShort((short) crc(bytes, begin, 16, 0x8005));
    }
    return Arrays.copyOf(bytes.array(), bytes.position());
  }

  /** Of everything from a place on. */
  private static int crc(ByteBuffer bytes, int from, int bits, int polynomial) {
    int crc = 0;
    for (int i = from; i < bytes.position(); i++) {
      crc ^= (bytes.get(i) & 0xff) << bits - 8;
      for (int b = 0; b < 8; b++) {
        crc = crc << 1 ^ ((crc >> bits - 1 & 1) == 1 ? polynomial : 0);
        crc &= (1 << bits) - 1;
      }
    }
    return crc;
  }
}
