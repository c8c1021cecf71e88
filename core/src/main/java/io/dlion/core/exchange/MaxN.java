package io.dlion.core.exchange;

import io.dlion.core.kernel.Blocks;
import io.dlion.core.layout.ParameterLayout;
import io.dlion.core.layout.Variable;
import io.dlion.core.wire.EncodedSize;
import io.dlion.core.wire.Selection;
import io.dlion.core.wire.ValueFormat;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;

/**
 * Max N (Hong &amp; Chandra, HPDC '21, section 3.3): of each variable separately, the entries with
 *
 * <pre>  |g| ≥ (1 − N/100) · max|g_v|,   0 &lt; N ≤ 100</pre>
 *
 * With a byte budget, N is the largest value whose encoded size fits, but never less than the
 * minimum: transmission speed assurance and data quality assurance. Internally the ratio {@code r =
 * 1 − N/100} is searched.
 *
 * <p>Finding it costs one pass over the model for all links together, block by block, so that what
 * links share is fetched from memory once. A {@link Forecast} of a link's thresholds says which
 * entries are candidates; those are collected while the maxima are found, counted in a histogram of
 * {@code |g|/max|g_v|} in logarithmic bins (128 per octave), the smallest ratio that fits is read
 * off it, and candidates below it are struck out. Only variables whose maximum has fallen so far
 * that candidates may be missing are looked at again.
 *
 * <p>Not thread safe; one instance serves all links of a node, each with a {@link Link} of its own.
 */
final class MaxN {
  private static final int ONE = Float.floatToRawIntBits(1f);
  private static final int BIN_SHIFT = 16; // 128 bins per octave
  private static final int BINS = 24 << 7; // 24 octaves: below them is noise of float32 arithmetic
  private static final float STEP = 0.85f;

  private final ParameterLayout layout;
  private final ValueFormat format;
  private final OptionalDouble fixedRatio;
  private final double ratioMax;
  private final Scan scan = new Scan();
  private final float[] thresholds;
  private final int[][] counts;
  private Selection scratch;

  /** What is known about one link, and what was selected for it last. */
  static final class Link {
    private final float[] floors;
    private final float[] maxima;
    private final Forecast forecast;
    private Selection selection;
    private double n = 100;

    Link(ParameterLayout layout) {
      floors = new float[layout.variables().size()];
      maxima = new float[layout.variables().size()];
      forecast = new Forecast(layout);
      Arrays.fill(floors, Float.POSITIVE_INFINITY);
      selection = new Selection(layout);
    }

    private void copyFrom(Link other) {
      System.arraycopy(other.floors, 0, floors, 0, floors.length);
      System.arraycopy(other.maxima, 0, maxima, 0, maxima.length);
      for (int v = 0; v < floors.length; v++) {
        selection.beginVariable();
        selection.addAll(other.selection);
        selection.endVariable();
      }
    }

    /** The last selection, valid until the next. */
    Selection selection() {
      return selection;
    }

    /** The N of the last selection, in (0, 100]. */
    double n() {
      return n;
    }
  }

  /** A link that can take a message of {@code budgetBytes}, and what it is to be selected from. */
  record Request(Link link, Pending source, long budgetBytes) {}

  /**
   * A selector.
   *
   * @param fixedN N for every link, in percent, or empty to follow budgets
   * @param minimumN the N that no budget can undercut, in percent
   */
  MaxN(ParameterLayout layout, ValueFormat format, OptionalDouble fixedN, double minimumN) {
    this.layout = layout;
    this.format = format;
    this.fixedRatio =
        fixedN.isPresent() ? OptionalDouble.of(1 - fixedN.getAsDouble() / 100) : fixedN;
    this.ratioMax = 1 - minimumN / 100;
    this.scratch = new Selection(layout);
    int variables = layout.variables().size();
    this.thresholds = new float[variables];
    this.counts = new int[variables][BINS];
  }

  /** Whether a budget carries every entry, or the fixed N asks for it. */
  boolean carriesEverything(long budgetBytes) {
    return fixedRatio.isPresent()
        ? fixedRatio.getAsDouble() == 0
        : EncodedSize.whole(layout, format) <= budgetBytes;
  }

  /** Selects for each link the most that fits into its budget, or by the fixed N. */
  void select(List<Request> requests) {
    List<Request> parts = new ArrayList<>();
    for (Request r : requests) {
      if (carriesEverything(r.budgetBytes)) {
        r.link.n = 100;
        r.link.selection.selectAll();
      } else {
        parts.add(r);
      }
    }
    collect(parts);
    parts.forEach(this::narrow);
  }

