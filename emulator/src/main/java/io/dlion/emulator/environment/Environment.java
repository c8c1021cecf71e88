package io.dlion.emulator.environment;

import io.dlion.core.Phrase;
import io.dlion.core.UserError;
import io.dlion.core.WorkerId;
import io.dlion.core.WorkerPair;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Micro-clouds to be emulated: what each worker can compute and each link can carry at any time of
 * a run, and what happens to them. Times are nanoseconds since the run began, rates bytes per
 * second. Immutable; may be used from any thread.
 *
 * <p>Compute capacity is in cores of a reference CPU, s = (cores / 24)^0.9, where the exponent
 * stands for what parallel work loses, or a relative speed, s = speed / 4. An iteration of b
 * samples takes (α + β·b) / s seconds. A worker that was measured itself has its own α and β, and s
 * = 1. Workers on one machine share its cores.
 *
 * <p>A worker may have no training data: such a machine is a dedicated server, of which only
 * methods with a server make use.
 *
 * <p>A worker reaches its own site over its LAN port and all others over its access link; both
 * carry something up and down at the same time, and neither slows the other.
 */
public final class Environment {
  /** Bandwidths are given for a model of this size: the CNN of DLion's evaluation, HPDC '21. */
  public static final long REFERENCE_MODEL_BYTES = 5_000_000;

  /** The budget that shares of it are taken of, unless {@link #withBudget} says another. */
  public static final long DEFAULT_BUDGET_NANOS = 1500_000_000_000L;

  private static final int USUAL_SAMPLES = 32;

  private static final double BYTES_PER_MBIT = 1e6 / 8;

  private final Definition definition;
  private final long budgetNanos;
  private final Prices prices;
  private final boolean realBandwidth;
  private final double bandwidthFactor;
  private final Map<WorkerId, Machine> machines = new HashMap<>();
  private final List<Happening> happenings;
  private final List<ConceptDrift> drifts;

  /**
   * What iterations cost at present.
   *
   * @param reference on the reference worker
   * @param own of workers that were measured themselves
   */
  private record Prices(Calibration reference, Map<WorkerId, Calibration> own) {
    static Prices usual(Definition of) {
      return of(of, Costs::usual);
    }

    static Prices of(Definition of, Function<Costs, Optional<Calibration>> which) {
      Map<WorkerId, Calibration> own = new HashMap<>();
      of.machines().forEach(m -> which.apply(m.costs()).ifPresent(c -> own.put(m.id(), c)));
      return new Prices(which.apply(of.costs()).orElse(Calibration.DEFAULT), own);
    }

    /** With one more worker, for which iterations cost what they cost another. */
    Prices alsoOf(WorkerId one, WorkerId like) {
      Map<WorkerId, Calibration> more = new HashMap<>(own);
      Optional.ofNullable(own.get(like)).ifPresent(its -> more.put(one, its));
      return new Prices(reference, more);
    }
  }

  private Environment(
      Definition definition,
      long budgetNanos,
      Prices prices,
      boolean realBandwidth,
      double bandwidthFactor) {
    this.definition = definition;
    this.budgetNanos = budgetNanos;
    this.prices = prices;
    this.realBandwidth = realBandwidth;
    this.bandwidthFactor = bandwidthFactor;
    definition.machines().forEach(m -> machines.put(m.id(), m));
    this.happenings =
        definition.happenings().stream()
            .flatMap(h -> h.apply(budgetNanos).among(machines.keySet()).stream())
            .sorted(Comparator.comparingLong(Happening::atNanos))
            .toList();
    this.drifts = definition.drifts().stream().map(d -> d.apply(budgetNanos)).toList();
  }

  static Environment of(Definition definition) {
    return new Environment(
        definition.withBudget(DEFAULT_BUDGET_NANOS),
        DEFAULT_BUDGET_NANOS,
        Prices.usual(definition),
        definition.realBandwidth().orElse(definition.isCalibrated()),
        1);
  }

  /** Its name: {@code hetero-sys-a}. */
  public String name() {
    return definition.name();
  }

  /** What it is, in a line. */
  public String description() {
    return definition.description();
  }

  /** All workers, in the file's order; also those that join later. */
  public List<SitedWorker> workers() {
    return definition.machines().stream().map(Machine::worker).toList();
  }

