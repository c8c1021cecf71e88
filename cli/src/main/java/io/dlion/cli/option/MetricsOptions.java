package io.dlion.cli.option;

import io.dlion.core.UserError;
import io.dlion.monitor.prometheus.MetricsServer;
import io.dlion.monitor.prometheus.WorkerMetrics;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The flags of commands that can serve metrics. */
public final class MetricsOptions {
  private static final int PORT_MAX = 65_535;

  @Option(
      names = "--metrics-port",
      order = 100,
      paramLabel = "PORT",
      description = "Serve metrics for Prometheus at http://127.0.0.1:PORT/metrics.")
  private @Nullable Integer port;

  @Option(
      names = "--metrics-bind",
      order = 101,
      paramLabel = "ADDRESS",
      description =
          "Serve them at another address than 127.0.0.1. Anybody who reaches it can read them.")
  private @Nullable String bind;

  /** What is done while metrics may be served. */
  @FunctionalInterface
  public interface Task {
    /**
     * Runs to the end.
     *
     * @param metrics to be kept up to date; empty where nobody asked for them
     * @return the exit code
     */
    int run(Optional<WorkerMetrics> metrics) throws IOException, InterruptedException;
  }

  /** Serves metrics if that is asked for, as long as the task runs. */
  public int serving(Task task) throws IOException, InterruptedException {
    Optional<MetricsServer> server = start();
    try {
      return task.run(server.map(MetricsServer::metrics));
    } finally {
      server.ifPresent(MetricsServer::close);
    }
  }

  /** Serves metrics if that is asked for, until it is closed. */
  Optional<MetricsServer> start() throws IOException {
    if (port == null) {
      if (bind != null) {
        throw new UserError("--metrics-bind " + bind + ": expected --metrics-port PORT as well");
      }
      return Optional.empty();
    }
    if (port < 1 || port > PORT_MAX) {
      throw new UserError("--metrics-port " + port + ": expected 1 to " + PORT_MAX);
    }
    return Optional.of(MetricsServer.start(bind == null ? "127.0.0.1" : bind, port));
  }
}
