package rheobase.network.foreign;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import rheobase.cell.language.Names;
import rheobase.network.LayerSpec;
import rheobase.network.NetworkException;
import rheobase.network.model.SavedTensor;
import rheobase.network.parameter.Parameters;
import rheobase.network.parameter.Tensor;

/**
 * Says of each tensor of a network what it is in a file of another program.
 *
 * @param name of the map, for sentences
 * @param sources by the name of our tensor, e.g. {@code hidden.weight_in}
 * @param ignored tensors of the file that no tensor of ours needs; {@code *} at the end stands for
 *     any ending
 */
public record WeightMap(String name, Map<String, Source> sources, List<String> ignored) {
  /** Problems told at once; a wrong map is wrong everywhere. */
  private static final int MOST_SENTENCES = 12;

  /** Where the values of a tensor come from. */
  public sealed interface Source {
    /**
     * A tensor of the file.
     *
     * @param transposed whether the file holds a matrix as {@code [from][to]}
     */
    record Named(String name, boolean transposed) implements Source {}

    /** A single number of the file, which the other program uses for all units. */
    record Repeated(String name) implements Source {}

    /** The same number everywhere, of what the other program did not train and so did not keep. */
    record Constant(double value) implements Source {}
  }

  public WeightMap {
    sources = new LinkedHashMap<>(sources);
    ignored = List.copyOf(ignored);
  }

  /**
   * Channels that the lowest layer of a network is driven by, seen from the shape of its weights.
   *
   * @throws NetworkException when the map or the file has no such matrix
   */
  public int inputs(LayerSpec lowest, String file, List<SavedTensor> tensors) {
    if (lowest.connection() == LayerSpec.Connection.ONE_TO_ONE) {
      return lowest.units();
    }
    var ours = lowest.name() + (lowest.bidirectional() ? ".forward" : "") + ".weight_in";
    return switch (sources.get(ours)) {
      case Source.Named source -> {
        var shape = byName(tensors).get(source.name);
        if (shape == null) {
          throw new NetworkException(missing(ours, source.name, file, tensors));
        }
        if (shape.shape().length != 2 || shape.values().length == 0) {
          throw new NetworkException(
              "'%s' of %s has the shape %s; as '%s' it must be a matrix, [units][channels]"
                  .formatted(source.name, file, text(shape.shape()), ours));
        }
        yield shape.shape()[source.transposed ? 0 : 1];
      }
      case Source.Constant _, Source.Repeated _ ->
          throw new NetworkException(
              "%s gives a number for '%s', from which the channels of the data cannot be seen"
                  .formatted(name, ours));
      case null -> throw new NetworkException(unmapped(ours));
    };
  }

  /**
   * Puts the tensors of a file into a network's parameters.
   *
   * @throws NetworkException when one of ours has no source, one of theirs no use, or two do not
   *     have the same shape: a sentence each; the parameters are then of no use
   */
  public void fill(Parameters parameters, String file, List<SavedTensor> tensors) {
    var theirs = byName(tensors);
    var problems = new ArrayList<String>();
    var ours = parameters.tensors().stream().map(Tensor::name).toList();
    for (var mapped : sources.keySet()) {
      if (!ours.contains(mapped)) {
        problems.add(
            "%s gives '%s', but the network has no such tensor%s"
                .formatted(name, mapped, Names.hint(mapped, ours)));
      }
    }
    for (var tensor : parameters.tensors()) {
      switch (sources.get(tensor.name())) {
        case Source.Named source -> {
          var saved = theirs.get(source.name);
          if (saved == null) {
            problems.add(missing(tensor.name(), source.name, file, tensors));
          } else if (!Arrays.equals(
              source.transposed ? turned(saved.shape()) : saved.shape(), tensor.shape())) {
            problems.add(misshapen(tensor, source, file, saved.shape()));
          } else {
            parameters.set(
                tensor.name(),
                source.transposed && !tensor.isVector() ? transposed(saved) : saved.values());
          }
        }
        case Source.Repeated(String from) -> {
          var saved = theirs.get(from);
          if (saved == null) {
            problems.add(missing(tensor.name(), from, file, tensors));
          } else if (saved.values().length != 1) {
            problems.add(
                "'%s' of %s has the shape %s; to be repeated as '%s' it must be a single number"
                    .formatted(from, file, text(saved.shape()), tensor.name()));
          } else {
            parameters.set(tensor.name(), filled(tensor, saved.values()[0]));
          }
        }
        case Source.Constant(double value) -> {
          parameters.set(tensor.name(), filled(tensor, (float) value));
        }
        case null -> problems.add(unmapped(tensor.name()));
      }
    }
    for (var extra : unused(theirs)) {
      problems.add(
          "%s has a tensor '%s' %s that %s does not use; give it to a tensor of the network, or list it under ignore"
              .formatted(file, extra, text(theirs.get(extra).shape()), name));
    }
    if (!problems.isEmpty()) {
      int more = problems.size() - MOST_SENTENCES;
      throw new NetworkException(
          problems.stream().limit(MOST_SENTENCES).collect(Collectors.joining("\n"))
              + (more > 0 ? "\nand " + more + " more of this kind" : ""));
    }
  }

