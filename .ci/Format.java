import com.google.googlejavaformat.java.Formatter;
import com.google.googlejavaformat.java.FormatterException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;

/**
 * Checks or rewrites the layout of every Java file below a folder with google-java-format.
 *
 * <p>Run by Maven (see the root {@code pom.xml}) as {@code java .ci/Format.java check|write|skip
 * FOLDER LIST}, in a JVM of the JDK that also compiles. {@code check} names the files that are not
 * formatted and writes the file LIST, on which the build then stops: an exit code would make Maven
 * bury the names under a stack trace.
 */
final class Format {

  private Format() {}

  public static void main(final String[] arguments) throws IOException {
    final var mode = arguments[0];
    final var root = Path.of(arguments[1]);
    final var list = Path.of(arguments[2]);
    Files.deleteIfExists(list);
    switch (mode) {
      case "skip" -> {}
      case "write" -> unformatted(root, true);
      case "check" -> {
        final var files = unformatted(root, false);
        files.forEach(file -> System.err.println("Not formatted: " + file));
        if (!files.isEmpty()) {
          Files.write(list, files);
        }
      }
      default -> {
        System.err.println("-Dformat is check, write or skip, not '" + mode + "'.");
        System.exit(2);
      }
    }
  }

  /**
   * The files whose layout differs from the formatter's, relative to the folder; rewritten if
   * asked.
   */
  private static List<String> unformatted(final Path root, final boolean rewrite)
      throws IOException {
    return javaFiles(root).parallelStream()
        .filter(file -> differs(file, rewrite))
        .map(file -> root.relativize(file).toString())
        .toList();
  }

  private static boolean differs(final Path file, final boolean rewrite) {
    try {
      final var text = Files.readString(file);
      final var formatted = new Formatter().formatSourceAndFixImports(text);
      if (rewrite && !formatted.equals(text)) {
        Files.writeString(file, formatted);
      }
      return !formatted.equals(text);
    } catch (FormatterException e) {
      // A syntax error: the compiler will say it better, with the line.
      System.err.println(file + ": " + e.getMessage());
      return true;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Every source file that is ours: build output and hidden folders other than .ci are not. */
  private static List<Path> javaFiles(final Path root) throws IOException {
    final var files = new ArrayList<Path>();
    Files.walkFileTree(
        root,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(
              final Path folder, final BasicFileAttributes attributes) {
            final var name = folder.getFileName().toString();
            final var ours =
                folder.equals(root)
                    || name.equals(".ci")
                    || !(name.startsWith(".") || name.equals("target") || name.equals("runs"));
            return ours ? FileVisitResult.CONTINUE : FileVisitResult.SKIP_SUBTREE;
          }

          @Override
          public FileVisitResult visitFile(final Path file, final BasicFileAttributes attributes) {
            if (file.toString().endsWith(".java")) {
              files.add(file);
            }
            return FileVisitResult.CONTINUE;
          }
        });
    return files;
  }
}
