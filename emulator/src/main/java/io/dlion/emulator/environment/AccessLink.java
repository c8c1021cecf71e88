package io.dlion.emulator.environment;

import java.util.stream.Stream;

/**
 * A worker's way to other sites.
 *
 * @param up rate of what it sends, in Mbit/s
 * @param down rate of what it receives, in Mbit/s
 * @param lan whether the link is a LAN port: two such workers reach each other as if in one site
 */
record AccessLink(Schedule up, Schedule down, boolean lan) {
  /** As much up as down. */
  static AccessLink even(Schedule mbit) {
    return new AccessLink(mbit, mbit, false);
  }

  /** A LAN port. */
  static AccessLink lan(double mbit) {
    Schedule both = Schedule.constant(mbit);
    return new AccessLink(both, both, true);
  }

  /** One that carries so many times as much, up and down. */
  AccessLink times(double factor) {
    return new AccessLink(up.times(factor), down.times(factor), lan);
  }

  /** One whose greatest rates are these at least, in Mbit/s. */
  AccessLink atLeast(double upMbit, double downMbit) {
    return new AccessLink(atLeast(up, upMbit), atLeast(down, downMbit), lan);
  }

  private static Schedule atLeast(Schedule rate, double mbit) {
    return rate.greatest() >= mbit ? rate : rate.times(mbit / rate.greatest());
  }

  Stream<Schedule> schedules() {
    return Stream.of(up, down);
  }

  AccessLink withBudget(long budgetNanos) {
    return new AccessLink(up.withBudget(budgetNanos), down.withBudget(budgetNanos), lan);
  }
}
