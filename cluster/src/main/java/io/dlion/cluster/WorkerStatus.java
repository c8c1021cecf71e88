package io.dlion.cluster;

import io.dlion.cluster.cap.Limits;
import io.dlion.core.WorkerId;
import io.dlion.core.report.Report;
import io.dlion.core.wire.MalformedMessageException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a worker does at the moment, for those who look on.
 *
 * @param worker its name
 * @param site its micro-cloud
 * @param job name of the run it belongs to
 * @param doing how far it is
 * @param links to the others, in the order of their names
 * @param service who serves, as far as it knows; empty where the preset has no server, and before
 *     the first commit
 * @param streaming how learning from its stream stands; empty where it has none, and before it has
 *     told of it
 * @param limits what it may send and take at present
 * @param around who is missing around it, and how the others are reached
 * @param rest why it does not train now; empty where it does, or waits to begin
 */
public record WorkerStatus(
    WorkerId worker,
    String site,
    String job,
    Doing doing,
    List<Link> links,
    Optional<Service> service,
    Optional<Streaming> streaming,
    Limits limits,
    Around around,
    Optional<Rest> rest) {
  /** The phase before a worker trains. */
  public static final String WAITING = "waiting";

  /** The phase in which a worker trains. */
  public static final String TRAINING = "training";

  /** The phase after that. */
  public static final String ENDED = "ended";

  /** The phase of a process that only forwards. */
  public static final String RELAY = "relay";

  /** Copies the links. */
  public WorkerStatus {
    links = List.copyOf(links);
  }

  /** Of a worker that trains and has lost nobody. */
  public WorkerStatus(
      WorkerId worker,
      String site,
      String job,
      Doing doing,
      List<Link> links,
      Optional<Service> service,
      Optional<Streaming> streaming) {
    this(
        worker,
        site,
        job,
        doing,
        links,
        service,
        streaming,
        Limits.NONE,
        Around.NOTHING,
        Optional.empty());
  }

  /** The same in another phase. */
  WorkerStatus of(String phase) {
    return new WorkerStatus(
        worker, site, job, doing.of(phase), links, service, streaming, limits, around, rest);
  }

  /** The same of a worker that rests. */
  public WorkerStatus resting(String phase, Rest why) {
    return new WorkerStatus(
        worker,
        site,
        job,
        doing.of(phase),
        List.of(),
        service,
        streaming,
        limits,
        Around.NOTHING,
        Optional.of(why));
  }

  /** What a worker does that has not begun to train. */
  public static Doing waiting(WorkerId self) {
    return NetworkTraining.waiting(self);
  }

  /**
   * How far a worker is.
   *
   * @param phase waiting, training, paused, resting or ended
   * @param iteration the last one that ended; -1 before the first
   * @param batchSize its local batch size in samples; 0 before the first iteration
   * @param globalBatchSize that of all workers together
   * @param samples processed by all workers as far as it knows
   * @param loss mean training loss of the last iteration; NaN before the first
   * @param accuracy last measured on the test set; NaN before the first evaluation
   */
  public record Doing(
      String phase,
      long iteration,
      int batchSize,
      int globalBatchSize,
      long samples,
      double loss,
      double accuracy) {
    /** The same in another phase. */
    Doing of(String other) {
      return new Doing(other, iteration, batchSize, globalBatchSize, samples, loss, accuracy);
    }

    /** After this iteration. */
    static Doing after(String phase, Report.Iteration last, double accuracy) {
      return new Doing(
          phase,
          last.iteration(),
          last.batchSize(),
          last.globalBatchSize(),
          last.clusterSamples(),
          last.loss(),
          accuracy);
    }
  }

  /**
   * A link as its sender sees it.
   *
   * @param peer whither
   * @param bytesPerSecond measured; 0 where not known yet
   * @param roundTripNanos of small messages; 0 where not known yet
   */
  public record Link(WorkerId peer, double bytesPerSecond, double roundTripNanos) {}

  /**
   * Who serves.
   *
   * @param server its name; the worker's own where it serves itself
   * @param version of the global model that the worker has told or trained from last; not negative
   */
  public record Service(WorkerId server, long version) {}

  /**
   * How learning from a stream stands.
   *
   * @param learned records, since the stream was begun; not negative
   * @param rejected records; not negative
   * @param accuracy prequential, over the last records; NaN before the first
   */
  public record Streaming(long learned, long rejected, double accuracy) {}

  /**
   * Those around a worker with whom something is wrong.
   *
   * @param lost were members and are none now
   * @param paths to peers that it does not reach directly
   */
  public record Around(List<Lost> lost, List<Path> paths) {
    /** All is well. */
    public static final Around NOTHING = new Around(List.of(), List.of());

    /** Copies the lists. */
    public Around {
      lost = List.copyOf(lost);
      paths = List.copyOf(paths);
    }
  }

  /**
   * A worker that was a member.
   *
   * @param worker its name
   * @param agoMillis since when it is none, as long ago; clocks of machines differ
   */
  public record Lost(WorkerId worker, long agoMillis) {}

  /**
   * A peer that is not reached directly.
   *
   * @param peer its name
   * @param via who passes on what is sent to it; empty where nobody does
   * @param agoMillis since when
   */
  public record Path(WorkerId peer, Optional<WorkerId> via, long agoMillis) {}

  /**
   * Why a worker does not train now.
   *
   * @param why for people: {@code paused by operator anna}
   * @param agoMillis since when
   */
  public record Rest(String why, long agoMillis) {}

  /** Whether the worker itself serves. */
  public boolean serves() {
    return service.isPresent() && service.get().server.equals(worker);
  }

  /** The links to these peers, with what is known of them. */
  static List<Link> links(Map<WorkerId, Double> roundTripNanos, Map<WorkerId, Double> rates) {
    List<Link> links = new ArrayList<>();
    roundTripNanos.forEach(
        (peer, nanos) -> links.add(new Link(peer, rates.getOrDefault(peer, 0.0), nanos)));
    return links;
  }

  /** Its bytes. */
  public byte[] encode() {
    return StatusCodec.encode(this);
  }

  /**
   * Reads one from any bytes; what later versions append is passed over.
   *
   * @throws MalformedMessageException if it is none
   */
  public static WorkerStatus decode(byte[] bytes) throws MalformedMessageException {
    return StatusCodec.decode(bytes);
  }
}
