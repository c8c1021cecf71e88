package io.dlion.cluster;

import io.dlion.cluster.cap.Limits;
import io.dlion.cluster.group.HelloCodec;
import io.dlion.core.WorkerId;
import io.dlion.core.report.Report;
import io.dlion.core.wire.MalformedMessageException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
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
 * @param service who serves, as far as it knows; empty where the preset has no server, before the
 *     first commit, and from workers of earlier versions
 * @param streaming how learning from its stream stands; empty where it has none, before it has told
 *     of it, and from workers of earlier versions
 * @param limits what it may send and take at present
 */
public record WorkerStatus(
    WorkerId worker,
    String site,
    String job,
    Doing doing,
    List<Link> links,
    Optional<Service> service,
    Optional<Streaming> streaming,
    Limits limits) {
  private static final int LINKS_MAX = 4096;

  /** Stands for the accuracy of a stream that is not there. */
  private static final double NO_STREAM = Double.NEGATIVE_INFINITY;

  /** Copies the links. */
  public WorkerStatus {
    links = List.copyOf(links);
  }

  /**
   * How far a worker is.
   *
   * @param phase waiting, training or ended
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

  byte[] encode() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeInt(HelloCodec.PROTOCOL);
      out.writeUTF(worker.name());
      out.writeUTF(site);
      out.writeUTF(job);
      out.writeUTF(doing.phase);
      out.writeLong(doing.iteration);
      out.writeInt(doing.batchSize);
      out.writeInt(doing.globalBatchSize);
      out.writeLong(doing.samples);
      out.writeDouble(doing.loss);
      out.writeDouble(doing.accuracy);
      out.writeInt(links.size());
      for (Link link : links) {
        out.writeUTF(link.peer.name());
        out.writeDouble(link.bytesPerSecond);
        out.writeDouble(link.roundTripNanos);
      }
      boolean limited = !limits.equals(Limits.NONE);
      if (service.isPresent() || streaming.isPresent() || limited) { // behind what is always there
        out.writeUTF(service.map(s -> s.server.name()).orElse(""));
        out.writeLong(service.map(s -> s.version).orElse(0L));
      }
      if (streaming.isPresent() || limited) {
        Streaming stream = streaming.orElse(new Streaming(0, 0, NO_STREAM));
        out.writeLong(stream.learned);
        out.writeLong(stream.rejected);
        out.writeDouble(stream.accuracy);
      }
      if (limited) {
        out.writeDouble(limits.uploadMbit());
        out.writeDouble(limits.downloadMbit());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  static WorkerStatus decode(byte[] bytes, int offset, int length)
      throws MalformedMessageException {
    try (DataInputStream in =
        new DataInputStream(new ByteArrayInputStream(bytes, offset, length))) {
      if (in.readInt() != HelloCodec.PROTOCOL) {
        throw new MalformedMessageException("a status of another version");
      }
      return new WorkerStatus(
          new WorkerId(in.readUTF()),
          in.readUTF(),
          in.readUTF(),
          doing(in),
          links(in),
          service(in),
          streaming(in),
          limits(in));
    } catch (IOException | io.dlion.core.UserError e) {
      throw new MalformedMessageException("a status that cannot be read: " + e.getMessage());
    }
  }

  private static Doing doing(DataInputStream in) throws IOException {
    return new Doing(
        in.readUTF(),
        in.readLong(),
        in.readInt(),
        in.readInt(),
        in.readLong(),
        in.readDouble(),
        in.readDouble());
  }

  private static Optional<Service> service(DataInputStream in)
      throws IOException, MalformedMessageException {
    if (in.available() == 0) {
      return Optional.empty();
    }
    String server = in.readUTF();
    long version = in.readLong();
    if (server.isEmpty()) {
      return Optional.empty();
    }
    if (version < 0) {
      throw new MalformedMessageException("a status with version " + version + " of a model");
    }
    return Optional.of(new Service(new WorkerId(server), version));
  }

  private static Optional<Streaming> streaming(DataInputStream in)
      throws IOException, MalformedMessageException {
    if (in.available() == 0) {
      return Optional.empty();
    }
    long learned = in.readLong();
    long rejected = in.readLong();
    if (learned < 0 || rejected < 0) {
      throw new MalformedMessageException(
          "a status with " + learned + " records learned, " + rejected + " rejected");
    }
    double accuracy = in.readDouble();
    return accuracy == NO_STREAM
        ? Optional.empty()
        : Optional.of(new Streaming(learned, rejected, accuracy));
  }

  private static Limits limits(DataInputStream in) throws IOException, MalformedMessageException {
    if (in.available() == 0) {
      return Limits.NONE;
    }
    Limits limits = new Limits(in.readDouble(), in.readDouble());
    if (!(limits.uploadMbit() > 0 && limits.downloadMbit() > 0)) {
      throw new MalformedMessageException("a status with impossible limits: " + limits.text());
    }
    return limits;
  }

  private static List<Link> links(DataInputStream in)
      throws IOException, MalformedMessageException {
    int count = in.readInt();
    if (count < 0 || count > LINKS_MAX) {
      throw new MalformedMessageException("a status with " + count + " links");
    }
    List<Link> links = new ArrayList<>();
    for (int k = 0; k < count; k++) {
      links.add(new Link(new WorkerId(in.readUTF()), in.readDouble(), in.readDouble()));
    }
    return links;
  }
}
