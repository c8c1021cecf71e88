package io.dlion.stream;

import io.dlion.core.Phrase;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * How long ago something happened at a time of the wall clock. Such a clock can be set while a run
 * goes on. It is compared with a clock that only goes forward; a jump is told once, and from then
 * on ages are by the clock as it is now. Confined to one thread.
 */
final class ArrivalClock {
  private static final long JUMP_MILLIS = 1000;

  /** A record is not learned from so late; one that seems so old has a wrong timestamp. */
  private static final long AGE_MILLIS_MAX = TimeUnit.DAYS.toMillis(30);

  private final LongSupplier wallMillis;
  private final LongSupplier nanos;
  private long lastWallMillis;
  private long lastNanos;

  ArrivalClock() {
    this(System::currentTimeMillis, System::nanoTime);
  }

  ArrivalClock(LongSupplier wallMillis, LongSupplier nanos) {
    this.wallMillis = wallMillis;
    this.nanos = nanos;
    lastWallMillis = wallMillis.getAsLong();
    lastNanos = nanos.getAsLong();
  }

  /**
   * Looks at both clocks; to be called before ages are asked for. Returns what to say of a jump.
   */
  @Nullable String look() {
    long wall = wallMillis.getAsLong();
    long now = nanos.getAsLong();
    long jump = wall - lastWallMillis - TimeUnit.NANOSECONDS.toMillis(now - lastNanos);
    lastWallMillis = wall;
    lastNanos = now;
    return Math.abs(jump) > JUMP_MILLIS
        ? Phrase.of(
            "the clock of this machine jumped by %+.1f s; ages of records before the jump are off by that",
            jump / 1e3)
        : null;
  }

  /** The age at the last look, at least 0; 0 where it is absurd. */
  long ageNanos(long timestampMillis) {
    long age = lastWallMillis - timestampMillis;
    return age < 0 || age > AGE_MILLIS_MAX ? 0 : TimeUnit.MILLISECONDS.toNanos(age);
  }
}
