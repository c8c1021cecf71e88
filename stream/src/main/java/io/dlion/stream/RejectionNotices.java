package io.dlion.stream;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * What is said of records that were rejected: the first of each kind at once, all further ones in a
 * summary at most every 30 s. At most 10 kinds are said at once in that time, and 1,000 are
 * remembered. Pure: time is an argument. Confined to one thread.
 */
final class RejectionNotices {
  private static final long PERIOD_NANOS = TimeUnit.SECONDS.toNanos(30);
  private static final int AT_ONCE_MAX = 10;
  private static final int KINDS_MAX = 1000;
  private static final int SUMMARISED_MAX = 3;

  private final Set<String> said = new HashSet<>();
  private final Map<String, Long> more = new LinkedHashMap<>();
  private long moreCount;
  private int atOnce;
  private long periodBegunNanos;

  RejectionNotices(long nowNanos) {
    periodBegunNanos = nowNanos;
  }

  /** A record was rejected; returns whether to say so now. */
  boolean rejected(String kind, String reason) {
    if (atOnce < AT_ONCE_MAX && said.size() < KINDS_MAX && said.add(kind)) {
      atOnce++;
      return true;
    }
    moreCount++;
    if (more.containsKey(reason) || more.size() < SUMMARISED_MAX) {
      more.merge(reason, 1L, Long::sum);
    }
    return false;
  }

  /** What is to be said of the records since the last summary; empty where it is not due. */
  String summary(long nowNanos) {
    if (nowNanos - periodBegunNanos < PERIOD_NANOS) {
      return "";
    }
    periodBegunNanos = nowNanos;
    atOnce = 0;
    if (moreCount == 0) {
      return "";
    }
    List<String> reasons = new ArrayList<>();
    more.forEach((reason, count) -> reasons.add(reason + " (" + count + ")"));
    String text = moreCount + " more records rejected: " + String.join("; ", reasons);
    boolean all = more.values().stream().mapToLong(Long::longValue).sum() == moreCount;
    more.clear();
    moreCount = 0;
    return all ? text : text + "; and others";
  }
}
