package io.dlion.stream;

import io.dlion.core.UserError;
import io.dlion.core.report.Report.Severity;
import io.dlion.core.stream.Position;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A watched folder: each file that appears in it, or in a folder below it, is taken once.
 *
 * <p>Files should appear by an atomic rename. Names that begin with {@code .} or {@code _}, or end
 * in {@code .tmp}, {@code .part} or {@code .crdownload}, are passed over until they are renamed. A
 * file that is still being written is left until it has not changed for 300 ms. A file that stays
 * empty or unreadable for 5 s is rejected.
 *
 * <p>What was taken is in a {@link FileLedger}. The same name with the same content is the same
 * file; the same content under another name is a duplicate and is skipped; the same name with
 * another content is a new file, which is noticed within about 2 s.
 *
 * <p>The one partition is {@code files}, with offsets as in {@link RawRecord.FileRecord}. Seeking
 * back reads files once more, in the order of the ledger, as far as they still lie there unchanged.
 */
public final class DirectorySource implements RecordSource {
  /** The name of the partition. */
  public static final String PARTITION = "files";

  private static final long ROWS = RawRecord.FileRecord.ROWS_LIMIT;
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(5);
  private static final long NAP_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
  private static final long SUMMARY_NANOS = TimeUnit.SECONDS.toNanos(30);

  private final Path root;
  private final FileLedger ledger;
  private final FolderLook look;
  private final ArrivalClock clock = new ArrivalClock();
  private final Deque<FolderLook.Found> settled = new ArrayDeque<>();

  /** Files that could not be read, with the time of the first attempt. */
  private final Map<String, Long> unreadable = new TreeMap<>();

  private FileLedger.@Nullable Entries replay;
  private long replayFrom;
  private Position position = Position.START;
  private boolean skippedSaid;
  private long skipped;
  private long skippedSaidNanos;

  /**
   * Opens a folder.
   *
   * @param root the folder, which must exist
   * @param ledger the file in which the files taken are listed; made where it does not exist
   */
  public DirectorySource(Path root, Path ledger) {
    this.root = root.toAbsolutePath().normalize();
    requireFolder(this.root);
    this.ledger = FileLedger.open(ledger);
    look = new FolderLook(this.root, this.ledger, System.nanoTime());
  }

