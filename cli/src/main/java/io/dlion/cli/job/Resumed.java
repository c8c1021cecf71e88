package io.dlion.cli.job;

import io.dlion.core.UserError;
import java.util.EnumSet;
import java.util.Set;

/**
 * What a run that goes on keeps: what its checkpoints were made for, and what gives inputs and
 * outputs their meaning. Other data is allowed; it is encoded as the run's was.
 */
public final class Resumed {
  private static final Set<JobKey> FIXED =
      EnumSet.of(
          JobKey.MODEL,
          JobKey.WORKERS,
          JobKey.PARTITION,
          JobKey.SHARES,
          JobKey.SEED,
          JobKey.LABEL,
          JobKey.TASK,
          JobKey.WINDOW,
          JobKey.SEQUENCE_BY,
          JobKey.IMAGE_SIZE,
          JobKey.SEQUENCE_LENGTH);

  private Resumed() {}

  /**
   * Checks the flags given together with {@code --resume}.
   *
   * @throws UserError where one would change what the run keeps
   */
  public static void require(Draft flags) {
    for (JobKey key : FIXED) {
      if (flags.has(key)) {
        throw new UserError(
            "--" + key.key() + ": a resumed run keeps its own; leave it out, or start a new run");
      }
    }
  }
}
