package rheobase.app.source;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import rheobase.app.toml.Table;
import rheobase.data.DataException;
import rheobase.data.Folding;
import rheobase.data.Preparation;
import rheobase.data.Split;
import rheobase.data.speech.Hearing;
import rheobase.data.speech.Phones;
import rheobase.data.speech.SpeechFeatures;
import rheobase.data.speech.Timit;
import rheobase.data.speech.Timit.Targets;

/** TIMIT or its sample: a phone a frame, or what is said in order. */
public record TimitSource(Timit.Reading reading) implements DataSource {
  static final String NAME = "timit";

  /** Features of the networks of Yin, Corradi and Bohté 2021. */
  private static final String PUBLISHED = "published";

  static TimitSource read(Table data) {
    DataSources.only(
        data,
        Stream.concat(Stream.of(SpeechKeys.KEYS), Stream.of("labels", "targets", "segment"))
            .toArray(String[]::new));
    var labels = data.choice("labels", Phones.Labels.class, Phones.Labels.PUBLISHED);
    var targets = data.choice("targets", Targets.class, Targets.FRAMES);
    int segment = data.whole("segment", 0, 0);
    try {
      return new TimitSource(new Timit.Reading(labels, targets, segment, features(data)));
    } catch (DataException e) {
      throw data.error(targets == Targets.TRANSCRIPT ? "targets" : "segment", e);
    }
  }

  /** Null for the published ones, which have no further keys. */
  private static SpeechFeatures features(Table data) {
    boolean published = !data.has("features") || data.values().get("features").equals(PUBLISHED);
    if (!published) {
      return SpeechKeys.read(data);
    }
    for (var key : List.of("filters", "derivatives", "speakers")) {
      if (data.has(key)) {
        throw data.error(
            key,
            "'"
                + key
                + "' has a meaning only with features = \"filter_bank\" or \"mfcc\"; the published"
                + " ones are always the same");
      }
    }
    return null;
  }

  @Override
  public String text() {
    return NAME;
  }

  @Override
  public boolean needsFolder() {
    return true;
  }

  @Override
  public Optional<Folding> folding() {
    return reading.targets() == Targets.FRAMES
        ? Optional.of(reading.labels().folding())
        : Optional.empty();
  }

  @Override
  public List<ErrorRate> errorRates() {
    return reading.targets() == Targets.FRAMES
        ? List.of()
        : rates(reading.labels().transcriptClasses());
  }

  /** The last is what decoding is set up for. */
  private static List<ErrorRate> rates(List<String> phones) {
    return List.of(
        ErrorRate.ofGroups("PER, 39 phones", "phoneErrorRate", Phones.foldingOf(phones)),
        ErrorRate.ofGroups(
            "PER, no silence",
            "phoneErrorRateWithoutSilence",
            Phones.foldingWithoutSilence(phones)));
  }

  @Override
  public Optional<FramePhones> framePhones() {
    if (reading.targets() != Targets.FRAMES) {
      return Optional.empty();
    }
    var phones = reading.labels().phoneStates();
    return Optional.of(new FramePhones(phones, rates(phones.phones())));
  }

  @Override
  public Optional<Hearing> hearing() {
    return Optional.of(Timit.hearing(reading));
  }

  @Override
  public Map<String, Object> settings() {
    var settings = new LinkedHashMap<String, Object>();
    settings.put("labels", SpeechKeys.text(reading.labels()));
    settings.put("segment", reading.segment());
    // left out where they are as they were before there was a choice, so that earlier runs are
    // found
    if (reading.targets() != Targets.FRAMES) {
      settings.put("targets", SpeechKeys.text(reading.targets()));
    }
    if (reading.features() != null) {
      settings.putAll(SpeechKeys.settings(reading.features()));
    }
    return settings;
  }

  @Override
  public Split load(Path folder, Preparation preparation) {
    return Timit.read(folder, reading, preparation);
  }
}
