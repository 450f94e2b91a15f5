package rheobase.data;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The Spiking Heidelberg Digits and the Spiking Speech Commands (Cramer, Stradmann, Schemmel and
 * Zenke 2020): speech as spikes of 700 auditory-nerve channels.
 *
 * <p>Files are HDF5: {@code spikes/times} (a row of seconds for each recording), {@code
 * spikes/units} (the channels, as long), {@code labels}, {@code extra/speaker} and {@code
 * extra/keys} (names of the classes). A recording becomes a sequence of steps, a channel being one
 * where it fired at least once in a step.
 */
public final class HeidelbergDigits {
  /** Channels of the artificial cochlea. */
  public static final int CHANNELS = 700;

  private static final int CHUNK = 256;

  /** Of the published archives, not of what is in them; as libraries that download them have it. */
  private static final Map<String, String> MD5 =
      Map.of(
          "shd_train.h5", "f3252aeb598ac776c1b526422d90eecb",
          "shd_test.h5", "1503a5064faa34311c398fb0a1ed0a6f",
          "ssc_train.h5", "d102be95e7144fcc0553d1f45ba94170",
          "ssc_valid.h5", "b4eee3516a4a90dd0c71a6ac23a8ae43",
          "ssc_test.h5", "a35ff1e9cffdd02a20eb850c17c37748");

  private HeidelbergDigits() {}

  /** Which of the two sets. */
  public enum Name {
    SHD(20, false),
    SSC(35, true);

    private final int classes;
    private final boolean validated;

    Name(int classes, boolean validated) {
      this.classes = classes;
      this.validated = validated;
    }

    /** Whether it is published with a validation set. */
    public boolean validated() {
      return validated;
    }

    private String wanted() {
      return ("%s is the files %s from https://zenkelab.org/datasets, each published as .h5.zip;"
              + " unzip them into one folder.")
          .formatted(
              this,
              (validated ? Stream.of("train", "valid", "test") : Stream.of("train", "test"))
                  .map(this::file)
                  .collect(Collectors.joining(", ")));
    }

    private String file(String part) {
      return name().toLowerCase(Locale.ROOT) + "_" + part + ".h5";
    }
  }

  /**
   * How spikes become steps.
   *
   * @param step seconds
   * @param steps of every sequence; what comes later is left out
   * @param published as in the code of Yin, Corradi and Bohté 2021: step i holds the spikes after
   *     {@code (i - 1) step} up to {@code i step}, channel 0 is left out and channel v stands at
   *     700 - v. Otherwise step i holds those from {@code i step} on, each at its own channel
   */
  public record Binning(double step, int steps, boolean published) {
    public Binning {
      if (!(step > 0) || steps < 1) {
        throw new DataException(
            "Steps of %s s, %d of them, are not possible; both must be above zero."
                .formatted(step, steps));
      }
    }

    /** The step a spike falls into. */
    int step(float seconds) {
      final double place = seconds / step;
      return (int) (published ? Math.max(0, Math.ceil(place)) : Math.floor(place));
    }

    /** Where its channel stands; -1 where it is left out. */
    int channel(int unit) {
      return published ? (unit == 0 ? -1 : CHANNELS - unit) : unit;
    }
  }

  /**
   * One of the published parts.
   *
   * @param part {@code train}, {@code valid} (SSC alone) or {@code test}
   * @throws DataException naming the file, the array and the recording that is wrong
   */
  public static SequenceSet read(
      Path folder, Name name, String part, Binning binning, Preparation preparation) {
    DataFolder.check(folder, name.wanted());
    final Path file = folder.resolve(name.file(part));
    return preparation.cached(
        name.file(part),
        binning.toString(),
        List.of(file),
        () -> encode(file, name, part, binning, preparation));
  }