  /** The workers that are there when a run begins: all but those that join later. */
  public List<WorkerId> initialMembers() {
    Set<WorkerId> seen = new HashSet<>();
    Set<WorkerId> later = new HashSet<>();
    for (Happening happening : happenings) {
      switch (happening) {
        case Happening.Join e -> {
          if (seen.add(e.worker())) {
            later.add(e.worker());
          }
        }
        case Happening.Leave e -> seen.add(e.worker());
        case Happening.Crash e -> seen.add(e.worker());
        case Happening.Restart e -> seen.add(e.worker());
        case Happening.Pause e -> seen.add(e.worker());
        case Happening.Cut e -> {}
        case Happening.Heal e -> {}
        case Happening.Unreachable e -> {}
        case Happening.Reachable e -> {}
      }
    }
    return workers().stream().map(SitedWorker::id).filter(w -> !later.contains(w)).toList();
  }

  /** What happens in the course of a run, in order of time. */
  public List<Happening> happenings() {
    return happenings;
  }

  /** Whether some pair of workers cannot reach each other at some time, so that others relay. */
  public boolean mayRelay() {
    return happenings.stream().anyMatch(Happening.Unreachable.class::isInstance);
  }

  /** A worker's capacity over time. */
  public Capacity capacity(WorkerId worker) {
    return machine(worker).capacity();
  }

  /** Whether a worker has training data; one that has none can only serve others. */
  public boolean trains(WorkerId worker) {
    return machine(worker).trains();
  }

  /** What arrives at a worker; empty where all its examples are there from the beginning. */
  public Optional<SiteStream> stream(WorkerId worker) {
    return machine(worker).stream();
  }

  /** Whether records arrive at some worker. */
  public boolean hasStreams() {
    return definition.machines().stream()
        .anyMatch(m -> m.stream().filter(SiteStream::flows).isPresent());
  }

  /** How the world changes from which records come, in order of time. */
  public List<ConceptDrift> drifts() {
    return hasStreams() ? drifts : List.of();
  }

  /** When the world changes in a run of the budget, or begins to, in seconds; in order. */
  public List<Double> driftSeconds() {
    return drifts().stream()
        .flatMapToLong(d -> d.changesNanos(budgetNanos))
        .sorted()
        .distinct()
        .mapToObj(nanos -> nanos / 1e9)
        .toList();
  }

  /**
   * Heterogeneity H at the beginning of a run: the mean speed of the workers that train over that
   * of the slowest of them; infinite where one stands still.
   */
  public double heterogeneity() {
    double[] speeds =
        definition.machines().stream()
            .filter(Machine::trains)
            .mapToDouble(m -> m.capacity().speedAt(0) * ownSpeed(m.id()))
            .toArray();
    return Arrays.stream(speeds).average().orElseThrow()
        / Arrays.stream(speeds).min().orElseThrow();
  }

  /** How many times as fast as the reference worker one was measured, with a usual batch. */
  private double ownSpeed(WorkerId worker) {
    return calibration().seconds(USUAL_SAMPLES) / calibration(worker).seconds(USUAL_SAMPLES);
  }

  /** The rate up a worker's access link over time as given in the file, in Mbit/s. */
  public Schedule mbit(WorkerId worker) {
    return machine(worker).access().up();
  }

  /** The rate down a worker's access link; the same schedule where it carries as much as up. */
  public Schedule downMbit(WorkerId worker) {
    return machine(worker).access().down();
  }

  /** Whether a worker's access link is a LAN port. */
  public boolean hasLanAccess(WorkerId worker) {
    return machine(worker).access().lan();
  }

  /** The links about which something particular is said, by their ends. */
  public List<DirectedLink> particularLinks() {
    return definition.paths().keySet().stream()
        .sorted(Comparator.comparing(DirectedLink::from).thenComparing(DirectedLink::to))
        .toList();
  }

  /** The most that the way between two workers carries as given in the file, in Mbit/s. */
  public Optional<Schedule> pathMbit(WorkerId from, WorkerId to) {
    return path(from, to).flatMap(PathLimit::mbit);
  }

  /** How many times as fast as the reference worker one is at a time; 0: it stands still. */
  public double speedOf(WorkerId worker, long atNanos) {
    return machine(worker).capacity().speedAt(atNanos);
  }

  /** What an iteration costs the reference worker at present. */
  public Calibration calibration() {
    return prices.reference();
  }

  /** What an iteration costs a worker at present, at the speed of the reference worker. */
  public Calibration calibration(WorkerId worker) {
    return prices.own().getOrDefault(worker, prices.reference());
  }

