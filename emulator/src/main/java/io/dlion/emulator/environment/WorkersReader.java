package io.dlion.emulator.environment;

import io.dlion.core.UserError;
import io.dlion.core.WorkerId;
import io.dlion.emulator.yaml.Fields;
import io.dlion.emulator.yaml.Value;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Reads {@code workers:}: a list of single workers and of groups of equal ones, {@code {count: 2,
 * site: a, cores: 24, mbit: 50}}. Capacity is in cores or a relative speed; a worker that does not
 * train may leave it out. A worker without a name is called after its place in the list of all, w1,
 * w2, …; sites that are only counted are called s1, s2, …; a worker without a site is one of its
 * own.
 */
final class WorkersReader {
  /** More than anybody will emulate on one machine. */
  private static final int WORKERS_MAX = 1024;

  private final double lanMbit;
  private final Optional<SiteStream> usualStream;
  private final MachinesReader shared;
  private final List<Machine> machines = new ArrayList<>();
  private final Set<WorkerId> names = new HashSet<>();
  private int sitesCounted;

  /**
   * Nothing is read so far.
   *
   * @param usualStream of workers that have none of their own
   * @param shared machines that several workers are on
   */
  WorkersReader(double lanMbit, Optional<SiteStream> usualStream, MachinesReader shared) {
    this.shared = shared;
    this.lanMbit = lanMbit;
    this.usualStream = usualStream;
  }

  List<Machine> read(Value workers) {
    for (Value group : workers.list("a list such as [{count: 3, cores: 24, mbit: 50}]")) {
      group(
          group.fields(
              "name",
              "count",
              "site",
              "sites",
              "cores",
              "speed",
              "calibration",
              "machine",
              "threads",
              "mbit",
              "trains",
              "stream"));
    }
    shared.requireAllUsed();
    if (machines.isEmpty()) {
      throw workers.error("expected at least one worker, found none");
    }
    if (machines.stream().noneMatch(Machine::trains)) {
      throw workers.error("expected at least one worker that trains, found none");
    }
    return machines;
  }

  private void group(Fields group) {
    Optional<Value> name = group.find("name");
    Optional<Value> site = group.find("site");
    Optional<Value> sites = group.find("sites");
    if (name.isPresent() && (group.find("count").isPresent() || sites.isPresent())) {
      throw name.get().error("is for a single worker: leave it out, or count and sites");
    }
    if (site.isPresent() && sites.isPresent()) {
      throw sites.get().error("gives sites names of their own: leave it out, or site");
    }
    int count = group.find("count").map(c -> c.whole(1, WORKERS_MAX)).orElse(1);
    boolean trains = group.find("trains").map(Value::flag).orElse(true);
    Costs costs = group.find("calibration").map(CostsReader::read).orElse(Costs.NONE);
    Capacity capacity = capacity(group, trains, costs);
    Optional<SharedCores> cores = shared(group, capacity);
    AccessLink access = access(group.get("mbit"));
    Optional<SiteStream> stream = stream(group, trains);
    Function<SitedWorker, Machine> kind =
        worker -> new Machine(worker, trains, capacity, costs, cores, access, stream);
    if (sites.isEmpty()) {
      Optional<String> called = site.map(s -> s.text("the name of a site"));
      for (int i = 0; i < count; i++) {
        WorkerId id = next(name);
        add(group.group(), new SitedWorker(id, called.orElse(id.name())), kind);
      }
    } else {
      for (int s = sites.get().whole(1, WORKERS_MAX); s > 0; s--) {
        String counted = "s" + ++sitesCounted;
        for (int i = 0; i < count; i++) {
          add(group.group(), new SitedWorker(next(name), counted), kind);
        }
      }
    }
  }

  private static Capacity capacity(Fields group, boolean trains, Costs costs) {
    Optional<Value> cores = group.find("cores");
    Optional<Value> speed = group.find("speed");
    if (cores.isPresent() && speed.isPresent()) {
      throw speed.get().error("says the same as cores: leave out one of the two");
    }
    Optional<Value> given = cores.or(() -> speed);
    if (given.isPresent() && !costs.isEmpty()) {
      throw given.get().error("the calibration of a worker says what it computes: leave this out");
    }
    if (speed.isPresent()) {
      return new Capacity(Capacity.Unit.SPEED, Schedules.speed(speed.get()));
    }
    if (cores.isPresent()) {
      return new Capacity(Capacity.Unit.CORES, Schedules.cores(cores.get()));
    }
    if (trains && costs.isEmpty()) {
      throw group.group().error("expected cores, speed or calibration, found none");
    }
    return Capacity.REFERENCE;
  }

  private Optional<SiteStream> stream(Fields group, boolean trains) {
    Optional<Value> own = group.find("stream");
    if (own.isPresent() && !trains) {
      throw own.get().error("a worker that does not train learns from no stream: leave it out");
    }
    return own.map(s -> StreamsReader.ofSome(s, usualStream))
        .or(() -> trains ? usualStream : Optional.empty());
  }

  private Optional<SharedCores> shared(Fields group, Capacity capacity) {
    Optional<Value> machine = group.find("machine");
    Optional<Value> threads = group.find("threads");
    if (machine.isEmpty() && threads.isPresent()) {
      throw threads.get().error("counts where cores are shared: add machine, or leave it out");
    }
    if (machine.isPresent() && capacity.amount().steps().size() > 1) {
      throw machine.get().error("expected a capacity that does not change, found a schedule");
    }
    return machine.map(m -> shared.shared(m, threads));
  }

  private AccessLink access(Value mbit) {
    if (mbit.isGroup()) {
      Fields each = mbit.fields("up", "down");
      return new AccessLink(
          Schedules.mbit(each.get("up")), Schedules.mbit(each.get("down")), false);
    }
    boolean lan = !mbit.isList() && mbit.text("a rate above 0 in Mbit/s, or LAN").equals("LAN");
    return lan ? AccessLink.lan(lanMbit) : AccessLink.even(Schedules.mbit(mbit));
  }

  private WorkerId next(Optional<Value> name) {
    if (name.isEmpty()) {
      return new WorkerId("w" + (machines.size() + 1));
    }
    try {
      return new WorkerId(name.get().text("the name of a worker"));
    } catch (UserError e) {
      throw name.get().wrap(e);
    }
  }

  private void add(Value group, SitedWorker worker, Function<SitedWorker, Machine> kind) {
    if (machines.size() == WORKERS_MAX) {
      throw group.error("expected at most " + WORKERS_MAX + " workers in all, found more");
    }
    if (!names.add(worker.id())) {
      throw group.error(
          "there is a worker " + worker.id() + " already: give every one another name");
    }
    machines.add(kind.apply(worker));
  }
}
