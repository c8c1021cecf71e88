package io.dlion.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpoolTest {
  private static final int FRAME_BYTES = 20 + 4;

  @TempDir Path folder;
  private final List<String> losses = new ArrayList<>();

  private Spool open(long bytesMax) {
    return new Spool(folder, 10 * FRAME_BYTES, bytesMax, losses::add);
  }

  private static void append(Spool spool, int from, int to) throws Exception {
    for (int i = from; i < to; i++) {
      spool.append(1000 + i, i, new byte[] {0, 0, (byte) (i >> 8), (byte) i});
    }
  }

  private static List<Long> rest(Spool spool) throws Exception {
    List<Long> numbers = new ArrayList<>();
    for (Spool.Entry e = spool.poll(); e != null; e = spool.poll()) {
      assertThat(e.payload()[3]).isEqualTo((byte) e.number());
      assertThat(e.arrivedMillis()).isEqualTo(1000 + e.number());
      numbers.add(e.number());
    }
    return numbers;
  }

  private List<Path> segments() throws Exception {
    try (Stream<Path> files = Files.list(folder)) {
      return files.sorted().toList();
    }
  }

  private static List<Long> range(long from, long to) {
    return Stream.iterate(from, n -> n < to, n -> n + 1).toList();
  }

  @Test
  void messagesGoOnOverARestartAndSegments() throws Exception {
    try (Spool spool = open(1 << 20)) {
      append(spool, 0, 25);
      assertThat(spool.backlog()).isEqualTo(25);
      assertThat(rest(spool)).isEqualTo(range(0, 25));
    }
    try (Spool spool = open(1 << 20)) {
      append(spool, 25, 35);
      spool.seek(17);
      assertThat(rest(spool)).isEqualTo(range(17, 35));
      assertThat(segments()).hasSize(3);
      assertThat(spool.last(3)).extracting(Spool.Entry::number).containsExactly(32L, 33L, 34L);
      spool.release(31);
      assertThat(segments()).hasSize(1);
    }
    assertThat(losses).isEmpty();
  }

  @Test
  void aTornTailIsCutOff() throws Exception {
    try (Spool spool = open(1 << 20)) {
      append(spool, 0, 5);
    }
    try (RandomAccessFile file = new RandomAccessFile(segments().getLast().toFile(), "rw")) {
      file.setLength(file.length() - 3);
    }
    try (Spool spool = open(1 << 20)) {
      append(spool, 4, 6);
      assertThat(rest(spool)).isEqualTo(range(0, 6));
    }
  }

  @Test
  void damageInTheMiddleIsToldAndPassedOver() throws Exception {
    try (Spool spool = open(1 << 20)) {
      append(spool, 0, 15);
    }
    try (RandomAccessFile file = new RandomAccessFile(segments().getFirst().toFile(), "rw")) {
      file.seek(6 * FRAME_BYTES + 21);
      file.write(77);
    }
    try (Spool spool = open(1 << 20)) {
      List<Long> expected = new ArrayList<>(range(0, 6));
      expected.addAll(range(10, 15));
      assertThat(rest(spool)).isEqualTo(expected);
      assertThat(losses).singleElement().asString().contains("messages 6 to 9 cannot be read");
    }
  }

  @Test
  void theOldestAreDroppedWhereThereIsNoRoom() throws Exception {
    try (Spool spool = open(25 * FRAME_BYTES)) {
      append(spool, 0, 26);
      assertThat(losses).singleElement().asString().contains("messages 0 to 9 were dropped");
      assertThat(rest(spool)).isEqualTo(range(10, 26));
      spool.seek(5);
      assertThat(losses).hasSize(2);
      assertThat(losses.getLast()).contains("messages 5 to 9").contains("5 lost");
    }
  }

  @Test
  void numbersGoOnWhereTheSpoolWasLost() throws Exception {
    try (Spool spool = open(1 << 20)) {
      spool.seek(40);
      append(spool, 40, 42);
      assertThat(rest(spool)).isEqualTo(range(40, 42));
    }
  }
}
