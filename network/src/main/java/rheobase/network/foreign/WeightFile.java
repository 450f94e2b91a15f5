package rheobase.network.foreign;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.ZipFile;
import rheobase.data.npy.NpzFile;
import rheobase.network.NetworkException;
import rheobase.network.model.Safetensors;
import rheobase.network.model.SavedTensor;

/**
 * A file of tensors that another program wrote: safetensors, NumPy's {@code .npz}, or PyTorch's
 * {@code .pt} from version 1.6 on. Which of them it is, is seen from its beginning and not from its
 * name. Values become floats: doubles are rounded, halves exact.
 */
public final class WeightFile {
  private static final String FORMATS =
      "weights are read from .safetensors, from NumPy's .npz and from PyTorch's .pt";

  private WeightFile() {}

  /**
   * Reads every tensor of a file, in its order.
   *
   * @throws NetworkException for a file that is none of these, or is cut short, damaged, or holds
   *     more than tensors; names the file
   * @throws rheobase.data.DataException the same of an {@code .npz}
   */
  public static List<SavedTensor> read(Path file) {
    try {
      var start = start(file);
      if (begins(start, 'P', 'K')) {
        return zip(file);
      }
      if (start.length == 9 && start[8] == '{') {
        return safetensors(file);
      }
      if (begins(start, 0x80, 0x02, 0x8a, 0x0a)) {
        throw new NetworkException(
            file
                + " is in PyTorch's format from before version 1.6, which lists its tensors as a"
                + " program; where you trust it, load it in PyTorch and save its state dict anew:"
                + " torch.save(model.state_dict(), \"weights.pt\")");
      }
      if (begins(start, 0x80)) {
        throw new NetworkException(
            file + " is a plain Python pickle; save its tensors with torch.save or numpy.savez");
      }
      if (begins(start, 0x93, 'N', 'U', 'M')) {
        throw new NetworkException(
            file + " is a single array (.npy); put it into a file of named ones with numpy.savez");
      }
      if (begins(start, 0x89, 'H', 'D', 'F')) {
        throw new NetworkException(file + " is an HDF5 file; " + FORMATS);
      }
      throw new NetworkException(
          file + (start.length == 0 ? " is empty; " : " is no file of weights; ") + FORMATS);
    } catch (IOException e) {
      throw new NetworkException(
          file
              + " cannot be read: "
              + (e instanceof AccessDeniedException ? "permission denied" : e.getMessage()),
          e);
    }
  }

  private static byte[] start(Path file) throws IOException {
    if (!Files.exists(file)) {
      throw new NetworkException("there is no file of weights at " + file);
    }
    if (Files.isDirectory(file)) {
      throw new NetworkException(file + " is a folder; name the file of weights in it");
    }
    try (var in = Files.newInputStream(file)) {
      return in.readNBytes(9);
    }
  }

  private static boolean begins(byte[] start, int... bytes) {
    if (start.length < bytes.length) {
      return false;
    }
    for (int i = 0; i < bytes.length; i++) {
      if (start[i] != (byte) bytes[i]) {
        return false;
      }
    }
    return true;
  }

  private static List<SavedTensor> zip(Path file) throws IOException {
    try (var zip = new ZipFile(file.toFile())) {
      var pickle = TorchFile.pickle(zip);
      if (pickle != null) {
        return TorchFile.read(file, zip, pickle);
      }
      if (zip.getEntry("model.json") != null) {
        throw new NetworkException(file + " is a model of Rheobase already");
      }
      if (zip.stream().noneMatch(entry -> entry.getName().endsWith(".npy"))) {
        throw new NetworkException(
            file + " is a zip file with neither PyTorch's nor NumPy's content in it; " + FORMATS);
      }
    } catch (java.util.zip.ZipException | IllegalArgumentException e) {
      throw new NetworkException(
          file
              + " is cut off or damaged: it begins as a zip file but does not read as one ("
              + e.getMessage()
              + ")",
          e);
    }
    return arrays(file);
  }

  private static List<SavedTensor> arrays(Path file) {
    var tensors = new ArrayList<SavedTensor>();
    NpzFile.read(file)
        .forEach((name, array) -> {
          if (!array.isText()) {
            var doubles = array.doubles();
            var values = new float[doubles.length];
            for (int i = 0; i < values.length; i++) {
              values[i] = (float) doubles[i];
            }
            tensors.add(new SavedTensor(name, array.shape(), values));
          }
        });
    return tensors;
  }

  private static List<SavedTensor> safetensors(Path file) throws IOException {
    if (Files.size(file) > Integer.MAX_VALUE - 8) {
      throw new NetworkException(file + " has more than two gigabytes, more than is read");
    }
    try {
      return Safetensors.read(Files.readAllBytes(file)).tensors();
    } catch (NetworkException e) {
      throw new NetworkException(file + " cannot be used: " + e.getMessage(), e);
    }
  }
}