  private static SequenceSet encode(
      Path file, Name name, String part, Binning binning, Preparation preparation) {
    final String archive =
        " The MD5 of %s.zip is %s.".formatted(name.file(part), MD5.get(name.file(part)));
    try (HdfData hdf = HdfData.open(file, name.wanted() + archive)) {
      final int[] labels = hdf.wholeNumbers("/labels");
      for (String path : List.of("/spikes/times", "/spikes/units")) {
        if (hdf.length(path) != labels.length) {
          throw hdf.wrong(
              path,
              "has %d rows, but there are %d labels.".formatted(hdf.length(path), labels.length));
        }
      }
      final int[] speakers = speakers(hdf, labels.length);
      final List<String> classes = classes(hdf, name);
      final List<Sequence> sequences = new ArrayList<>(labels.length);
      for (int from = 0; from < labels.length; from += CHUNK) {
        preparation.progress("reading " + file.getFileName(), from, labels.length);
        final int count = Math.min(CHUNK, labels.length - from);
        final Object[] times = hdf.rows("/spikes/times", from, count);
        final Object[] units = hdf.rows("/spikes/units", from, count);
        for (int i = 0; i < count; i++) {
          final int recording = from + i;
          final String id = "%s-%s-%d".formatted(name, part, recording);
          sequences.add(
              new Sequence(
                  id,
                  speakers == null ? id : "speaker-" + speakers[recording],
                  spikes(
                      hdf,
                      recording,
                      hdf.floats("/spikes/times", times[i]),
                      hdf.whole("/spikes/units", units[i]),
                      binning),
                  new int[] {label(hdf, labels, recording, name)},
                  new boolean[] {true}));
        }
      }
      return new SequenceSet(name + " " + part, CHANNELS, classes, sequences);
    }
  }

  private static int label(HdfData hdf, int[] labels, int recording, Name name) {
    if (labels[recording] < 0 || labels[recording] >= name.classes) {
      throw hdf.wrong(
          "/labels",
          "gives recording %d the label %d; the classes of %s are 0 to %d."
              .formatted(recording, labels[recording], name, name.classes - 1));
    }
    return labels[recording];
  }

  private static int[] speakers(HdfData hdf, int recordings) {
    if (!hdf.has("/extra/speaker")) {
      return null;
    }
    final int[] speakers = hdf.wholeNumbers("/extra/speaker");
    if (speakers.length != recordings) {
      throw hdf.wrong(
          "/extra/speaker",
          "names %d speakers for %d recordings.".formatted(speakers.length, recordings));
    }
    return speakers;
  }

  private static List<String> classes(HdfData hdf, Name name) {
    if (!hdf.has("/extra/keys")) {
      return IntStream.range(0, name.classes).mapToObj(Integer::toString).toList();
    }
    final String[] keys = hdf.texts("/extra/keys");
    if (keys.length != name.classes) {
      throw hdf.wrong(
          "/extra/keys", "names %d classes; %s has %d.".formatted(keys.length, name, name.classes));
    }
    return List.of(keys);
  }

  private static Signal spikes(
      HdfData hdf, int recording, float[] times, int[] units, Binning binning) {
    if (times.length != units.length) {
      throw hdf.wrong(
          "/spikes/units",
          "has %d entries for recording %d, but there are %d times."
              .formatted(units.length, recording, times.length));
    }
    final boolean[][] fired = new boolean[binning.steps()][];
    int count = 0;
    for (int i = 0; i < times.length; i++) {
      if (!(times[i] >= 0) || units[i] < 0 || units[i] >= CHANNELS) {
        throw hdf.wrong(
            "/spikes/units",
            "has a spike of channel %d at %s s in recording %d; channels are 0 to %d, times from 0 s on."
                .formatted(units[i], times[i], recording, CHANNELS - 1));
      }
      final int step = binning.step(times[i]);
      final int channel = binning.channel(units[i]);
      if (step < binning.steps() && channel >= 0) {
        if (fired[step] == null) {
          fired[step] = new boolean[CHANNELS];
        }
        count += fired[step][channel] ? 0 : 1;
        fired[step][channel] = true;
      }
    }
    return listed(fired, count);
  }

  private static Signal listed(boolean[][] fired, int count) {
    final int[] starts = new int[fired.length + 1];
    final char[] active = new char[count];
    int next = 0;
    for (int step = 0; step < fired.length; step++) {
      if (fired[step] != null) {
        for (int channel = 0; channel < CHANNELS; channel++) {
          if (fired[step][channel]) {
            active[next++] = (char) channel;
          }
        }
      }
      starts[step + 1] = next;
    }
    return new Signal.Spikes(CHANNELS, starts, Arrays.copyOf(active, next));
  }
}
