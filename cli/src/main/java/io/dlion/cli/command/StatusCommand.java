package io.dlion.cli.command;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dlion.cli.console.Console;
import io.dlion.cli.option.Certificates;
import io.dlion.cluster.ClusterObserver;
import io.dlion.cluster.WorkerStatus;
import io.dlion.cluster.cap.Limits;
import io.dlion.cluster.security.Credentials;
import io.dlion.cluster.security.Security;
import io.dlion.cluster.transport.SeedHosts;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code dlion status}: what the workers of a cluster do at the moment. */
@Command(
    name = "status",
    description = "Show the workers of a cluster: what they do, and what their links carry.",
    sortOptions = false,
    footerHeading = "%nExamples%n",
    footer = "  dlion status --seeds 10.0.0.1:7800 --certs /etc/dlion/shop-7")
public final class StatusCommand implements Callable<Integer> {
  private static final double BYTES_PER_MBIT = 125_000;

  private final Console console;

  @Option(
      names = "--seeds",
      required = true,
      paramLabel = "HOST:PORT,…",
      description = "Where some of the workers listen, by address or name.")
  private String seeds = "";

  @Option(
      names = "--certs",
      paramLabel = "DIR",
      description = "A certificate of theirs: any folder that dlion certs issue made.")
  private @Nullable Path certificates;

  @Option(names = "--insecure", description = "The workers were started with --insecure.")
  private boolean insecure;

  @Option(names = "--json", description = "As JSON.")
  private boolean json;

