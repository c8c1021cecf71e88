package io.dlion.cluster.survey;

import io.dlion.core.wire.MalformedMessageException;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.regex.Pattern;

/**
 * What a gradient costs a worker: α + β·b seconds of computing for b samples, and a rest.
 *
 * @param model that was timed
 * @param parameters of it
 * @param alphaSeconds α, seconds that do not depend on the batch
 * @param betaSeconds β, seconds per sample
 * @param restSeconds of each step in which it computes nothing
 * @param gradients that were timed, after those for warming up
 */
public record StepFacts(
    String model,
    long parameters,
    double alphaSeconds,
    double betaSeconds,
    double restSeconds,
    int gradients) {
  private static final Pattern MODEL = Pattern.compile("[A-Za-z0-9_./-]{1,200}");
  private static final double SECONDS_MAX = 1e6;
  private static final double BETA_SECONDS_MIN = 1e-12;

  /** Checks that all figures are possible. */
  public StepFacts {
    if (!MODEL.matcher(model).matches()) {
      throw new IllegalArgumentException("a model without a name");
    }
    Facts.require("parameters", (double) parameters, 1, Integer.MAX_VALUE);
    Facts.require("alpha", alphaSeconds, 0, SECONDS_MAX);
    Facts.require("beta", betaSeconds, BETA_SECONDS_MIN, SECONDS_MAX);
    Facts.require("a rest", restSeconds, 0, SECONDS_MAX);
    Facts.require("gradients", gradients, 1, Integer.MAX_VALUE);
  }

  /** Writes it. */
  public void write(DataOutputStream out) throws IOException {
    out.writeUTF(model);
    out.writeLong(parameters);
    out.writeDouble(alphaSeconds);
    out.writeDouble(betaSeconds);
    out.writeDouble(restSeconds);
    out.writeInt(gradients);
  }

  /**
   * Reads one.
   *
   * @throws MalformedMessageException if it cannot be
   */
  public static StepFacts read(DataInputStream in) throws MalformedMessageException {
    return Facts.read(() ->
        new StepFacts(
            in.readUTF(),
            in.readLong(),
            in.readDouble(),
            in.readDouble(),
            in.readDouble(),
            in.readInt()));
  }
}
