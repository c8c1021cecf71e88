package io.dlion.cluster.cap;

import java.time.LocalTime;
import java.util.Optional;

/** Tells when quiet hours begin and end. Time is an argument. Not thread safe. */
final class CapChanges {
  private final Caps caps;
  private Limits told;

  /** What holds now is known. */
  CapChanges(Caps caps, LocalTime now) {
    this.caps = caps;
    this.told = caps.at(now);
  }

  /** What is to be told, if something has changed since the last look. */
  Optional<String> look(LocalTime now) {
    Limits limits = caps.at(now);
    if (limits.equals(told)) {
      return Optional.empty();
    }
    told = limits;
    boolean quiet = !limits.equals(caps.always());
    return Optional.of((quiet ? "quiet hours: " : "quiet hours are over: ") + caps.text(now));
  }
}
