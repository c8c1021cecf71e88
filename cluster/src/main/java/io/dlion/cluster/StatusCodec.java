package io.dlion.cluster;

import io.dlion.cluster.WorkerStatus.Around;
import io.dlion.cluster.WorkerStatus.Doing;
import io.dlion.cluster.WorkerStatus.Link;
import io.dlion.cluster.WorkerStatus.Lost;
import io.dlion.cluster.WorkerStatus.Path;
import io.dlion.cluster.WorkerStatus.Rest;
import io.dlion.cluster.WorkerStatus.Service;
import io.dlion.cluster.WorkerStatus.Streaming;
import io.dlion.cluster.cap.Limits;
import io.dlion.core.UserError;
import io.dlion.core.WorkerId;
import io.dlion.core.wire.MalformedMessageException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The bytes of a {@link WorkerStatus}: a number (4 bytes), what every worker has, and then
 * sections, each a kind (1 byte), a length (4 bytes) and that many bytes. A reader passes over
 * sections that it does not know, so that later versions can tell more.
 */
final class StatusCodec {
  private static final int MAGIC = 0x444C_5332; // "DLS2"
  private static final int ENTRIES_MAX = 4096;

  /** The order is that of their bytes: new ones come last. */
  private enum Section {
    SERVICE,
    STREAMING,
    LOST,
    PATHS,
    REST,
    LIMITS
  }

  /** Writes the body of a section, or of all. */
  private interface Body {
    void write(DataOutputStream out) throws IOException;
  }

  /** Reads an entry of a list. */
  private interface Entry<T> {
    T read(DataInputStream in) throws IOException, MalformedMessageException;
  }

  private StatusCodec() {}

  // ---- writing

  static byte[] encode(WorkerStatus status) {
    return bytes(out -> {
      out.writeInt(MAGIC);
      out.writeUTF(status.worker().name());
      out.writeUTF(status.site());
      out.writeUTF(status.job());
      write(out, status.doing());
      out.writeInt(status.links().size());
      for (Link link : status.links()) {
        out.writeUTF(link.peer().name());
        out.writeDouble(link.bytesPerSecond());
        out.writeDouble(link.roundTripNanos());
      }
      if (status.service().isPresent()) {
        section(out, Section.SERVICE, body -> write(body, status.service().get()));
      }
      if (status.streaming().isPresent()) {
        section(out, Section.STREAMING, body -> write(body, status.streaming().get()));
      }
      section(out, Section.LOST, body -> writeLost(body, status.around().lost()));
      section(out, Section.PATHS, body -> writePaths(body, status.around().paths()));
      if (!status.limits().equals(Limits.NONE)) {
        section(
            out,
            Section.LIMITS,
            body -> {
              body.writeDouble(status.limits().uploadMbit());
              body.writeDouble(status.limits().downloadMbit());
            });
      }
      if (status.rest().isPresent()) {
        Rest rest = status.rest().get();
        section(
            out,
            Section.REST,
            body -> {
              body.writeUTF(rest.why());
              body.writeLong(rest.agoMillis());
            });
      }
    });
  }

