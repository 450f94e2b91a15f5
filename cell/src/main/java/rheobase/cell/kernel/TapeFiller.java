package rheobase.cell.kernel;

import rheobase.cell.graph.StepProgram;

/** Makes small tapes for checks and moves numbers in and out of them. */
final class TapeFiller {
  private TapeFiller() {}

  static Tape empty(StepProgram program, int rows, int units, int steps) {
    var tape = new Tape();
    tape.rows = rows;
    tape.units = units;
    tape.stride = Tape.stride(units);
    int plane = rows * tape.stride;
    int states = program.next().size();
    int emitted = program.emitted().size();
    tape.drive = new float[steps * plane * program.cell().inputs().size()];
    tape.driveGradient = tape.drive;
    tape.states = new float[states][(steps + 1) * plane];
    tape.emitted = new float[emitted][];
    for (int e = 0; e < emitted; e++) {
      int state = program.emittedState().get(e);
      tape.emitted[e] = state < 0 ? new float[(steps + 1) * plane] : tape.states[state];
    }
    tape.coefficients = new float[program.coefficients().size() * tape.stride];
    tape.masks = new float[program.cell().masks().size()][plane];
    tape.ranges = new float[program.cell().ranges()];
    tape.reached = new float[program.cell().ranges() * tape.stride];
    tape.emittedGradient = new float[emitted][steps * plane];
    tape.stateGradient = new float[states][plane];
    tape.coefficientGradient = new float[tape.coefficients.length];
    return tape;
  }

  static void put(double[] values, float[] array, int offset) {
    for (int j = 0; j < values.length; j++) {
      array[offset + j] = (float) values[j];
    }
  }

  /** Row {@code row} of every plane, as {@code [plane][unit]}. */
  static double[][] row(float[][] planes, int row, int stride, int units) {
    double[][] values = new double[planes.length][units];
    for (int k = 0; k < planes.length; k++) {
      for (int j = 0; j < units; j++) {
        values[k][j] = planes[k][row * stride + j];
      }
    }
    return values;
  }

  /** {@code count} rows of one plane from {@code row} on, as {@code [row][unit]}. */
  static double[][] row(float[][] plane, int row, int stride, int units, int count) {
    double[][] values = new double[count][];
    for (int i = 0; i < count; i++) {
      values[i] = row(plane, row + i, stride, units)[0];
    }
    return values;
  }

  /** Largest difference between two tapes in anything that kernels write. */
  static double distance(Tape a, Tape b) {
    double worst =
        distance(
            new float[][] {a.drive, a.coefficientGradient, a.reached},
            new float[][] {b.drive, b.coefficientGradient, b.reached});
    worst = Math.max(worst, distance(a.states, b.states));
    worst = Math.max(worst, distance(a.emitted, b.emitted));
    return Math.max(worst, distance(a.stateGradient, b.stateGradient));
  }

  private static double distance(float[][] a, float[][] b) {
    double worst = 0;
    for (int k = 0; k < a.length; k++) {
      for (int i = 0; i < a[k].length; i++) {
        // all NaN are one: which of them an operation gives is not defined
        if (Float.floatToIntBits(a[k][i]) != Float.floatToIntBits(b[k][i])) {
          double difference = Math.abs((double) a[k][i] - b[k][i]);
          // a NaN against a number, or 0 against -0, is a difference too
          worst = Math.max(worst, difference > 0 ? difference : Double.MIN_VALUE);
        }
      }
    }
    return worst;
  }
}
