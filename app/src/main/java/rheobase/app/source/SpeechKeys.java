package rheobase.app.source;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import rheobase.app.toml.Table;
import rheobase.data.DataException;
import rheobase.data.sound.KaldiFeatures.Kind;
import rheobase.data.speech.Speakers;
import rheobase.data.speech.SpeechFeatures;

/** The keys of [data] that say what is heard of read speech. */
final class SpeechKeys {
  /** All of them. */
  static final String[] KEYS = {"features", "filters", "derivatives", "speakers"};

  private SpeechKeys() {}

  /** Reads them. */
  static SpeechFeatures read(Table data) {
    var kind = data.choice("features", Kind.class, Kind.FILTER_BANK);
    boolean banks = kind == Kind.FILTER_BANK;
    int filters = data.whole("filters", 1, banks ? 40 : 23);
    int derivatives = data.whole("derivatives", 0, banks ? 0 : 2);
    var speakers = data.choice("speakers", Speakers.class, Speakers.MEAN);
    try {
      return new SpeechFeatures(kind, filters, derivatives, speakers);
    } catch (DataException e) {
      throw data.error(derivatives > 2 ? "derivatives" : "filters", e);
    }
  }

  /** Their values, as experiment files write them. */
  static Map<String, Object> settings(SpeechFeatures features) {
    var settings = new LinkedHashMap<String, Object>();
    settings.put("features", text(features.kind()));
    settings.put("filters", features.filters());
    settings.put("derivatives", features.derivatives());
    settings.put("speakers", text(features.speakers()));
    return settings;
  }

  /** A name of an enumeration as experiment files write it. */
  static String text(Enum<?> name) {
    return name.name().toLowerCase(Locale.ROOT);
  }
}
