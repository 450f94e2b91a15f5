package rheobase.app;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;
import rheobase.cell.language.Names;
import rheobase.network.training.SelectOn;

/** What can be changed in an experiment from the command line. */
final class ExperimentOptions {
  @Option(names = "--seed", paramLabel = "N", description = "Seed of the training (training.seed).")
  Long seed;

  @Option(
      names = "--epochs",
      paramLabel = "N",
      description = "Passes over the training set (training.epochs).")
  private Integer epochs;

  @Option(
      names = "--select-on",
      paramLabel = "SET",
      description =
          "Which score keeps a model (training.select_on): ${COMPLETION-CANDIDATES}. Validation"
              + " records are held out of the training set only for the first.",
      completionCandidates = Sets.class,
      converter = ToSelectOn.class)
  private SelectOn selectOn;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description =
          "Change one setting of the experiment, e.g. layer.hidden.units=24; may be given several"
              + " times.")
  private List<String> settings = List.of();

  /**
   * The experiment, with {@code [without_data]} when no data are named, then {@code --set}, then
   * the options.
   */
  Experiment experiment(RheoCommand rheo, String name, Path data) {
    return experiment(rheo, name, data, List.of());
  }

  /**
   * The same with settings of its own, which have the last word.
   *
   * @param own each as {@code --set} has it
   */
  Experiment experiment(RheoCommand rheo, String name, Path data, List<String> own) {
    var file = rheo.experiments().find(name);
    var draft =
        ExperimentDraft.read(
            file, rheo.surroundings.shown(file), rheo.surroundings.workingFolder());
    if (data == null) {
      draft.applyWithoutData();
    } else {
      draft.dropWithoutData();
    }
    settings.forEach(draft::set);
    if (epochs != null) {
      draft.set("training.epochs", epochs, "--epochs");
    }
    if (seed != null) {
      draft.set("training.seed", seed, "--seed");
    }
    if (selectOn != null) {
      draft.set("training.select_on", selectOn.text(), "--select-on");
    }
    own.forEach(draft::set);
    return draft.experiment();
  }

  /** The names of {@link SelectOn} as the command line writes them. */
  static final class Sets implements Iterable<String> {
    static final List<String> NAMES = Arrays.stream(SelectOn.values()).map(SelectOn::text).toList();

    @Override
    public Iterator<String> iterator() {
      return NAMES.iterator();
    }
  }

  /** From such a name. */
  static final class ToSelectOn implements ITypeConverter<SelectOn> {
    @Override
    public SelectOn convert(String text) {
      if (!Sets.NAMES.contains(text)) {
        throw new TypeConversionException(
            "cannot be '" + text + "'" + Names.hint(text, Sets.NAMES));
      }
      return SelectOn.valueOf(text.toUpperCase(Locale.ROOT));
    }
  }
}