  /**
   * What iterations cost a worker that was measured itself, by the model's name; the empty name
   * stands for all others. Empty where it was not.
   */
  public Map<String, Calibration> ownCalibrations(WorkerId worker) {
    Costs costs = machine(worker).costs();
    Map<String, Calibration> all = new TreeMap<>(costs.byModel());
    costs.usual().ifPresent(usual -> all.put("", usual));
    return all;
  }

  /** What an iteration of some models costs instead, by the model's name. */
  public Map<String, Calibration> calibrations() {
    return definition.costs().byModel();
  }

  /** The cores on which a worker computes, where others may compute on the same. */
  public Optional<SharedCores> sharedCores(WorkerId worker) {
    return machine(worker).shared();
  }

  /** Whether bandwidths are the same for models of any size. */
  public boolean hasRealBandwidth() {
    return realBandwidth;
  }

  /**
   * How long an iteration takes that starts at a time, changes of capacity on the way included.
   *
   * @return nanoseconds; {@link Long#MAX_VALUE} where the worker stands still for ever
   */
  public long computeNanos(WorkerId worker, int samples, long startNanos) {
    Calibration its = calibration(worker);
    long busy = busyNanos(worker, its.seconds(samples), startNanos);
    return busy == Long.MAX_VALUE ? busy : busy + its.restNanos();
  }

  /**
   * How long some work takes that starts at a time, changes of capacity on the way included.
   *
   * @param referenceSeconds what it takes a worker of 24 cores
   * @return nanoseconds; {@link Long#MAX_VALUE} where the worker stands still for ever
   */
  public long busyNanos(WorkerId worker, double referenceSeconds, long startNanos) {
    Capacity capacity = machine(worker).capacity();
    double left = referenceSeconds * 1e9;
    long at = startNanos;
    while (true) {
      double speed = capacity.speedAt(at);
      long change = capacity.nextChangeNanos(at);
      if (change == Long.MAX_VALUE && speed == 0) {
        return Long.MAX_VALUE;
      }
      double untilChange = (change - at) * speed;
      if (change == Long.MAX_VALUE || untilChange >= left) {
        return at - startNanos + Math.round(left / speed);
      }
      left -= untilChange;
      at = change;
    }
  }

  /** Whether the traffic between two workers passes their LAN ports, not their access links. */
  public boolean isLan(WorkerId from, WorkerId to) {
    return machine(from).reachesByLan(machine(to));
  }

  /** What a worker's access link carries up at a time. */
  public double accessBytesPerSecond(WorkerId worker, long atNanos) {
    return bytesPerSecond(machine(worker).access().up().at(atNanos));
  }

  /** What a worker's access link carries down at a time. */
  public double accessDownBytesPerSecond(WorkerId worker, long atNanos) {
    return bytesPerSecond(machine(worker).access().down().at(atNanos));
  }

  /** The rate of a worker's LAN port as given in the file, in Mbit/s. */
  public double lanMbit() {
    return definition.lanMbit();
  }

  /** One-way latency inside a site, where nothing else is said of a link. */
  public long lanLatencyNanos() {
    return definition.lanLatencyNanos();
  }

  /** One-way latency between sites, where nothing else is said of a link. */
  public long wanLatencyNanos() {
    return definition.wanLatencyNanos();
  }

  /** What a worker's LAN port carries, up and as much down. */
  public double lanBytesPerSecond() {
    return bytesPerSecond(definition.lanMbit());
  }

  /**
   * The most that the way between two workers carries at a time; infinite where only its ends limit
   * it.
   */
  public double pathBytesPerSecond(WorkerId from, WorkerId to, long atNanos) {
    return pathMbit(from, to)
        .map(mbit -> bytesPerSecond(mbit.at(atNanos)))
        .orElse(Double.POSITIVE_INFINITY);
  }

  /** When the rate of any link changes after a time; {@link Long#MAX_VALUE} where none does. */
  public long nextBandwidthChangeNanos(long afterNanos) {
    return Stream.concat(
            definition.machines().stream().flatMap(m -> m.access().schedules()),
            definition.paths().values().stream().flatMap(p -> p.mbit().stream()))
        .mapToLong(mbit -> mbit.nextChangeNanos(afterNanos))
        .min()
        .orElse(Long.MAX_VALUE);
  }

  /** How long the last byte is on its way after it has left. */
  public long latencyNanos(WorkerId from, WorkerId to) {
    long usual = usualLatencyNanos(machine(from), machine(to));
    return path(from, to).map(p -> p.latencyNanos().orElse(usual)).orElse(usual);
  }

