package io.dlion.cli.survey;

import io.dlion.cli.console.Console;
import io.dlion.cluster.WorkerStatus;
import io.dlion.cluster.desk.Command;
import io.dlion.cluster.desk.DeskClient;
import io.dlion.cluster.desk.Inquiry;
import io.dlion.cluster.survey.HostFacts;
import io.dlion.cluster.survey.SurveyQuestion;
import io.dlion.core.Phrase;
import io.dlion.core.UserError;
import io.dlion.core.wire.MalformedMessageException;
import io.dlion.emulator.environment.Environments;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * Measures all workers of a cluster that can be reached and do not train, and writes an environment
 * in which the emulator predicts what they will do. Whoever cannot be measured is left out and
 * named. Confined to one thread.
 */
public final class Survey {
  private static final Duration PATIENCE = Duration.ofSeconds(8);

  private final SurveyRequest request;
  private final SurveyProgress progress;
  private final Surveyor surveyor;
  private final List<String> silent = new ArrayList<>();
  private final Map<String, String> leftOut = new TreeMap<>();
  private final List<String> notes = new ArrayList<>();

  private Survey(SurveyRequest request, SurveyProgress progress, Surveyor surveyor) {
    this.request = request;
    this.progress = progress;
    this.surveyor = surveyor;
  }

  /**
   * Takes it.
   *
   * @param console is told who is being measured
   * @throws UserError where the file cannot be written there, or nothing can be reached that way
   * @throws IOException where no worker can be measured, with the first reason
   */
  public static Surveyed run(SurveyRequest request, Console console)
      throws IOException, InterruptedException {
    requireWritable(request.file());
    try (DeskClient client = request.desks().open(console);
        SurveyProgress progress = new SurveyProgress(console)) {
      return new Survey(request, progress, new Surveyor(client)).take(client);
    }
  }

  private static void requireWritable(Path file) {
    Path folder = Objects.requireNonNull(file.toAbsolutePath().getParent());
    if (!Files.isDirectory(folder)) {
      throw new UserError(file + ": there is no folder " + folder + "; make it first");
    }
    if (Files.isDirectory(file)) {
      throw new UserError(file + ": expected a file to be written, found a folder");
    }
  }

  private Surveyed take(DeskClient client) throws IOException, InterruptedException {
    List<Site> sites = sites(client);
    tellWhoIsMissing();
    requireSomebody(sites);
    MachineSurvey machines = new MachineSurvey(surveyor, request, progress, leftOut);
    LineSurvey surveyOfLines = new LineSurvey(surveyor, request.lineLimits(), progress, notes);
    say(Phrase.of("%s; %s", machines.announcement(sites), surveyOfLines.announcement(sites)));
    TimedSites all = machines.time(sites);
    List<Site.Timed> timed = alike(all.workers());
    requireSomebody(timed);
    LineTable lines = surveyOfLines.measure(timed.stream().map(Site.Timed::site).toList());
    write(all.of(timed), lines);
    return new Surveyed(
        request.file(),
        timed.getFirst().steps().model(),
        timed.getFirst().steps().parameters(),
        timed.stream().map(t -> t.site().worker().name()).toList(),
        silent,
        leftOut,
        notes);
  }

  private void say(String line) {
    progress.say(line);
  }

  // ---- who is there

  /** Those that answer and can be measured, by name. */
  private List<Site> sites(DeskClient client) throws IOException, InterruptedException {
    Map<String, Site> byName = new TreeMap<>();
    for (Inquiry.Said said : Inquiry.ofAll(client, Command.STATUS, PATIENCE)) {
      if (!said.reached()) {
        silent.add(said.name() + ": " + said.reply().text());
      } else if (!said.reply().isDone()) {
        leftOut.put(said.name(), said.reply().text());
      } else {
        site(said, byName);
      }
    }
    return byName.values().stream().sorted((a, b) -> a.worker().compareTo(b.worker())).toList();
  }

  private void site(Inquiry.Said said, Map<String, Site> byName) throws InterruptedException {
    try {
      WorkerStatus status = WorkerStatus.decode(said.bytes());
      if (status.doing().phase().equals(WorkerStatus.RELAY)) {
        return;
      }
      String name = status.worker().name();
      if (byName.containsKey(name)) {
        notes.add("two processes are called " + name + ": one was measured");
        return;
      }
      HostFacts host =
          surveyor.ask(said.contact(), new SurveyQuestion.Host(), PATIENCE, HostFacts::read);
      byName.put(name, new Site(status.worker(), status.site(), said.contact(), host));
    } catch (Surveyor.RefusedException e) {
      leftOut.put(said.name(), String.valueOf(e.getMessage()));
    } catch (IOException | MalformedMessageException e) {
      silent.add(said.name() + ": " + e.getMessage());
    }
  }

  private void tellWhoIsMissing() {
    silent.forEach(who -> say("does not answer: " + who));
    leftOut.forEach((who, why) -> say("left out: " + who + ": " + why));
  }

  private void requireSomebody(List<?> some) throws IOException {
    if (!some.isEmpty()) {
      return;
    }
    List<String> why = new ArrayList<>();
    leftOut.forEach((who, reason) -> why.add(who + ": " + reason));
    why.addAll(silent);
    throw new IOException(
        "no worker at "
            + request.desks().seeds()
            + " can be measured"
            + (why.isEmpty() ? "" : " (" + why.getFirst() + ")"));
  }

  /** Workers of another model than the first one's are not of the same cluster. */
  private List<Site.Timed> alike(List<Site.Timed> all) {
    List<Site.Timed> same = new ArrayList<>();
    for (Site.Timed each : all) {
      Site.Timed first = all.getFirst();
      if (each.steps().model().equals(first.steps().model())
          && each.steps().parameters() == first.steps().parameters()) {
        same.add(each);
      } else {
        String why =
            Phrase.of(
                "would train %s with %,d parameters, and %s %s with %,d",
                each.steps().model(),
                each.steps().parameters(),
                first.site().worker(),
                first.steps().model(),
                first.steps().parameters());
        leftOut.put(each.site().worker().name(), why);
        say("left out: " + each.site().worker() + ": " + why);
      }
    }
    return same;
  }

  // ---- the file

  /** Writes it, once it is sure that the emulator understands it. */
  private void write(TimedSites sites, LineTable lines) throws IOException {
    String text = text(sites, lines, true);
    try {
      Environments.parse("survey", text);
    } catch (UserError e) {
      // Members may hold together by a relay that is no worker, which an environment cannot say.
      text = text(sites, lines, false);
      Environments.parse("survey", text);
      notes.add("some pairs talk only over a relay; in the file they have direct lines");
    }
    Path file = request.file().toAbsolutePath();
    Path beside =
        file.resolveSibling("." + file.getFileName() + "-" + ProcessHandle.current().pid());
    Files.writeString(beside, text);
    Files.move(beside, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
  }

  private static String text(TimedSites sites, LineTable lines, boolean relays) {
    return String.join(
            "\n", new SitesYaml(sites, lines, relays).text(LocalDate.now(ZoneId.systemDefault())))
        + "\n";
  }
}
