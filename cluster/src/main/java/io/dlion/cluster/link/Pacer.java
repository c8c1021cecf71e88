package io.dlion.cluster.link;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Finds out what a link carries, and when the next part may be sent: a little slower than that, so
 * that no queue grows in which small messages would have to wait.
 *
 * <p>What a link carries is measured by what the receiver says it has taken in, and only while the
 * link is the bottleneck: while more is offered than it carries. That is so
 *
 * <ul>
 *   <li>while probing, twice a second: parts worth {@value #PROBE_MILLIS} ms go out faster than the
 *       link was found to be. If they arrive as fast, it has become faster: probing goes on at once
 *       with a larger step. Then a short rest drains what the probe may have queued;
 *   <li>while as much is under way as may be: then it has become slower.
 * </ul>
 *
 * <p>The ideas are those of BBR (Cardwell et al., "BBR: Congestion-Based Congestion Control", ACM
 * Queue 14(5), 2016): pacing by the delivery rate, a cap of what is in flight, cyclic probes. It
 * departs from it in that the rate is a blend of what was measured at the limit (and, where that
 * says slower, the maximum of three measurements, for machines may be busy at either end), and that
 * it cruises below it: TCP under it takes care of fairness.
 *
 * <p>Time is an argument. Not thread safe.
 */
final class Pacer {
  /** Rate in bytes per second of which nothing is known: 8 Mbit/s. */
  private static final double FIRST_RATE = 1e6;

  private static final double RATE_MIN = 4e3;

  /** Of the measured rate while cruising. */
  private static final double CRUISE = 0.98;

  private static final double REST = 0.8;
  private static final long REST_NANOS_MAX = 1_000_000_000;
  private static final double[] STEPS = {1.2, 1.5, 2};
  private static final long PROBE_MILLIS = 50;
  private static final long PROBE_NANOS = PROBE_MILLIS * 1_000_000;
  private static final long CRUISE_NANOS = 500_000_000;

  /** A shorter window cannot tell how slow a link is. */
  private static final long SHORT_NANOS = 1_000_000;

  /** A window at the limit that is long enough to tell a rate. */
  private static final long WINDOW_NANOS = 40_000_000;

  /** A probe found a faster link if it arrived at that share of the step. */
  private static final double SUCCESS = 0.5;

  /**
   * Within this share of the rate measurements are noise, of which each new one counts that much.
   */
  private static final double CHANGE = 0.15;

  private static final double NEW_SHARE = 0.4;

  /** So many measurements one after the other have to say that the link has become slower. */
  private static final int SLOWER_TIMES = 3;

  /** What may wait on the way, beyond what is on it anyway. */
  private static final long QUEUE_NANOS = 30_000_000;

  /**
   * A receipt that is later than the least round trip and what may wait does not tell when its part
   * arrived, but when a busy machine came to say so; those behind it seem to have come all at once.
   */
  private static final long LATE_NANOS = 2 * QUEUE_NANOS;

  /** Of a line of which nothing is known so much may be under way: seconds, where it is thin. */
  private static final int UNKNOWN_BYTES_MAX = 64 * 1024;

  private static final int PART_BYTES_MIN = 4 * 1024;
  private static final int PART_BYTES_LEAST = 512;
  private static final int PART_BYTES_MAX = 1 << 20;

  /** A part takes about as long: so long a small message may have to wait for it. */
  private static final double PART_SECONDS = 0.003;

  /** Smaller parts cost more in headers, receipts and threads woken than they are worth ... */
  private static final int PART_BYTES_CHEAP = 24 * 1024;

  /** ... unless they would take longer than that. */
  private static final double PART_SECONDS_MAX = 0.020;

  /** Receipts may be lost with the peer's memory of this worker: then what is under way is not. */
  private static final long RECEIPT_NANOS_MAX = 3_000_000_000L;

  private static final long ROUND_TRIP_KEPT_NANOS = 10_000_000_000L;

  /** What is under way: at the cap, behind nothing, at the end of a probe. */
  private record Part(
      int bytes, long sentNanos, int phase, boolean limited, boolean first, boolean last) {}

  private enum Mode {
    PROBE,
    REST,
    CRUISE
  }

  private final Deque<Part> underWay = new ArrayDeque<>();
  private long underWayBytes;
  private long lastReceiptNanos;

  private double rate = FIRST_RATE;
  private boolean measured;
  private Mode mode = Mode.PROBE;
  private int phase;
  private int step = STEPS.length - 1;
  private long modeUntilNanos;
  private double probeBytesWanted;
  private double probeBytes;
  private boolean probeTells; // a part of it followed close upon another

  private double tokens = PART_BYTES_MIN;
  private long tokensNanos;
  private boolean limited;
  private boolean idle = true;

  // The window that is being measured: of parts sent in one phase, or all at the cap.
  private int windowPhase = -1;
  private long windowBytes;
  private long windowNanos;
  private long windowLastNanos;
  private boolean windowLate; // a receipt in it, not the last, came later than by waiting in line
  private boolean windowLastLate;
  private int faster; // measurements one after the other that said the link has become faster
  private int slower; // ... that it has become slower
  private double fastestOfSlower; // the fastest of these
  private boolean windowOpen;

  private long roundTripNanos = Long.MAX_VALUE;
  private long roundTripUntilNanos;

  Pacer(long nowNanos) {
    tokensNanos = nowNanos;
    lastReceiptNanos = nowNanos;
    beginProbe(STEPS.length - 1);
  }

  /**
   * Length of the next part of a message, of which so much is left. While probing the first one
   * leaves as much to the next as it takes: how long one part is in coming tells nothing, and where
   * the rate was found to be too low all messages would be of one part, for ever.
   */
  int partBytes(int left) {
    int alone = mode == Mode.PROBE && idle ? Math.max(PART_BYTES_LEAST, (left + 1) / 2) : left;
    return (int) Math.min(Math.min(left, alone), partBytes());
  }

  private double partBytes() {
    if (!measured) {
      return PART_BYTES_MIN; // a thin line would be busy for seconds with what suits others
    }
    double cheap = Math.min(rate * PART_SECONDS_MAX, PART_BYTES_CHEAP);
    return Math.clamp(Math.max(rate * PART_SECONDS, cheap), PART_BYTES_MIN, PART_BYTES_MAX);
  }

  /**
   * How long the next part has to wait from now on.
   *
   * @return nanoseconds; 0 if it may be sent now; {@link Long#MAX_VALUE} until a receipt comes
   */
  long waitNanos(long nowNanos, int bytes) {
    turn(nowNanos);
    if (underWayBytes > 0 && underWayBytes + bytes > cap()) {
      if (nowNanos - lastReceiptNanos < RECEIPT_NANOS_MAX) {
        limited = true;
        return Long.MAX_VALUE;
      }
      underWay.clear();
      underWayBytes = 0;
      windowOpen = false;
    }
    double pace = pace();
    double most = partBytes();
    tokens = Math.min(most, tokens + (nowNanos - tokensNanos) / 1e9 * pace);
    tokensNanos = nowNanos;
    return tokens > 0 ? 0 : (long) (-tokens / pace * 1e9) + 1;
  }

  /** The part is sent now. */
  void sent(long nowNanos, int bytes) {
    if (underWay.isEmpty()) {
      lastReceiptNanos = nowNanos;
    }
    tokens -= bytes;
    int sentIn = phase;
    boolean last = mode == Mode.PROBE && endsProbe(nowNanos, bytes);
    underWay.add(new Part(bytes, nowNanos, sentIn, limited, idle, last));
    idle = false;
    underWayBytes += bytes;
    limited = false;
  }

  private boolean endsProbe(long nowNanos, int bytes) {
    probeTells |= probeBytes > 0 && !idle;
    probeBytes += bytes;
    if (probeBytes < probeBytesWanted || !probeTells) {
      return false;
    }
    mode = Mode.REST;
    phase++;
    // What the probe put on the way beyond the rate is worth so much of resting.
    double overSeconds = probeBytes / rate * (1 - 1 / STEPS[step]);
    long wanted = (long) (overSeconds / (1 - REST) * 1e9);
    modeUntilNanos = nowNanos + Math.min(wanted, REST_NANOS_MAX);
    return true;
  }

  /** The receiver has taken in the oldest part that is under way. */
  void received(long nowNanos) {
    Part part = underWay.poll();
    if (part == null) {
      return;
    }
    underWayBytes -= part.bytes;
    lastReceiptNanos = nowNanos;
    roundTrip(nowNanos, nowNanos - part.sentNanos);
    measure(nowNanos, part);
  }

  /** There is nothing to send: how long the next part is in coming tells nothing. */
  void idle() {
    idle = true;
  }

  /** What the link carries, in bytes per second, as it is used; 0 before it was measured. */
  double bytesPerSecond() {
    return measured ? rate * CRUISE : 0;
  }

  /** Bytes that may be under way together. */
  private double cap() {
    if (!measured) {
      return UNKNOWN_BYTES_MAX;
    }
    return Math.max(4 * partBytes(), pace() * (roundTripNanos + QUEUE_NANOS) / 1e9);
  }

  private double pace() {
    return rate
        * switch (mode) {
          case PROBE -> STEPS[step];
          case REST -> REST;
          case CRUISE -> CRUISE;
        };
  }

  private void turn(long nowNanos) {
    if (mode != Mode.PROBE && nowNanos >= modeUntilNanos) {
      if (mode == Mode.REST) {
        mode = Mode.CRUISE;
        modeUntilNanos = nowNanos + CRUISE_NANOS;
      } else {
        beginProbe(0);
      }
    }
  }

  private void beginProbe(int withStep) {
    mode = Mode.PROBE;
    step = withStep;
    phase = (phase | 1) + 1; // even ones probe
    probeBytesWanted = rate * STEPS[step] * PROBE_NANOS / 1e9;
    probeBytes = 0;
    probeTells = false;
  }

  private void roundTrip(long nowNanos, long nanos) {
    if (nanos <= roundTripNanos || nowNanos >= roundTripUntilNanos) {
      roundTripNanos = nanos;
      roundTripUntilNanos = nowNanos + ROUND_TRIP_KEPT_NANOS;
    }
  }

  /** Adds a part to the window if it was sent at the limit, as those before it. */
  private void measure(long nowNanos, Part part) {
    boolean probe = part.phase % 2 == 0;
    if (part.phase != windowPhase) {
      windowPhase = part.phase;
      clearWindow();
      windowOpen = false;
    }
    if (!probe && !part.limited) {
      clearWindow();
      windowOpen = false;
    }
    if (windowOpen && !part.first) {
      windowLate |= windowLastLate;
      windowBytes += part.bytes;
      windowNanos += Math.max(0, nowNanos - windowLastNanos);
    }
    windowOpen = true; // the time before its first part belongs to something else
    windowLastNanos = nowNanos;
    windowLastLate = nowNanos - part.sentNanos - roundTripNanos > LATE_NANOS;
    long enough = probe ? 4 * PROBE_NANOS : WINDOW_NANOS;
    if (windowNanos >= enough) {
      double found = windowBytes / (windowNanos / 1e9);
      if (!probe) {
        limitedRate(Math.min(found, rate)); // more was not offered: receipts came in bunches
        clearWindow();
      } else if (found < rate) {
        limitedRate(found); // much slower than thought
        clearWindow();
      }
    }
    if (part.last) {
      probed();
      clearWindow();
    }
  }

  private void clearWindow() {
    windowBytes = 0;
    windowNanos = 0;
    windowLate = false;
  }

  private void probed() {
    if (windowBytes < PART_BYTES_LEAST) {
      return; // nothing to tell
    }
    double found = windowBytes / (Math.max(SHORT_NANOS, windowNanos) / 1e9);
    // It cannot have carried more than was sent: receipts may come in bunches.
    found = Math.min(found, 1.05 * STEPS[step] * rate);
    double wanted = 1 + SUCCESS * (STEPS[step] - 1);
    if (found >= rate * wanted && !windowLate) {
      rate = found;
      measured = true;
      faster = 0;
      clearSlower();
      beginProbe(Math.min(step + 1, STEPS.length - 1));
    } else if (windowNanos >= SHORT_NANOS && windowBytes >= PART_BYTES_MIN / 2) {
      limitedRate(windowLate ? Math.min(found, rate) : found);
    }
  }

  /**
   * At its limit the link carried that. Where it is more than was thought, or about as much, that
   * counts. Less may be a moment in which a machine at either end was busy with something else: the
   * fastest of several counts.
   */
  private void limitedRate(double found) {
    double weight;
    if (found < (1 - CHANGE) * rate) {
      faster = 0;
      fastestOfSlower = Math.max(fastestOfSlower, found);
      if (++slower < SLOWER_TIMES) {
        return;
      }
      found = fastestOfSlower;
      weight = 1;
    } else {
      faster = found > (1 + CHANGE) * rate ? faster + 1 : 0;
      weight = faster > 1 || !measured ? 1 : NEW_SHARE;
    }
    clearSlower();
    rate = Math.max(RATE_MIN, rate + weight * (found - rate));
    measured = true;
  }

  private void clearSlower() {
    slower = 0;
    fastestOfSlower = 0;
  }
}
