package io.dlion.monitor.prometheus;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.dlion.core.UserError;
import io.prometheus.metrics.config.EscapingScheme;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Serves metrics over HTTP: {@code /metrics} in Prometheus' text format, and {@code /healthz} for
 * those who only want to know whether the process answers. Neither asks who wants to know: bind it
 * to an address that only they can reach.
 */
public final class MetricsServer implements AutoCloseable {
  private final HttpServer server;
  private final ExecutorService threads;
  private final WorkerMetrics metrics = new WorkerMetrics();
  private final PrometheusTextFormatWriter format = PrometheusTextFormatWriter.create();

  private MetricsServer(HttpServer server) {
    this.server = server;
    threads =
        Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("dlion-metrics-", 0).factory());
    server.createContext("/metrics", exchange -> answer(exchange, "/metrics"));
    server.createContext("/healthz", exchange -> answer(exchange, "/healthz"));
    server.setExecutor(threads);
  }

  /**
   * Begins to serve.
   *
   * @param bind the address to be reached at
   * @param port 0 for any that is free
   * @throws UserError if the address is not this machine's, or the port is in use
   */
  public static MetricsServer start(String bind, int port) throws IOException {
    HttpServer http;
    try {
      http = HttpServer.create(new InetSocketAddress(InetAddress.getByName(bind), port), 0);
    } catch (UnknownHostException e) {
      throw new UserError(
          "--metrics-bind " + bind + ": expected an address of this machine, such as 127.0.0.1", e);
    } catch (BindException e) {
      throw new UserError(
          "--metrics-port "
              + port
              + ": cannot be opened on "
              + bind
              + " ("
              + e.getMessage()
              + "); another process may have it: choose another port",
          e);
    }
    MetricsServer server = new MetricsServer(http);
    http.start();
    return server;
  }

  /** What it serves; takes reports. */
  public WorkerMetrics metrics() {
    return metrics;
  }

  /** Where it listens. */
  public InetSocketAddress address() {
    return server.getAddress();
  }

  private void answer(HttpExchange exchange, String path) throws IOException {
    try (exchange) {
      boolean found = exchange.getRequestURI().getPath().equals(path);
      byte[] body =
          !found
              ? "not here: /metrics, /healthz\n".getBytes(StandardCharsets.US_ASCII)
              : path.equals("/metrics") ? text() : "ok\n".getBytes(StandardCharsets.US_ASCII);
      exchange
          .getResponseHeaders()
          .set("Content-Type", found ? format.getContentType() : "text/plain");
      exchange.sendResponseHeaders(found ? 200 : 404, body.length);
      try (OutputStream out = exchange.getResponseBody()) {
        out.write(body);
      }
    }
  }

  private byte[] text() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    format.write(out, metrics.scrape(), EscapingScheme.UNDERSCORE_ESCAPING);
    return out.toByteArray();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdown();
  }
}
