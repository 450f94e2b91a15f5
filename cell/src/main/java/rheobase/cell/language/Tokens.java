package rheobase.cell.language;

import java.util.ArrayList;
import java.util.List;

/** One line of a cell's text as tokens, read from left to right. */
final class Tokens {
  /** What a token is; the end of the line is a token too, so that errors can point at it. */
  enum Kind {
    NAME,
    NUMBER,
    SYMBOL,
    END
  }

  record Token(Kind kind, String text, Place place) {
    boolean is(String symbol) {
      return kind == Kind.SYMBOL && text.equals(symbol);
    }

    /** As an error message names it. */
    String shown() {
      return kind == Kind.END ? "the end of the line" : "'" + text + "'";
    }
  }

  private final List<Token> tokens = new ArrayList<>();
  private int next;

  Tokens(String file, int line, String text) {
    int end = text.indexOf('#') < 0 ? text.length() : text.indexOf('#');
    int at = 0;
    while (at < end) {
      char c = text.charAt(at);
      int start = at;
      Kind kind;
      if (Character.isWhitespace(c)) {
        at++;
        continue;
      } else if (isLetter(c)) {
        kind = Kind.NAME;
        while (at < end && (isLetter(text.charAt(at)) || isDigit(text.charAt(at)))) {
          at++;
        }
      } else if (isDigit(c) || c == '.') {
        kind = Kind.NUMBER;
        at = endOfNumber(text, at, end);
      } else {
        kind = Kind.SYMBOL;
        boolean twoCharacters = text.startsWith(">=", at) || text.startsWith("<=", at);
        at += twoCharacters ? 2 : Character.charCount(text.codePointAt(at));
      }
      add(kind, text.substring(start, at), new Place(file, line, start + 1));
    }
    tokens.add(new Token(Kind.END, "", new Place(file, line, end + 1)));
  }

  private void add(Kind kind, String token, Place place) {
    if (kind == Kind.SYMBOL
        && !"+-*/(),=".contains(token)
        && !token.equals(">=")
        && !token.equals("<=")) {
      throw place.error(
          shown(token.codePointAt(0)) + " has no meaning here",
          "a cell is made of names, numbers and + - * / ( ) , = >= <=");
    }
    tokens.add(new Token(kind, token, place));
  }

  /** A character, with its number where it may be invisible or mistaken for another. */
  private static String shown(int character) {
    String text = "'" + Character.toString(character) + "'";
    return character > ' ' && character < 127 ? text : "%s (U+%04X)".formatted(text, character);
  }

  private static int endOfNumber(String text, int start, int end) {
    int at = start;
    while (at < end && (isDigit(text.charAt(at)) || text.charAt(at) == '.')) {
      at++;
    }
    if (at < end && (text.charAt(at) == 'e' || text.charAt(at) == 'E')) {
      int exponent = at + 1;
      if (exponent < end && (text.charAt(exponent) == '+' || text.charAt(exponent) == '-')) {
        exponent++;
      }
      if (exponent < end && isDigit(text.charAt(exponent))) {
        at = exponent;
        while (at < end && isDigit(text.charAt(at))) {
          at++;
        }
      }
    }
    return at;
  }

  private static boolean isLetter(char c) {
    return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_';
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  boolean empty() {
    return tokens.size() == 1;
  }

  Token peek() {
    return tokens.get(next);
  }

  Token take() {
    Token token = tokens.get(next);
    if (token.kind() != Kind.END) {
      next++;
    }
    return token;
  }

  /** Takes the symbol if it comes next. */
  boolean takeIf(String symbol) {
    boolean found = peek().is(symbol);
    if (found) {
      next++;
    }
    return found;
  }

  Token takeSymbol(String symbol, String hint) {
    if (!peek().is(symbol)) {
      throw peek().place().error("'" + symbol + "' is missing before " + peek().shown(), hint);
    }
    return take();
  }

  Token takeName(String what, String hint) {
    if (peek().kind() != Kind.NAME) {
      throw peek().place().error(what + " is missing before " + peek().shown(), hint);
    }
    return take();
  }

  void end() {
    if (peek().kind() != Kind.END) {
      throw peek().place().error(peek().shown() + " is one too many", "a line holds one statement");
    }
  }
}
