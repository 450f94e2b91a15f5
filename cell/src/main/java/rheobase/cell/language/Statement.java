package rheobase.cell.language;

import rheobase.cell.graph.Cell.From;

/** One declaration or assignment of a cell's text. */
sealed interface Statement {
  Place place();

  String name();

  record Input(Place place, String name, From from) implements Statement {}

  record Const(Place place, String name, Expression value) implements Statement {}

  /** Bounds are null where the text gives none. */
  record Param(Place place, String name, Expression initial, Expression lower, Expression upper)
      implements Statement {}

  record Mask(Place place, String name) implements Statement {}

  record State(Place place, String name, Expression initial) implements Statement {}

  record Assignment(Place place, String name, Expression value) implements Statement {}

  record Output(Place place, String name) implements Statement {}
}
