package io.dlion.cli.plan;

import io.dlion.core.Phrase;
import io.dlion.core.WorkerId;
import io.dlion.emulator.environment.Environment;
import io.dlion.emulator.environment.SitedWorker;
import io.dlion.emulator.environment.WhatIf;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Something that money buys, and of which somebody wants to know what it would gain.
 *
 * @param key short, for files
 * @param name short, for people
 * @param title for people
 * @param environment with it
 */
record Upgrade(String key, String name, String title, Environment environment) {
  /** How many there are at most. */
  static final int COUNT_MAX = 3;

  private static final double FACTOR = 2;

  /** A batch by which machines are compared. */
  private static final int USUAL_SAMPLES = 32;

  /**
   * One more worker; the busiest line twice as fast, where there is a line; the slowest machine
   * twice as fast.
   *
   * @param where the sites as they are
   * @param traffic of the recommended method
   * @param like whom one more worker is like; empty: the fastest
   */
  static List<Upgrade> of(Environment where, List<Traffic> traffic, Optional<WorkerId> like) {
    List<Upgrade> all = new ArrayList<>();
    WorkerId model = like.orElseGet(() -> training(where).getLast());
    WhatIf.OneMore more = WhatIf.oneMoreLike(where, model);
    all.add(
        new Upgrade(
            "worker",
            "one more worker",
            Phrase.of("one more worker like %s%s", model, like.isPresent() ? "" : ", the fastest"),
            more.environment()));
    BusyLine.of(where, traffic)
        .ifPresent(
            line -> all.add(new Upgrade("line", "a faster line", line.title(), line.faster())));
    WorkerId slowest = training(where).getFirst();
    all.add(
        new Upgrade(
            "machine",
            "a faster machine",
            Phrase.of("%s, the slowest machine, twice as fast", slowest),
            WhatIf.fasterMachine(where, slowest, FACTOR)));
    return all;
  }

  /** The workers that train and are there from the beginning, from slow to fast. */
  private static List<WorkerId> training(Environment where) {
    List<WorkerId> initial = where.initialMembers();
    return where.workers().stream()
        .map(SitedWorker::id)
        .filter(id -> where.trains(id) && initial.contains(id))
        .sorted(
            Comparator.<WorkerId>comparingLong(id -> where.computeNanos(id, USUAL_SAMPLES, 0))
                .thenComparing(Comparator.naturalOrder())
                .reversed())
        .toList();
  }
}
