package io.dlion.cli.job;

import io.dlion.core.WorkerId;
import io.dlion.core.settings.Settings;
import io.dlion.data.DataOptions;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * One training run, everything resolved: what {@code dlion train} was asked for, with defaults
 * filled in and every value checked as far as that can be done without opening the data.
 *
 * @param data an absolute path, or {@code generated:NAME}; {@value #NO_DATA} with a stream alone
 * @param stream what else workers learn from, as it arrives; empty for none
 * @param reading how the data is to be read, as far as that was said
 * @param partition {@code iid}, {@code by-label} or {@code dirichlet(ALPHA)}
 * @param shares relative size of each worker's part of the data, one number above 0 per worker;
 *     empty: equal parts
 * @param model the name of a built-in model, or the absolute path of a TorchScript file
 * @param preset the name that the settings began with
 * @param settings the preset's settings with the changes asked for
 * @param workers how many, from 1 to {@value #MAX_WORKERS}; they are called w1, w2, …
 * @param minWorkers how many a run on a network begins with; empty: {@code workers}
 * @param threads compute threads per worker; empty: the cores are divided among the workers
 * @param goal when training ends
 * @param seed of everything random
 * @param links rates of shaped links
 * @param slow by which factor (at least 1) workers are slowed down
 * @param keepModel which model is saved
 * @param out the folder that run folders are made in, as the user gave it
 * @param name what the run folder's name ends in; empty: chosen from the job
 * @param hours when a worker on a network may train, each by its own clock
 */
public record Job(
    String data,
    Optional<StreamJob> stream,
    DataOptions reading,
    String partition,
    List<Double> shares,
    String model,
    String preset,
    Settings settings,
    int workers,
    Optional<Integer> minWorkers,
    Optional<Integer> threads,
    JobGoal goal,
    long seed,
    LinkSpeeds links,
    Map<WorkerId, Double> slow,
    KeepModel keepModel,
    String out,
    Optional<String> name,
    TrainingHours hours) {
  /** What stands in the place of data where there is none but a stream. */
  public static final String NO_DATA = "none";

  /** The model name that leaves the choice to the data. */
  public static final String AUTO_MODEL = "auto";

  /** The most workers a job may have. */
  public static final int MAX_WORKERS = 512;

  /** Copies lists and maps. */
  public Job {
    shares = List.copyOf(shares);
    slow = Collections.unmodifiableMap(new TreeMap<>(slow));
  }

  /** The same job for one worker, whose name stands where its stream leaves a place for it. */
  public Job of(WorkerId worker) {
    return new Job(
        data,
        stream.map(s -> new StreamJob(s.addressOf(worker.name()), s.schema())),
        reading,
        partition,
        shares,
        model,
        preset,
        settings,
        workers,
        minWorkers,
        threads,
        goal,
        seed,
        links,
        slow,
        keepModel,
        out,
        name,
        hours);
  }

  /** The same job with the model and the settings that were chosen for its data. */
  public Job fitted(String model, Settings settings) {
    return new Job(
        data,
        stream,
        reading,
        partition,
        shares,
        model,
        preset,
        settings,
        workers,
        minWorkers,
        threads,
        goal,
        seed,
        links,
        slow,
        keepModel,
        out,
        name,
        hours);
  }

  /** Whether there is a stream and nothing beside it. */
  public boolean isWithoutData() {
    return data.equals(NO_DATA);
  }

  /** The workers' names in order: w1, w2, … */
  public List<WorkerId> workerIds() {
    return IntStream.rangeClosed(1, workers).mapToObj(i -> new WorkerId("w" + i)).toList();
  }

  /**
   * The whole job as a job file that {@link JobFile} reads back into an equal job.
   *
   * @param comments lines for its head: what wrote it, which versions
   */
  public String toYaml(List<String> comments) {
    return new JobYaml(this).text(comments);
  }
}
