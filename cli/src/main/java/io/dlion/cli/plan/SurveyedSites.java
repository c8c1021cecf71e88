package io.dlion.cli.plan;

import io.dlion.cli.console.Console;
import io.dlion.cli.option.Desks;
import io.dlion.cli.survey.Survey;
import io.dlion.cli.survey.SurveyRequest;
import io.dlion.cli.survey.Surveyed;
import io.dlion.core.UserError;
import io.dlion.emulator.environment.Environments;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;

/**
 * Sites as their workers measure them. What was measured stays in the plan's folder: the same
 * command goes on with it, since trials on other figures would not hold.
 *
 * @param desks how the workers are reached
 * @param model whose gradients are timed; empty for that of the workers' job
 * @param stepSeconds that timing may take at each worker, about
 * @param out the folder of the plan
 * @param console is told who is being measured
 */
record SurveyedSites(
    Desks desks, Optional<String> model, int stepSeconds, Path out, Console console)
    implements SiteSource {
  private static final String FILE = "sites.yaml";
  private static final String RECORD = "survey.json";

  @Override
  public Sites sites() throws IOException, InterruptedException {
    Path kept = PlanRun.folder(PlanRun.folder(out).resolve(PlanRun.KEPT));
    Path file = out.resolve(FILE);
    if (Files.exists(file)) {
      return sites(file, measuredBefore(file, kept.resolve(RECORD)));
    }
    Surveyed found =
        Survey.run(
            new SurveyRequest(
                desks,
                model.orElse(""),
                stepSeconds,
                SurveyRequest.LINE_LIMITS,
                kept.resolve(FILE)),
            console);
    SurveyRecord its = SurveyRecord.of(desks.seeds(), found);
    its.write(kept.resolve(RECORD));
    Files.move(kept.resolve(FILE), file, StandardCopyOption.ATOMIC_MOVE);
    say("wrote " + file + ": " + String.join(", ", found.workers()));
    say("");
    return sites(file, its);
  }

  private SurveyRecord measuredBefore(Path file, Path about) throws IOException {
    if (!Files.exists(about)) {
      throw new UserError(
          file
              + ": was not measured for this plan; give --environment "
              + file
              + " to plan with it, or another --out to measure");
    }
    SurveyRecord before = SurveyRecord.read(about);
    requireSame(file, "--seeds", before.seeds(), desks.seeds());
    model.ifPresent(now -> requireSame(file, "--model", before.model(), now));
    say("goes on with what was measured before, " + file + "; another --out measures again");
    return before;
  }

  private static void requireSame(Path file, String what, String before, String now) {
    if (!before.equals(now)) {
      throw new UserError(
          file
              + ": was measured with "
              + what
              + " "
              + before
              + ", and now it is "
              + now
              + "; give the same to go on with it, or another --out to measure again");
    }
  }

  private Sites sites(Path file, SurveyRecord its) throws IOException {
    return new Sites(
        Environments.read(file),
        "sites measured by their workers (" + file + ")",
        EnvironmentSites.identity(file),
        its.without(),
        Optional.of(new Sites.Measured(desks, its.model(), its.parameters(), its.notes())));
  }

  private void say(String line) {
    console.out().println(line);
    console.out().flush();
  }
}