  private static byte[] bytes(Body body) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      body.write(out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private static void section(DataOutputStream out, Section section, Body body) throws IOException {
    byte[] bytes = bytes(body);
    out.writeByte(section.ordinal());
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  private static void write(DataOutputStream out, Doing doing) throws IOException {
    out.writeUTF(doing.phase());
    out.writeLong(doing.iteration());
    out.writeInt(doing.batchSize());
    out.writeInt(doing.globalBatchSize());
    out.writeLong(doing.samples());
    out.writeDouble(doing.loss());
    out.writeDouble(doing.accuracy());
  }

  private static void write(DataOutputStream out, Service service) throws IOException {
    out.writeUTF(service.server().name());
    out.writeLong(service.version());
  }

  private static void write(DataOutputStream out, Streaming streaming) throws IOException {
    out.writeLong(streaming.learned());
    out.writeLong(streaming.rejected());
    out.writeDouble(streaming.accuracy());
  }

  private static void writeLost(DataOutputStream out, List<Lost> all) throws IOException {
    out.writeInt(all.size());
    for (Lost lost : all) {
      out.writeUTF(lost.worker().name());
      out.writeLong(lost.agoMillis());
    }
  }

  private static void writePaths(DataOutputStream out, List<Path> all) throws IOException {
    out.writeInt(all.size());
    for (Path path : all) {
      out.writeUTF(path.peer().name());
      out.writeUTF(path.via().map(WorkerId::name).orElse(""));
      out.writeLong(path.agoMillis());
    }
  }

  // ---- reading

  static WorkerStatus decode(byte[] bytes) throws MalformedMessageException {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      if (in.readInt() != MAGIC) {
        throw new MalformedMessageException("a status of another version");
      }
      WorkerId worker = new WorkerId(in.readUTF());
      String site = in.readUTF();
      String job = in.readUTF();
      Doing doing = doing(in);
      List<Link> links = list(in, StatusCodec::link);
      Optional<Service> service = Optional.empty();
      Optional<Streaming> streaming = Optional.empty();
      List<Lost> lost = List.of();
      List<Path> paths = List.of();
      Optional<Rest> rest = Optional.empty();
      Limits limits = Limits.NONE;
      while (in.available() > 0) {
        int kind = in.readUnsignedByte();
        DataInputStream body = section(in);
        if (kind >= Section.values().length) {
          continue; // of a later version
        }
        switch (Section.values()[kind]) {
          case SERVICE -> service = Optional.of(service(body));
          case STREAMING -> streaming = Optional.of(streaming(body));
          case LOST -> lost = list(body, StatusCodec::lost);
          case PATHS -> paths = list(body, StatusCodec::path);
          case LIMITS -> limits = limits(body);
          case REST -> rest = Optional.of(new Rest(body.readUTF(), ago(body)));
        }
      }
      return new WorkerStatus(
          worker,
          site,
          job,
          doing,
          links,
          service,
          streaming,
          limits,
          new Around(lost, paths),
          rest);
    } catch (IOException | UserError e) {
      throw new MalformedMessageException("a status that cannot be read: " + e.getMessage());
    }
  }

  private static DataInputStream section(DataInputStream in)
      throws IOException, MalformedMessageException {
    int length = in.readInt();
    if (length < 0 || length > in.available()) {
      throw new MalformedMessageException("a status with a section of " + length + " bytes");
    }
    return new DataInputStream(new ByteArrayInputStream(in.readNBytes(length)));
  }

  private static <T> List<T> list(DataInputStream in, Entry<T> entry)
      throws IOException, MalformedMessageException {
    int count = in.readInt();
    if (count < 0 || count > ENTRIES_MAX) {
      throw new MalformedMessageException("a status with " + count + " entries in a list");
    }
    List<T> all = new ArrayList<>();
    for (int k = 0; k < count; k++) {
      all.add(entry.read(in));
    }
    return all;
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

  private static Link link(DataInputStream in) throws IOException {
    return new Link(new WorkerId(in.readUTF()), in.readDouble(), in.readDouble());
  }

  private static Service service(DataInputStream in) throws IOException, MalformedMessageException {
    WorkerId server = new WorkerId(in.readUTF());
    long version = in.readLong();
    if (version < 0) {
      throw new MalformedMessageException("a status with version " + version + " of a model");
    }
    return new Service(server, version);
  }

  private static Streaming streaming(DataInputStream in)
      throws IOException, MalformedMessageException {
    long learned = in.readLong();
    long rejected = in.readLong();
    if (learned < 0 || rejected < 0) {
      throw new MalformedMessageException(
          "a status with " + learned + " records learned, " + rejected + " rejected");
    }
    return new Streaming(learned, rejected, in.readDouble());
  }

  private static Limits limits(DataInputStream in) throws IOException, MalformedMessageException {
    Limits limits = new Limits(in.readDouble(), in.readDouble());
    if (!(limits.uploadMbit() > 0 && limits.downloadMbit() > 0)) {
      throw new MalformedMessageException("a status with impossible limits: " + limits.text());
    }
    return limits;
  }

  private static Lost lost(DataInputStream in) throws IOException, MalformedMessageException {
    return new Lost(new WorkerId(in.readUTF()), ago(in));
  }

  private static Path path(DataInputStream in) throws IOException, MalformedMessageException {
    WorkerId peer = new WorkerId(in.readUTF());
    String via = in.readUTF();
    return new Path(
        peer, via.isEmpty() ? Optional.empty() : Optional.of(new WorkerId(via)), ago(in));
  }

  private static long ago(DataInputStream in) throws IOException, MalformedMessageException {
    long millis = in.readLong();
    if (millis < 0) {
      throw new MalformedMessageException("a status with a time of " + millis + " ms ago");
    }
    return millis;
  }
}
