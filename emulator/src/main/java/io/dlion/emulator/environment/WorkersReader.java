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

/**
 * Reads {@code workers:}: a list of single workers and of groups of equal ones, {@code {count: 2,
 * site: a, cores: 24, mbit: 50}}. A worker without a name is called after its place in the list of
 * all, w1, w2, …; sites that are only counted are called s1, s2, …; a worker without a site is one
 * of its own.
 */
final class WorkersReader {
  /** More than anybody will emulate on one machine. */
  private static final int WORKERS_MAX = 1024;

  private final double lanMbit;
  private final List<Machine> machines = new ArrayList<>();
  private final Set<WorkerId> names = new HashSet<>();
  private int sitesCounted;

  WorkersReader(double lanMbit) {
    this.lanMbit = lanMbit;
  }

  List<Machine> read(Value workers) {
    for (Value group : workers.list("a list such as [{count: 3, cores: 24, mbit: 50}]")) {
      group(group.fields("name", "count", "site", "sites", "cores", "mbit"));
    }
    if (machines.isEmpty()) {
      throw workers.error("expected at least one worker, found none");
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
    Schedule cores = Schedules.cores(group.get("cores"));
    boolean lan = isLan(group.get("mbit"));
    Schedule mbit = lan ? Schedule.constant(lanMbit) : Schedules.mbit(group.get("mbit"));
    if (sites.isEmpty()) {
      Optional<String> called = site.map(s -> s.text("the name of a site"));
      for (int i = 0; i < count; i++) {
        WorkerId id = next(name);
        add(group.group(), id, called.orElse(id.name()), cores, mbit, lan);
      }
    } else {
      for (int s = sites.get().whole(1, WORKERS_MAX); s > 0; s--) {
        String counted = "s" + ++sitesCounted;
        for (int i = 0; i < count; i++) {
          add(group.group(), next(name), counted, cores, mbit, lan);
        }
      }
    }
  }

  private static boolean isLan(Value mbit) {
    if (mbit.isList()) {
      return false;
    }
    return mbit.text("a rate above 0 in Mbit/s, or LAN").equals("LAN");
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

  private void add(
      Value group, WorkerId id, String site, Schedule cores, Schedule mbit, boolean lan) {
    if (machines.size() == WORKERS_MAX) {
      throw group.error("expected at most " + WORKERS_MAX + " workers in all, found more");
    }
    if (!names.add(id)) {
      throw group.error("there is a worker " + id + " already: give every one another name");
    }
    machines.add(new Machine(new SitedWorker(id, site), cores, mbit, lan));
  }
}
