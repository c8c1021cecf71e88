package io.dlion.core.exchange;

import io.dlion.core.kernel.Blocks;
import io.dlion.core.layout.ParameterLayout;
import io.dlion.core.layout.Variable;
import io.dlion.core.wire.EncodedSize;
import io.dlion.core.wire.Selection;
import io.dlion.core.wire.ValueFormat;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

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
 * off it, and the candidates above it are taken. Only variables whose maximum has fallen so far
 * that candidates may be missing are looked at again.
 *
 * <p>Links with residuals that carry little look at a {@link Window} of the model at a time, and
 * the rule applies to what that shows.
 *
 * <p>Not thread safe; one instance serves all links of a node, each with a {@link Link} of its own.
 * What is selected lies in memory of the instance, as much as the most links take that were asked
 * for at a time.
 */
final class MaxN {
  private static final float STEP = 0.85f;

  private final ParameterLayout layout;
  private final ValueFormat format;
  private final OptionalDouble fixedRatio;
  private final double ratioMax;
  private final Scan scan = new Scan();
  private final Candidates shared;
  private final float[] thresholds;
  private final Histogram[] counts;
  private final Selection sample;
  private final List<Selection> selections = new ArrayList<>();
  private final List<Selection> candidates = new ArrayList<>();
  private Selection scratch;

  /** What is known about one link, and what was selected for it last. */
  static final class Link {
    private final Candidates candidates;
    private @Nullable Selection selection;
    private double n = 100;

    Link(ParameterLayout layout) {
      candidates = new Candidates(layout);
    }

    /** The last selection, valid until the next of any link. */
    Selection selection() {
      return Objects.requireNonNull(selection, "nothing was selected yet");
    }

    /** The N of the last selection, in (0, 100]. */
    double n() {
      return n;
    }
  }

  /** Which entries of one source may be selected: those of at least the floors. */
  private static final class Candidates {
    final float[] floors;
    final float[] maxima;
    final Forecast forecast;
    Window window = Window.WHOLE;
    int turn;

    Candidates(ParameterLayout layout) {
      floors = new float[layout.variables().size()];
      maxima = new float[floors.length];
      forecast = new Forecast(layout);
      Arrays.fill(floors, Float.POSITIVE_INFINITY);
    }
  }

