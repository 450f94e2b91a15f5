package rheobase.data;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * Data that cannot be used. The message is one complete sentence for the person who chose the data:
 * what is wrong, in which file, sequence or step, and what to do.
 */
public final class DataException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public DataException(String message) {
    super(message);
  }

  public DataException(String message, Throwable cause) {
    super(message, cause);
  }

  /** Of a file that the file system did not let be read. */
  public static DataException unreadable(Path path, IOException failure) {
    return new DataException(
        switch (failure) {
          case NoSuchFileException _ -> "There is no file %s.".formatted(path);
          case AccessDeniedException _ -> "There is no permission to read %s.".formatted(path);
          case CharacterCodingException _ -> "%s is no text in UTF-8.".formatted(path);
          case IOException _ when Files.isDirectory(path) ->
              "%s is a folder; expected is a file.".formatted(path);
          default -> "%s cannot be read: %s.".formatted(path, failure.getMessage());
        },
        failure);
  }
}
