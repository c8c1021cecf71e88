package io.dlion.cli.survey;

import io.dlion.core.WorkerId;
import io.dlion.core.WorkerPair;
import io.dlion.emulator.environment.DirectedLink;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

/** What was measured of the lines between sites, in bytes per second and seconds. */
final class LineTable {
  private final Map<DirectedLink, Double> rates = new HashMap<>();
  private final Map<WorkerPair, Double> roundTrips = new HashMap<>();
  private final Map<WorkerId, Access> access = new HashMap<>();
  private final Set<WorkerPair> relayed = new HashSet<>();

  /**
   * What one can send to, and take from, all places but its own at the same time.
   *
   * @param up bytes per second
   * @param down bytes per second
   */
  record Access(double up, double down) {
    Access most(Access other) {
      return new Access(Math.max(up, other.up), Math.max(down, other.down));
    }
  }

  /**
   * A line was measured alone.
   *
   * @param isAccess whether it leads to another place
   */
  synchronized void measured(
      WorkerId from,
      WorkerId to,
      double roundTripSeconds,
      double outBytesPerSecond,
      double inBytesPerSecond,
      boolean isAccess) {
    rates.put(new DirectedLink(from, to), outBytesPerSecond);
    rates.put(new DirectedLink(to, from), inBytesPerSecond);
    roundTrips.put(new WorkerPair(from, to), roundTripSeconds);
    if (isAccess) {
      carried(from, new Access(outBytesPerSecond, inBytesPerSecond));
      carried(to, new Access(inBytesPerSecond, outBytesPerSecond));
    }
  }

  /** So much has passed a worker's lines to other places at the same time. */
  synchronized void carried(WorkerId worker, Access found) {
    access.merge(worker, found, Access::most);
  }

  /** The two talk over others. */
  synchronized void relayed(WorkerPair pair) {
    relayed.add(pair);
  }

  /** The most that was seen on a worker's lines to other places. */
  synchronized Optional<Access> access(WorkerId worker) {
    return Optional.ofNullable(access.get(worker));
  }

  /** What a line carries alone; empty where that is not known. */
  synchronized OptionalDouble rate(WorkerId from, WorkerId to) {
    Double rate = rates.get(new DirectedLink(from, to));
    return rate == null ? OptionalDouble.empty() : OptionalDouble.of(rate);
  }

  /** The round trip of a pair; empty where that is not known. */
  synchronized OptionalDouble roundTripSeconds(WorkerId one, WorkerId other) {
    Double seconds = roundTrips.get(new WorkerPair(one, other));
    return seconds == null ? OptionalDouble.empty() : OptionalDouble.of(seconds);
  }

  /** The median of the round trips that were measured; empty where none was. */
  synchronized OptionalDouble medianRoundTripSeconds() {
    double[] all = roundTrips.values().stream().mapToDouble(Double::doubleValue).sorted().toArray();
    return all.length == 0 ? OptionalDouble.empty() : OptionalDouble.of(all[all.length / 2]);
  }

  /** Whether a pair talks over others. */
  synchronized boolean isRelayed(WorkerId one, WorkerId other) {
    return relayed.contains(new WorkerPair(one, other));
  }
}
