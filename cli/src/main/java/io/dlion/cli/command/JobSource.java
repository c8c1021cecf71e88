package io.dlion.cli.command;

import io.dlion.cli.job.Draft;
import io.dlion.cli.job.Job;
import io.dlion.cli.job.JobFile;
import io.dlion.cli.job.KnownNames;
import io.dlion.cli.job.Resolver;
import io.dlion.cli.job.Resumed;
import io.dlion.cli.job.SourceModel;
import io.dlion.cli.tuned.Tuned;
import io.dlion.cli.tuned.TunedReader;
import io.dlion.core.UserError;
import io.dlion.monitor.run.RunFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Where a job comes from, besides flags: a job file, or a run that is gone on with.
 *
 * @param file the job file, if one was given
 * @param resume the folder of the run to go on with, if that was asked for
 * @param settings a file of {@code dlion tune}, if one was given
 */
record JobSource(@Nullable Path file, @Nullable Path resume, @Nullable Path settings) {
  /**
   * The job with the flags in it, which win; tuned settings win over a job file's.
   *
   * @param warn is told what the settings were not tuned for
   */
  Job job(Draft typed, KnownNames names, Consumer<String> warn) throws IOException {
    Draft base = base(typed);
    if (settings == null) {
      return job(base, typed, names);
    }
    Tuned tuned = TunedReader.read(settings);
    String preset = base.overriddenBy(typed).preset().name();
    Job job = job(base, typed.above(tuned.requireChanges(preset), settings.toString()), names);
    if (job.model().equals(Job.AUTO_MODEL)) {
      warn.accept(
          settings + " is tuned for model " + tuned.model() + "; model auto chooses by the data");
    } else {
      tuned.differences(job.model(), Optional.empty()).forEach(warn);
    }
    return job;
  }

  private Job job(Draft base, Draft flags, KnownNames names) {
    KnownNames known =
        resume == null ? names : SourceModel.names(RunFolder.open(resume), base, names);
    return Resolver.resolve(base.overriddenBy(flags), known);
  }

  private Draft base(Draft flags) throws IOException {
    if (resume == null) {
      return file == null ? Draft.empty() : JobFile.read(file);
    }
    if (file != null) {
      throw new UserError(
          "--resume " + resume + " goes on with that run's own job: leave out " + file);
    }
    Resumed.require(flags);
    return JobFile.read(RunFolder.open(resume).job());
  }

  /** The run that is gone on with. */
  Optional<RunFolder> run() {
    return Optional.ofNullable(resume).map(RunFolder::open);
  }
}
