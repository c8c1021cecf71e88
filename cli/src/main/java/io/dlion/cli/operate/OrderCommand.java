package io.dlion.cli.operate;

import io.dlion.cli.console.Console;
import io.dlion.cli.option.DeskOptions;
import io.dlion.cluster.desk.Command;
import io.dlion.cluster.desk.DeskClient;
import io.dlion.cluster.desk.Inquiry;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;

/** {@code dlion stop}, {@code pause} and {@code resume}: the same to all workers of a cluster. */
public final class OrderCommand implements Callable<Integer> {
  private static final Duration PATIENCE = Duration.ofSeconds(8);

  private final Command order;
  private final Console console;

  @Mixin private DeskOptions desks = new DeskOptions();

  private OrderCommand(Command order, Console console) {
    this.order = order;
    this.console = console;
  }

  /** The command for an order. */
  public static CommandLine commandLine(Command order, Console console) {
    CommandLine line = new CommandLine(new OrderCommand(order, console));
    line.getCommandSpec()
        .name(order.word())
        .usageMessage()
        .description(description(order))
        .sortOptions(false)
        .footerHeading("%nExamples%n")
        .footer(
            "  dlion " + order.word() + " --seeds 10.0.0.1:7800 --certs certs/anna",
            "        with the certificate that dlion certs issue anna --operator made");
    return line;
  }

  private static String[] description(Command order) {
    return switch (order) {
      case STOP ->
          new String[] {
            "End the run on all workers of a cluster, as if its goal were reached.",
            "",
            "One model is made of what all have, and every worker leaves it in its run folder. A"
                + " worker that rests (paused, or outside its hours) ends with its checkpoint and"
                + " makes no model: resume it first to have one."
          };
      case PAUSE ->
          new String[] {
            "Let all workers of a cluster rest until they are resumed.",
            "",
            "Each stops within a step, saves a checkpoint and frees its memory; its process stays,"
                + " and dlion status says since when and by whom. A goal in time does not run"
                + " meanwhile. Killed while it rests, a worker loses nothing: --resume goes on."
          };
      case RESUME ->
          new String[] {
            "Let paused workers go on from where they were.",
            "",
            "They meet again as they did at first (--min-workers counts). A worker that comes back"
                + " later takes over the others' weights."
          };
      case STATUS, MODEL, SURVEY -> throw new IllegalArgumentException(order.name());
    };
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    try (DeskClient client = desks.open(console)) {
      List<Inquiry.Said> said = Inquiry.ofAll(client, order, PATIENCE);
      if (said.stream().noneMatch(Inquiry.Said::reached)) {
        throw new IOException("no worker answers at " + desks.seeds() + why(said));
      }
      List<Inquiry.Said> refused =
          said.stream().filter(s -> s.reached() && !s.reply().isDone()).toList();
      if (refused.size() == said.size()) {
        throw new IOException("refused: " + refused.getFirst().reply().text());
      }
      said.forEach(s -> console.out().println(s.name() + ": " + s.reply().text()));
      console.out().flush();
      return said.stream().allMatch(s -> s.reply().isDone()) ? 0 : 1;
    }
  }

  private static String why(List<Inquiry.Said> silent) {
    return silent.isEmpty()
        ? ""
        : " (" + silent.getFirst().name() + ": " + silent.getFirst().reply().text() + ")";
  }
}
