package rheobase.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Electrocardiograms that nobody's heart made: realistic enough to learn on and to demonstrate,
 * with labels that are exact because the phase of the heart cycle is known. The sequences look like
 * those of {@link QtDatabase}: 1301 steps at 250 Hz, two leads as up and down events, a class per
 * step.
 *
 * <p><b>The model</b> is that of McSharry, Clifford, Tarassenko and Smith, "A dynamical model for
 * generating synthetic electrocardiogram signals", IEEE Trans. Biomed. Eng. 50(3), 2003, eqs. 1-2:
 * a point runs around a limit cycle, and every time it passes the angle of a wave it is pushed up
 * or down by a Gaussian of the phase. On the cycle itself the two equations of the point's position
 * are one for its phase (Sameni et al., EURASIP J. Adv. Signal Process. 2007, eq. 3), which also
 * scales each wave by the angular velocity so that {@code alpha_i} is its height in mV at any heart
 * rate:
 *
 * <pre>
 * theta' = omega                                            omega = 2 pi / RR of the present beat
 * z_l'   = - sum_i alpha_li omega d_i / b_i^2 exp(-d_i^2 / (2 b_i^2))  - (z_l - z0_l(t)) / 1 s
 * d_i    = theta - theta_i, the short way round
 * z0_l   = wander_l sin(2 pi f_breath t + phase)            i = P, Q, R, S, T;  l = lead 0, 1
 * </pre>
 *
 * integrated by fourth-order Runge-Kutta at 500 Hz; every second point is a sample, to which white
 * noise is added. The RR intervals follow the paper's bimodal spectrum (its section III): Gaussians
 * at 0.1 Hz and 0.25 Hz, 0.01 Hz wide, LF/HF ratio 0.5, random phases. As in the authors' ECGSYN
 * program, with h = sqrt(reference RR / mean RR) all widths and the angles of Q and S are
 * multiplied by h, those of P and T by sqrt(h), so that intervals shorten less than the beat.
 *
 * <p><b>Patients</b> differ in heart rate and its variability, in the angle, width and height of
 * every wave in each lead, in baseline wander and noise. A patient gives {@value
 * #SEQUENCES_PER_PATIENT} sequences, cut one after the other from one recording, and is their
 * group. Sets of different name have different patients, so a training and a test set share none.
 *
 * <p><b>The classes</b> change at these phases, where a wave lasts from two widths before its angle
 * to two after:
 *
 * <pre>
 * P   from P onset  theta_P - 2 b_P      RS  from R peak  theta_R = 0
 * PQ  from P end    theta_P + 2 b_P      ST  from S end   theta_S + 2 b_S
 * QR  from Q onset  theta_Q - 2 b_Q      TP  from T end   theta_T + 2 b_T
 * </pre>
 *
 * <p><b>Lag.</b> The label of step t is the class of the phase at step t - {@value #LABEL_LAG}, as
 * in the published QTDB files. A causal detector cannot know a wave before it rose; 76 ms later it
 * can. Every step is annotated, also the first ones: the recording begins before them.
 *
 * <p><b>Bits.</b> Everything is computed in double precision with {@link StrictMath} and {@link
 * RandomStream}: a name, a count and a seed give the same bits everywhere, and a smaller count
 * gives the beginning of a larger one.
 */
public final class SyntheticEcg {
  /** Time steps of a sequence, as in QTDB. */
  public static final int STEPS = 1301;

  /** Samples, and so steps, per second. */
  public static final int SAMPLING_RATE = 250;

  /** Steps by which the labels are behind the signal. */
  public static final int LABEL_LAG = 19;

  /** Consecutive sequences cut from one patient's recording. */
  public static final int SEQUENCES_PER_PATIENT = 6;

  /** The encoder's threshold in mV. */
  public static final double DELTA = 0.03;

  private static final int LEADS = 2;
  private static final int WAVES = 5;
  private static final int P = 0;
  private static final int Q = 1;
  private static final int S = 3;
  private static final int T = 4;

  /** Samples before the first sequence, in which the memory of the start (1 s) fades. */
  private static final int RUN_IN = 4 * SAMPLING_RATE;

  private static final int SUBSTEPS = 2;
  private static final double TWO_PI = 2 * Math.PI;

  private static final double REFERENCE_RR = 0.924;
  private static final double[] ANGLE = {-1.24, -0.24, 0, 0.2, 1.75};
  private static final double[] ANGLE_SPREAD = {0.06, 0.02, 0, 0.02, 0.1};
  private static final double[] WIDTH = {0.19, 0.075, 0.07, 0.06, 0.33};
  private static final double[] WIDTH_SPREAD = {0.10, 0.12, 0.12, 0.12, 0.10};
  private static final double[][] HEIGHT = {
    {0.11, -0.12, 1.00, -0.25, 0.21}, {0.10, -0.08, 0.80, -0.40, 0.20}
  };
  private static final double HEIGHT_SPREAD = 0.35;

  private SyntheticEcg() {}

  /**
   * A set of sequences, {@value #SEQUENCES_PER_PATIENT} per patient.
   *
   * @param name of the set, such as {@code "train"} or {@code "test"}; part of the key of all its
   *     random numbers
   * @param count number of sequences
   * @throws DataException when count is not positive
   */
  public static SequenceSet generate(String name, int count, long seed) {
    if (count < 1) {
      throw new DataException(
          "A synthetic ECG set of %d sequences was asked for; it needs at least one."
              .formatted(count));
    }
    final List<Sequence> sequences = new ArrayList<>(count);
    for (int patient = 0; sequences.size() < count; patient++) {
      final Recording recording = record(Patient.draw(name, patient, seed), name, patient, seed);
      final String group = "%s/patient-%03d".formatted(name, patient);
      for (int i = 0; i < SEQUENCES_PER_PATIENT && sequences.size() < count; i++) {
        sequences.add(recording.cut(i, group));
      }
    }
    return new SequenceSet(name, 2 * LEADS, QtDatabase.CLASSES, sequences);
  }

  /**
   * One heart and one set of electrodes.
   *
   * @param meanRr mean time between R peaks [s]
   * @param sdRr its standard deviation over the recording [s]
   * @param angle of each wave [rad], R at 0
   * @param width of each wave [rad]
   * @param height of each wave [lead][wave] [mV]
   * @param breathing frequency of the baseline wander [Hz]
   * @param wander amplitude of the baseline that the signal relaxes to [lead] [mV]
   * @param noise standard deviation of the white noise [lead] [mV]
   */
  record Patient(
      double meanRr,
      double sdRr,
      double[] angle,
      double[] width,
      double[][] height,
      double breathing,
      double[] wander,
      double[] noise) {

    static Patient draw(String name, int patient, long seed) {
      final RandomStream random = RandomStream.of(seed, "synthetic ecg patient " + name, patient);
      final double meanRr = Math.clamp(0.92 + 0.15 * random.nextGaussian(), 0.60, 1.36);
      final double sdRr = 0.02 * StrictMath.exp(0.5 * bounded(random));
      final double h = Math.sqrt(REFERENCE_RR / meanRr);
      final double[] angle = new double[WAVES];
      final double[] width = new double[WAVES];
      for (int i = 0; i < WAVES; i++) {
        final double scale = i == P || i == T ? Math.sqrt(h) : h;
        angle[i] = scale * (ANGLE[i] + ANGLE_SPREAD[i] * bounded(random));
        width[i] = h * WIDTH[i] * (1 + WIDTH_SPREAD[i] * bounded(random));
      }
      final double[][] height = new double[LEADS][WAVES];
      final double[] wander = new double[LEADS];
      final double[] noise = new double[LEADS];
      for (int lead = 0; lead < LEADS; lead++) {
        for (int i = 0; i < WAVES; i++) {
          height[lead][i] = HEIGHT[lead][i] * (1 + HEIGHT_SPREAD * bounded(random));
        }
        wander[lead] = 0.07 * (1 + 0.4 * bounded(random));
        noise[lead] = 0.012 * (1 + 0.25 * bounded(random));
      }
      final double breathing = 0.25 * (1 + 0.1 * bounded(random));
      return new Patient(meanRr, sdRr, angle, width, height, breathing, wander, noise);
    }

    /** Normal, cut at two standard deviations, so that the waves of every patient stay in order. */
    private static double bounded(RandomStream random) {
      return Math.clamp(random.nextGaussian(), -2, 2);
    }

    /** The class at a phase of the heart cycle [rad], R peak at 0. */
    int classAt(double theta) {
      final double onset = angle[P] - 2 * width[P];
      final double sinceOnset = theta - onset - TWO_PI * Math.floor((theta - onset) / TWO_PI);
      final double phase = onset + sinceOnset;
      if (phase < angle[P] + 2 * width[P]) {
        return 0;
      }
      if (phase < angle[Q] - 2 * width[Q]) {
        return 1;
      }
      if (phase < 0) {
        return 2;
      }
      if (phase < angle[S] + 2 * width[S]) {
        return 3;
      }
      return phase < angle[T] + 2 * width[T] ? 4 : 5;
    }

    /** What the waves do at a phase: minus the slope of each lead's sum of Gaussians [mV / rad]. */
    void pull(double theta, double[] pull) {
      Arrays.fill(pull, 0);
      for (int i = 0; i < WAVES; i++) {
        final double turned = theta - angle[i];
        final double distance = turned - TWO_PI * Math.rint(turned / TWO_PI);
        // Beyond six widths a Gaussian is below 2e-8 of its height: spare the exponential.
        if (Math.abs(distance) < 6 * width[i]) {
          final double inWidths = distance / width[i];
          final double slope = inWidths / width[i] * StrictMath.exp(-0.5 * inWidths * inWidths);
          for (int lead = 0; lead < LEADS; lead++) {
            pull[lead] += height[lead][i] * slope;
          }
        }
      }
    }
  }

  /** The time between beats: a mean and a sum of cosines with random phases, bimodal in power. */
  static final class RrProcess {
    private static final int COMPONENTS = 80;
    private static final double SPACING = 0.005; // Hz, so the pattern repeats after 200 s
    private final double mean;
    private final double[] amplitude = new double[COMPONENTS];
    private final double[] phase = new double[COMPONENTS];

    RrProcess(Patient patient, RandomStream random) {
      mean = patient.meanRr();
      double power = 0;
      for (int i = 0; i < COMPONENTS; i++) {
        final double frequency = (i + 1) * SPACING;
        final double density = 0.5 * bump(frequency, 0.1) + bump(frequency, 0.25);
        amplitude[i] = Math.sqrt(density);
        power += density / 2;
        phase[i] = TWO_PI * random.nextDouble();
      }
      for (int i = 0; i < COMPONENTS; i++) {
        amplitude[i] *= patient.sdRr() / Math.sqrt(power);
      }
    }

    private static double bump(double frequency, double centre) {
      final double inWidths = (frequency - centre) / 0.01;
      return StrictMath.exp(-0.5 * inWidths * inWidths);
    }

    /** RR interval [s] of a beat that begins at a time [s]. */
    double at(double time) {
      double rr = mean;
      for (int i = 0; i < COMPONENTS; i++) {
        rr += amplitude[i] * StrictMath.cos(TWO_PI * (i + 1) * SPACING * time + phase[i]);
      }
      return rr;
    }
  }

  /** A patient's signal in events and classes, the run-in included. */
  private record Recording(float[] events, int[] classes) {

    Sequence cut(int index, String group) {
      final int start = RUN_IN + index * STEPS;
      final int channels = 2 * LEADS;
      final float[] values = new float[STEPS * channels];
      System.arraycopy(events, start * channels, values, 0, values.length);
      final int[] targets = new int[STEPS];
      System.arraycopy(classes, start - LABEL_LAG, targets, 0, STEPS);
      final boolean[] annotated = new boolean[STEPS];
      Arrays.fill(annotated, true);
      return new Sequence(group + "/" + index, group, STEPS, channels, values, targets, annotated);
    }
  }

  private static Recording record(Patient patient, String name, int number, long seed) {
    final int samples = RUN_IN + SEQUENCES_PER_PATIENT * STEPS;
    final double[][] leads = new double[LEADS][samples];
    final int[] classes = integrate(patient, name, number, seed, leads);
    for (int lead = 0; lead < LEADS; lead++) {
      final RandomStream random =
          RandomStream.of(seed, "synthetic ecg noise " + name, number, lead);
      for (int i = 0; i < samples; i++) {
        leads[lead][i] += patient.noise()[lead] * random.nextGaussian();
      }
      leads[lead] = LevelCrossing.smooth(leads[lead]);
    }
    return new Recording(new LevelCrossing(DELTA).encode(leads), classes);
  }

  /**
   * Runs the model. The phase advances at a constant rate within a beat, so of the four Runge-Kutta
   * stages the two in the middle see the same pull, and the last one's is the next step's first.
   *
   * @param leads the noiseless signals come here
   * @return the class of every sample, without lag
   */
  static int[] integrate(Patient patient, String name, int number, long seed, double[][] leads) {
    final RandomStream random = RandomStream.of(seed, "synthetic ecg heart " + name, number);
    final RrProcess rr = new RrProcess(patient, random);
    final double breathPhase = TWO_PI * random.nextDouble();
    double theta = TWO_PI * (random.nextDouble() - 1);
    final double step = 1.0 / (SAMPLING_RATE * SUBSTEPS);
    double omega = TWO_PI / rr.at(0);
    final double[] z = new double[LEADS];
    double[] pullBefore = new double[LEADS];
    final double[] pullMiddle = new double[LEADS];
    double[] pullAfter = new double[LEADS];
    patient.pull(theta, pullBefore);
    double breathBefore = StrictMath.sin(breathPhase);
    final int[] classes = new int[leads[0].length];
    for (int i = 0; i < classes.length * SUBSTEPS; i++) {
      if (i % SUBSTEPS == 0) {
        classes[i / SUBSTEPS] = patient.classAt(theta);
        for (int lead = 0; lead < LEADS; lead++) {
          leads[lead][i / SUBSTEPS] = z[lead];
        }
      }
      patient.pull(theta + 0.5 * omega * step, pullMiddle);
      patient.pull(theta + omega * step, pullAfter);
      final double breathMiddle = breath(patient, (i + 0.5) * step, breathPhase);
      final double breathAfter = breath(patient, (i + 1) * step, breathPhase);
      for (int lead = 0; lead < LEADS; lead++) {
        final double wander = patient.wander()[lead];
        final double middle = -omega * pullMiddle[lead] + wander * breathMiddle;
        final double k1 = -omega * pullBefore[lead] + wander * breathBefore - z[lead];
        final double k2 = middle - (z[lead] + 0.5 * step * k1);
        final double k3 = middle - (z[lead] + 0.5 * step * k2);
        final double k4 = -omega * pullAfter[lead] + wander * breathAfter - (z[lead] + step * k3);
        z[lead] += step / 6 * (k1 + 2 * k2 + 2 * k3 + k4);
      }
      theta += omega * step;
      if (theta >= 0) {
        theta -= TWO_PI;
        omega = TWO_PI / rr.at((i + 1) * step);
      }
      final double[] swapped = pullBefore;
      pullBefore = pullAfter;
      pullAfter = swapped;
      breathBefore = breathAfter;
    }
    return classes;
  }

  private static double breath(Patient patient, double time, double phase) {
    return StrictMath.sin(TWO_PI * patient.breathing() * time + phase);
  }
}
