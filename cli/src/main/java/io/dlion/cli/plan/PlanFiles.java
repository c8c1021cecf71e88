package io.dlion.cli.plan;

import io.dlion.cli.console.Console;
import io.dlion.monitor.run.RunFolder;
import java.io.IOException;
import java.nio.file.Path;

/**
 * What a plan leaves: a summary on the screen, and in its folder {@code plan.html}, {@code
 * plan.json} and {@code job.yaml}.
 */
record PlanFiles(RunFolder folder, Console console) {
  void write(Plan plan) throws IOException {
    Path report = folder.path().resolve("plan.html");
    Path figures = folder.path().resolve("plan.json");
    Path job = folder.job();
    folder.writeAtomically(job, PlanJob.yaml(plan));
    folder.writeAtomically(figures, PlanJson.of(plan));
    folder.writeAtomically(report, PlanHtml.of(plan, job));
    console.out().println();
    PlanText.lines(plan).forEach(console.out()::println);
    console.out().println();
    console.out().println("report   " + report);
    console.out().println("job      " + job + "   (dlion worker " + job + " … on each machine)");
    console.out().println("figures  " + figures);
    console.out().flush();
  }
}
