package io.dlion.data.tensor;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.dlion.core.Phrase;
import io.dlion.core.UserError;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads one safetensors file, trusting nothing in it: every number is checked before memory is
 * reserved or bytes are read by it. Used once, by one thread.
 */
final class SafetensorsReader {
  private static final long HEADER_BYTES_MAX = 100_000_000;
  private static final int PIECE_BYTES = 1 << 30;
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private final Path file;
  private final FileChannel channel;

  private SafetensorsReader(Path file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
  }

  static Safetensors read(Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      throw new UserError(file + ": no such file");
    }
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      return new SafetensorsReader(file, channel).read();
    }
  }

  /** What the header says of one tensor; its bytes are counted from the end of the header. */
  private record Entry(String name, ElementType type, List<Long> shape, long begin, long end) {}

  private Safetensors read() throws IOException {
    long fileBytes = channel.size();
    if (fileBytes < 8) {
      throw broken("expected at least 8 bytes, found " + fileBytes);
    }
    ByteBuffer length = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
    readFully(length, 0);
    long headerBytes = length.flip().getLong();
    if (headerBytes < 2 || headerBytes > Math.min(HEADER_BYTES_MAX, fileBytes - 8)) {
      throw broken(
          Phrase.of("its header claims %d bytes, the file has %d in all", headerBytes, fileBytes));
    }
    ByteBuffer text = ByteBuffer.allocate((int) headerBytes);
    readFully(text, 8);
    JsonNode root = parse(text.array());
    Map<String, String> metadata = new HashMap<>();
    List<Entry> entries = entries(root, metadata);
    long dataBytes = fileBytes - 8 - headerBytes;
    requireWhole(entries, dataBytes);
    return new Safetensors(tensors(entries, 8 + headerBytes, dataBytes), metadata);
  }

  private JsonNode parse(byte[] text) throws IOException {
    try {
      JsonNode root = JSON.readTree(text);
      if (root == null || !root.isObject()) {
        throw broken("its header is not a JSON object");
      }
      return root;
    } catch (JacksonException e) {
      throw new UserError(problem("its header is not JSON: " + e.getOriginalMessage()), e);
    }
  }

  private List<Entry> entries(JsonNode root, Map<String, String> metadata) {
    List<Entry> entries = new ArrayList<>();
    for (Map.Entry<String, JsonNode> field : root.properties()) {
      if (field.getKey().equals("__metadata__")) {
        for (Map.Entry<String, JsonNode> text : field.getValue().properties()) {
          metadata.put(text.getKey(), text.getValue().asText());
        }
      } else {
        entries.add(entry(field.getKey(), field.getValue()));
      }
    }
    entries.sort(Comparator.comparingLong(Entry::begin).thenComparingLong(Entry::end));
    return entries;
  }

  private Entry entry(String name, JsonNode node) {
    String type = node.path("dtype").asText();
    ElementType known =
        ElementType.find(type)
            .orElseThrow(() ->
                new UserError(
                    Phrase.of(
                        "%s: tensor %s: expected dtype F32 or another of %s, found '%s'; convert it to float32",
                        file, name, List.of(ElementType.values()), type)));
    List<Long> shape = numbers(name, "shape", node.path("shape"));
    List<Long> offsets = numbers(name, "data_offsets", node.path("data_offsets"));
    if (offsets.size() != 2) {
      throw broken(Phrase.of("tensor %s has %d data_offsets, not 2", name, offsets.size()));
    }
    return new Entry(name, known, shape, offsets.get(0), offsets.get(1));
  }

  private List<Long> numbers(String name, String key, JsonNode node) {
    if (!node.isArray()) {
      throw broken(Phrase.of("tensor %s has no list %s", name, key));
    }
    List<Long> numbers = new ArrayList<>();
    for (JsonNode n : node) {
      if (!n.isIntegralNumber() || !n.canConvertToLong() || n.longValue() < 0) {
        throw broken(Phrase.of("tensor %s has %s in %s", name, n, key));
      }
      numbers.add(n.longValue());
    }
    return numbers;
  }

  /** The tensors must fill the rest of the file without gaps or overlaps, as the format demands. */
  private void requireWhole(List<Entry> entries, long dataBytes) {
    long next = 0;
    for (Entry e : entries) {
      if (e.begin != next || e.end < e.begin || e.end > dataBytes) {
        throw broken(
            Phrase.of(
                "tensor %s lies at bytes %d to %d of the data, expected to begin at %d and to end by %d",
                e.name, e.begin, e.end, next, dataBytes));
      }
      if (bytes(e) != e.end - e.begin) {
        throw broken(
            Phrase.of("tensor %s of shape %s has %d bytes", e.name, e.shape, e.end - e.begin));
      }
      next = e.end;
    }
    if (next != dataBytes) {
      throw broken(Phrase.of("its tensors end after %d bytes of %d", next, dataBytes));
    }
  }

  private long bytes(Entry e) {
    long bytes = e.type.bytes();
    try {
      for (long d : e.shape) {
        bytes = Math.multiplyExact(bytes, d);
      }
    } catch (ArithmeticException overflow) {
      throw new UserError(
          problem(Phrase.of("tensor %s has the impossible shape %s", e.name, e.shape)), overflow);
    }
    return bytes;
  }

  private List<NamedTensor> tensors(List<Entry> entries, long dataOffset, long dataBytes)
      throws IOException {
    MemorySegment data = Arena.ofAuto().allocate(Math.max(dataBytes, 1), 64);
    for (long at = 0; at < dataBytes; at += PIECE_BYTES) {
      long bytes = Math.min(PIECE_BYTES, dataBytes - at);
      readFully(data.asSlice(at, bytes).asByteBuffer(), dataOffset + at);
    }
    return entries.stream()
        .map(e -> new NamedTensor(e.name, e.type, e.shape, data.asSlice(e.begin, e.end - e.begin)))
        .toList();
  }

  private void readFully(ByteBuffer into, long position) throws IOException {
    long at = position;
    while (into.hasRemaining()) {
      int n = channel.read(into, at);
      if (n < 0) {
        throw broken("it ends at byte " + at);
      }
      at += n;
    }
  }

  private String problem(String what) {
    return file + " is not a whole safetensors file: " + what;
  }

  private UserError broken(String what) {
    return new UserError(problem(what));
  }
}