  /**
   * A link that can take a message.
   *
   * @param source what it is to be selected from
   * @param keeps whether what is not selected stays in the source, which then is this link's own;
   *     otherwise all links have one source
   */
  record Request(Link link, Pending source, boolean keeps, long budgetBytes) {}

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
    this.shared = new Candidates(layout);
    this.scratch = new Selection(layout);
    this.sample = new Selection(layout);
    int variables = layout.variables().size();
    this.thresholds = new float[variables];
    this.counts = Stream.generate(Histogram::new).limit(variables).toArray(Histogram[]::new);
  }

  /** Whether a budget carries every entry, or the fixed N asks for it. */
  boolean carriesEverything(long budgetBytes) {
    return fixedRatio.isPresent()
        ? fixedRatio.getAsDouble() == 0
        : EncodedSize.whole(layout, format) <= budgetBytes;
  }

  /** Selects for each link the most that fits into its budget, or by the fixed N. */
  void select(List<Request> requests) {
    Map<Candidates, List<Request>> searches = new LinkedHashMap<>();
    for (int i = 0; i < requests.size(); i++) {
      Request r = requests.get(i);
      r.link.selection = at(i, selections);
      if (carriesEverything(r.budgetBytes)) {
        r.link.n = 100;
        r.link.selection.selectAll();
      } else {
        searches
            .computeIfAbsent(r.keeps ? r.link.candidates : shared, c -> new ArrayList<>())
            .add(r);
      }
    }
    List<Search> all = new ArrayList<>();
    searches.forEach((of, by) -> all.add(new Search(of, by, at(all.size(), candidates))));
    all.forEach(this::prepare);
    collect(all);
    for (int i = 0; i < all.size(); i++) {
      narrow(all.get(i));
      candidates.set(i, all.get(i).entries); // it may have taken others in exchange
    }
  }

  private Selection at(int place, List<Selection> of) {
    if (place == of.size()) {
      of.add(new Selection(layout));
    }
    return of.get(place);
  }

  /** Links whose messages are selected from the same candidates: those of one source. */
  private static final class Search {
    final Candidates candidates;
    final List<Request> requests;
    Selection entries;

    Search(Candidates candidates, List<Request> requests, Selection entries) {
      this.candidates = candidates;
      this.requests =
          requests.stream().sorted(Comparator.comparingLong(Request::budgetBytes)).toList();
      this.entries = entries;
    }

    Pending source() {
      return requests.getFirst().source;
    }

    Request largest() {
      return requests.getLast();
    }
  }

  private void prepare(Search search) {
    Candidates c = search.candidates;
    if (fixedRatio.isEmpty()) {
      Request largest = search.largest();
      c.window =
          largest.keeps ? Window.of(layout, format, largest.budgetBytes, c.turn++) : Window.WHOLE;
      c.forecast.adjust(search.source(), scan, sample, c.floors, largest.budgetBytes);
    }
    search.entries.clear();
    Arrays.fill(c.maxima, 0f);
  }

  /** Collects the candidates of all searches. */
  private void collect(List<Search> all) {
    for (int v = 0; v < thresholds.length; v++) {
      Variable variable = layout.variables().get(v);
      all.forEach(search -> search.entries.beginVariable());
      for (int from = 0; from < variable.count(); from += Blocks.BLOCK) {
        for (int i = 0; i < all.size(); i++) {
          Search search = all.get(i);
          Candidates c = search.candidates;
          if (c.window.shows(variable, from / Blocks.BLOCK)) {
            float max = scan.block(search.source(), variable, from, c.floors[v], search.entries);
            c.maxima[v] = Math.max(c.maxima[v], max);
          }
        }
      }
      for (Search search : all) {
        Candidates c = search.candidates;
        if (c.maxima[v] == 0) { // no candidate: how great is what there is?
          c.maxima[v] = scan.greatest(search.source(), variable, c.window);
        }
        search.entries.endVariable();
      }
    }
  }

  /** Takes for each link those candidates that fit. */
  private void narrow(Search search) {
    Candidates c = search.candidates;
    if (fixedRatio.isEmpty()) {
      count(search);
    }
    search.requests.forEach(r -> narrow(search, r));
    Request largest = search.largest(); // thresholds are those of the last, which are the least
    c.forecast.selected(
        largest.link.selection(), thresholds, c.floors, largest.budgetBytes, c.window);
  }

  private void narrow(Search search, Request r) {
    Candidates c = search.candidates;
    Selection selection = r.link.selection();
    int bin = Histogram.BINS - 1;
    double ratio;
    float step = 1;
    while (true) {
      // Candidates not collected make counts too low and the ratio too low, never too high: once
      // none is missing at the ratio found, it is the right one.
      if (fixedRatio.isEmpty()) {
        bin = smallestThatFits(c.window, r.budgetBytes);
      }
      ratio = fixedRatio.orElse(Math.min(ratioMax, Histogram.edge(bin)));
      step = step == 1 ? STEP : step * step; // usually little is missing; if not, soon all is taken
      if (!collectMissing(search, ratio, step)) {
        break;
      }
      if (fixedRatio.isEmpty()) {
        count(search);
      }
    }
    selection.retainOf(search.entries, thresholds(c, ratio));
    // Counts say what the size will be, positions what it is: a few bytes may be too many.
    while (fixedRatio.isEmpty()
        && ratio < ratioMax
        && EncodedSize.exact(selection, format) > r.budgetBytes) {
      bin--;
      ratio = Math.min(ratioMax, Histogram.edge(bin));
      selection.retain(thresholds(c, ratio));
    }
    r.link.n = 100 * (1 - ratio);
  }

  /**
   * Looks again at variables of which entries of at least {@code ratio} times the maximum may be
   * missing among the candidates: down to that ratio, but in steps, since it may turn out higher.
   *
   * @return whether there were any
   */
  private boolean collectMissing(Search search, double ratio, float step) {
    Candidates c = search.candidates;
    boolean missing = false;
    for (int v = 0; v < thresholds.length; v++) {
      missing |= c.floors[v] > (float) (ratio * c.maxima[v]) && c.maxima[v] > 0;
    }
    if (!missing) {
      return false;
    }
    scratch.clear();
    for (int v = 0; v < thresholds.length; v++) {
      scratch.beginVariable();
      float floor = (float) (ratio * c.maxima[v]);
      Variable variable = layout.variables().get(v);
      if (c.floors[v] > floor && c.maxima[v] > 0) {
        float stepped = step * Math.min(c.floors[v], c.maxima[v]);
        c.floors[v] = Forecast.isLarge(variable) ? Math.max(floor, stepped) : floor;
        scan.variable(search.source(), variable, c.window, c.floors[v], scratch);
      } else {
        scratch.addAll(search.entries);
      }
      scratch.endVariable();
    }
    Selection incomplete = search.entries;
    search.entries = scratch;
    scratch = incomplete;
    return true;
  }

  private void count(Search search) {
    Selection entries = search.entries;
    for (int v = 0; v < counts.length; v++) {
      int first = entries.firstEntry(v);
      counts[v].count(
          entries.values(), first, first + entries.entries(v), search.candidates.maxima[v]);
    }
  }

  private int smallestThatFits(Window window, long budgetBytes) {
    int low = -1; // the smallest entry set of all, no bin at all, is taken to fit
    int high = Histogram.BINS - 1;
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      if (expectedBytes(window, middle) <= budgetBytes) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return low;
  }

  private long expectedBytes(Window window, int bin) {
    long bytes = EncodedSize.fixed();
    for (int v = 0; v < counts.length; v++) {
      Variable variable = layout.variables().get(v);
      bytes +=
          EncodedSize.expected(
              variable.count(), window.shown(variable), counts[v].upTo(bin), format);
    }
    return bytes;
  }

  private float[] thresholds(Candidates c, double ratio) {
    for (int v = 0; v < thresholds.length; v++) {
      thresholds[v] = (float) (ratio * c.maxima[v]);
    }
    return thresholds;
  }
}
