package io.dlion.cli.job;

import io.dlion.core.UserError;
import io.dlion.core.WorkerId;
import io.dlion.core.server.method.ServerRule;
import io.dlion.core.settings.Presets;
import io.dlion.core.settings.Settings;
import io.dlion.core.strategy.Strategy;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Who is to serve, as {@link JobKey#SERVER} says: {@code --server NAME}, which stands for the
 * setting {@code server.name}.
 */
public final class ServerName {
  private static final int NAMES_TOLD_MAX = 40;

  private ServerName() {}

  /** Settings with the name in them that a draft gives, if it does. */
  static Settings in(Settings settings, Draft draft) {
    List<Item> all = draft.all(JobKey.SERVER);
    if (all.isEmpty()) {
      return settings;
    }
    Item named = all.getFirst();
    if (all.size() > 1) {
      throw named
          .place()
          .expected(
              "the name of one worker (one serves, and another takes over if it fails)",
              all.stream().map(Item::text).collect(Collectors.joining(", ")));
    }
    for (Item item : draft.all(JobKey.SET)) {
      if (item.name().equals(Draft.SERVER_NAME) && !item.text().strip().equals(named.text())) {
        throw named
            .place()
            .error(
                Place.quoted(named.text())
                    + " is to serve, and "
                    + Place.quoted(item.text())
                    + " by "
                    + item.place()
                    + "; expected one of them, another takes over if it fails");
      }
    }
    try {
      return with(named.text(), settings);
    } catch (UserError invalid) {
      throw named.place().wrap(invalid);
    }
  }

  /**
   * Settings that name who serves.
   *
   * @throws UserError where they are of a method that has no server, or that is no name
   */
  public static Settings with(String name, Settings settings) {
    if (!hasServer(settings)) {
      throw new UserError(
          "server "
              + Place.quoted(name)
              + ": this method has no server; expected one of the presets with one: "
              + Presets.all().stream()
                  .filter(preset -> hasServer(preset.settings()))
                  .map(Presets.Preset::name)
                  .collect(Collectors.joining(", ")));
    }
    return settings.with(Draft.SERVER_NAME, new WorkerId(name).name());
  }

  /** Whether a method is one of those with a server. */
  public static boolean hasServer(Settings settings) {
    return Strategy.of(settings).server().isPresent();
  }

  /**
   * Checks who is to serve where all workers are known.
   *
   * @param where they are, for people
   * @throws UserError where the one named is none of them
   */
  public static void requireAmong(Collection<WorkerId> workers, String where, Settings settings) {
    Optional<WorkerId> name = Strategy.of(settings).server().flatMap(ServerRule::name);
    if (name.isPresent() && !workers.contains(name.get())) {
      throw new UserError(
          "server "
              + name.get()
              + ": no worker "
              + where
              + " has that name; expected one of "
              + workers.stream()
                  .sorted()
                  .limit(NAMES_TOLD_MAX)
                  .map(WorkerId::name)
                  .collect(Collectors.joining(", "))
              + (workers.size() > NAMES_TOLD_MAX ? ", …" : ""));
    }
  }

  /**
   * Checks who is to serve in a run whose workers are all of a job's.
   *
   * @throws UserError where it is none of them, or nobody would train
   */
  public static void require(Job job) {
    requireAmong(job.workerIds(), "of this run", job.settings());
    boolean onlyServes =
        Strategy.of(job.settings()).server().filter(rule -> !rule.trains()).isPresent();
    if (onlyServes && job.workers() == 1) {
      throw new UserError(
          "server.trains=false: the only worker serves and nobody would train; expected at least 2"
              + " workers, or server.trains=true");
    }
  }

  /**
   * Who serves and has no use for training examples: the worker that is named, else the one with
   * the fastest lines. Empty where the server trains, and where there is none.
   */
  public static Optional<WorkerId> dedicated(Job job) {
    return Strategy.of(job.settings())
        .server()
        .filter(rule -> !rule.trains())
        .map(rule -> rule.name().orElseGet(() -> fastest(job)));
  }

  private static WorkerId fastest(Job job) {
    return job.workerIds().stream()
        .min(Comparator.comparingDouble((WorkerId w) -> -mbit(w, job)).thenComparing(w -> w))
        .orElseThrow();
  }

  private static double mbit(WorkerId from, Job job) {
    return job.workerIds().stream()
        .filter(to -> !to.equals(from))
        .mapToDouble(to -> job.links().mbit(from, to).orElse(1e6))
        .average()
        .orElse(0);
  }
}
