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
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Serves metrics over HTTP: {@code /metrics} in Prometheus' text format, and {@code /healthz},
 * which tells that the process answers. Requests are not authenticated: bind it to an address that
 * only monitoring can reach.
 */
public final class MetricsServer implements AutoCloseable {
  private static final String PLAIN = "text/plain; charset=utf-8";

  /** What the JDK wants to be told. */
  private static final int NO_BODY = -1;

  /**
   * The JDK's server logs what is wrong with requests; the lines would stand amid the live view.
   * Held, or its level would be forgotten.
   */
  private static final Logger LOG = Logger.getLogger("com.sun.net.httpserver");

  private final HttpServer server;
  private final ExecutorService threads;
  private final WorkerMetrics metrics = new WorkerMetrics();
  private final PrometheusTextFormatWriter format = PrometheusTextFormatWriter.create();

  private MetricsServer(HttpServer server) {
    this.server = server;
    threads =
        Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("dlion-metrics-", 0).factory());
    server.createContext("/", this::answer);
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
    LOG.setLevel(Level.OFF);
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

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String method = exchange.getRequestMethod();
      String path = exchange.getRequestURI().getPath();
      if (!method.equals("GET") && !method.equals("HEAD")) {
        exchange.getResponseHeaders().set("Allow", "GET, HEAD");
        send(exchange, 405, PLAIN, "expected GET or HEAD\n");
      } else if ("/metrics".equals(path)) {
        send(exchange, 200, format.getContentType(), text());
      } else if ("/healthz".equals(path)) {
        send(exchange, 200, PLAIN, "ok\n");
      } else {
        send(exchange, 404, PLAIN, "not here: /metrics, /healthz\n");
      }
    }
  }

  private static void send(HttpExchange exchange, int status, String type, String text)
      throws IOException {
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", type);
    if (exchange.getRequestMethod().equals("HEAD")) {
      exchange.getResponseHeaders().set("Content-Length", Integer.toString(body.length));
      exchange.sendResponseHeaders(status, NO_BODY);
      return;
    }
    exchange.sendResponseHeaders(status, body.length);
    try (OutputStream out = exchange.getResponseBody()) {
      out.write(body);
    }
  }

  private String text() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    format.write(out, metrics.scrape(), EscapingScheme.UNDERSCORE_ESCAPING);
    return out.toString(StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdown();
  }
}
