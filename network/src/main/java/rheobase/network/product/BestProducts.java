package rheobase.network.product;

/**
 * The choice between vector and scalar form, made once per JVM. The vector classes are touched only
 * when their module is there, so that a plain {@code java -jar} still runs.
 */
final class BestProducts {
  static final boolean VECTORS = ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();

  static final Products CHOSEN = choose();

  private BestProducts() {}

  private static Products choose() {
    if (VECTORS) {
      return new VectorProducts();
    }
    System.err.println(
        "rheobase: the module jdk.incubator.vector is not loaded, so products run in their slow"
            + " scalar form; start java with --add-modules jdk.incubator.vector");
    return new ScalarProducts();
  }
}