  @Override
  public List<RawRecord> poll(int max, long waitNanos) throws InterruptedException {
    long deadline = System.nanoTime() + waitNanos;
    List<RawRecord> records = new ArrayList<>();
    String jump = clock.look();
    if (jump != null) {
      records.add(new RawRecord.Remark(Severity.WARNING, jump));
    }
    try {
      replay(max, records);
      while (records.isEmpty()) {
        long now = System.nanoTime();
        look.look(now);
        if (settled.isEmpty()) {
          settled.addAll(look.settled(now));
        }
        take(max, records);
        now = System.nanoTime();
        if (now >= deadline) {
          break;
        }
        if (records.isEmpty()) {
          TimeUnit.NANOSECONDS.sleep(Math.min(NAP_NANOS, deadline - now));
        }
      }
      // What is learned from must be in the ledger, or it would be taken once more.
      ledger.sync();
    } catch (NoSuchFileException e) {
      throw new UncheckedIOException("the watched folder is gone", e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return records;
  }

  /**
   * Checks that a folder is there and can be read.
   *
   * @throws UserError naming what was found instead
   */
  public static void requireFolder(Path root) {
    if (!Files.isDirectory(root)) {
      throw new UserError(
          "stream "
              + root
              + ": expected a folder to watch, found "
              + (Files.exists(root) ? "a file" : "nothing")
              + "; make the folder and let files appear in it");
    }
    if (!Files.isReadable(root) || !Files.isExecutable(root)) {
      throw new UserError(
          "stream " + root + ": this folder cannot be read; change its permissions");
    }
  }

  private void replay(int max, List<RawRecord> records) throws IOException {
    while (replay != null && records.size() < max) {
      FileLedger.Entry entry = replay.next();
      if (entry == null) {
        replay.close();
        replay = null;
      } else {
        records.add(again(entry));
        position = Position.START.after(PARTITION, (entry.sequence() + 1) * ROWS);
      }
    }
  }

  private RawRecord again(FileLedger.Entry entry) {
    Path file = root.resolve(entry.name());
    long sequence = entry.sequence();
    String gone = "vanished";
    try {
      if (RecordHash.of(file) == entry.hash()) {
        int row = sequence == replayFrom / ROWS ? (int) (replayFrom % ROWS) : 0;
        return new RawRecord.FileRecord(
            root,
            file,
            entry.name(),
            PARTITION,
            sequence,
            row,
            clock.ageNanos(entry.modifiedMillis()),
            entry.hash());
      }
      gone = "has changed";
    } catch (IOException e) {
      // It is gone, or as good as that.
    }
    return new RawRecord.Unfit(
        new byte[0],
        PARTITION,
        sequence * ROWS,
        entry.name() + ": " + gone + " after it was taken and before it was learned from",
        gone,
        entry.hash());
  }

  private void take(int max, List<RawRecord> records) throws IOException {
    while (records.size() < max && !settled.isEmpty()) {
      FolderLook.Found found = settled.removeFirst();
      BasicFileAttributes now = FolderLook.attributes(found.file());
      if (now == null) {
        vanished(found, records);
      } else if (!found.is(now)) {
        look.wait(found, System.nanoTime());
      } else if (found.size() == 0) {
        impatient(found, "is empty", records);
      } else {
        read(found, records);
      }
    }
    tellSkipped(records);
  }

  private void read(FolderLook.Found found, List<RawRecord> records) {
    long hash;
    try {
      hash = RecordHash.of(found.file());
    } catch (NoSuchFileException e) {
      vanished(found, records);
      return;
    } catch (IOException e) {
      impatient(found, "cannot be read: " + e, records);
      return;
    }
    BasicFileAttributes after = FolderLook.attributes(found.file());
    if (after != null && !found.is(after)) {
      look.wait(found, System.nanoTime());
      return;
    }
    settle(found);
    FileLedger.Finding finding =
        ledger.enter(found.name(), found.size(), found.modifiedMillis(), hash);
    switch (finding) {
      case NEW -> {
        long sequence = ledger.next() - 1;
        records.add(
            new RawRecord.FileRecord(
                root, found.file(), found.name(), PARTITION, sequence, 0, ageNanos(found), hash));
        position = Position.START.after(PARTITION, (sequence + 1) * ROWS);
      }
      case AGAIN, DUPLICATE -> skip(found, finding, records);
    }
  }

  private void vanished(FolderLook.Found found, List<RawRecord> records) {
    settle(found);
    records.add(unfit(found, "vanished before it was read", "vanished"));
  }

  private void settle(FolderLook.Found found) {
    unreadable.remove(found.name());
    look.done(found);
  }

  private void skip(FolderLook.Found found, FileLedger.Finding finding, List<RawRecord> records) {
    if (skippedSaid) {
      skipped++;
      return;
    }
    skippedSaid = true;
    skippedSaidNanos = System.nanoTime();
    String why =
        finding == FileLedger.Finding.AGAIN
            ? " has the content that it was taken with before"
            : " has the same content as a file that was taken before";
    records.add(new RawRecord.Remark(Severity.INFO, "file " + found.name() + why + ": skipped"));
  }

  private void tellSkipped(List<RawRecord> records) {
    if (skipped > 0 && System.nanoTime() - skippedSaidNanos > SUMMARY_NANOS) {
      records.add(
          new RawRecord.Remark(
              Severity.INFO, skipped + " more files skipped whose content was taken before"));
      skipped = 0;
      skippedSaidNanos = System.nanoTime();
    }
  }

  /** Waits for a file to become readable, and rejects it in the end. */
  private void impatient(FolderLook.Found found, String reason, List<RawRecord> records) {
    long now = System.nanoTime();
    long since = unreadable.computeIfAbsent(found.name(), n -> found.foundNanos());
    if (now - since < PATIENCE_NANOS) {
      look.wait(found, now);
      return;
    }
    settle(found);
    ledger.refuse(found.name(), found.size(), found.modifiedMillis());
    records.add(unfit(found, reason, reason.split(":", 2)[0]));
  }

  private static RawRecord unfit(FolderLook.Found found, String reason, String kind) {
    return new RawRecord.Unfit(
        new byte[0], PARTITION, -1, found.name() + ": " + reason, kind, found.name().hashCode());
  }

  /** The date of a file may be older than its arrival, but it was not there at the look before. */
  private long ageNanos(FolderLook.Found found) {
    long since = System.nanoTime() - found.foundNanos();
    long byDate = clock.ageNanos(found.modifiedMillis());
    return found.arrivedMillis() == Long.MAX_VALUE
        ? byDate
        : Math.min(
            Math.max(byDate, since), since + TimeUnit.MILLISECONDS.toNanos(found.arrivedMillis()));
  }

  @Override
  public Position position() {
    return position;
  }

  @Override
  public void seek(Position from) {
    long offset = from.offset(PARTITION);
    ledger.skipTo((offset + ROWS - 1) / ROWS);
    position = Position.START.after(PARTITION, offset);
    replayFrom = offset;
    try {
      if (replay != null) {
        replay.close();
      }
      replay = ledger.entries(offset / ROWS);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public OptionalLong backlog() {
    return OptionalLong.of(settled.size() + look.waiting());
  }

  @Override
  public String description() {
    return root.toString();
  }

  @Override
  public void close() {
    ledger.close();
    try {
      if (replay != null) {
        replay.close();
      }
    } catch (IOException e) {
      // It was only read.
    }
  }
}
