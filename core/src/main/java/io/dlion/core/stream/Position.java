package io.dlion.core.stream;

import io.dlion.core.UserError;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * How far a worker has come in its stream: for each partition of the source, the offset of the next
 * record. A partition that is not in it is read from its beginning.
 *
 * @param offsets by the name of the partition; names hold neither {@code =} nor {@code ;}
 */
public record Position(SortedMap<String, Long> offsets) {
  /** Before the first record of every partition. */
  public static final Position START = new Position(Collections.emptySortedMap());

  /** Copies the map. */
  public Position {
    offsets = Collections.unmodifiableSortedMap(new TreeMap<>(offsets));
  }

  /** The same, but behind a record. */
  public Position after(String partition, long nextOffset) {
    SortedMap<String, Long> moved = new TreeMap<>(offsets);
    moved.put(partition, nextOffset);
    return new Position(moved);
  }

  /** The offset of the next record of a partition; 0 where nothing of it was read. */
  public long offset(String partition) {
    return offsets.getOrDefault(partition, 0L);
  }

  /** The inverse of {@link #toString}. */
  public static Position parse(String text) {
    SortedMap<String, Long> offsets = new TreeMap<>();
    for (String part : text.isEmpty() ? new String[0] : text.split(";")) {
      int equals = part.lastIndexOf('=');
      try {
        offsets.put(part.substring(0, equals), Long.parseLong(part.substring(equals + 1)));
      } catch (IndexOutOfBoundsException | NumberFormatException e) {
        throw new UserError("stream position '" + text + "': expected partition=offset;…", e);
      }
    }
    return new Position(offsets);
  }

  @Override
  public String toString() {
    return offsets.entrySet().stream().map(Map.Entry::toString).collect(Collectors.joining(";"));
  }
}
