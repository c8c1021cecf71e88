package io.dlion.cluster;

import io.dlion.cluster.desk.Command;
import io.dlion.cluster.desk.DeskClient;
import io.dlion.cluster.desk.Inquiry;
import io.dlion.core.WorkerId;
import io.dlion.core.wire.MalformedMessageException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Asks the workers of a cluster what they do, all at the same time. It is no member of their group,
 * and nobody has to reach it.
 */
public final class ClusterObserver {
  /** The longest that a look takes. */
  public static final Duration PATIENCE = Duration.ofMillis(2500);

  private ClusterObserver() {}

  /**
   * What was seen.
   *
   * @param workers those that answered, in the order of their names
   * @param silent those that did not: the name and the reason
   */
  public record Sight(List<WorkerStatus> workers, List<String> silent) {}

  /** What the workers do that can be reached. */
  public static Sight look(DeskClient client) throws InterruptedException {
    Map<WorkerId, WorkerStatus> byName = new TreeMap<>();
    List<String> silent = new ArrayList<>();
    for (Inquiry.Said said : Inquiry.ofAll(client, Command.STATUS, PATIENCE)) {
      if (!said.reached() || !said.reply().isDone()) {
        silent.add(said.name() + ": " + said.reply().text());
        continue;
      }
      try {
        WorkerStatus status = WorkerStatus.decode(said.bytes());
        byName.put(status.worker(), status);
      } catch (MalformedMessageException e) {
        silent.add(said.name() + ": " + e.getMessage());
      }
    }
    return new Sight(List.copyOf(byName.values()), List.copyOf(silent));
  }
}
