package rheobase.cell.language;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import rheobase.cell.graph.Cell.From;
import rheobase.cell.language.Tokens.Kind;
import rheobase.cell.language.Tokens.Token;

/**
 * From text to statements: one line, one statement. Names are not looked up here; {@link Compiler}
 * does that.
 */
final class Parser {
  private static final Set<String> KEYWORDS =
      Set.of("cell", "input", "const", "param", "mask", "state", "output");
  private static final int DEEPEST = 200;

  private final List<Statement> statements = new ArrayList<>();
  private String cellName;
  private int depth;

  private Parser() {}

  /** A cell's text in order. */
  record Parsed(String name, Place end, List<Statement> statements) {}

  /**
   * @param file what errors call the text
   * @throws CellException where the text is no cell
   */
  static Parsed parse(String file, String text) {
    var parser = new Parser();
    // some editors begin a file with a byte order mark, which nobody sees
    List<String> lines = (text.startsWith("\uFEFF") ? text.substring(1) : text).lines().toList();
    for (int i = 0; i < lines.size(); i++) {
      var tokens = new Tokens(file, i + 1, lines.get(i));
      if (!tokens.empty()) {
        parser.line(tokens);
      }
    }
    var end = new Place(file, Math.max(1, lines.size()), 1);
    if (parser.cellName == null) {
      throw end.error("there is no cell in this text", "begin it with: cell NAME");
    }
    return new Parsed(parser.cellName, end, parser.statements);
  }

  /** A single expression, such as an initial value that an experiment gives. */
  static Expression expression(String file, String text) {
    var tokens = new Tokens(file, 1, text);
    Expression expression = new Parser().sum(tokens);
    tokens.end();
    return expression;
  }

  private void line(Tokens tokens) {
    Token first =
        tokens.takeName("a keyword or a name", "a line is a declaration or NAME = EXPRESSION");
    if (cellName == null && !first.text().equals("cell")) {
      throw first.place().error("the cell has no name yet", "the first line must be: cell NAME");
    }
    switch (first.text()) {
      case "cell" -> {
        if (cellName != null) {
          throw first.place().error("a second cell begins here", "a file holds one cell");
        }
        cellName = tokens.takeName("the cell's name", "write: cell NAME").text();
      }
      case "input" -> inputs(tokens);
      case "const" ->
          list(
              tokens,
              name ->
                  statements.add(
                      new Statement.Const(name.place(), name.text(), initial(tokens, name))));
      case "param" -> list(tokens, name -> parameter(tokens, name));
      case "mask" ->
          list(tokens, name -> statements.add(new Statement.Mask(name.place(), name.text())));
      case "state" ->
          list(
              tokens,
              name ->
                  statements.add(
                      new Statement.State(name.place(), name.text(), initial(tokens, name))));
      case "output" -> {
        Token name = tokens.takeName("the output's name", "write: output NAME");
        statements.add(new Statement.Output(name.place(), name.text()));
      }
      default -> {
        if (!tokens.peek().is("=")) {
          throw first
              .place()
              .error(
                  "'" + first.text() + "' begins no statement",
                  "a line begins with "
                      + String.join(", ", KEYWORDS.stream().sorted().toList())
                      + " or NAME =");
        }
        tokens.take();
        statements.add(new Statement.Assignment(first.place(), first.text(), sum(tokens)));
      }
    }
    tokens.end();
  }

  private interface Declaration {
    void read(Token name);
  }

  private void list(Tokens tokens, Declaration declaration) {
    do {
      declaration.read(name(tokens));
    } while (tokens.takeIf(","));
  }

  private Token name(Tokens tokens) {
    Token name = tokens.takeName("a name", "a declaration needs a name");
    if (KEYWORDS.contains(name.text())) {
      throw name.place()
          .error("'" + name.text() + "' is a word of the language", "choose another name");
    }
    return name;
  }

  private void inputs(Tokens tokens) {
    var names = new ArrayList<Token>();
    list(tokens, names::add);
    From from = From.BOTH;
    if (tokens.peek().kind() == Kind.NAME) {
      Token word = tokens.take();
      Token source = tokens.takeName("'below' or 'recurrence'", "write: input NAME from below");
      from =
          switch (word.text() + " " + source.text()) {
            case "from below" -> From.BELOW;
            case "from recurrence" -> From.RECURRENCE;
            default ->
                throw word.place()
                    .error(
                        "'" + word.text() + " " + source.text() + "' is no source of an input",
                        "an input comes 'from below', 'from recurrence', or, without either, from"
                            + " both");
          };
    }
    for (Token name : names) {
      statements.add(new Statement.Input(name.place(), name.text(), from));
    }
  }

  private Expression initial(Tokens tokens, Token name) {
    tokens.takeSymbol("=", "write: " + name.text() + " = VALUE");
    return sum(tokens);
  }

  private void parameter(Tokens tokens, Token name) {
    Expression initial = initial(tokens, name);
    Expression lower = tokens.takeIf(">=") ? sum(tokens) : null;
    Expression upper = tokens.takeIf("<=") ? sum(tokens) : null;
    statements.add(new Statement.Param(name.place(), name.text(), initial, lower, upper));
  }

  private Expression sum(Tokens tokens) {
    Expression left = product(tokens);
    while (tokens.peek().is("+") || tokens.peek().is("-")) {
      Token operator = tokens.take();
      left =
          new Expression.Infix(operator.place(), operator.text().charAt(0), left, product(tokens));
    }
    return left;
  }

  private Expression product(Tokens tokens) {
    Expression left = factor(tokens);
    while (tokens.peek().is("*") || tokens.peek().is("/")) {
      Token operator = tokens.take();
      left =
          new Expression.Infix(operator.place(), operator.text().charAt(0), left, factor(tokens));
    }
    return left;
  }

  private Expression factor(Tokens tokens) {
    Token token = tokens.take();
    if (++depth > DEEPEST) {
      throw token
          .place()
          .error("the expression is nested deeper than " + DEEPEST, "give parts of it a name");
    }
    Expression factor =
        switch (token.kind()) {
          case NUMBER -> number(token);
          case NAME ->
              tokens.takeIf("(")
                  ? call(tokens, token)
                  : new Expression.Name(token.place(), token.text());
          case SYMBOL, END -> {
            if (token.is("-")) {
              yield new Expression.Negation(token.place(), factor(tokens));
            }
            if (!token.is("(")) {
              throw token
                  .place()
                  .error(
                      "a value is missing before " + token.shown(),
                      "a number, a name, a function or '(' goes here");
            }
            Expression inside = sum(tokens);
            tokens.takeSymbol(")", "every '(' needs its ')'");
            yield inside;
          }
        };
    depth--;
    return factor;
  }

  private Expression call(Tokens tokens, Token function) {
    var arguments = new ArrayList<Expression>();
    do {
      arguments.add(sum(tokens));
    } while (tokens.takeIf(","));
    tokens.takeSymbol(")", "close the arguments of " + function.text() + " with ')'");
    return new Expression.Call(function.place(), function.text(), arguments);
  }

  private static Expression number(Token token) {
    try {
      return new Expression.Number(token.place(), Double.parseDouble(token.text()));
    } catch (NumberFormatException e) {
      throw token
          .place()
          .error("'" + token.text() + "' is no number", "write numbers as 20, 0.5 or 1e-3");
    }
  }
}
