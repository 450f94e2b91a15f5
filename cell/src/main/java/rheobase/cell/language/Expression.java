package rheobase.cell.language;

import java.util.List;

/**
 * An expression as it stands in a cell's text, before names have a meaning. Each knows where it
 * begins.
 */
sealed interface Expression {
  Place place();

  record Number(Place place, double value) implements Expression {}

  record Name(Place place, String name) implements Expression {}

  record Call(Place place, String function, List<Expression> arguments) implements Expression {}

  record Infix(Place place, char operator, Expression left, Expression right)
      implements Expression {}

  record Negation(Place place, Expression operand) implements Expression {}
}
