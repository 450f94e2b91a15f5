package rheobase.network.reference;

import rheobase.data.Sequence;
import rheobase.network.LossSpec;
import rheobase.network.Readout;

/**
 * Readout and loss of one sequence, by their definitions.
 *
 * @param loss of the sequence
 * @param gradient of the loss with respect to what the last layer emits, {@code [step][class]}
 */
record ReferenceLoss(double loss, double[][] gradient) {

  static ReferenceLoss of(Readout readout, LossSpec spec, double[][] emitted, Sequence sequence) {
    int steps = emitted.length;
    int classes = emitted[0].length;
    int first = spec.fromStep();
    double[][] gradient = new double[steps][classes];
    if (steps <= first) {
      return new ReferenceLoss(0, gradient);
    }
    int counted = steps - first;
    int[] targets = sequence.targets();
    if (spec.kind() == LossSpec.Kind.CTC) {
      double share = spec.reduction() == LossSpec.Reduction.MEAN ? 1.0 / counted : 1;
      return ReferenceCtc.of(emitted, first, targets, share);
    }
    return switch (readout) {
      case EACH_STEP -> {
        double share = spec.reduction() == LossSpec.Reduction.MEAN ? 1.0 / counted : 1;
        double loss = 0;
        for (int t = first; t < steps; t++) {
          double weight = share;
          if (t > spec.late().after()) {
            weight += share * (t - spec.late().after()) / spec.late().over();
          }
          loss += weight * loss(spec.kind(), emitted[t], targets[t]);
          gradient[t] = times(weight, slope(spec.kind(), emitted[t], targets[t]));
        }
        yield new ReferenceLoss(loss, gradient);
      }
      case LAST -> {
        double[] logits = emitted[steps - 1];
        gradient[steps - 1] = slope(spec.kind(), logits, targets[0]);
        yield new ReferenceLoss(loss(spec.kind(), logits, targets[0]), gradient);
      }
      case MEAN, SPIKE_COUNT -> {
        double share = readout == Readout.MEAN ? 1.0 / counted : 1;
        double[] logits = new double[classes];
        for (int t = first; t < steps; t++) {
          add(times(share, emitted[t]), logits);
        }
        double[] slope = times(share, slope(spec.kind(), logits, targets[0]));
        for (int t = first; t < steps; t++) {
          gradient[t] = slope.clone();
        }
        yield new ReferenceLoss(loss(spec.kind(), logits, targets[0]), gradient);
      }
      case SUM_OF_SOFTMAX -> {
        double[] logits = new double[classes];
        for (int t = first; t < steps; t++) {
          add(softmax(emitted[t]), logits);
        }
        double[] slope = slope(spec.kind(), logits, targets[0]);
        for (int t = first; t < steps; t++) {
          double[] p = softmax(emitted[t]);
          // dp_c/dm_d = p_c (1[c = d] - p_d)
          for (int d = 0; d < classes; d++) {
            for (int c = 0; c < classes; c++) {
              gradient[t][d] += slope[c] * p[c] * ((c == d ? 1 : 0) - p[d]);
            }
          }
        }
        yield new ReferenceLoss(loss(spec.kind(), logits, targets[0]), gradient);
      }
    };
  }

  private static double loss(LossSpec.Kind kind, double[] logits, int target) {
    return switch (kind) {
      case CROSS_ENTROPY -> {
        double sum = 0;
        for (double logit : logits) {
          sum += Math.exp(logit - logits[target]);
        }
        yield Math.log(sum);
      }
      case MEAN_SQUARED_ERROR -> {
        double sum = 0;
        for (int c = 0; c < logits.length; c++) {
          double difference = logits[c] - (c == target ? 1 : 0);
          sum += difference * difference;
        }
        yield sum / logits.length;
      }
      case CTC -> throw new IllegalArgumentException("is no loss of one step");
    };
  }

  private static double[] slope(LossSpec.Kind kind, double[] logits, int target) {
    double[] slope = new double[logits.length];
    double[] p = softmax(logits);
    for (int c = 0; c < slope.length; c++) {
      int wanted = c == target ? 1 : 0;
      slope[c] =
          switch (kind) {
            case CROSS_ENTROPY -> p[c] - wanted;
            case MEAN_SQUARED_ERROR -> 2.0 / logits.length * (logits[c] - wanted);
            case CTC -> throw new IllegalArgumentException("is no loss of one step");
          };
    }
    return slope;
  }

  static double[] softmax(double[] logits) {
    double largest = Double.NEGATIVE_INFINITY;
    for (double logit : logits) {
      largest = Math.max(largest, logit);
    }
    double[] result = new double[logits.length];
    double sum = 0;
    for (int c = 0; c < result.length; c++) {
      result[c] = Math.exp(logits[c] - largest);
      sum += result[c];
    }
    return times(1 / sum, result);
  }

  private static double[] times(double factor, double[] values) {
    double[] product = new double[values.length];
    for (int c = 0; c < product.length; c++) {
      product[c] = factor * values[c];
    }
    return product;
  }

  private static void add(double[] from, double[] to) {
    for (int c = 0; c < to.length; c++) {
      to[c] += from[c];
    }
  }
}
