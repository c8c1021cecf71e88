package io.dlion.monitor.comparison.trace;

import io.dlion.core.WorkerId;
import io.dlion.core.report.Report;
import io.dlion.core.report.ReportSink;
import java.util.Collection;
import java.util.List;
import java.util.TreeMap;

/**
 * Collects a {@link SeedRun} from the reports of an emulated run, and from what the emulator itself
 * knows: who was busy with what, and what links carried. Memory is bounded whatever the length of
 * the run: curves and series are thinned out, and intervals kept for a window of the run only,
 * which ends earlier if they are too many. Thread safe; times must not go back.
 *
 * <p>Accuracy and loss at a moment are means over workers of each one's latest evaluation, from the
 * moment on when every worker has one. A worker that joins counts from its first evaluation on, one
 * that leaves or crashes no longer from {@link #gone} on, until it is heard again. One that serves
 * and trains nothing does not count, unless no other was evaluated.
 */
public final class RunRecorder implements ReportSink {
  /** N over time is kept for that many links; more could not be looked at anyway. */
  public static final int LINK_SERIES_MAX = 1024;

  private final long seed;
  private final long windowFromNanos;
  private final long windowToNanos;
  private final TreeMap<WorkerId, WorkerRecorder> workers = new TreeMap<>();
  private final TreeMap<Link, LinkRecorder> links = new TreeMap<>();
  private final ServerRecorder server = new ServerRecorder();
  private final StreamRecorder streams;
  private final CurveRecorder<CurvePoint> curve = new CurveRecorder<>(CurvePoint::seconds);
  private long samples;
  private long bytesSent;
  private long iterations;
  private long stalenessSum;

  /** A direction between two workers. */
  record Link(WorkerId from, WorkerId to) implements Comparable<Link> {
    @Override
    public int compareTo(Link other) {
      int byFrom = from.compareTo(other.from);
      return byFrom != 0 ? byFrom : to.compareTo(other.to);
    }
  }

  /**
   * Nothing recorded yet.
   *
   * @param seed of the run
   * @param initial the workers that are there from the beginning
   * @param windowFromNanos begin of the part of the run whose every activity is kept
   * @param windowToNanos its end; some ten iterations of the slowest worker make a good picture
   */
  public RunRecorder(
      long seed, Collection<WorkerId> initial, long windowFromNanos, long windowToNanos) {
    this(seed, initial, windowFromNanos, windowToNanos, List.of());
  }

  /**
   * The same, of a run in whose streams the environment makes drifts.
   *
   * @param driftSeconds when, in virtual seconds since the run began
   */
  public RunRecorder(
      long seed,
      Collection<WorkerId> initial,
      long windowFromNanos,
      long windowToNanos,
      List<Double> driftSeconds) {
    if (windowFromNanos < 0 || windowToNanos < windowFromNanos) {
      throw new IllegalArgumentException(
          "window from " + windowFromNanos + " to " + windowToNanos + " ns");
    }
    this.seed = seed;
    this.windowFromNanos = windowFromNanos;
    this.windowToNanos = windowToNanos;
    this.streams = new StreamRecorder(driftSeconds);
    initial.forEach(id -> workers.put(id, recorder(id, true)));
  }

  @Override
  public synchronized void accept(Report report) {
    switch (report) {
      case Report.Iteration r -> iteration(r);
      case Report.Evaluated r -> evaluated(r);
      case Report.Sent r -> link(r.worker(), r.peer()).sent(r);
      case Report.Committed r -> {
        worker(r.worker()).committed();
        server.committed(r);
      }
      case Report.Serving r -> {
        worker(r.worker()).serving();
        server.serving(r);
      }
      case Report.Streamed r -> streams.streamed(r);
      case Report.Drifted r -> streams.drifted(r);
      case Report.Transfer _, Report.Notice _ -> {}
    }
  }

  private void iteration(Report.Iteration report) {
    WorkerRecorder worker = worker(report.worker());
    samples -= worker.samples();
    worker.iteration(report);
    samples += worker.samples();
    iterations++;
    stalenessSum += report.staleness();
  }

  private void evaluated(Report.Evaluated report) {
    worker(report.worker()).evaluated(report);
    addPoint(report.atNanos());
  }

  private void addPoint(long atNanos) {
    Standing now = standing();
    if (now.complete) {
      curve.add(
          new CurvePoint(
              atNanos / 1e9, now.accuracy, now.worstAccuracy, now.loss, samples, bytesSent));
    }
  }

  /** A worker left or crashed: its accuracy counts no longer. */
  public synchronized void gone(WorkerId worker, long atNanos) {
    worker(worker).gone();
    streams.gone(worker);
    addPoint(atNanos);
  }

  /** Whether the mean accuracy over workers was as high as this when it was seen last. */
  public synchronized boolean stoodAt(double accuracy) {
    return curve.last().filter(p -> SeedRun.reaches(p.accuracy(), accuracy)).isPresent();
  }

