package rheobase.cell.graph;

import java.util.List;

/**
 * A value in a cell's equations: for one neuron, at one time step, one real number.
 *
 * <p>Nodes are made by a {@link Graph} only, which gives equal expressions the same object; so
 * nodes are compared by identity and a program is the set of nodes its results reach.
 */
public sealed interface Node {

  /** The nodes this one is computed from. */
  List<Node> operands();

  /** A number known when the cell is compiled. */
  record Constant(double value) implements Node {
    @Override
    public List<Node> operands() {
      return List.of();
    }
  }

  /**
   * A value that comes from outside the step: what it is, its place among its kind, and its name in
   * the cell.
   */
  record Leaf(Source source, int index, String name) implements Node {
    @Override
    public List<Node> operands() {
      return List.of();
    }
  }

  /** A function of one value. */
  record Unary(Function function, Node x) implements Node {
    @Override
    public List<Node> operands() {
      return List.of(x);
    }
  }

  /** An operation on two values. */
  record Binary(Operator operator, Node left, Node right) implements Node {
    @Override
    public List<Node> operands() {
      return List.of(left, right);
    }
  }

  /** {@code a * b + c}, rounded once; only in programs lowered for single precision. */
  record MultiplyAdd(Node a, Node b, Node c) implements Node {
    @Override
    public List<Node> operands() {
      return List.of(a, b, c);
    }
  }

  /**
   * The graded spike {@code quantize(x, bits, threshold)} of Ponghiran and Roy 2022: {@code x}
   * clamped to {@code [-range, range]}, scaled to {@code 2^(bits-1)} levels, truncated toward zero,
   * zero where the level is at most {@code threshold}.
   */
  record Quantize(Node x, Node range, int bits, double threshold) implements Node {
    @Override
    public List<Node> operands() {
      return List.of(x, range);
    }
  }

  /** Where a leaf's value comes from. */
  enum Source {
    /** Synaptic input of this step. */
    DRIVE,
    /** A state one step ago. */
    PREVIOUS,
    /** A state after this step: known in the backward pass, where it saves computing it again. */
    NEXT,
    /** A trained number of the neuron. */
    PARAMETER,
    /** A value that depends on parameters only, computed once for a whole sequence. */
    COEFFICIENT,
    /** A factor drawn once a sequence and neuron; 1 outside training. */
    MASK,
    /** The tracked range of a {@link Quantize}, one number for the layer. */
    RANGE,
    /** A gradient that arrives from outside: of a state, an emitted value or a coefficient. */
    GRADIENT,
    /** The largest magnitude that a kernel saw so far. */
    REACHED,
    /** What a kernel has added up so far of the gradient of a coefficient. */
    COEFFICIENT_GRADIENT
  }

  /** Functions of one value. */
  enum Function {
    NEGATE,
    EXP,
    LOG,
    SQRT,
    SIGMOID,
    TANH,
    RELU,
    ABS,
    SIN,
    COS,
    /** 1 above zero, else 0; its derivative is zero. */
    POSITIVE,
    /** 1 above zero, else 0; its derivative is the surrogate. */
    SPIKE,
    /** {@code 2^n} of {@code x = n + 1.5 * 2^23}; only in lowered programs. */
    POWER_OF_TWO,
    /**
     * {@code 2^23 + 127 + floor(log2 x)}, exact, for normal {@code x > 0}; only in lowered
     * programs.
     */
    EXPONENT,
    /**
     * {@code x / 2^floor(log2 x)}, in [1, 2), for normal {@code x > 0}; only in lowered programs.
     */
    MANTISSA
  }

  /** Operations on two values. */
  enum Operator {
    ADD,
    SUBTRACT,
    MULTIPLY,
    DIVIDE,
    MIN,
    MAX,
    /** {@code a}, or {@code b} where that is larger; NaN stays. Only in lowered programs. */
    AT_LEAST,
    /** {@code a}, or {@code b} where that is smaller; NaN stays. Only in lowered programs. */
    AT_MOST
  }
}
