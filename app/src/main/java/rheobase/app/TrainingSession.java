package rheobase.app;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/**
 * Runs one after another, with Ctrl-C listened to and the results printed: what {@code train} and
 * {@code resume} share.
 *
 * @param surroundings where to print
 * @param threads to work with
 * @param json whether the result is printed as JSON
 * @param quiet whether progress is left out
 */
record TrainingSession(Surroundings surroundings, int threads, boolean json, boolean quiet) {

  /** One run; gives the status of the process. */
  int one(Run run) {
    announce(run, run.folder());
    try (var stop = surroundings.stop().get()) {
      var outcome = run.train(threads, quiet, surroundings, stop);
      if (!outcome.finished()) {
        return stopped(run.folder(), outcome, run.folder());
      }
      surroundings.out().print(json ? ResultJson.text(outcome.json()) + "\n" : outcome.summary());
      surroundings.out().flush();
      return 0;
    }
  }

  /**
   * Runs of several seeds, those that have finished already left as they are; gives the status of
   * the process. Closes their folders.
   *
   * @param parent folder they lie in
   */
  int several(RunFolder parent, List<Run> runs) {
    var results = new ArrayList<ObjectNode>();
    announce(runs.getFirst(), parent);
    try (var stop = surroundings.stop().get()) {
      for (var run : runs) {
        if (run.folder().has(RunFolder.RESULT)) {
          results.add(ResultJson.read(run.folder().read(RunFolder.RESULT)));
          continue;
        }
        if (!quiet) {
          surroundings.err().println("seed " + run.experiment().training().seed());
        }
        var outcome = run.train(threads, quiet, surroundings, stop);
        if (!outcome.finished()) {
          return stopped(run.folder(), outcome, parent);
        }
        results.add(outcome.json());
      }
      var result = ResultJson.runs(results);
      var summary =
          Summary.of(runs.getFirst().experiment(), results, surroundings.shown(parent.path()));
      parent.write(RunFolder.SUMMARY, summary);
      parent.write(RunFolder.RESULT, ResultJson.text(result) + "\n");
      surroundings.out().print(json ? ResultJson.text(result) + "\n" : summary);
      surroundings.out().flush();
      return 0;
    } finally {
      runs.forEach(run -> run.folder().close());
    }
  }

  /** What is being learnt, and where the result will lie. */
  private void announce(Run run, RunFolder folder) {
    if (quiet) {
      return;
    }
    var split = run.dataset().split();
    surroundings
        .err()
        .printf(
            "%s: %s, %,d training, %,d validation and %,d test sequences; run folder %s%n",
            run.experiment().name(),
            run.experiment().data().source().needsFolder()
                ? split.train().name()
                : "synthetic data (for recordings: --data DIR)",
            split.train().sequences().size(),
            split.validation().sequences().size(),
            split.test().sequences().size(),
            surroundings.shown(folder.path()));
  }

  private int stopped(RunFolder run, Run.Outcome outcome, RunFolder toResume) {
    surroundings
        .err()
        .println(
            "stopped after "
                + outcome.epochs()
                + " whole epochs; the checkpoint is in "
                + surroundings.shown(run.path())
                + "\ngo on with: rheo resume "
                + surroundings.shown(toResume.path()));
    return Main.INTERRUPTED;
  }
}
