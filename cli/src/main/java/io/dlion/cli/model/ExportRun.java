package io.dlion.cli.model;

import io.dlion.cli.console.Console;
import io.dlion.cli.console.Interruption;
import io.dlion.monitor.run.RunFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneId;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Writes the model of a run for other programs, once or again and again. */
public final class ExportRun implements Exporting {
  @Override
  public int run(Path run, Output output, Console console)
      throws IOException, InterruptedException {
    RunFolder folder = RunFolder.open(run);
    if (output.every().isPresent()) {
      return follow(folder, output, output.every().get(), console);
    }
    try (TrainedModel model = TrainedModel.load(folder)) {
      model.say(console.out());
      model.export(output.format(), output.file());
    }
    console.out().println("wrote " + output.file());
    return 0;
  }

  private static int follow(RunFolder folder, Output output, Duration every, Console console)
      throws IOException, InterruptedException {
    CountDownLatch stopped = new CountDownLatch(1);
    try (Interruption interruption = Interruption.thatIsMeant();
        ModelWatch watch = new ModelWatch(folder)) {
      interruption.then(stopped::countDown);
      Clock clock = Clock.system(ZoneId.systemDefault());
      FollowedExport export = new FollowedExport(watch, output, console, clock);
      return export.run(every, time -> stopped.await(time.toMillis(), TimeUnit.MILLISECONDS));
    }
  }
}
