package io.dlion.cli.operate;

import io.dlion.cli.console.Console;
import io.dlion.cli.option.DeskOptions;
import io.dlion.cluster.ClusterObserver;
import io.dlion.cluster.ClusterObserver.Sight;
import io.dlion.cluster.desk.DeskClient;
import io.dlion.core.UserError;
import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code dlion status}: what the workers of a cluster do at the moment. */
@Command(
    name = "status",
    description = {
      "Show the workers of a cluster: what they do, what their links carry, who was lost and when,"
          + " and which pairs cannot talk.",
      "",
      "Any certificate of theirs will do, a worker's or an operator's. It is answered within 3 s."
    },
    sortOptions = false,
    footerHeading = "%nExamples%n",
    footer = {
      "  dlion status --seeds 10.0.0.1:7800 --certs /etc/dlion/shop-7",
      "        once",
      "  dlion status --seeds 10.0.0.1:7800 --certs certs/anna --watch",
      "        every 2 s, until Ctrl-C"
    })
public final class StatusCommand implements Callable<Integer> {
  private static final int SECONDS_MAX = 86_400;

  private final Console console;

  @Mixin private DeskOptions desks = new DeskOptions();

  @Option(names = "--json", description = "As JSON.")
  private boolean json;

  @Option(
      names = "--watch",
      arity = "0..1",
      fallbackValue = "2",
      paramLabel = "SECONDS",
      description = "Look again every SECONDS, by default 2, until Ctrl-C.")
  private @Nullable Integer watch;

  /** The command. */
  public StatusCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (watch != null && (watch < 1 || watch > SECONDS_MAX)) {
      throw new UserError("--watch " + watch + ": expected 1 to " + SECONDS_MAX + " seconds");
    }
    try (DeskClient client = desks.open(console)) {
      if (watch == null) {
        show(required(ClusterObserver.look(client)));
        return 0;
      }
      while (true) {
        Sight sight = ClusterObserver.look(client);
        if (console.terminal()) {
          console.out().print("\033[H\033[2J");
        }
        if (sight.workers().isEmpty()) {
          console.out().println(nobody(sight));
        } else {
          show(sight);
        }
        console.out().flush();
        TimeUnit.SECONDS.sleep(watch);
      }
    }
  }

  private Sight required(Sight sight) throws IOException {
    if (sight.workers().isEmpty()) {
      throw new IOException(nobody(sight));
    }
    return sight;
  }

  private String nobody(Sight sight) {
    String why = sight.silent().isEmpty() ? "" : " (" + String.join("; ", sight.silent()) + ")";
    return "no worker answers at " + desks.seeds() + why;
  }

  private void show(Sight sight) throws IOException {
    if (json) {
      console.out().println(StatusJson.text(sight));
    } else {
      new StatusTable(console.out()).print(sight);
    }
    console.out().flush();
  }
}
