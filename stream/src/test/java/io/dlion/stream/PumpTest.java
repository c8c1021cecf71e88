package io.dlion.stream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.dlion.core.report.Report.Severity;
import io.dlion.core.stream.Position;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PumpTest {
  @TempDir Path temporary;

  /** Hands over what it was made of; a null is a failure. */
  private static final class Scripted implements RecordSource {
    private final Deque<RawRecord> records = new ArrayDeque<>();
    private int failures;
    private Position position = Position.START;
    private volatile Position released = Position.START;
    private final CountDownLatch closed = new CountDownLatch(1);

    Scripted(int failures, RawRecord... records) {
      this.failures = failures;
      this.records.addAll(Arrays.asList(records));
    }

    @Override
    public List<RawRecord> poll(int max, long waitNanos) throws InterruptedException {
      if (failures > 0) {
        failures--;
        throw new UncheckedIOException(new NoSuchFileException("nothing"));
      }
      if (records.isEmpty()) {
        TimeUnit.NANOSECONDS.sleep(waitNanos);
        return List.of();
      }
      return List.of(records.removeFirst());
    }

    @Override
    public Position position() {
      return position;
    }

    @Override
    public void seek(Position from) {
      position = from;
    }

    @Override
    public OptionalLong backlog() {
      return OptionalLong.of(records.size());
    }

    @Override
    public void release(Position learned) {
      released = learned;
    }

    @Override
    public String description() {
      return "scripted";
    }

    @Override
    public void close() {
      closed.countDown();
    }
  }

  private static RawRecord message(int offset, String text) {
    return new RawRecord.Message(text.getBytes(UTF_8), "p", offset + 1, 7);
  }

  private Pump pump(Scripted source, Deal deal) {
    return new Pump(() -> source, new TextDecoder(), temporary.resolve("rejected"), deal);
  }

  @Test
  void aSourceThatFailsIsToldOnceAndRetried() throws Exception {
    Scripted source = new Scripted(2, message(0, "a"));
    CollectingSink sink = new CollectingSink();
    try (Pump pump = pump(source, Deal.ALL)) {
      pump.start(Position.START, sink);
      sink.awaitSize(1).await(s -> s.lastBacklog() == 0);
      pump.release(sink.position());
      sink.await(s -> source.released.offset("p") == 1);
    }
    assertThat(source.closed.await(10, TimeUnit.SECONDS)).isTrue();
    assertThat(sink.notices()).hasSize(2);
    assertThat(sink.notices().get(0)).startsWith("WARNING scripted: ").contains("is retried");
    assertThat(sink.notices().get(1)).isEqualTo("INFO scripted can be read again");
  }

  @Test
  void recordsOfOthersAreLeft() throws Exception {
    RawRecord[] records = new RawRecord[10];
    for (int i = 0; i < records.length; i++) {
      records[i] =
          i == 4
              ? new RawRecord.Ready(MemorySegment.ofArray(new byte[] {'4'}), "p", 5, 0)
              : message(i, i == 1 || i == 2 ? "bad" + i : "" + i);
    }
    CollectingSink sink = new CollectingSink();
    try (Pump pump = pump(new Scripted(0, records), new Deal(1, 3))) {
      pump.start(Position.START, sink);
      sink.await(s -> s.size() == 2);
    }
    assertThat(sink.texts()).containsExactly("4", "7");
    assertThat(sink.rejections()).isEqualTo(1);
    assertThat(sink.arrived()).allMatch(i -> i.hash() == RecordHash.of(i.example()));
  }

  @Test
  void remarksAndUnfitRecordsAreTold() throws Exception {
    Scripted source =
        new Scripted(
            0,
            new RawRecord.Remark(Severity.INFO, "hello"),
            new RawRecord.Unfit(new byte[] {1}, "p/q", 3, "no \"good\"\n", "kind", 3));
    CollectingSink sink = new CollectingSink();
    try (Pump pump = pump(source, Deal.ALL)) {
      pump.start(Position.START, sink);
      sink.await(s -> s.notices().size() == 2);
    }
    assertThat(sink.notices().getFirst()).isEqualTo("INFO hello");
    assertThat(temporary.resolve("rejected/p_q-3")).hasBinaryContent(new byte[] {1});
    assertThat(temporary.resolve("rejected/reasons.jsonl"))
        .content()
        .contains("\"partition\":\"p/q\",\"offset\":3,\"reason\":\"no \\\"good\\\"\\u000a\"");
  }

  @Test
  void aSourceThatCannotBeOpenedIsTriedAgain() throws Exception {
    Path folder = temporary.resolve("later");
    CollectingSink sink = new CollectingSink();
    try (Pump pump =
        new Pump(
            () -> new DirectorySource(folder, temporary.resolve("ledger")),
            new TextDecoder(),
            temporary.resolve("rejected"))) {
      pump.start(Position.START, sink);
      sink.await(s -> !s.notices().isEmpty());
      assertThat(sink.notices().getFirst())
          .startsWith("WARNING")
          .contains(folder.toString())
          .endsWith("the stream is retried");
      Files.createDirectories(folder);
      Files.writeString(folder.resolve("a.txt"), "one\n");
      sink.awaitSize(1);
      assertThat(sink.notices().getLast()).startsWith("INFO").endsWith("can be read again");
    }
  }

  @Test
  void rejectedRecordsAreKeptUpToABound() throws Exception {
    Path folder = temporary.resolve("rejected");
    RejectedFolder rejected = new RejectedFolder(folder);
    for (int i = 0; i < RejectedFolder.FILES_MAX; i++) {
      assertThat(rejected.keep(new byte[] {1}, "p", i, "why")).isTrue();
    }
    assertThat(rejected.keep(new byte[] {1}, "p", 5000, "why")).isFalse();
    assertThat(new RejectedFolder(folder).keep(new byte[] {1}, "p", 5000, "why")).isFalse();
    assertThat(rejected.keep(new byte[] {1}, "p", 17, "why")).as("kept before").isTrue();
    assertThat(Files.readAllLines(folder.resolve("reasons.jsonl")))
        .hasSize(RejectedFolder.FILES_MAX);
  }
}
