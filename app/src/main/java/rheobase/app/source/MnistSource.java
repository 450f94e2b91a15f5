package rheobase.app.source;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import rheobase.app.toml.Table;
import rheobase.data.Mnist;
import rheobase.data.Preparation;
import rheobase.data.Split;

/**
 * Handwritten digits as sequences of pixels.
 *
 * @param pixelsPerStep width of the window that moves on by one pixel a step
 * @param permuted whether all images are read in one random order
 * @param permutationSeed of that order
 * @param inkAbove from which grey value on a pixel is 1 rather than 0; null for the grey values
 */
public record MnistSource(
    int pixelsPerStep, boolean permuted, long permutationSeed, Double inkAbove)
    implements DataSource {
  static final String NAME = "mnist";

  static MnistSource read(Table data) {
    DataSources.only(data, "pixels_per_step", "permuted", "permutation_seed", "ink_above");
    int pixels = data.whole("pixels_per_step", 1, 1);
    if (pixels > Mnist.PIXELS) {
      throw data.error(
          "pixels_per_step",
          "'pixels_per_step' is " + pixels + ", but an image has " + Mnist.PIXELS + " pixels");
    }
    Double inkAbove = data.has("ink_above") ? (Double) data.number("ink_above", 0, 0) : null;
    if (inkAbove != null && inkAbove >= 1) {
      throw data.error(
          "ink_above",
          "'ink_above' is "
              + inkAbove
              + ", but no pixel is darker than 1; choose less, or leave it out for grey values");
    }
    return new MnistSource(
        pixels, data.flag("permuted", false), data.seed("permutation_seed", 1), inkAbove);
  }

  @Override
  public String text() {
    return NAME;
  }

  @Override
  public boolean needsFolder() {
    return true;
  }

  @Override
  public Map<String, Object> settings() {
    var settings = new LinkedHashMap<String, Object>();
    settings.put("pixels_per_step", pixelsPerStep);
    settings.put("permuted", permuted);
    settings.put("permutation_seed", permutationSeed);
    if (inkAbove != null) {
      settings.put("ink_above", inkAbove);
    }
    return settings;
  }

  @Override
  public Split load(Path folder, Preparation preparation) {
    var order = permuted ? Mnist.permuted(permutationSeed) : Mnist.inRows();
    var reading = new Mnist.Reading(pixelsPerStep, order, inkAbove);
    return DataSources.withoutValidation(Mnist.train(folder, reading), Mnist.test(folder, reading));
  }
}
