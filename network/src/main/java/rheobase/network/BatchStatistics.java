package rheobase.network;

import java.util.List;
import rheobase.network.parameter.Tensor;

/**
 * Means and variances of the normalised drive of one layer over a whole batch, added up from its
 * micro-batches in their order: the same bits whichever thread ran which of them.
 */
final class BatchStatistics {
  private final Layer layer;

  /** Of each column of the drive: mean, and 1 / standard deviation. */
  final double[] mean;

  final double[] inverse;

  /** Means of the gradient, and of its product with the standardised drive. */
  final double[] gradientMean;

  final double[] productMean;

  private final double[] variance;
  private long places;

  BatchStatistics(Layer layer) {
    this.layer = layer;
    int width = DriveNorm.width(layer);
    mean = new double[width];
    inverse = new double[width];
    gradientMean = new double[width];
    productMean = new double[width];
    variance = new double[width];
  }

  /** After the drive of all micro-batches was taken. */
  void gather(List<DriveNorm> parts) {
    places = places(parts);
    for (int i = 0; i < mean.length; i++) {
      double sum = 0;
      double square = 0;
      for (DriveNorm part : parts) {
        sum += part.sums[i];
        square += part.squares[i];
      }
      mean[i] = sum / places;
      variance[i] = Math.max(0, square / places - mean[i] * mean[i]);
      inverse[i] = 1 / Math.sqrt(variance[i] + DriveNorm.EPSILON);
    }
  }

  private long places(List<DriveNorm> parts) {
    if (layer.spec().normalise() == LayerSpec.Normalise.BATCH) {
      return parts.stream().mapToLong(part -> part.places).sum();
    }
    // where there is no input there is no drive: the padding counts, but adds nothing to the sums
    long longest = parts.stream().mapToInt(DriveNorm::steps).max().orElseThrow();
    return longest * parts.stream().mapToInt(part -> part.rows).sum();
  }

  /**
   * After the gradient of all micro-batches was taken; adds that of scale and shift.
   *
   * @param gradient flat, laid out as the parameters
   */
  void gatherGradient(List<DriveNorm> parts, float[] gradient) {
    Tensor scale = layer.norm().scale();
    Tensor shift = layer.norm().shift();
    for (int i = 0; i < mean.length; i++) {
      double sum = 0;
      double product = 0;
      for (DriveNorm part : parts) {
        sum += part.gradients[i];
        product += part.products[i];
      }
      gradientMean[i] = sum / places;
      productMean[i] = product / places;
      gradient[shift.offset() + i] += (float) sum;
      gradient[scale.offset() + i] += (float) product;
    }
  }

  /**
   * Moves the tracked means and variances a share of the way to those of this batch; of variances
   * to the unbiased ones.
   *
   * @param values of the network's parameters
   */
  void track(float[] values, double share) {
    Tensor means = layer.norm().mean();
    Tensor variances = layer.norm().variance();
    double unbiased = places > 1 ? places / (places - 1.0) : 1;
    for (int block = 0; block < means.blocks(); block++) {
      for (int j = 0; j < layer.units(); j++) {
        int i = block * means.blockStride() + j;
        int m = means.offset() + i;
        int v = variances.offset() + i;
        values[m] += (float) (share * (mean[i] - values[m]));
        values[v] += (float) (share * (variance[i] * unbiased - values[v]));
      }
    }
  }
}