  private long usualLatencyNanos(Machine from, Machine to) {
    if (!from.reachesByLan(to)) {
      return definition.wanLatencyNanos();
    }
    return from.isInSiteOf(to) ? definition.lanLatencyNanos() : definition.portLatencyNanos();
  }

  /**
   * The environment for training a model: bandwidths are multiplied by its size over {@link
   * #REFERENCE_MODEL_BYTES}, so that small models keep the ratio of communication to computation,
   * unless they are {@linkplain #withRealBandwidth real}.
   */
  public Environment forModel(long modelBytes) {
    double factor = realBandwidth ? 1 : (double) modelBytes / REFERENCE_MODEL_BYTES;
    return new Environment(definition, budgetNanos, prices, realBandwidth, factor);
  }

  /** Like {@link #forModel(long)}, with the model's own calibration if the file has one. */
  public Environment forModel(String model, long modelBytes) {
    Environment its =
        definition.isCalibratedFor(model)
            ? priced(
                Prices.of(definition, costs -> costs.of(model)),
                definition.realBandwidth().orElse(true))
            : this;
    return its.forModel(modelBytes);
  }

  /**
   * The environment with a model's measured calibration of the reference worker, and therefore with
   * real bandwidths.
   */
  public Environment withCalibration(Calibration measured) {
    return priced(new Prices(measured, prices.own()), true);
  }

  private Environment priced(Prices others, boolean real) {
    return new Environment(definition, budgetNanos, others, real, real ? 1 : bandwidthFactor);
  }

  /** The environment with its bandwidths as they are, for models of any size. */
  public Environment withRealBandwidth() {
    return new Environment(definition, budgetNanos, prices, true, 1);
  }

  /** The environment in a run of this budget: steps and events given as shares of it move. */
  public Environment withBudget(long nanos) {
    return new Environment(
        definition.withBudget(nanos), nanos, prices, realBandwidth, bandwidthFactor);
  }

  /** Its first worker that trains and nobody else, and nothing that happens. */
  public Environment alone() {
    return redefined(definition.alone());
  }

  /** Without the workers that have no training data: where there is nothing to serve. */
  public Environment withoutServers() {
    return redefined(definition.only(Machine::trains));
  }

  /**
   * Makes sure that methods without a server can run: who serves may be all that holds others
   * together.
   *
   * @throws UserError where those that train cannot reach each other, not even over each other
   */
  public void requireWaysWithoutServers() {
    Environment others = withoutServers();
    Islands islands = Islands.of(others.workers(), others.unreachable());
    if (islands.areSeveral()) {
      throw new UserError(
          Phrase.of(
              "%s: methods without a server run without its machines that only serve, and then"
                  + " these islands do not reach each other: %s. Compare methods with a server, or"
                  + " let that machine train",
              name(), islands));
    }
  }

  /** The pairs that can never reach each other directly. */
  private Set<WorkerPair> unreachable() {
    Set<WorkerPair> pairs = new HashSet<>();
    for (Happening happening : happenings) {
      if (happening instanceof Happening.Unreachable e) {
        pairs.addAll(e.pairs());
      }
    }
    for (Happening happening : happenings) {
      if (happening instanceof Happening.Reachable e) {
        e.pairs().forEach(pairs::remove);
      }
    }
    return pairs;
  }

  /**
   * As an emulation asks for it; called after both.
   *
   * @throws UserError where it cannot be so, or would be no different
   */
  public Environment adjusted(Adjustments adjustments) {
    return redefined(adjustments.of(definition));
  }

  /** What stands in its file. */
  Definition definition() {
    return definition;
  }

  /** Another one in runs of the same budget, with the same prices. */
  Environment redefined(Definition other) {
    return redefined(other, prices);
  }

  /** The same where one more worker is like another. */
  Environment redefined(Definition other, WorkerId one, WorkerId like) {
    return redefined(other, prices.alsoOf(one, like));
  }

  private Environment redefined(Definition other, Prices its) {
    return new Environment(other, budgetNanos, its, realBandwidth, bandwidthFactor);
  }

  private double bytesPerSecond(double mbit) {
    return mbit * BYTES_PER_MBIT * bandwidthFactor;
  }

  private Optional<PathLimit> path(WorkerId from, WorkerId to) {
    return Optional.ofNullable(definition.paths().get(new DirectedLink(from, to)));
  }

  private Machine machine(WorkerId worker) {
    Machine machine = machines.get(worker);
    if (machine == null) {
      throw new IllegalArgumentException(name() + " has no worker " + worker);
    }
    return machine;
  }
}
