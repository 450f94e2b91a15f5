package rheobase.data.own;

import java.util.Collection;
import java.util.List;
import rheobase.data.Nearest;
import rheobase.data.own.OwnSpec.Scope;

/** A specification put together key by key, as an experiment file does it. */
final class Spec {
  /** Guesses that everything known is meant. */
  static final Nearest NEAREST = (String _, Collection<String> known) -> "; known: " + known + ".";

  private final String files;
  private String list;
  private String label;
  private String group;
  private String split;
  private Missing missing = Missing.REFUSE;
  private ClassNames classes = ClassNames.UNKNOWN;
  private Scope scope = Scope.DETECT;
  private int window;
  private int stride = 1;
  private Part test = new Part.Share(0.5);
  private Part validation = new Part.Marked();

  private Spec(String files) {
    this.files = files;
  }

  static Spec of(String files) {
    return new Spec(files);
  }

  Spec labels(String list) {
    this.list = list;
    return this;
  }

  Spec label(String label) {
    this.label = label;
    return this;
  }

  Spec group(String group) {
    this.group = group;
    return this;
  }

  Spec split(String split) {
    this.split = split;
    this.test = new Part.Marked();
    return this;
  }

  Spec missing(Missing missing) {
    this.missing = missing;
    return this;
  }

  Spec classes(String... names) {
    this.classes = ClassNames.of(List.of(names));
    return this;
  }

  Spec classes(ClassNames classes) {
    this.classes = classes;
    return this;
  }

  Spec scope(Scope scope) {
    this.scope = scope;
    return this;
  }

  Spec window(int window, int stride) {
    this.window = window;
    this.stride = stride;
    return this;
  }

  Spec test(Part test) {
    this.test = test;
    return this;
  }

  Spec validation(Part validation) {
    this.validation = validation;
    return this;
  }

  OwnSpec spec() {
    return new OwnSpec(
        new FilePattern(files),
        list,
        label,
        group,
        split,
        missing,
        classes,
        scope,
        window,
        stride,
        test,
        validation,
        1);
  }
}
