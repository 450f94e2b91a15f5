package rheobase.cell.language;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Map;

/**
 * What an experiment changes in a cell without changing its text.
 *
 * @param constants new values of {@code const}, by name
 * @param parameters new initial values of {@code param}, written as in the language: {@code 20},
 *     {@code normal(20, 5)}
 * @param states new initial values of {@code state}; may also name an earlier state
 */
public record Overrides(
    Map<String, Double> constants, Map<String, String> parameters, Map<String, String> states) {
  /** Changes nothing. */
  public static final Overrides NONE = new Overrides(Map.of(), Map.of(), Map.of());

  Expression parameter(String name, Expression initial) {
    return given(parameters, "parameter", name, initial);
  }

  Expression state(String name, Expression initial) {
    return given(states, "state", name, initial);
  }

  private static Expression given(
      Map<String, String> overrides, String kind, String name, Expression initial) {
    String text = overrides.get(name);
    return text == null
        ? initial
        : Parser.expression("the initial value of " + kind + " '" + name + "'", text);
  }

  void refuseUnused(String cell, Collection<Statement> declared) {
    refuse(cell, "const", constants.keySet(), declared, Statement.Const.class);
    refuse(cell, "param", parameters.keySet(), declared, Statement.Param.class);
    refuse(cell, "state", states.keySet(), declared, Statement.State.class);
  }

  private static void refuse(
      String cell,
      String kind,
      Collection<String> names,
      Collection<Statement> declared,
      Class<?> type) {
    var known = new ArrayList<String>();
    declared.stream().filter(type::isInstance).map(Statement::name).forEach(known::add);
    for (String name : names) {
      if (!known.contains(name)) {
        throw new CellException(
            "cell '%s' has no %s '%s'; %s".formatted(cell, kind, name, Names.nearest(name, known)));
      }
    }
  }
}