  private static LinkedHashMap<String, SavedTensor> byName(List<SavedTensor> tensors) {
    var byName = new LinkedHashMap<String, SavedTensor>();
    tensors.forEach(tensor -> byName.put(tensor.name(), tensor));
    return byName;
  }

  private LinkedHashSet<String> unused(Map<String, SavedTensor> theirs) {
    var unused = new LinkedHashSet<>(theirs.keySet());
    for (var source : sources.values()) {
      switch (source) {
        case Source.Named named -> unused.remove(named.name);
        case Source.Repeated(String from) -> unused.remove(from);
        case Source.Constant _ -> {}
      }
    }
    unused.removeIf(extra ->
        ignored.stream()
            .anyMatch(each ->
                each.endsWith("*")
                    ? extra.startsWith(each.substring(0, each.length() - 1))
                    : extra.equals(each)));
    return unused;
  }

  private String unmapped(String ours) {
    return "%s does not say what '%s' of the network is in the file".formatted(name, ours);
  }

  private static float[] filled(Tensor tensor, float value) {
    var values = new float[tensor.count()];
    Arrays.fill(values, value);
    return values;
  }

  private String missing(String ours, String theirs, String file, List<SavedTensor> tensors) {
    return "%s has no tensor '%s', which %s gives for '%s'%s"
        .formatted(
            file, theirs, name, ours, Names.hint(theirs, new TreeSet<>(byName(tensors).keySet())));
  }

  private String misshapen(Tensor tensor, Source.Named source, String file, int[] shape) {
    boolean turns = Arrays.equals(source.transposed ? shape : turned(shape), tensor.shape());
    return "'%s' of %s has the shape %s%s, but '%s' needs %s%s"
        .formatted(
            source.name,
            file,
            text(shape),
            source.transposed ? ", to be transposed" : "",
            tensor.name(),
            text(tensor.shape()),
            !turns
                ? ""
                : source.transposed
                    ? "; leave out transpose"
                    : "; if it is the transpose: { from = \"%s\", transpose = true }"
                        .formatted(source.name));
  }

  private static int[] turned(int[] shape) {
    return shape.length == 2 ? new int[] {shape[1], shape[0]} : shape;
  }

  private static float[] transposed(SavedTensor saved) {
    int rows = saved.shape()[0];
    int columns = saved.shape()[1];
    var turned = new float[saved.values().length];
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        turned[j * rows + i] = saved.values()[i * columns + j];
      }
    }
    return turned;
  }

  private static String text(int[] shape) {
    return shape.length == 0
        ? "of a single number"
        : Arrays.stream(shape).mapToObj(side -> "[" + side + "]").collect(Collectors.joining());
  }
}
