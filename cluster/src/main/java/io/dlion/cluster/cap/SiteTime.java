package io.dlion.cluster.cap;

import java.time.LocalTime;
import java.time.ZoneId;

/** The time of day at the site: that of this machine. */
public final class SiteTime {
  private SiteTime() {}

  /** At present. */
  public static LocalTime now() {
    return LocalTime.now(ZoneId.systemDefault());
  }
}
