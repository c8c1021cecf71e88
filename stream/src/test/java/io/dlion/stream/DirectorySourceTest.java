package io.dlion.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dlion.core.UserError;
import io.dlion.core.stream.Incoming;
import io.dlion.core.stream.Position;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectorySourceTest {
  private static final long ROWS = 1 << 20;

  @TempDir Path temporary;
  private Path in;
  private Path ledger;

  @BeforeEach
  void makeFolder() throws Exception {
    in = Files.createDirectory(temporary.resolve("in"));
    ledger = temporary.resolve("run/files.ledger");
  }

  private Pump pump(CollectingSink sink, Position from, Deal deal) {
    DirectorySource source = new DirectorySource(in, ledger);
    Pump pump = new Pump(() -> source, new TextDecoder(), temporary.resolve("rejected"), deal);
    pump.start(from, sink);
    return pump;
  }

  private Pump pump(CollectingSink sink, Position from) {
    return pump(sink, from, Deal.ALL);
  }

  private void put(String name, String text) throws Exception {
    Path file = in.resolve(name);
    Files.createDirectories(file.getParent());
    Path written = Files.writeString(temporary.resolve("written"), text);
    Files.move(written, file, StandardCopyOption.ATOMIC_MOVE);
  }

  private static List<RawRecord> poll(RecordSource source, Predicate<List<RawRecord>> until)
      throws InterruptedException {
    List<RawRecord> all = new ArrayList<>();
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (!until.test(all)) {
      assertThat(System.nanoTime()).as("deadline; got %s", all).isLessThan(deadline);
      all.addAll(source.poll(100, TimeUnit.MILLISECONDS.toNanos(50)));
    }
    return all;
  }

  @Test
  void filesAreTakenOnceAndRowsHaveOffsets() throws Exception {
    put("a.txt", "one\ntwo\nthree");
    CollectingSink sink = new CollectingSink();
    try (Pump _ = pump(sink, Position.START)) {
      sink.awaitSize(3);
      put("cats/b.txt", "four");
      sink.awaitSize(4);
      put("cats/deep/er/c.txt", "five");
      sink.awaitSize(5);
    }
    assertThat(sink.texts()).containsExactly("one", "two", "three", "four", "five");
    assertThat(sink.arrived().stream().map(Incoming::nextOffset))
        .containsExactly(1L, 2L, ROWS, 2 * ROWS, 3 * ROWS);
    assertThat(sink.arrived())
        .allMatch(i -> i.partition().equals("files"))
        .allMatch(i -> i.ageNanos() >= 0 && i.ageNanos() < TimeUnit.SECONDS.toNanos(20))
        .allMatch(i -> i.hash() == RecordHash.of(i.example()));
    assertThat(sink.notices()).isEmpty();

    CollectingSink later = new CollectingSink();
    try (Pump _ = pump(later, sink.position())) {
      put("d.txt", "six");
      later.awaitSize(1);
    }
    assertThat(later.texts()).containsExactly("six");
    assertThat(later.position().offset("files")).isEqualTo(4 * ROWS);
  }

  @Test
  void seekingBackReadsFilesOnceMoreFromARowOn() throws Exception {
    put("a.txt", "a0\na1\na2");
    CollectingSink sink = new CollectingSink();
    try (Pump _ = pump(sink, Position.START)) {
      sink.awaitSize(3);
      put("b.txt", "b0\nb1");
      sink.awaitSize(5);
      put("c.txt", "c0");
      sink.awaitSize(6);
    }
    CollectingSink again = new CollectingSink();
    try (Pump _ = pump(again, at(1))) {
      again.awaitSize(5);
    }
    assertThat(again.texts()).containsExactly("a1", "a2", "b0", "b1", "c0");
    assertThat(again.arrived()).extracting(Incoming::nextOffset).startsWith(2L, ROWS, ROWS + 1);

    Files.delete(in.resolve("b.txt"));
    put("c.txt", "c1, which is another");
    CollectingSink third = new CollectingSink();
    try (Pump _ = pump(third, at(ROWS))) {
      third.awaitSize(1).await(s -> s.rejections() == 2);
    }
    assertThat(third.texts()).containsExactly("c1, which is another");
    assertThat(third.position()).isEqualTo(at(4 * ROWS));
    assertThat(third.notices()).anyMatch(n -> n.contains("b.txt: vanished"));
    assertThat(third.notices()).anyMatch(n -> n.contains("c.txt: has changed"));
  }

  private static Position at(long offset) {
    return Position.START.after("files", offset);
  }

  @Test
  void unfinishedFilesAreLeft() throws Exception {
    put(".hidden", "no");
    put("_written", "no");
    put("x.part", "no");
    put("y.tmp", "no");
    put("z.crdownload", "no");
    put("_folder/f", "no");
    try (DirectorySource source = new DirectorySource(in, ledger)) {
      source.seek(Position.START);
      Path growing = in.resolve("growing.txt");
      Files.writeString(growing, "0123456789");
      long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(1500);
      while (System.nanoTime() < end) {
        assertThat(source.poll(10, TimeUnit.MILLISECONDS.toNanos(100))).isEmpty();
        Files.writeString(growing, "0123456789", StandardOpenOption.APPEND);
      }
      Files.move(in.resolve("x.part"), in.resolve("x"));
      List<RawRecord> found = poll(source, r -> r.size() == 2);
      assertThat(found)
          .extracting(r -> ((RawRecord.FileRecord) r).name())
          .containsExactly("x", "growing.txt");
      assertThat(((RawRecord.FileRecord) found.get(1)).contentHash())
          .isEqualTo(RecordHash.of(growing));
    }
  }

  @Test
  void sameContentIsTakenOnceAndAnotherContentIsNew() throws Exception {
    put("a", "one");
    CollectingSink sink = new CollectingSink();
    try (Pump _ = pump(sink, Position.START)) {
      sink.awaitSize(1);
      put("b", "one");
      sink.awaitNotice("file b has the same content as a file that was taken before: skipped");
      put("a", "two");
      sink.awaitSize(2);
    }
    assertThat(sink.texts()).containsExactly("one", "two");
    assertThat(sink.rejections()).isZero();
    Files.setLastModifiedTime(in.resolve("a"), FileTime.fromMillis(1_000_000_000_000L));
    CollectingSink later = new CollectingSink();
    try (Pump _ = pump(later, sink.position())) {
      later.awaitNotice("file a has the content that it was taken with before: skipped");
      put("c", "three");
      later.awaitSize(1);
    }
    assertThat(later.texts()).containsExactly("three");
    assertThat(later.notices()).hasSize(1);
  }

  @Test
  void emptyAndVanishedFilesAreRejected() throws Exception {
    put("empty", "");
    CollectingSink sink = new CollectingSink();
    try (Pump _ = pump(sink, Position.START)) {
      // A file is noticed before it has settled, and gone before it is read.
      for (int i = 0; sink.notices().stream().noneMatch(n -> n.contains("vanished")); i++) {
        Path brief = in.resolve("brief" + i);
        Files.writeString(brief, "here " + i);
        sink.await(s -> s.lastBacklog() >= 2 || s.rejections() > 0 || s.size() > 0);
        Files.deleteIfExists(brief);
        sink.await(s -> s.lastBacklog() <= 1);
      }
      sink.awaitNotice("empty: is empty");
      put("empty", "now it is full");
      sink.await(s -> s.texts().contains("now it is full"));
    }
    assertThat(temporary.resolve("rejected/reasons.jsonl")).content().contains("is empty");
  }

  @Test
  void aTornLineOfTheLedgerIsCutOff() throws Exception {
    put("a", "one");
    CollectingSink sink = new CollectingSink();
    try (Pump _ = pump(sink, Position.START)) {
      sink.awaitSize(1);
    }
    Files.writeString(ledger, "1\t5\t17", StandardOpenOption.APPEND);
    put("b\\n\nx", "two");
    CollectingSink later = new CollectingSink();
    try (Pump _ = pump(later, sink.position())) {
      later.awaitSize(1);
    }
    assertThat(later.position()).isEqualTo(at(2 * ROWS));
    CollectingSink again = new CollectingSink();
    try (Pump _ = pump(again, Position.START)) {
      again.awaitSize(2);
    }
    assertThat(again.texts()).containsExactly("one", "two");
  }

  @Test
  void numbersGoOnWhereTheLedgerWasLost() throws Exception {
    put("a", "one");
    CollectingSink sink = new CollectingSink();
    try (Pump _ = pump(sink, at(7 * ROWS + 3))) {
      sink.awaitSize(1);
    }
    assertThat(sink.position()).isEqualTo(at(9 * ROWS));
  }

  @Test
  void whatCannotBeDecodedIsKeptWithItsReason() throws Exception {
    put("a", "fine\nbad zebra\nalso fine\nbad zebra");
    put("b", "broken");
    put("c", "huge");
    CollectingSink sink = new CollectingSink();
    try (Pump _ = pump(sink, Position.START)) {
      sink.await(s -> s.size() == 2 && s.rejections() == 4);
    }
    assertThat(sink.notices().stream().filter(n -> n.contains("zebra")))
        .singleElement()
        .asString()
        .startsWith("WARNING file a, row 2 rejected: unknown label 'bad zebra'; kept in ");
    assertThat(sink.notices()).anyMatch(n -> n.contains("expected at most 1048575 rows"));
    assertThat(Files.readAllLines(temporary.resolve("rejected/reasons.jsonl"))).hasSize(4);
    try (var kept = Files.list(temporary.resolve("rejected"))) {
      assertThat(kept).hasSize(4);
    }
  }

  @Test
  void workersDealAFolderByContent() throws Exception {
    for (int i = 0; i < 40; i++) {
      put("f" + i, "text " + i);
    }
    List<String> all = new ArrayList<>();
    for (int share = 0; share < 3; share++) {
      ledger = temporary.resolve("run" + share + "/files.ledger");
      CollectingSink sink = new CollectingSink();
      try (Pump _ = pump(sink, Position.START, new Deal(share, 3))) {
        sink.await(s -> s.size() > 5 && s.lastBacklog() == 0);
      }
      all.addAll(sink.texts());
    }
    assertThat(all).hasSize(40).doesNotHaveDuplicates();
  }

  @Test
  void theFolderMustExist() {
    assertThatThrownBy(() -> new DirectorySource(temporary.resolve("nowhere"), ledger))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("nowhere: expected a folder to watch, found nothing");
  }

  @Test
  void aFolderThatGoesAwayIsToldOnceAndReadAgainWhenItIsBack() throws Exception {
    CollectingSink sink = new CollectingSink();
    try (Pump _ = pump(sink, Position.START)) {
      Path away = temporary.resolve("away");
      Files.move(in, away);
      sink.awaitNotice("the watched folder is gone");
      Files.move(away, in);
      sink.awaitNotice("can be read again");
      put("a", "one");
      sink.awaitSize(1);
    }
    assertThat(sink.notices()).hasSize(2);
  }

  @Test
  void thousandsOfFilesAreTakenAndNoneTwice() throws Exception {
    int files = 5000;
    for (int i = 0; i < files; i++) {
      Files.createDirectories(in.resolve("class" + i % 10));
      Files.writeString(in.resolve("class" + i % 10 + "/" + i), "content " + i);
    }
    CollectingSink sink = new CollectingSink();
    long begin = System.nanoTime();
    try (Pump _ = pump(sink, Position.START)) {
      sink.awaitSize(files);
    }
    double seconds = (System.nanoTime() - begin) / 1e9;
    assertThat(sink.texts()).hasSize(files).doesNotHaveDuplicates();
    assertThat(sink.notices()).isEmpty();
    assertThat(files / seconds).as("files a second").isGreaterThan(1000);
  }
}
