package rheobase.app.source;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import rheobase.app.toml.Table;
import rheobase.data.Preparation;
import rheobase.data.Split;
import rheobase.data.speech.Hearing;
import rheobase.data.speech.SpeechCommands;
import rheobase.data.speech.SpeechCommands.Choice;
import rheobase.data.speech.SpeechCommands.Task;
import rheobase.data.speech.SpeechCommands.Test;
import rheobase.data.speech.SpeechCommands.Unknown;

/** Words of a second, as their log-mel features. */
public record SpeechCommandsSource(Choice choice) implements DataSource {
  static final String NAME = "speech_commands";

  static SpeechCommandsSource read(Table data) {
    DataSources.only(data, "classes", "unknown", "test", "seed");
    var task = task(data);
    var unknown = data.choice("unknown", Unknown.class, Unknown.BALANCED);
    var test = data.choice("test", Test.class, Test.LISTS);
    if (task == Task.WORDS && (unknown != Unknown.BALANCED || test != Test.LISTS)) {
      var key = unknown != Unknown.BALANCED ? "unknown" : "test";
      throw data.error(
          key,
          "'" + key + "' can be '" + data.text(key) + "' only with classes = 12; all 35 are words");
    }
    return new SpeechCommandsSource(new Choice(task, unknown, test, data.seed("seed", 1)));
  }

  private static Task task(Table data) {
    int classes = data.whole("classes", 1, Task.COMMANDS.classes());
    for (var task : Task.values()) {
      if (task.classes() == classes) {
        return task;
      }
    }
    throw data.error(
        "classes",
        "'classes' is "
            + classes
            + "; it must be "
            + Arrays.stream(Task.values())
                .map(task -> Integer.toString(task.classes()))
                .collect(Collectors.joining(" or ")));
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
  public Optional<Hearing> hearing() {
    return Optional.of(SpeechCommands.hearing(choice.task()));
  }

  @Override
  public Map<String, Object> settings() {
    var settings = new LinkedHashMap<String, Object>();
    settings.put("classes", choice.task().classes());
    if (choice.task() == Task.COMMANDS) {
      settings.put("unknown", choice.unknown().name().toLowerCase(Locale.ROOT));
      settings.put("test", choice.test().name().toLowerCase(Locale.ROOT));
    }
    settings.put("seed", choice.seed());
    return settings;
  }

  @Override
  public Split load(Path folder, Preparation preparation) {
    return SpeechCommands.read(folder, choice, preparation);
  }
}
