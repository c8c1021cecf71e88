package io.dlion.emulator.environment;

import io.dlion.core.WorkerId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongFunction;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * Environments that differ from another one by a single thing that money buys: one more worker, a
 * faster machine, a faster line.
 */
public final class WhatIf {
  /** A path with at least this share of what an access link carries is limited by that link. */
  private static final double AS_WIDE_AS_ACCESS = 0.95;

  private WhatIf() {}

  /** An environment with one more worker. */
  public record OneMore(Environment environment, WorkerId worker) {}

  /**
   * With one more worker in the site of another and like it: on a machine of its own that is as
   * fast, with an access link as fast, and what is particular of ways to others. It is there from
   * the beginning.
   */
  public static OneMore oneMoreLike(Environment environment, WorkerId like) {
    Definition given = environment.definition();
    Machine model = machine(given, like);
    WorkerId id = freeName(given);
    List<Machine> machines = new ArrayList<>(given.machines());
    machines.add(model.alike(id));
    Map<DirectedLink, PathLimit> paths = new LinkedHashMap<>(given.paths());
    given
        .paths()
        .forEach((link, path) -> {
          if (link.from().equals(like)) {
            paths.put(new DirectedLink(id, link.to()), path);
          } else if (link.to().equals(like)) {
            paths.put(new DirectedLink(link.from(), id), path);
          }
        });
    List<LongFunction<Happening>> happenings =
        given.happenings().stream()
            .<LongFunction<Happening>>map(h -> budget -> h.apply(budget).alsoOf(id, like))
            .toList();
    return new OneMore(
        environment.redefined(given.with(machines, paths, happenings), id, like), id);
  }

  private static WorkerId freeName(Definition given) {
    Set<String> names =
        given.machines().stream().map(m -> m.id().name()).collect(Collectors.toSet());
    int number = given.machines().size() + 1;
    while (names.contains("w" + number)) {
      number++;
    }
    return new WorkerId("w" + number);
  }

  /** With a worker whose machine is so many times as fast, also for others on the same cores. */
  public static Environment fasterMachine(Environment environment, WorkerId worker, double times) {
    Machine its = machine(environment.definition(), worker);
    return changed(
        environment,
        m -> m.id().equals(worker) || m.sharesCoresWith(its),
        m -> m.withCapacity(m.capacity().times(times)));
  }

  /**
   * With a worker whose access link carries so many times as much, and so do the ways to and from
   * it that were limited by nothing else.
   */
  public static Environment fasterAccess(Environment environment, WorkerId worker, double times) {
    Definition given = environment.definition();
    AccessLink before = machine(given, worker).access();
    Map<DirectedLink, PathLimit> paths = new LinkedHashMap<>();
    given
        .paths()
        .forEach((link, path) -> {
          boolean its =
              (link.from().equals(worker) && isAsWide(path, before.up()))
                  || (link.to().equals(worker) && isAsWide(path, before.down()));
          paths.put(link, its ? path.times(times) : path);
        });
    Environment faster =
        changed(
            environment, m -> m.id().equals(worker), m -> m.withAccess(m.access().times(times)));
    return faster.redefined(
        faster
            .definition()
            .with(faster.definition().machines(), paths, faster.definition().happenings()));
  }

  private static boolean isAsWide(PathLimit path, Schedule access) {
    return path.mbit()
        .filter(m -> m.greatest() >= AS_WIDE_AS_ACCESS * access.greatest())
        .isPresent();
  }

  /**
   * With a particular way between two workers that carries so many times as much in both
   * directions. Access links at its ends become as fast as that where they are not.
   */
  public static Environment fasterPath(Environment environment, DirectedLink link, double times) {
    Definition given = environment.definition();
    DirectedLink back = new DirectedLink(link.to(), link.from());
    Map<DirectedLink, PathLimit> paths = new LinkedHashMap<>(given.paths());
    for (DirectedLink one : Set.of(link, back)) {
      paths.computeIfPresent(one, (_, path) -> path.times(times));
    }
    double there = mbit(paths, link);
    double home = mbit(paths, back);
    List<Machine> machines =
        given.machines().stream()
            .map(m -> {
              if (m.id().equals(link.from())) {
                return m.withAccess(m.access().atLeast(there, home));
              }
              return m.id().equals(link.to()) ? m.withAccess(m.access().atLeast(home, there)) : m;
            })
            .toList();
    return environment.redefined(given.with(machines, paths, given.happenings()));
  }

  /** The most that a way carries by itself; 0 where only its ends limit it. */
  private static double mbit(Map<DirectedLink, PathLimit> paths, DirectedLink link) {
    return Optional.ofNullable(paths.get(link))
        .flatMap(PathLimit::mbit)
        .map(Schedule::greatest)
        .orElse(0.0);
  }

  private static Environment changed(
      Environment environment, Predicate<Machine> which, UnaryOperator<Machine> change) {
    Definition given = environment.definition();
    return environment.redefined(
        given.withMachines(
            given.machines().stream().map(m -> which.test(m) ? change.apply(m) : m).toList()));
  }

  private static Machine machine(Definition given, WorkerId worker) {
    return given.machines().stream()
        .filter(m -> m.id().equals(worker))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException(given.name() + " has no worker " + worker));
  }
}
