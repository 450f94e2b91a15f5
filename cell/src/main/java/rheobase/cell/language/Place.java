package rheobase.cell.language;

/** A place in a cell's text; line and column count from 1. */
record Place(String file, int line, int column) {
  CellException error(String problem, String hint) {
    return new CellException("%s:%d:%d: %s; %s".formatted(file, line, column, problem, hint));
  }
}
