package rheobase.network.model;

import java.io.BufferedOutputStream;
import java.io.FileNotFoundException;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * Replaces a file as a whole or not at all. The new content goes to {@code name.part} beside it, is
 * forced to the disk, and takes the old file's place by an atomic rename. Whatever happens on the
 * way, a full disk, a kill, a power cut, the file is either the old one or the new one.
 */
public final class DurableFile {
  private DurableFile() {}

  /** What the file shall hold. */
  @FunctionalInterface
  public interface Content {
    /** Writes everything; the stream is buffered, and closed by the caller. */
    void writeTo(OutputStream out) throws IOException;
  }

  /**
   * Replaces a file.
   *
   * @throws WriteException when the disk or folder does not let it; the old file is then untouched
   *     and no part is left
   */
  public static void write(Path file, Content content) {
    var whole = file.toAbsolutePath();
    var part = whole.resolveSibling(whole.getFileName() + ".part");
    try {
      // A plain stream and not a channel: a channel closes itself when its thread is interrupted.
      try (var out = new FileOutputStream(part.toFile())) {
        var buffered = new BufferedOutputStream(out, 1 << 16);
        content.writeTo(buffered);
        buffered.flush();
        out.getFD().sync();
      }
      Files.move(part, whole, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new WriteException(
          "cannot write "
              + whole
              + ": "
              + reason(e)
              + (Files.exists(whole) ? "; the file from before is still there, unchanged" : "")
              + ". Make room on that disk or the folder writable.",
          e);
    } finally {
      delete(part);
    }
    forceFolder(whole);
  }

  /**
   * Makes the rename itself survive a power cut. Windows cannot open a folder, and does not need
   * it.
   */
  private static void forceFolder(Path file) {
    if (System.getProperty("os.name").startsWith("Windows")) {
      return;
    }
    // Only a channel can force a folder, and one closes itself when its thread is interrupted: then
    // once more.
    boolean interrupted = false;
    boolean forced = false;
    while (!forced) {
      interrupted |= Thread.interrupted();
      try (var channel = FileChannel.open(file.getParent(), StandardOpenOption.READ)) {
        channel.force(true);
        forced = true;
      } catch (ClosedByInterruptException _) {
        interrupted = true;
      } catch (IOException e) {
        throw new WriteException(
            "wrote "
                + file
                + ", but its folder could not be forced to the disk ("
                + reason(e)
                + "); check the disk",
            e);
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** After success there is nothing to delete. */
  private static void delete(Path part) {
    try {
      Files.deleteIfExists(part);
    } catch (IOException _) {
      // The reason that matters is the first one, and it is on its way to the user.
    }
  }

  private static String reason(IOException e) {
    var message = String.valueOf(e.getMessage());
    return switch (e) {
      // "path (No such file or directory)": the path is in our sentence already.
      case FileNotFoundException _ when message.endsWith(")") ->
          message.substring(message.lastIndexOf('(') + 1, message.length() - 1);
      case FileSystemException refused when refused.getReason() != null -> refused.getReason();
      case FileSystemException refused -> refused.getClass().getSimpleName();
      default -> message;
    };
  }
}
