package rheobase.app;

import java.util.List;
import rheobase.cell.graph.StepOperations.Signal;
import rheobase.network.energy.Cost;
import rheobase.network.energy.CountedLayer;
import rheobase.network.energy.Multiplications;
import rheobase.network.energy.NetworkEnergy;
import rheobase.network.energy.Neuron;
import rheobase.network.energy.Operations;
import rheobase.network.energy.Traffic;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * What {@code rheo energy --json} prints, energies in picojoules, words of 32 bits:
 *
 * <pre>
 *   {"experiment", "seed", "selectedOn", "model", "accuracy", "sequences", "steps",
 *    "layers": [{"name", "cell", "inputs", "units", "inputRate", "firingRate", "formula",
 *                "synapticOperations", "accumulates", "multiplyAccumulates",
 *                "words": {"weights", "constants", "states"}}],
 *    "memory": {"name", "picojoulesPerWord"},
 *    "step": {"synapticOperations", "accumulates", "multiplyAccumulates", "int32", "fp32",
 *             "wordsRead", "wordsWritten", "memory", "int32WithMemory", "fp32WithMemory"},
 *    "inference": the same,
 *    "multiplications": {"step": {"corrected", "asCoded"}, "gru": the same, "lstm": the same},
 *    "against": [{"name", "model", "accuracy", "steps", "memory", "step", "inference",
 *                 "ratio": {"int32", "fp32", "int32WithMemory", "fp32WithMemory"}}]}
 * </pre>
 *
 * A rate is null where real values are handed on; model, accuracy are null for a network that was
 * not trained. Ratios are those of an inference. Multiplications, of a step, are there for the
 * networks that {@link Multiplications} knows.
 */
final class EnergyJson {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private EnergyJson() {}

  static ObjectNode of(MeasuredModel model, List<MeasuredModel> rivals) {
    var experiment = model.model().experiment();
    var energy = model.energy();
    var object = NODES.objectNode();
    object.put("experiment", experiment.name());
    object.put("seed", model.model().seed());
    object.put("selectedOn", experiment.training().selectOn().text());
    object.put("model", path(model));
    object.set("accuracy", ResultJson.number(model.test().score().accuracy()));
    object.put("sequences", model.data().split().test().sequences().size());
    object.put("steps", model.steps());
    var layers = object.putArray("layers");
    for (int index = 0; index < energy.layers().size(); index++) {
      layers.add(
          layer(
              energy.layers().get(index),
              model.cells().get(index),
              model.test().firingRates().get(index)));
    }
    memory(object, energy);
    totals(object, energy, model.steps());
    multiplications(object, model);

    var against = object.putArray("against");
    for (var kind : List.of(Neuron.RNN, Neuron.GRU, Neuron.LSTM)) {
      var name = kind == Neuron.RNN ? "rnn" : kind == Neuron.GRU ? "gru" : "lstm";
      against.add(rival(name, null, energy.rival(kind), model.steps(), model));
    }
    for (var rival : rivals) {
      against.add(
          rival(rival.model().experiment().name(), rival, rival.energy(), rival.steps(), model));
    }
    return object;
  }

  private static void multiplications(ObjectNode object, MeasuredModel model) {
    if (model.multiplications().isEmpty()) {
      return;
    }
    var all = object.putObject("multiplications");
    all.set("step", counted(model.multiplications().orElseThrow()));
    all.set("gru", counted(model.multiplicationsOfRival(3).orElseThrow()));
    all.set("lstm", counted(model.multiplicationsOfRival(4).orElseThrow()));
  }

  private static ObjectNode counted(Multiplications multiplications) {
    return NODES
        .objectNode()
        .put("corrected", multiplications.corrected())
        .put("asCoded", multiplications.asCoded());
  }

  private static String path(MeasuredModel model) {
    return model.model().path().toAbsolutePath().normalize().toString();
  }

  private static ObjectNode layer(CountedLayer layer, String cell, double firingRate) {
    var object = NODES.objectNode();
    object.put("name", layer.name());
    object.put("cell", cell);
    object.put("inputs", layer.inputs());
    object.put("units", layer.units());
    object.set(
        "inputRate",
        ResultJson.number(layer.input() == Signal.REAL ? Double.NaN : layer.inputRate()));
    object.set("firingRate", ResultJson.number(firingRate));
    object.put("formula", layer.formula());
    operations(object, layer.synaptic(), layer.operations());
    var traffic = layer.traffic();
    var words = object.putObject("words");
    words.put("weights", traffic.weights());
    words.put("constants", traffic.constants());
    words.put("states", traffic.states());
    return object;
  }

  private static ObjectNode rival(
      String name, MeasuredModel trained, NetworkEnergy energy, double steps, MeasuredModel own) {
    var object = NODES.objectNode();
    object.put("name", name);
    object.put("model", trained == null ? null : path(trained));
    object.set(
        "accuracy",
        ResultJson.number(trained == null ? Double.NaN : trained.test().score().accuracy()));
    object.put("steps", steps);
    memory(object, energy);
    totals(object, energy, steps);
    if (trained != null) {
      multiplications(object, trained);
    }
    var ratio = object.putObject("ratio");
    var ours = own.energy();
    double longer = steps / own.steps();
    for (var cost : List.of(Cost.INT32, Cost.FP32)) {
      ratio.set(
          cost.name(), ResultJson.number(longer * energy.picojoules(cost) / ours.picojoules(cost)));
      ratio.set(
          cost.name() + "WithMemory",
          ResultJson.number(
              longer * energy.picojoulesWithMemory(cost) / ours.picojoulesWithMemory(cost)));
    }
    return object;
  }

  private static void memory(ObjectNode object, NetworkEnergy energy) {
    var memory = object.putObject("memory");
    memory.put("name", energy.memory().text());
    memory.put("picojoulesPerWord", energy.memory().picojoulesPerWord());
  }

  private static void totals(ObjectNode object, NetworkEnergy energy, double steps) {
    object.set("step", total(energy, 1));
    object.set("inference", total(energy, steps));
  }

  private static ObjectNode total(NetworkEnergy energy, double steps) {
    var object = NODES.objectNode();
    operations(object, energy.synaptic().times(steps), energy.operations().times(steps));
    Traffic traffic = energy.traffic().times(steps);
    object.put("wordsRead", traffic.read());
    object.put("wordsWritten", traffic.written());
    object.put("memory", steps * energy.memoryPicojoules());
    for (var cost : List.of(Cost.INT32, Cost.FP32)) {
      object.put(cost.name(), steps * energy.picojoules(cost));
      object.put(cost.name() + "WithMemory", steps * energy.picojoulesWithMemory(cost));
    }
    return object;
  }

  private static void operations(ObjectNode object, Operations synaptic, Operations all) {
    object.put("synapticOperations", synaptic.count());
    object.put("accumulates", all.accumulates());
    object.put("multiplyAccumulates", all.multiplyAccumulates());
  }
}
