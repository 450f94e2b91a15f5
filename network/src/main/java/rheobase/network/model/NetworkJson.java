package rheobase.network.model;

import java.util.TreeMap;
import rheobase.cell.graph.Surrogate;
import rheobase.network.LayerSpec;
import rheobase.network.LossSpec;
import rheobase.network.LossSpec.Late;
import rheobase.network.NetworkException;
import rheobase.network.NetworkSpec;
import rheobase.network.Readout;
import rheobase.network.parameter.Initializer;
import tools.jackson.databind.node.ObjectNode;

/**
 * A network's description as JSON, with the names experiment files use. Equal descriptions give
 * equal text: what has no order of its own is sorted by name.
 */
public final class NetworkJson {
  private NetworkJson() {}

  /** Everything the description says. */
  public static ObjectNode write(NetworkSpec network) {
    var json = Json.object().put("inputs", network.inputs());
    var layers = json.putArray("layers");
    network.layers().forEach(layer -> layers.add(write(layer)));
    json.put("readout", network.readout().text());
    var loss =
        json.putObject("loss")
            .put("kind", network.loss().kind().text())
            .put("from_step", network.loss().fromStep())
            .put("reduction", network.loss().reduction().text());
    if (!network.loss().late().equals(Late.NONE)) {
      loss.putObject("late_weight")
          .put("after", network.loss().late().after())
          .put("over", network.loss().late().over());
    }
    return json;
  }

  private static ObjectNode write(LayerSpec layer) {
    var json =
        Json.object()
            .put("name", layer.name())
            .put("cell", layer.cellText())
            .put("units", layer.units())
            .put("recurrent", layer.recurrent());
    new TreeMap<>(layer.constants()).forEach(json.putObject("constants")::put);
    new TreeMap<>(layer.parameters()).forEach(json.putObject("parameters")::put);
    new TreeMap<>(layer.states()).forEach(json.putObject("states")::put);
    var surrogate = json.putObject("surrogate").put("kind", layer.surrogate().kind().text());
    layer.surrogate().numbers().forEach(surrogate::put);
    // what most layers do not have is left out, so that files written before it existed are the
    // same
    if (layer.connection() != LayerSpec.Connection.ALL_TO_ALL) {
      json.put("connection", layer.connection().text());
    }
    if (layer.bidirectional()) {
      json.put("bidirectional", true);
    }
    if (layer.substeps() > 1) {
      json.put("substeps", layer.substeps());
    }
    if (layer.isNormalised()) {
      json.put("normalise", layer.normalise().text());
    }
    return json.put("input_weights", text(layer.inputWeights()))
        .put("recurrent_weights", text(layer.recurrentWeights()))
        .put("input_bias", text(layer.inputBias()))
        .put("recurrent_bias", text(layer.recurrentBias()))
        .put("dropout", layer.dropout())
        .put("emits", layer.emits());
  }

  /**
   * Reads what {@link #write} wrote.
   *
   * @throws NetworkException for a field that is missing, unknown or wrong, naming it
   */
  public static NetworkSpec read(JsonFields json) {
    int inputs = json.smallWhole("inputs");
    var layers = json.objects("layers").stream().map(NetworkJson::layer).toList();
    var readout = json.choice("readout", Readout.class);
    var loss = json.object("loss");
    var lossSpec =
        new LossSpec(
            loss.choice("kind", LossSpec.Kind.class),
            loss.smallWhole("from_step"),
            loss.choice("reduction", LossSpec.Reduction.class),
            loss.has("late_weight") ? late(loss.object("late_weight")) : Late.NONE);
    loss.nothingElse();
    json.nothingElse();
    return new NetworkSpec(inputs, layers, readout, lossSpec);
  }

  private static Late late(JsonFields json) {
    var late = new Late(json.smallWhole("after"), json.number("over"));
    json.nothingElse();
    return late;
  }

  private static LayerSpec layer(JsonFields json) {
    var layer =
        new LayerSpec(
            json.text("name"),
            json.text("cell"),
            json.smallWhole("units"),
            json.flag("recurrent"),
            json.object("constants").numbers(),
            json.object("parameters").texts(),
            json.object("states").texts(),
            surrogate(json.object("surrogate")),
            initializer(json, "input_weights"),
            initializer(json, "recurrent_weights"),
            initializer(json, "input_bias"),
            initializer(json, "recurrent_bias"),
            json.number("dropout"),
            json.textOrNull("emits"),
            json.has("connection")
                ? json.choice("connection", LayerSpec.Connection.class)
                : LayerSpec.Connection.ALL_TO_ALL,
            json.has("bidirectional") && json.flag("bidirectional"),
            json.has("substeps") ? json.smallWhole("substeps") : 1,
            json.has("normalise")
                ? json.choice("normalise", LayerSpec.Normalise.class)
                : LayerSpec.Normalise.NONE);
    json.nothingElse();
    return layer;
  }

  private static Surrogate surrogate(JsonFields json) {
    var surrogate =
        new Surrogate(
            json.choice("kind", Surrogate.Kind.class),
            json.number("gamma"),
            json.number("sigma"),
            json.number("height"),
            json.number("scale"));
    json.nothingElse();
    return surrogate;
  }

  private static String text(Initializer initializer) {
    return initializer == null ? null : initializer.text();
  }

  private static Initializer initializer(JsonFields json, String name) {
    return json.has(name) ? Initializer.parse(json.text(name)) : null;
  }
}
