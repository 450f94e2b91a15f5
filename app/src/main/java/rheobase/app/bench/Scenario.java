package rheobase.app.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import rheobase.data.SequenceSet;
import rheobase.network.Network;
import rheobase.network.parameter.Tensor;

/**
 * A scenario ready to be run.
 *
 * @param name as the command takes it
 * @param network at its initial values
 * @param data one batch, in order
 * @param microBatch sequences that a thread carries through time together
 * @param tensors our name of every parameter to the one it is reported by
 * @param reference what the peer computed from the same values; empty where it wrote nothing down
 * @param origin where data and values come from, for people
 */
record Scenario(
    String name,
    Network network,
    SequenceSet data,
    int microBatch,
    Map<String, String> tensors,
    Optional<Reference> reference,
    String origin) {

  /** Nothing but the initial values of a network is drawn by it. */
  private static final long SEED = 99;

  /**
   * What the peer computed in the first step.
   *
   * @param single in single precision
   * @param exact in double precision
   */
  record Reference(FirstStep single, FirstStep exact) {}

  /**
   * Reads a scenario, or makes one of the same shape.
   *
   * @param folder where {@code dump_scenario.py} has written it, or for heartbeats the recordings
   *     of the QT Database; null for data of our own making
   * @throws rheobase.network.NetworkException when a file of the folder is missing or wrong
   * @throws rheobase.data.DataException the same, of recordings
   */
  static Scenario of(ScenarioShape shape, Path folder) {
    boolean recordings =
        folder != null && shape.classEachStep() && Files.exists(folder.resolve("QTDB_train.mat"));
    if (folder != null && !recordings) {
      var dump = new DumpedScenario(folder, shape);
      return shape.spiking()
          ? dump.read()
          : made(
              shape,
              dump.data(),
              "%s's data of %s; the peers write no values of such a network"
                  .formatted(shape.dump(), folder));
    }
    return recordings
        ? made(shape, MadeData.recorded(shape, folder), "recordings of " + folder)
        : made(shape, MadeData.of(shape), "data of our own making");
  }

  private static Scenario made(ScenarioShape shape, SequenceSet data, String origin) {
    Network network = Network.create(shape.network(), SEED);
    Map<String, String> tensors = shape.spiking() ? shape.peerNames() : new LinkedHashMap<>();
    if (!shape.spiking()) {
      for (Tensor tensor : network.parameters().tensors()) {
        tensors.put(tensor.name(), tensor.name());
      }
    }
    return new Scenario(
        shape.name(), network, data, shape.microBatch(), tensors, Optional.empty(), origin);
  }

  int steps() {
    return data.sequences().getFirst().steps();
  }
}