  /** The run is not judged by this worker's model, until it is evaluated again. */
  public synchronized void notJudged(WorkerId worker) {
    worker(worker).notJudged();
  }

  /**
   * A worker was busy with something; all but {@link Activity#SENDING}, which transfers tell.
   *
   * @param fromNanos not before the end of the worker's last interval of the same activity
   */
  public synchronized void active(
      WorkerId worker, Activity activity, long fromNanos, long toNanos) {
    if (activity == Activity.SENDING) {
      throw new IllegalArgumentException("sending is recorded by transfers");
    }
    worker(worker).active(activity, fromNanos, toNanos);
  }

  /** A message, of any kind, began to go over a link. */
  public synchronized void transferBegan(WorkerId from, WorkerId to, long atNanos) {
    link(from, to).transferBegan(atNanos);
    worker(from).transferBegan(atNanos);
  }

  /**
   * A message left a link, or was cut off on it. Ends that no begin belongs to are ignored.
   *
   * @param bytes that the link carried of it, framing included
   */
  public synchronized void transferEnded(WorkerId from, WorkerId to, long atNanos, long bytes) {
    if (link(from, to).transferEnded(atNanos, bytes)) {
      worker(from).transferEnded(atNanos);
      bytesSent += bytes;
    }
  }

  private WorkerRecorder worker(WorkerId id) {
    return workers.computeIfAbsent(id, _ -> recorder(id, false));
  }

  private WorkerRecorder recorder(WorkerId id, boolean initial) {
    return new WorkerRecorder(id, initial, windowFromNanos, windowToNanos);
  }

  private LinkRecorder link(WorkerId from, WorkerId to) {
    return links.computeIfAbsent(
        new Link(from, to), link -> new LinkRecorder(link, links.size() < LINK_SERIES_MAX));
  }

  /**
   * The run as it was recorded; call it once, at the end.
   *
   * @param stoppedBy what ended it; {@link SeedRun#DIVERGED} has a meaning
   * @param endNanos when it ended; what is on a link then counts as sending until then, without its
   *     bytes
   */
  public synchronized SeedRun finish(String stoppedBy, long endNanos) {
    links.forEach((link, recorder) -> {
      while (recorder.open() > 0) {
        transferEnded(link.from, link.to, endNanos, 0);
      }
    });
    long completeTo =
        workers.values().stream()
            .mapToLong(WorkerRecorder::completeToNanos)
            .min()
            .orElse(windowToNanos);
    long windowTo = Math.max(windowFromNanos, Math.min(completeTo, endNanos));
    Standing end = standing();
    return new SeedRun(
        seed,
        stoppedBy,
        endNanos / 1e9,
        curve.points(),
        new SeedRun.Totals(
            end.accuracy,
            end.worstAccuracy,
            end.deviation,
            end.loss,
            samples,
            iterations,
            bytesSent,
            (double) stalenessSum / iterations,
            waitShare(),
            workers.values().stream().mapToLong(WorkerRecorder::commits).sum()),
        new Interval(windowFromNanos / 1e9, windowTo / 1e9),
        workers.values().stream().map(w -> w.trace(windowTo)).toList(),
        links.values().stream().map(LinkRecorder::trace).toList(),
        server.trace(),
        streams.trace(endNanos / 1e9));
  }

  private double waitShare() {
    return workers.values().stream()
        .mapToDouble(WorkerRecorder::waitShare)
        .filter(Double::isFinite)
        .average()
        .orElse(Double.NaN);
  }

  /** How the workers' latest evaluations stand; NaN where a worker has none. */
  private record Standing(
      boolean complete, double accuracy, double worstAccuracy, double deviation, double loss) {
    static final Standing UNKNOWN =
        new Standing(false, Double.NaN, Double.NaN, Double.NaN, Double.NaN);
  }

  private Standing standing() {
    List<WorkerRecorder> there = workers.values().stream().filter(WorkerRecorder::counts).toList();
    List<WorkerRecorder> training = there.stream().filter(w -> !w.onlyServes()).toList();
    if (training.stream().allMatch(w -> w.evaluated() == null)) {
      return standing(there.stream().filter(w -> w.onlyServes() && w.evaluated() != null).toList());
    }
    return standing(training);
  }

  private static Standing standing(List<WorkerRecorder> counting) {
    int count = 0;
    double sum = 0;
    double sumOfSquares = 0;
    double worst = Double.POSITIVE_INFINITY;
    double loss = 0;
    for (WorkerRecorder worker : counting) {
      Report.Evaluated latest = worker.evaluated();
      if (latest == null) {
        return Standing.UNKNOWN;
      }
      count++;
      sum += latest.accuracy();
      sumOfSquares += latest.accuracy() * latest.accuracy();
      worst = Math.min(worst, latest.accuracy());
      loss += latest.loss();
    }
    if (count == 0) {
      return Standing.UNKNOWN;
    }
    double mean = sum / count;
    double variance = Math.max(0, sumOfSquares / count - mean * mean);
    return new Standing(true, mean, worst, Math.sqrt(variance), loss / count);
  }
}
