package rheobase.app.source;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import rheobase.app.toml.Table;
import rheobase.data.DataException;
import rheobase.data.own.ClassNames;
import rheobase.data.own.ClassNames.ClassName;
import rheobase.data.own.FilePattern;
import rheobase.data.own.Missing;
import rheobase.data.own.OwnSpec;
import rheobase.data.own.Part;

/** The keys of [data] that all sources of one's own sequences share. */
final class OwnKeys {
  private static final List<String> KEYS =
      List.of(
          "files",
          "labels",
          "label",
          "label_per",
          "classes",
          "group",
          "split",
          "test",
          "test_seed",
          "missing",
          "window",
          "stride");

  private static final double TEST_SHARE = 0.2;

  private OwnKeys() {}

  /** Refuses every key but the shared ones, these, and those of one format. */
  static void only(Table data, String... own) {
    DataSources.only(data, Stream.concat(KEYS.stream(), Stream.of(own)).toArray(String[]::new));
  }

  /**
   * Reads them.
   *
   * @param files the pattern where none is given
   */
  static OwnSpec read(Table data, String files) {
    var pattern = pattern(data, files);
    for (var told : List.of("group", "split")) {
      if (pattern.tells(told) && data.has(told)) {
        throw data.error(
            told, "'" + told + "' stands in 'files' as {" + told + "} already; leave out one");
      }
    }
    if (pattern.tells("label") && (data.has("label") || data.has("labels"))) {
      var key = data.has("label") ? "label" : "labels";
      throw data.error(
          key, "labels come from {label} in 'files' already; leave out that or '" + key + "'");
    }
    int window = data.whole("window", 0, 0);
    return new OwnSpec(
        pattern,
        data.text("labels", null),
        data.text("label", null),
        data.text("group", null),
        data.text("split", null),
        data.choice("missing", Missing.class, Missing.REFUSE),
        classes(data),
        data.choice("label_per", OwnSpec.Scope.class, OwnSpec.Scope.DETECT),
        window,
        data.whole("stride", 1, Math.max(1, window)),
        test(data, pattern.tells("split") || data.has("split")),
        data.isNumber("validation") || !data.has("validation")
            ? new Part.Marked()
            : new Part.Groups(data.names("validation")),
        data.seed("test_seed", 1));
  }

  private static FilePattern pattern(Table data, String otherwise) {
    try {
      return new FilePattern(data.text("files", otherwise));
    } catch (DataException e) {
      throw data.error("files", e);
    }
  }

  private static ClassNames classes(Table data) {
    if (!data.has("classes")) {
      return ClassNames.UNKNOWN;
    }
    try {
      if (!data.isTable("classes")) {
        return ClassNames.of(data.names("classes"));
      }
      var table = data.table("classes");
      return new ClassNames(
          table.values().keySet().stream()
              .map(name -> new ClassName(name, table.names(name)))
              .toList());
    } catch (DataException e) {
      throw data.error("classes", e);
    }
  }

  private static Part test(Table data, boolean marked) {
    if (!data.has("test")) {
      return marked ? new Part.Marked() : new Part.Share(TEST_SHARE);
    }
    if (!data.isNumber("test")) {
      refuseMarked(data, marked);
      return new Part.Groups(data.names("test"));
    }
    double share = data.number("test");
    if (!(share > 0 && share <= 1)) {
      throw data.error(
          "test",
          "'test' is the share of sequences to test on, above 0 and at most 1, or a list of groups;"
              + " it is "
              + share);
    }
    if (share < 1) {
      refuseMarked(data, marked);
    }
    return new Part.Share(share);
  }

  private static void refuseMarked(Table data, boolean marked) {
    if (marked) {
      throw data.error("test", "the test set is marked by 'split' already; leave out 'test'");
    }
  }

  /** Their values, as experiment files write them; what is not used is left out. */
  static Map<String, Object> settings(OwnSpec own) {
    var settings = new LinkedHashMap<String, Object>();
    settings.put("files", own.files().text());
    put(settings, "labels", own.labelFile());
    put(settings, "label", own.label());
    settings.put("label_per", own.scope().text());
    if (!own.classes().all().isEmpty()) {
      settings.put("classes", classes(own.classes()));
    }
    put(settings, "group", own.group());
    put(settings, "split", own.split());
    switch (own.test()) {
      case Part.Marked _ -> {}
      case Part.Share(double share) -> settings.put("test", share);
      case Part.Groups(List<String> names) -> settings.put("test", names);
    }
    settings.put("test_seed", own.testSeed());
    if (own.validation() instanceof Part.Groups(List<String> names)) {
      settings.put("validation", names);
    }
    settings.put("missing", own.missing().text());
    settings.put("window", own.window());
    settings.put("stride", own.stride());
    return settings;
  }

  private static Object classes(ClassNames classes) {
    if (classes.isPlain()) {
      return classes.names();
    }
    var table = new LinkedHashMap<String, Object>();
    classes.all().forEach(each -> table.put(each.name(), new ArrayList<>(each.labels())));
    return table;
  }

  private static void put(Map<String, Object> settings, String key, String value) {
    if (value != null) {
      settings.put(key, value);
    }
  }
}
