package io.dlion.cli.command;

import io.dlion.cli.job.Draft;
import io.dlion.cli.job.Job;
import io.dlion.cli.job.JobFile;
import io.dlion.cli.job.KnownNames;
import io.dlion.cli.job.Resolver;
import io.dlion.cli.job.Resumed;
import io.dlion.cli.job.SourceModel;
import io.dlion.core.UserError;
import io.dlion.monitor.run.RunFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where a job comes from, besides flags: a job file, or a run that is gone on with.
 *
 * @param file the job file, if one was given
 * @param resume the folder of the run to go on with, if that was asked for
 */
record JobSource(@Nullable Path file, @Nullable Path resume) {
  /** The job with the flags in it, which win. */
  Job job(Draft flags, KnownNames names) throws IOException {
    Draft base = base(flags);
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
