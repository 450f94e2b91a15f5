package rheobase.data.csv;

import java.io.FilterReader;
import java.io.IOException;
import java.io.Reader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import rheobase.data.DataException;

/**
 * The characters of a text file, on their way to the library that splits them. It notices what the
 * library lets pass: bytes that are no UTF-8, zeros, a quotation mark that is never closed.
 */
final class WatchedReader extends FilterReader {
  private final Path path;
  private boolean oddQuotes;
  private boolean begun;
  private long line = 1;

  private WatchedReader(Path path, Reader text) {
    super(text);
    this.path = path;
  }

  static WatchedReader open(Path path) {
    try {
      // Files.newBufferedReader reports malformed input instead of replacing it.
      return new WatchedReader(path, Files.newBufferedReader(path, StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw CsvFile.unreadable(path, e);
    }
  }

  /** Whether the number of quotation marks read so far is odd. */
  boolean oddQuotes() {
    return oddQuotes;
  }

  @Override
  public int read(char[] to, int offset, int length) throws IOException {
    int count = super.read(to, offset, length);
    if (!begun && count > 0) {
      begun = true;
      if (to[offset] == '\ufeff') { // byte-order mark
        System.arraycopy(to, offset + 1, to, offset, --count);
        if (count == 0) {
          return read(to, offset, length);
        }
      }
    }
    for (int i = offset; i < offset + count; i++) {
      switch (to[i]) {
        case '"' -> oddQuotes = !oddQuotes;
        case '\n' -> line++;
        case 0 ->
            throw new DataException(
                "%s:%d holds a zero byte; it is no text.".formatted(path, line));
        default -> {}
      }
    }
    return count;
  }

  /** The first line that is not UTF-8, from 1 on. */
  static long firstBadLine(Path path) {
    try {
      final byte[] bytes = Files.readAllBytes(path);
      int line = 1;
      int begin = 0;
      for (int end = 0; end <= bytes.length; end++) {
        if (end == bytes.length || bytes[end] == '\n') {
          if (!isText(bytes, begin, end - begin)) {
            return line;
          }
          line++;
          begin = end + 1;
        }
      }
      return line;
    } catch (IOException e) {
      throw CsvFile.unreadable(path, e);
    }
  }

  private static boolean isText(byte[] bytes, int from, int length) {
    try {
      StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPORT)
          .decode(ByteBuffer.wrap(bytes, from, length));
      return true;
    } catch (CharacterCodingException e) {
      return false;
    }
  }
}
