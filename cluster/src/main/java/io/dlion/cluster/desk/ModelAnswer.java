package io.dlion.cluster.desk;

import io.dlion.core.kernel.Blocks;
import io.dlion.core.wire.MalformedMessageException;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/**
 * What stands before a model that a worker sends: which it is, and how large. After it come the
 * network that it came with as a file (that many bytes), the weights and the buffers (float32,
 * little endian). Whoever reads it compares the sizes with those of the model that it says it is
 * before taking memory for them.
 *
 * @param about what a model's file says of it, by name
 * @param job the run's job file
 * @param precedence how much it counts beside others' models
 * @param networkBytes length of the network; 0 where it is built in, or was not asked for
 * @param weights how many
 * @param buffers how many
 */
public record ModelAnswer(
    Map<String, String> about,
    String job,
    long precedence,
    long networkBytes,
    int weights,
    int buffers) {
  /** The longest network that is sent: its weights at most double. */
  public static final long NETWORK_BYTES_MAX = 8L << 30;

  private static final int MAGIC = 0x444C_444D; // "DLDM"
  private static final int ENTRIES_MAX = 64;
  private static final int TEXT_BYTES_MAX = 16 * 1024 * 1024;
  private static final int CHUNK_BYTES = 64 * 1024;

  /** Copies the map. */
  public ModelAnswer {
    about = Map.copyOf(about);
  }

  /** Writes it; what it tells of follows. */
  public void write(OutputStream to) throws IOException {
    DataOutputStream out = new DataOutputStream(to);
    out.writeInt(MAGIC);
    out.writeInt(about.size());
    for (Map.Entry<String, String> entry : about.entrySet()) {
      text(out, entry.getKey());
      text(out, entry.getValue());
    }
    text(out, job);
    out.writeLong(precedence);
    out.writeLong(networkBytes);
    out.writeInt(weights);
    out.writeInt(buffers);
    out.flush();
  }

  private static void text(DataOutputStream out, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  /**
   * Reads one, and leaves what follows.
   *
   * @throws MalformedMessageException if it is none
   * @throws IOException if the connection broke
   */
  public static ModelAnswer read(InputStream from) throws IOException, MalformedMessageException {
    DataInputStream in = new DataInputStream(from);
    try {
      if (in.readInt() != MAGIC) {
        throw new MalformedMessageException("not a model");
      }
      int entries = in.readInt();
      if (entries < 0 || entries > ENTRIES_MAX) {
        throw new MalformedMessageException("a model about which " + entries + " things are said");
      }
      Map<String, String> about = new TreeMap<>();
      for (int k = 0; k < entries; k++) {
        about.put(text(in), text(in));
      }
      String job = text(in);
      long precedence = in.readLong();
      long network = in.readLong();
      int weights = in.readInt();
      int buffers = in.readInt();
      if (network < 0 || network > NETWORK_BYTES_MAX || weights < 1 || buffers < 0) {
        throw new MalformedMessageException(
            "a model of "
                + weights
                + " weights and "
                + buffers
                + " buffers, with a network of "
                + network
                + " bytes");
      }
      return new ModelAnswer(about, job, precedence, network, weights, buffers);
    } catch (EOFException e) {
      throw new MalformedMessageException("a model that is cut off");
    }
  }

  private static String text(DataInputStream in) throws IOException, MalformedMessageException {
    int length = in.readInt();
    if (length < 0 || length > TEXT_BYTES_MAX) {
      throw new MalformedMessageException("a model with a text of " + length + " bytes");
    }
    byte[] bytes = in.readNBytes(length); // grows with what arrives
    if (bytes.length < length) {
      throw new EOFException();
    }
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /** Writes numbers of a model. */
  public static void writeFloats(OutputStream out, MemorySegment values) throws IOException {
    int count = Math.toIntExact(values.byteSize() / Float.BYTES);
    int perChunk = CHUNK_BYTES / Float.BYTES;
    float[] chunk = new float[perChunk];
    ByteBuffer bytes = ByteBuffer.allocate(CHUNK_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (int at = 0; at < count; at += perChunk) {
      int some = Math.min(perChunk, count - at);
      Blocks.read(values, at, some, chunk);
      bytes.asFloatBuffer().put(chunk, 0, some);
      out.write(bytes.array(), 0, some * Float.BYTES);
    }
  }

  /**
   * Reads as many numbers as there is room for.
   *
   * @throws MalformedMessageException if there are fewer
   */
  public static void readFloats(InputStream in, float[] into)
      throws IOException, MalformedMessageException {
    ByteBuffer chunk = ByteBuffer.allocate(CHUNK_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    int perChunk = CHUNK_BYTES / Float.BYTES;
    for (int at = 0; at < into.length; at += perChunk) {
      int count = Math.min(perChunk, into.length - at);
      if (in.readNBytes(chunk.array(), 0, count * Float.BYTES) < count * Float.BYTES) {
        throw new MalformedMessageException("a model that is cut off");
      }
      chunk.asFloatBuffer().get(into, at, count);
    }
  }
}
