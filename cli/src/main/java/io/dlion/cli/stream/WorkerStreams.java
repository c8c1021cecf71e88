package io.dlion.cli.stream;

import io.dlion.cli.job.Job;
import io.dlion.cli.job.StreamJob;
import io.dlion.cluster.worker.StreamSpec;
import io.dlion.core.UserError;
import io.dlion.core.WorkerId;
import io.dlion.core.learn.Seeds;
import io.dlion.core.settings.Options;
import io.dlion.core.settings.Presets;
import io.dlion.core.settings.Settings;
import io.dlion.core.strategy.Strategy;
import io.dlion.data.DataOptions;
import io.dlion.data.DataSet;
import io.dlion.data.generated.DriftingAddress;
import io.dlion.data.generated.DriftingStream;
import io.dlion.data.preprocessing.TablePreprocessing;
import io.dlion.data.record.RecordEncoder;
import io.dlion.monitor.run.RunFolder;
import io.dlion.stream.Deal;
import io.dlion.stream.DirectorySource;
import io.dlion.stream.Pump;
import io.dlion.stream.RecordSource;
import io.dlion.stream.StreamAddress;
import io.dlion.stream.StreamSources;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Makes the streams of a job's workers. */
public final class WorkerStreams {
  /** Options that have a meaning only where there is a stream. */
  private static final Set<String> SECTIONS = Set.of("stream", "replay", "drift");

  private WorkerStreams() {}

  /**
   * Checks that nothing is said of streams that would have no effect: settings where there is no
   * stream, a schema where the data says how files are read.
   *
   * @throws UserError naming the first that would have no effect
   */
  public static void requireEffects(Job job) {
    if (job.stream().isPresent()) {
      requireSchemaEffect(job, job.stream().get());
      return;
    }
    Settings preset = Presets.find(job.preset()).settings();
    Options.all().stream()
        .filter(option -> SECTIONS.contains(option.section()))
        .filter(o -> !job.settings().text(o.key()).equals(preset.text(o.key())))
        .findFirst()
        .ifPresent(option -> {
          throw new UserError(
              option.key()
                  + " has an effect only where a run learns from a stream: give --stream, or leave"
                  + " it out");
        });
  }

  private static void requireSchemaEffect(Job job, StreamJob stream) {
    if (stream.schema().isEmpty()) {
      return;
    }
    StreamAddress address = StreamAddress.parse(stream.first());
    if (address instanceof StreamAddress.Made) {
      throw new UserError(
          "schema: has no effect with "
              + stream.address()
              + ", whose records are what they are; leave it out");
    }
    if (address instanceof StreamAddress.Folder && !job.isWithoutData()) {
      throw new UserError(
          "schema: has no effect: files in "
              + stream.address()
              + " are read as --data is; leave the schema out, or --data");
    }
  }

  /**
   * Checks that the folder that a new run is to watch is there, before anything of the run is
   * written. Whoever goes on with a run waits for it instead.
   *
   * @throws UserError naming the folder that is missing
   */
  public static void requireFolder(Job job, WorkerId worker) {
    job.stream()
        .map(stream -> StreamAddress.parse(stream.addressOf(worker.name())))
        .filter(StreamAddress.Folder.class::isInstance)
        .map(StreamAddress.Folder.class::cast)
        .ifPresent(folder -> DirectorySource.requireFolder(folder.folder()));
  }

  /**
   * Examples that workers keep of their streams, all together: they are learned from like those of
   * data.
   *
   * @param workers that learn
   */
  public static long kept(Job job, int workers) {
    return job.stream().isEmpty()
        ? 0
        : (long) workers * Strategy.of(job.settings()).stream().replay().size();
  }

  /**
   * The stream of a worker; empty where the job has none. Its source is opened, so that what is
   * wrong with it is found before anything begins. But who resumes can do without for a while.
   *
   * @param resumes whether the worker goes on with a run
   * @param deal which of the records are the worker's, where several workers read one source
   */
  public static Optional<StreamSpec> of(
      Job job, DataSet data, RunFolder folder, WorkerId worker, Deal deal, boolean resumes)
      throws IOException {
    if (job.stream().isEmpty()) {
      return Optional.empty();
    }
    StreamJob stream = job.stream().get();
    Path own = folder.path().resolve("stream").resolve(worker.name());
    StreamAddress address = StreamAddress.parse(stream.addressOf(worker.name()));
    Supplier<RecordSource> opener =
        () ->
            StreamSources.open(
                address, own, clientId(job, worker), name -> drifting(stream, data, worker));
    AtomicReference<@Nullable RecordSource> first =
        new AtomicReference<>(resumes ? null : opener.get());
    KeptTopic.require(own, address);
    boolean shared = !stream.isOfEachWorker() && !(address instanceof StreamAddress.Made);
    EncodedRecords decoding = new EncodedRecords(encoder(job, stream, address, data));
    Pump pump =
        new Pump(
            () -> Optional.ofNullable(first.getAndSet(null)).orElseGet(opener),
            decoding,
            own.resolve("rejected"),
            shared ? deal : Deal.ALL);
    return Optional.of(
        new StreamSpec(
            pump,
            new FileJournal(own.resolve("journal.tsv")),
            bytes -> FeedMemory.allocate(bytes, own)));
  }

  private static String clientId(Job job, WorkerId worker) {
    return "dlion-" + job.name().map(name -> name + "-").orElse("") + worker.name();
  }

  private static RecordEncoder encoder(
      Job job, StreamJob stream, StreamAddress address, DataSet data) {
    boolean files = address instanceof StreamAddress.Folder;
    boolean made = address instanceof StreamAddress.Made;
    return files || made || stream.schema().isEmpty()
        ? RecordEncoder.ofFiles(data, job.reading())
        : RecordEncoder.of(data, job.reading(), StreamExamples.schema(stream));
  }

  private static RecordSource drifting(StreamJob stream, DataSet data, WorkerId worker) {
    DriftingAddress address = DriftingAddress.parse(stream.address());
    if (!(data.preprocessing() instanceof TablePreprocessing table)) {
      throw new UserError(
          stream.address() + ": expected --data " + DriftingAddress.NAME + ", or no --data at all");
    }
    long site = Seeds.derive(0, worker.name());
    return new DriftingSource(
        stream.address(),
        address,
        new DriftingStream(DataOptions.defaults().seed(), site, address.schedule(), table));
  }
}
