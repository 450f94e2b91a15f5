package rheobase.network;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Counts of spikes over neurons and steps: of the input channels, then of each layer. */
public final class Activity {
  private final long[] spikes;
  private final long[] places;

  /**
   * @param layers of the network
   */
  public Activity(int layers) {
    spikes = new long[layers + 1];
    places = new long[layers + 1];
  }

  /** Forgets everything. */
  public void clear() {
    Arrays.fill(spikes, 0);
    Arrays.fill(places, 0);
  }

  /**
   * @param level 0 for the input, then the layers from below
   * @param count of spikes
   * @param of neurons times steps looked at
   */
  void add(int level, long count, long of) {
    spikes[level] += count;
    places[level] += of;
  }

  public void add(Activity other) {
    for (int i = 0; i < spikes.length; i++) {
      spikes[i] += other.spikes[i];
      places[i] += other.places[i];
    }
  }

  /** Share of non-zero values among those of the input. */
  public double inputRate() {
    return (double) spikes[0] / places[0];
  }

  /** Per layer, mean spikes per neuron and step; NaN for a layer that does not spike. */
  public List<Double> rates() {
    var rates = new ArrayList<Double>();
    for (int i = 1; i < spikes.length; i++) {
      rates.add(places[i] == 0 ? Double.NaN : (double) spikes[i] / places[i]);
    }
    return rates;
  }

  /** What a checkpoint keeps. */
  public Map<String, Object> state() {
    return Map.of(
        "spikes",
        Arrays.stream(spikes).boxed().toList(),
        "places",
        Arrays.stream(places).boxed().toList());
  }

  /** Undoes {@link #state}. */
  public void restore(Map<?, ?> state) {
    restore((List<?>) state.get("spikes"), spikes);
    restore((List<?>) state.get("places"), places);
  }

  private static void restore(List<?> from, long[] to) {
    for (int i = 0; i < to.length; i++) {
      to[i] = ((Number) from.get(i)).longValue();
    }
  }
}
