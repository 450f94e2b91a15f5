package rheobase.network.optimize;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import rheobase.network.NetworkException;

/**
 * A rule that turns gradients into steps, and its numbers. The rules themselves stand in {@link
 * Optimizer}.
 */
public sealed interface OptimizerSpec {

  /** The learning rate before the schedule and the factors of single tensors. */
  double rate();

  /** Kingma and Ba 2015, algorithm 1. */
  record Adam(double rate, double beta1, double beta2, double epsilon) implements OptimizerSpec {
    public Adam {
      positive("adam", "rate", rate);
      share("adam", "beta1", beta1);
      share("adam", "beta2", beta2);
      positive("adam", "epsilon", epsilon);
    }

    public Adam(double rate) {
      this(rate, 0.9, 0.999, 1e-8);
    }
  }

  /**
   * Adam with decoupled weight decay; Loshchilov and Hutter 2019, algorithm 2 without a schedule of
   * its own.
   */
  record AdamW(double rate, double beta1, double beta2, double epsilon, double weightDecay)
      implements OptimizerSpec {
    public AdamW {
      positive("adamw", "rate", rate);
      share("adamw", "beta1", beta1);
      share("adamw", "beta2", beta2);
      positive("adamw", "epsilon", epsilon);
      notNegative("adamw", "weight_decay", weightDecay);
    }

    public AdamW(double rate) {
      this(rate, 0.9, 0.999, 1e-8, 1e-2);
    }
  }

  /**
   * Adam with the largest of the decaying gradients in place of their mean square; Kingma and Ba
   * 2015, algorithm 2. {@code epsilon} is added to each gradient's magnitude, as PyTorch does.
   */
  record Adamax(double rate, double beta1, double beta2, double epsilon) implements OptimizerSpec {
    public Adamax {
      positive("adamax", "rate", rate);
      share("adamax", "beta1", beta1);
      share("adamax", "beta2", beta2);
      positive("adamax", "epsilon", epsilon);
    }

    public Adamax(double rate) {
      this(rate, 0.9, 0.999, 1e-8);
    }
  }

  /**
   * Gradient descent with heavy-ball momentum in PyTorch's form: v = momentum * v + g, w = w - rate
   * * v.
   */
  record Sgd(double rate, double momentum) implements OptimizerSpec {
    public Sgd {
      positive("sgd", "rate", rate);
      share("sgd", "momentum", momentum);
    }

    public Sgd(double rate) {
      this(rate, 0);
    }
  }

  /** The kinds that {@link #parse} knows. */
  List<String> KNOWN = List.of("adam", "adamw", "adamax", "sgd");

  /**
   * Reads {@code {kind = "adam", rate = 0.01, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8}} and its
   * kin. Only the rate is required; the rest has PyTorch's defaults.
   *
   * @throws NetworkException for an unknown kind or key, or a number out of its range
   */
  static OptimizerSpec parse(Map<String, Object> values) {
    var settings = new Settings("optimizer", values);
    return switch (settings.kind(KNOWN)) {
      case "adam" -> {
        settings.only("rate", "beta1", "beta2", "epsilon");
        yield new Adam(
            settings.number("rate"),
            settings.number("beta1", 0.9),
            settings.number("beta2", 0.999),
            settings.number("epsilon", 1e-8));
      }
      case "adamax" -> {
        settings.only("rate", "beta1", "beta2", "epsilon");
        yield new Adamax(
            settings.number("rate"),
            settings.number("beta1", 0.9),
            settings.number("beta2", 0.999),
            settings.number("epsilon", 1e-8));
      }
      case "adamw" -> {
        settings.only("rate", "beta1", "beta2", "epsilon", "weight_decay");
        yield new AdamW(
            settings.number("rate"),
            settings.number("beta1", 0.9),
            settings.number("beta2", 0.999),
            settings.number("epsilon", 1e-8),
            settings.number("weight_decay", 1e-2));
      }
      default -> {
        settings.only("rate", "momentum");
        yield new Sgd(settings.number("rate"), settings.number("momentum", 0));
      }
    };
  }

  /** Every setting by its name, so that {@link #parse} reads it back to an equal rule. */
  default Map<String, Object> settings() {
    var settings = new LinkedHashMap<String, Object>();
    switch (this) {
      case Adam adam -> {
        settings.put("kind", "adam");
        settings.put("rate", adam.rate);
        settings.put("beta1", adam.beta1);
        settings.put("beta2", adam.beta2);
        settings.put("epsilon", adam.epsilon);
      }
      case AdamW adamw -> {
        settings.put("kind", "adamw");
        settings.put("rate", adamw.rate);
        settings.put("beta1", adamw.beta1);
        settings.put("beta2", adamw.beta2);
        settings.put("epsilon", adamw.epsilon);
        settings.put("weight_decay", adamw.weightDecay);
      }
      case Adamax adamax -> {
        settings.put("kind", "adamax");
        settings.put("rate", adamax.rate);
        settings.put("beta1", adamax.beta1);
        settings.put("beta2", adamax.beta2);
        settings.put("epsilon", adamax.epsilon);
      }
      case Sgd sgd -> {
        settings.put("kind", "sgd");
        settings.put("rate", sgd.rate);
        settings.put("momentum", sgd.momentum);
      }
    }
    return settings;
  }

  private static void positive(String kind, String name, double value) {
    if (!(value > 0) || Double.isInfinite(value)) {
      throw new NetworkException(
          "'" + name + "' of " + kind + " is " + value + "; it must be positive");
    }
  }

  private static void notNegative(String kind, String name, double value) {
    if (!(value >= 0) || Double.isInfinite(value)) {
      throw new NetworkException(
          "'" + name + "' of " + kind + " is " + value + "; it must be zero or more");
    }
  }

  private static void share(String kind, String name, double value) {
    if (!(value >= 0 && value < 1)) {
      throw new NetworkException(
          "'" + name + "' of " + kind + " is " + value + "; it must be at least 0 and below 1");
    }
  }
}
