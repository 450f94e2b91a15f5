package rheobase.app;

import java.io.PrintStream;
import java.util.concurrent.CountDownLatch;
import java.util.function.BooleanSupplier;

/**
 * Ctrl-C (or a plain {@code kill}) while a run is under way: asks it to finish its step and write a
 * checkpoint, and holds the process until it has. Outside a run nothing listens and Ctrl-C ends the
 * process at once.
 *
 * <p>Java begins to shut down on either signal and waits for its shutdown hooks; the hook waits for
 * {@link #close}. The process then ends with the status of its signal: 130 for Ctrl-C.
 */
final class StopRequest implements BooleanSupplier, AutoCloseable {
  private final BooleanSupplier asked;
  private final Runnable atEnd;

  private StopRequest(BooleanSupplier asked, Runnable atEnd) {
    this.asked = asked;
    this.atEnd = atEnd;
  }

  /** Listens from now until {@link #close}. */
  static StopRequest onInterrupt(PrintStream err) {
    var hook = new Hook(err);
    Runtime.getRuntime().addShutdownHook(hook);
    return new StopRequest(() -> hook.asked, hook::leave);
  }

  /** Stops when the condition says so: for tests. */
  static StopRequest when(BooleanSupplier condition) {
    return new StopRequest(condition, () -> {});
  }

  @Override
  public boolean getAsBoolean() {
    return asked.getAsBoolean();
  }

  /** The run has ended and everything is written: a process that was asked to stop may go. */
  @Override
  public void close() {
    atEnd.run();
  }

  private static final class Hook extends Thread {
    private final PrintStream err;
    private final CountDownLatch left = new CountDownLatch(1);
    private volatile boolean asked;

    Hook(PrintStream err) {
      super("stop request");
      this.err = err;
    }

    @Override
    public void run() {
      asked = true;
      err.println("\nstopping after this step");
      try {
        left.await();
      } catch (InterruptedException e) {
        interrupt();
      }
    }

    void leave() {
      left.countDown();
      try {
        Runtime.getRuntime().removeShutdownHook(this);
      } catch (IllegalStateException e) {
        // The shutdown has begun: the hook is running, and now free to return.
      }
    }
  }
}
