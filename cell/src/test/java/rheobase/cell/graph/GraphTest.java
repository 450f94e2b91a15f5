package rheobase.cell.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import rheobase.cell.graph.Node.Function;
import rheobase.cell.graph.Node.Operator;
import rheobase.cell.graph.Node.Source;

class GraphTest {
  private final Graph graph = new Graph();
  private final Node x = graph.leaf(Source.DRIVE, 0, "x");
  private final Node y = graph.leaf(Source.DRIVE, 1, "y");

  private Node c(double value) {
    return graph.constant(value);
  }

  @Test
  void anExpressionBuiltTwiceIsOneObject() {
    Node first = graph.apply(Function.EXP, graph.multiply(graph.add(x, y), c(2)));
    Node second = graph.apply(Function.EXP, graph.multiply(c(2), graph.add(y, x)));
    assertThat(second).isSameAs(first);
    assertThat(graph.apply(Operator.MIN, x, y)).isSameAs(graph.apply(Operator.MIN, y, x));
    assertThat(graph.quantize(x, y, 6, 3)).isSameAs(graph.quantize(x, y, 6, 3));
    assertThat(graph.multiplyAdd(x, y, x)).isSameAs(graph.multiplyAdd(x, y, x));
  }

  @Test
  void differentExpressionsStayApart() {
    assertThat(graph.subtract(x, y)).isNotSameAs(graph.subtract(y, x));
    assertThat(graph.divide(x, y)).isNotSameAs(graph.divide(y, x));
    assertThat(graph.quantize(x, y, 6, 3)).isNotSameAs(graph.quantize(x, y, 6, 2));
    assertThat(graph.leaf(Source.PREVIOUS, 0, "x")).isNotSameAs(x);
  }

  @Test
  void operationsOnConstantsAreCarriedOut() {
    assertThat(graph.add(c(2), c(3))).isSameAs(c(5));
    assertThat(graph.subtract(c(2), c(3))).isSameAs(c(-1));
    assertThat(graph.multiply(c(2), c(3))).isSameAs(c(6));
    assertThat(graph.divide(c(3), c(2))).isSameAs(c(1.5));
    assertThat(graph.apply(Operator.MAX, c(3), c(2))).isSameAs(c(3));
    assertThat(graph.apply(Function.EXP, c(1))).isSameAs(c(StrictMath.exp(1)));
    assertThat(graph.apply(Function.SPIKE, c(0))).isSameAs(c(0));
  }

  @Test
  void identitiesLeaveTheOtherOperand() {
    assertThat(graph.add(x, c(0))).isSameAs(x);
    assertThat(graph.add(c(0), x)).isSameAs(x);
    assertThat(graph.subtract(x, c(0))).isSameAs(x);
    assertThat(graph.subtract(c(0), x)).isSameAs(graph.negate(x));
    assertThat(graph.multiply(c(1), x)).isSameAs(x);
    assertThat(graph.multiply(x, c(1))).isSameAs(x);
    assertThat(graph.multiply(x, c(-1))).isSameAs(graph.negate(x));
    assertThat(graph.multiply(x, c(0))).isSameAs(c(0));
    assertThat(graph.multiply(x, c(-0.0))).isSameAs(c(0));
    assertThat(graph.divide(x, c(1))).isSameAs(x);
    assertThat(graph.divide(c(0), x)).isSameAs(c(0));
    assertThat(graph.negate(graph.negate(x))).isSameAs(x);
    assertThat(graph.add(x, graph.negate(y))).isSameAs(graph.subtract(x, y));
    assertThat(graph.add(graph.negate(y), x)).isSameAs(graph.subtract(x, y));
    assertThat(graph.subtract(x, graph.negate(y))).isSameAs(graph.add(x, y));
    assertThat(graph.apply(Operator.MAX, x, x)).isSameAs(x);
  }

  @Test
  void operandsStandBeforeWhatIsMadeOfThem() {
    Node sum = graph.add(x, y);
    Node product = graph.multiply(sum, x);
    assertThat(Graph.ordered(List.of(product, sum))).containsExactly(x, y, sum, product);
    assertThat(Graph.ordered(List.of(y, product))).containsExactly(y, x, sum, product);
  }

  @Test
  void aRewrittenNodeIsReplacedBeforeItsOperandsAreSeen() {
    Node sum = graph.add(x, y);
    Node tree = graph.multiply(sum, graph.apply(Function.TANH, sum));
    Node rewritten = graph.rewrite(tree, node -> node == sum ? c(1) : node == x ? c(100) : null);
    assertThat(rewritten).isSameAs(c(StrictMath.tanh(1)));
  }

  @Test
  void aGraphRefusesTheNodesOfAnother() {
    assertThatThrownBy(() -> new Graph().negate(x))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("another graph");
  }
}
