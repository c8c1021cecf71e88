package io.dlion.cli.option;

import static org.assertj.core.api.Assertions.assertThat;

import io.dlion.cli.CommandRun;
import io.dlion.cli.console.Console;
import io.dlion.cli.job.Job;
import io.dlion.cli.run.Training;
import io.dlion.cluster.line.FreePort;
import io.dlion.core.WorkerId;
import io.dlion.core.report.Report;
import io.dlion.monitor.prometheus.WorkerMetrics;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class MetricsOptionsTest {
  /** A run that reports an accuracy and then reads the metrics. */
  private record Reading(int port, WorkerMetrics sink) implements Training {
    @Override
    public int run(Job job, Optional<Path> resumed, Console console)
        throws IOException, InterruptedException {
      sink.accept(new Report.Evaluated(new WorkerId("w1"), 1, 1, 1, 0.5, 2, 0));
      URI uri = URI.create("http://127.0.0.1:" + port + "/metrics");
      try (HttpClient client = HttpClient.newHttpClient()) {
        console
            .out()
            .print(
                client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString()).body());
      }
      return 0;
    }

    @Override
    public Training telling(WorkerMetrics metrics) {
      return new Reading(port, metrics);
    }
  }

  @Test
  void aRunsReportsAreServedWhileItLasts() throws IOException {
    int port = FreePort.next();
    CommandRun dlion = new CommandRun().training(new Reading(port, new WorkerMetrics()));
    assertThat(dlion.run("train", "--metrics-port", Integer.toString(port)))
        .as(dlion.err())
        .isZero();
    assertThat(dlion.out()).contains("dlion_test_accuracy_ratio{worker=\"w1\"} 0.5");
    try (ServerSocket again = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      assertThat(again.isBound()).as("the port is free afterwards").isTrue();
    }
  }

  @Test
  void mistakesAreAnsweredBeforeAnythingBegins() throws IOException {
    assertMistake("--metrics-port 0: expected 1 to 65535", "--metrics-port", "0");
    assertMistake("expected --metrics-port PORT as well", "--metrics-bind", "0.0.0.0");
    assertMistake(
        "--metrics-bind no such host: expected an address",
        "--metrics-port",
        "9100",
        "--metrics-bind",
        "no such host");
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String port = Integer.toString(taken.getLocalPort());
      assertMistake("--metrics-port " + port + ": cannot be opened", "--metrics-port", port);
    }
  }

  private static void assertMistake(String message, String... flags) {
    CommandRun dlion = new CommandRun();
    String[] command = new String[flags.length + 1];
    command[0] = "train";
    System.arraycopy(flags, 0, command, 1, flags.length);
    assertThat(dlion.run(command)).isEqualTo(2);
    assertThat(dlion.err()).contains(message);
    assertThat(dlion.jobs).isEmpty();
  }
}
