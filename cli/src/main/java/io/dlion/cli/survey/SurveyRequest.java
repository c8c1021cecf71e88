package io.dlion.cli.survey;

import io.dlion.cli.option.Desks;
import io.dlion.cluster.survey.ProbeLimits;
import java.nio.file.Path;

/**
 * What a survey is to find out.
 *
 * @param desks how workers are reached
 * @param model built in, whose gradients are timed; empty for that of the workers' job
 * @param stepSeconds that timing gradients may take at each worker, about
 * @param lineLimits how much each measurement of a line may take, in each direction
 * @param file takes the environment
 */
public record SurveyRequest(
    Desks desks, String model, int stepSeconds, ProbeLimits lineLimits, Path file) {
  /** Seconds for timing gradients where nothing else is wanted. */
  public static final int STEP_SECONDS = 10;

  /** 1.5 s and at most 8 MB in each direction, where nothing else is wanted. */
  public static final ProbeLimits LINE_LIMITS = new ProbeLimits(1500, 8_000_000);
}