  /** Collects the candidates of all links; of links that share a source, once for all of them. */
  private void collect(List<Request> requests) {
    Map<Pending, Request> sources = new HashMap<>();
    for (Request r : requests) {
      if (fixedRatio.isEmpty()) {
        r.link.forecast.adjust(r.source, scan, r.link.floors, r.budgetBytes);
      }
      r.link.selection.clear();
      Arrays.fill(r.link.maxima, 0f);
      Request first = sources.putIfAbsent(r.source, r);
      for (int v = 0; first != null && v < thresholds.length; v++) {
        first.link.floors[v] = Math.min(first.link.floors[v], r.link.floors[v]);
      }
    }
    List<Request> scanned =
        requests.stream().filter(r -> Objects.equals(sources.get(r.source), r)).toList();
    for (int v = 0; v < thresholds.length; v++) {
      scanned.forEach(r -> r.link.selection.beginVariable());
      Variable variable = layout.variables().get(v);
      for (int from = 0; from < variable.count(); from += Blocks.BLOCK) {
        for (int i = 0; i < scanned.size(); i++) {
          Link link = scanned.get(i).link;
          Pending source = scanned.get(i).source;
          float max = scan.block(source, variable, from, link.floors[v], link.selection);
          link.maxima[v] = Math.max(link.maxima[v], max);
        }
      }
      for (Request r : scanned) {
        if (r.link.maxima[v] == 0) { // no candidate: how great is what there is?
          r.link.maxima[v] = scan.greatest(r.source, variable);
        }
        r.link.selection.endVariable();
      }
    }
    for (Request r : requests) {
      Request first = sources.getOrDefault(r.source, r);
      if (!r.equals(first)) {
        r.link.copyFrom(first.link);
      }
    }
  }

  /** Strikes candidates out until what is left is the selection. */
  private void narrow(Request r) {
    Link link = r.link;
    int bin = BINS - 1;
    double ratio;
    float step = 1;
    do {
      step = step == 1 ? STEP : step * step; // usually little is missing; if not, soon all is taken
      // Candidates not collected make counts too low and the ratio too low, never too high: once
      // none is missing at the ratio found, it is the right one.
      if (fixedRatio.isEmpty()) {
        count(link);
        bin = smallestThatFits(r.budgetBytes);
      }
      ratio = fixedRatio.orElse(Math.min(ratioMax, edge(bin)));
    } while (collectMissing(r, ratio, step));
    strike(link, ratio);
    // Counts say what the size will be, positions what it is: a few bytes may be too many.
    while (fixedRatio.isEmpty()
        && ratio < ratioMax
        && EncodedSize.exact(link.selection, format) > r.budgetBytes) {
      bin--;
      ratio = Math.min(ratioMax, edge(bin));
      strike(link, ratio);
    }
    link.n = 100 * (1 - ratio);
    link.forecast.selected(link.selection, thresholds, link.floors, r.budgetBytes);
  }

  /**
   * Looks again at variables of which entries of at least {@code ratio} times the maximum may be
   * missing among the candidates: down to that ratio, but in steps, since it may turn out higher.
   *
   * @return whether there were any
   */
  private boolean collectMissing(Request r, double ratio, float step) {
    Link link = r.link;
    boolean missing = false;
    for (int v = 0; v < thresholds.length; v++) {
      missing |= link.floors[v] > (float) (ratio * link.maxima[v]) && link.maxima[v] > 0;
    }
    if (!missing) {
      return false;
    }
    scratch.clear();
    for (int v = 0; v < thresholds.length; v++) {
      scratch.beginVariable();
      float floor = (float) (ratio * link.maxima[v]);
      if (link.floors[v] > floor && link.maxima[v] > 0) {
        float stepped = step * Math.min(link.floors[v], link.maxima[v]);
        boolean large = Forecast.isLarge(layout.variables().get(v));
        link.floors[v] = large ? Math.max(floor, stepped) : floor;
        scan.variable(r.source, layout.variables().get(v), link.floors[v], scratch);
      } else {
        scratch.addAll(link.selection);
      }
      scratch.endVariable();
    }
    Selection incomplete = link.selection;
    link.selection = scratch;
    scratch = incomplete;
    return true;
  }

  /** Fills {@code counts[v][k]} with the number of candidates of variable v in bins 0 to k. */
  private void count(Link link) {
    float[] values = link.selection.values();
    for (int v = 0; v < counts.length; v++) {
      int[] c = counts[v];
      Arrays.fill(c, 0);
      int first = link.selection.firstEntry(v);
      int end = first + link.selection.entries(v);
      double inverse = 1.0 / link.maxima[v]; // in single precision infinite for the smallest maxima
      for (int i = first; i < end; i++) {
        c[binOf((float) (Math.abs(values[i]) * inverse))]++;
      }
      for (int k = 1; k < BINS; k++) {
        c[k] += c[k - 1];
      }
    }
  }

  private int smallestThatFits(long budgetBytes) {
    int low = -1; // the smallest entry set of all, no bin at all, is taken to fit
    int high = BINS - 1;
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      if (expectedBytes(middle) <= budgetBytes) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return low;
  }

  private long expectedBytes(int bin) {
    long bytes = EncodedSize.fixed();
    for (int v = 0; v < counts.length; v++) {
      bytes += EncodedSize.expected(layout.variables().get(v).count(), counts[v][bin], format);
    }
    return bytes;
  }

  private void strike(Link link, double ratio) {
    for (int v = 0; v < thresholds.length; v++) {
      thresholds[v] = (float) (ratio * link.maxima[v]);
    }
    link.selection.retain(thresholds);
  }

  private static int binOf(float ratio) {
    int below = ONE - Float.floatToRawIntBits(ratio);
    return below <= 0 ? 0 : Math.min(BINS - 1, below >> BIN_SHIFT);
  }

  /** The least ratio in bin k; 0 for the last bin, which holds all that is smaller. */
  private static double edge(int bin) {
    return bin < 0
        ? 1
        : bin >= BINS - 1 ? 0 : Float.intBitsToFloat(ONE - ((bin + 1) << BIN_SHIFT) + 1);
  }
}
