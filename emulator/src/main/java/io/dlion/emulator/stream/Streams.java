package io.dlion.emulator.stream;

import io.dlion.core.Phrase;
import io.dlion.core.UserError;
import io.dlion.core.WorkerId;
import io.dlion.core.learn.ExampleShape;
import io.dlion.core.learn.Examples;
import io.dlion.core.learn.Sampler;
import io.dlion.core.learn.Seeds;
import io.dlion.core.learn.Subset;
import io.dlion.emulator.environment.ConceptDrift;
import io.dlion.emulator.environment.Environment;
import io.dlion.emulator.environment.SiteStream;
import io.dlion.emulator.environment.SitedWorker;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What an environment's workers have from the beginning, what arrives at them, and what is true at
 * a time. Immutable.
 */
public final class Streams {
  private final Environment environment;
  private final List<WorkerId> workers;
  private final LabelDrift labels;
  private final long seed;

  /**
   * The streams of a run.
   *
   * @param shape of the examples
   * @param seed of the run
   * @throws UserError where the world cannot change as the environment says
   */
  public Streams(Environment environment, ExampleShape shape, long seed) {
    require(environment, shape);
    this.environment = environment;
    this.workers =
        environment.workers().stream().map(SitedWorker::id).filter(environment::trains).toList();
    this.labels =
        new LabelDrift(environment.drifts(), shape.outputs(), Seeds.derive(seed, "drift"));
    this.seed = seed;
  }

  /**
   * Checks that the world from which examples come can change as an environment says.
   *
   * @throws UserError where it cannot
   */
  public static void require(Environment environment, ExampleShape shape) {
    boolean isClassified = shape.kind() == ExampleShape.Kind.CLASSIFICATION;
    for (ConceptDrift drift : environment.drifts()) {
      if (!isClassified) {
        throw new UserError(
            Phrase.of(
                "environment %s: drift permutes the labels of classes, and this data has none;"
                    + " expected data with classes, or an environment without drift",
                environment.name()));
      }
      if (Math.max(2, drift.classes()) > shape.outputs()) {
        throw new UserError(
            Phrase.of(
                "environment %s: drift changes the labels of %d classes, and this data has %d;"
                    + " expected at most as many",
                environment.name(), Math.max(2, drift.classes()), shape.outputs()));
      }
    }
  }

  /** The examples of a worker's share that it has from the beginning. */
  public Examples past(WorkerId worker, Examples share) {
    Optional<SiteStream> stream = environment.stream(worker);
    return stream.isEmpty() ? share : part(worker, share, 0, begin(stream.get(), share));
  }

  /** What arrives at a worker; empty where nothing ever does. */
  public Optional<WorkerSource> source(WorkerId worker, Examples share) {
    return environment.stream(worker)
        .filter(SiteStream::flows)
        .filter(stream -> begin(stream, share) < share.count())
        .map(stream ->
            new WorkerSource(
                worker,
                stream,
                part(worker, share, begin(stream, share), share.count()),
                labels,
                seed));
  }

  private static int begin(SiteStream stream, Examples share) {
    return (int) Math.round(stream.begin() * share.count());
  }

  /** Some of a worker's share, in a random order that is always the same. */
  private Examples part(WorkerId worker, Examples share, int from, int to) {
    int[] order = new int[share.count()];
    long own = Seeds.derive(Seeds.derive(seed, worker.name()), "begin");
    new Sampler(share.count(), own).draw(0, share.count(), order);
    return new Subset(share, Arrays.copyOfRange(order, from, to));
  }

  /** Test examples with the labels that hold at a time. */
  public Examples testsAt(Examples tests, long nanos) {
    return labels.isUnderWay(nanos) ? new DriftedTests(tests, labels, workers, nanos) : tests;
  }
}