  /** The command. */
  public StatusCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    Optional<Credentials> credentials = Certificates.load(certificates, insecure, console);
    List<WorkerStatus> workers = look(SeedHosts.parse(seeds), credentials.map(Security::of));
    if (workers.isEmpty()) {
      throw new IOException("no worker answers at " + seeds);
    }
    if (json) {
      console.out().println(asJson(workers));
    } else {
      table(workers);
    }
    console.out().flush();
    return 0;
  }

  private List<WorkerStatus> look(SeedHosts seeds, Optional<Security> security)
      throws IOException, InterruptedException {
    try {
      return ClusterObserver.look(seeds, security, console.err()::println);
    } catch (IOException | InterruptedException | RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IOException("no worker could be asked: " + e.getMessage(), e);
    }
  }

  private void table(List<WorkerStatus> workers) {
    String row = "%-16s %-12s %-9s %10s %7s %7s %8s %9s%s%n";
    boolean served = workers.stream().anyMatch(w -> w.service().isPresent());
    console
        .out()
        .printf(
            Locale.ROOT,
            row,
            "worker",
            "site",
            "",
            "iteration",
            "batch",
            "global",
            "loss",
            "accuracy",
            served ? "  server" : "");
    for (WorkerStatus w : workers) {
      console
          .out()
          .printf(
              Locale.ROOT,
              row,
              w.worker(),
              w.site(),
              phase(w),
              w.doing().iteration() < 0 ? "-" : w.doing().iteration(),
              w.doing().batchSize() == 0 ? "-" : w.doing().batchSize(),
              w.doing().globalBatchSize() == 0 ? "-" : w.doing().globalBatchSize(),
              number(w.doing().loss(), "%.4f"),
              Double.isNaN(w.doing().accuracy())
                  ? "-"
                  : number(100 * w.doing().accuracy(), "%.1f %%"),
              served ? "  " + server(w) : "");
    }
    streams(workers);
    links(workers);
    limits(workers);
  }

  private void streams(List<WorkerStatus> workers) {
    if (workers.stream().allMatch(w -> w.streaming().isEmpty())) {
      return;
    }
    console.out().println();
    String row = "%-34s %10s %12s %12s%n";
    console.out().printf(Locale.ROOT, row, "stream", "learned", "rejected", "prequential");
    for (WorkerStatus w : workers) {
      w.streaming()
          .ifPresent(s ->
              console
                  .out()
                  .printf(
                      Locale.ROOT,
                      row,
                      w.worker(),
                      String.format(Locale.ROOT, "%,d", s.learned()),
                      String.format(Locale.ROOT, "%,d", s.rejected()),
                      number(100 * s.accuracy(), "%.1f %%")));
    }
  }

  private void links(List<WorkerStatus> workers) {
    console.out().println();
    console.out().printf(Locale.ROOT, "%-34s %10s %12s%n", "link", "Mbit/s", "round trip");
    for (WorkerStatus w : workers) {
      for (WorkerStatus.Link link : w.links()) {
        console
            .out()
            .printf(
                Locale.ROOT,
                "%-34s %10s %12s%n",
                w.worker() + " to " + link.peer(),
                link.bytesPerSecond() == 0
                    ? "-"
                    : number(link.bytesPerSecond() / BYTES_PER_MBIT, "%.1f"),
                link.roundTripNanos() == 0 ? "-" : number(link.roundTripNanos() / 1e6, "%.1f ms"));
      }
    }
  }

  private void limits(List<WorkerStatus> workers) {
    List<WorkerStatus> capped =
        workers.stream().filter(w -> !w.limits().equals(Limits.NONE)).toList();
    if (!capped.isEmpty()) {
      console.out().println();
      capped.forEach(w -> console.out().println(w.worker() + " " + w.limits().text()));
    }
  }

  /** One that serves and has no data trains nothing. */
  private static String phase(WorkerStatus w) {
    boolean onlyServes = w.serves() && w.doing().iteration() < 0;
    return onlyServes && w.doing().phase().equals("training") ? "serving" : w.doing().phase();
  }

  /** {@code serves version 120}, or the name of the one that does. */
  private static String server(WorkerStatus w) {
    return w.service()
        .map(s -> w.serves() ? "serves version " + s.version() : s.server().name())
        .orElse("-");
  }

  private static String number(double value, String format) {
    return Double.isNaN(value) ? "-" : String.format(Locale.ROOT, format, value);
  }

  /** What is not known is null. */
  private static String asJson(List<WorkerStatus> workers) throws IOException {
    ObjectMapper mapper = new ObjectMapper();
    ArrayNode all = mapper.createArrayNode();
    for (WorkerStatus w : workers) {
      ObjectNode node = all.addObject();
      node.put("worker", w.worker().name());
      node.put("site", w.site());
      node.put("run", w.job());
      node.put("phase", w.doing().phase());
      node.put("iteration", w.doing().iteration() < 0 ? null : (Long) w.doing().iteration());
      node.put("batchSize", w.doing().batchSize());
      node.put("globalBatchSize", w.doing().globalBatchSize());
      node.put("samples", w.doing().samples());
      node.put("loss", finite(w.doing().loss()));
      node.put("accuracy", finite(w.doing().accuracy()));
      w.service()
          .ifPresentOrElse(
              s ->
                  node.putObject("server")
                      .put("name", s.server().name())
                      .put("version", s.version())
                      .put("serves", w.serves()),
              () -> node.putNull("server"));
      w.streaming()
          .ifPresentOrElse(
              s ->
                  node.putObject("stream")
                      .put("recordsLearned", s.learned())
                      .put("recordsRejected", s.rejected())
                      .put("prequentialAccuracy", finite(s.accuracy())),
              () -> node.putNull("stream"));
      node.put("uploadMbitMax", finite(w.limits().uploadMbit()));
      node.put("downloadMbitMax", finite(w.limits().downloadMbit()));
      ArrayNode links = node.putArray("links");
      for (WorkerStatus.Link link : w.links()) {
        double rate = link.bytesPerSecond() / BYTES_PER_MBIT;
        ObjectNode entry = links.addObject();
        entry.put("to", link.peer().name());
        entry.put("mbit", rate == 0 ? null : (Double) rate);
        entry.put(
            "roundTripMillis",
            link.roundTripNanos() == 0 ? null : (Double) (link.roundTripNanos() / 1e6));
      }
    }
    return mapper.writerWithDefaultPrettyPrinter().writeValueAsString(all);
  }

  private static @Nullable Double finite(double value) {
    return Double.isFinite(value) ? value : null;
  }
}
