package rheobase.network;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.MethodModel;
import java.lang.classfile.Opcode;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import rheobase.cell.graph.Surrogate;
import rheobase.cell.kernel.StepKernel;
import rheobase.cell.language.Cells;
import rheobase.network.parameter.Initializer;
import rheobase.network.product.Products;

/**
 * No call of the time loop meets more than two classes, so that the JIT compiler inlines it or
 * jumps straight to it. Which calls there are is read from the class files: all that {@link
 * LayerRun}'s steps forward and back reach within the engine. What an interface call can meet is
 * then a matter of how many classes there are: two for the sealed {@link Products}, and for {@link
 * StepKernel} as many as a network has different cells, which are two in all of our experiments.
 */
class TimeLoopCallsTest {
  private static final String ENGINE = "rheobase/";
  private static final String KERNEL = "rheobase/cell/kernel/StepKernel.";
  private static final String PRODUCTS = "rheobase/network/product/Products.";
  private static final String SCAN = "rheobase/network/product/RowScan.";
  private static final Set<String> CALLED_FROM_OUTSIDE =
      Set.of("forward", "clearEmittedGradient", "backward");

  /** A method of the engine. */
  private record Method(String owner, String name, String type) {}

  @Test
  void interfaceCallsGoToProductsAndKernelsOnly() throws IOException {
    assertThat(calls(Opcode.INVOKEINTERFACE))
        .contains(KERNEL + "forward", KERNEL + "backward", PRODUCTS + "dense", PRODUCTS + "gather")
        .allMatch(call ->
            call.startsWith(KERNEL)
                || call.startsWith(PRODUCTS)
                || call.startsWith(SCAN)
                // once a block: the number of values a layer emits
                || call.equals("java/util/List.size"));
  }

  @Test
  void noLambdaIsMadeInTheTimeLoop() throws IOException {
    assertThat(calls(Opcode.INVOKEDYNAMIC)).isEmpty();
  }

  @Test
  void productsAndScansHaveTwoFormsEach() throws ClassNotFoundException {
    assertThat(Products.class.getPermittedSubclasses()).hasSize(2);
    assertThat(Class.forName("rheobase.network.product.RowScan").getPermittedSubclasses())
        .hasSize(2);
  }

  @Test
  void layersOfOneCellShareTheirKernel() {
    var layers =
        List.of(
            layer("low", "alif", 5, true),
            layer("middle", "alif", 7, true),
            layer("high", "alif", 6, true),
            layer("readout", "leaky_integrator", 3, false));
    var spec =
        new NetworkSpec(
            4,
            layers,
            Readout.EACH_STEP,
            new LossSpec(LossSpec.Kind.CROSS_ENTROPY, 0, LossSpec.Reduction.SUM));
    Stream<Network> both = Stream.of(Network.create(spec, 1), Network.create(spec, 1).copy());
    assertThat(both.flatMap(network -> network.layers().stream()).map(Layer::kernel).distinct())
        .hasSize(2);
  }

  private static LayerSpec layer(String name, String cell, int units, boolean recurrent) {
    var xavier = new Initializer.Xavier();
    return new LayerSpec(
        name,
        Cells.text(cell),
        units,
        recurrent,
        Map.of(),
        Map.of(),
        Map.of(),
        Surrogate.DEFAULT,
        xavier,
        recurrent ? xavier : null,
        null,
        null,
        null);
  }

  /** Calls of one kind, {@code owner.name}, reached from a layer's steps. */
  private static Set<String> calls(Opcode kind) throws IOException {
    var found = new TreeSet<String>();
    var seen = new TreeSet<String>();
    var waiting = new ArrayDeque<Method>();
    for (MethodModel method : model("rheobase/network/LayerRun").methods()) {
      String name = method.methodName().stringValue();
      if (CALLED_FROM_OUTSIDE.contains(name)) {
        waiting.add(
            new Method("rheobase/network/LayerRun", name, method.methodType().stringValue()));
      }
    }
    assertThat(waiting).as("the ways into the time loop").hasSameSizeAs(CALLED_FROM_OUTSIDE);
    while (!waiting.isEmpty()) {
      Method next = waiting.remove();
      if (!seen.add(next.toString())) {
        continue;
      }
      for (var element : code(next)) {
        if (element instanceof InvokeInstruction call) {
          var called =
              new Method(
                  call.owner().asInternalName(),
                  call.name().stringValue(),
                  call.type().stringValue());
          if (call.opcode() == kind) {
            found.add(called.owner + "." + called.name);
          }
          // what stands behind an interface is another time loop's: the kernel or the product
          if (called.owner.startsWith(ENGINE) && call.opcode() != Opcode.INVOKEINTERFACE) {
            waiting.add(called);
          }
        } else if (element instanceof InvokeDynamicInstruction call
            && kind == Opcode.INVOKEDYNAMIC
            && !isRecordMethod(call)) {
          found.add(next.owner + "." + next.name + " makes " + call.name().stringValue());
        }
      }
    }
    return found;
  }

  /** {@code equals}, {@code hashCode} and {@code toString} of records are made in this way. */
  private static boolean isRecordMethod(InvokeDynamicInstruction call) {
    return call.bootstrapMethod().owner().displayName().equals("ObjectMethods");
  }

  private static List<? extends java.lang.classfile.CodeElement> code(Method method)
      throws IOException {
    for (String owner = method.owner; owner.startsWith(ENGINE); ) {
      ClassModel model = model(owner);
      for (MethodModel each : model.methods()) {
        if (each.methodName().stringValue().equals(method.name)
            && each.methodType().stringValue().equals(method.type)) {
          return each.findAttribute(Attributes.code()).isPresent()
              ? each.code().orElseThrow().elementList()
              : List.of();
        }
      }
      owner = model.superclass().map(c -> c.asInternalName()).orElse("");
    }
    return List.of();
  }

  private static ClassModel model(String owner) throws IOException {
    try (var bytes =
        TimeLoopCallsTest.class.getClassLoader().getResourceAsStream(owner + ".class")) {
      return ClassFile.of().parse(bytes.readAllBytes());
    }
  }
}
