package io.dlion.stream;

import io.dlion.core.UserError;
import io.dlion.core.report.Report.Severity;
import io.dlion.core.stream.Incoming;
import io.dlion.core.stream.Inflow;
import io.dlion.core.stream.Position;
import io.dlion.core.stream.RecordSink;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Brings the records of a source to a worker: one daemon thread polls the source, decodes, and
 * offers.
 *
 * <p>The hash of a record is the {@link RecordHash} of its raw value; for a row of a file, that of
 * the example's bytes. What cannot be decoded goes to a folder with its reason, is counted, and is
 * noticed once for each kind. Where a run resumes before records that were rejected, they are
 * counted again.
 *
 * <p>Where the source fails, the pump says so once and retries without end, at growing intervals.
 *
 * <p>Methods are safe for several threads.
 */
public final class Pump implements Inflow {
  private static final int POLL_RECORDS_MAX = 512;
  private static final long POLL_WAIT_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
  private static final long BACKLOG_PERIOD_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
  private static final long RETRY_MILLIS_MIN = 500;
  private static final long RETRY_MILLIS_MAX = 30_000;
  private static final long CLOSE_SECONDS_MAX = 10;
  private static final long INCOMPLETE_NANOS_MAX = TimeUnit.SECONDS.toNanos(30);
  private static final long INCOMPLETE_RETRY_MILLIS = 200;

  private final Supplier<RecordSource> opener;
  private final RecordDecoder decoder;
  private final Path rejectedFolder;
  private final Deal deal;
  private final AtomicReference<@Nullable Position> released = new AtomicReference<>();
  private volatile boolean closing;
  private @Nullable Thread thread;

  /** A pump of all records of a source. */
  public Pump(Supplier<RecordSource> opener, RecordDecoder decoder, Path rejectedFolder) {
    this(opener, decoder, rejectedFolder, Deal.ALL);
  }

  /**
   * A pump.
   *
   * @param opener opens the source; called by the pump's thread, again where that has failed
   * @param decoder of its records; used by the pump's thread alone
   * @param rejectedFolder for records that cannot be decoded; made when the first comes
   * @param deal which of the source's records are this worker's
   */
  public Pump(
      Supplier<RecordSource> opener, RecordDecoder decoder, Path rejectedFolder, Deal deal) {
    this.opener = opener;
    this.decoder = decoder;
    this.rejectedFolder = rejectedFolder;
    this.deal = deal;
  }

  @Override
  public synchronized void start(Position from, RecordSink sink) {
    if (thread != null) {
      throw new IllegalStateException("a pump starts once");
    }
    try {
      Work work = new Work(from, sink, new RejectedFolder(rejectedFolder));
      thread = Thread.ofPlatform().daemon().name("stream").start(work::run);
    } catch (IOException e) {
      throw new UserError(rejectedFolder + ": cannot read the folder of rejected records: " + e, e);
    }
  }

  @Override
  public void release(Position learned) {
    released.set(learned);
  }

  @Override
  public synchronized void close() {
    closing = true;
    if (thread != null) {
      thread.interrupt();
      try {
        thread.join(TimeUnit.SECONDS.toMillis(CLOSE_SECONDS_MAX));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** What the thread does; its state is the thread's alone. */
  private final class Work {
    private final Position from;
    private final RecordSink sink;
    private final RejectedFolder rejected;
    private final RejectionNotices notices = new RejectionNotices(System.nanoTime());
    private long backlogNanos = System.nanoTime() - BACKLOG_PERIOD_NANOS;
    private long retryMillis = RETRY_MILLIS_MIN;
    private boolean failed;
    private boolean fullSaid;
    private @Nullable RecordSource opened;

    Work(Position from, RecordSink sink, RejectedFolder rejected) {
      this.from = from;
      this.sink = sink;
      this.rejected = rejected;
    }

    void run() {
      try {
        while (!closing) {
          RecordSource source = source();
          if (source == null) {
            continue;
          }
          List<RawRecord> records = poll(source);
          long polledNanos = System.nanoTime();
          for (int i = 0; i < records.size() && !closing; i++) {
            take(records.get(i), polledNanos);
            tellBacklog(source, records.size() - i - 1);
          }
          tellBacklog(source, 0);
          say(Severity.WARNING, notices.summary(System.nanoTime()));
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt(); // the pump is being closed
      } catch (RuntimeException e) {
        if (!closing) {
          sink.notice(Severity.ERROR, description() + ": the stream ends: " + e);
        }
      } finally {
        Thread.interrupted(); // which closing would take for its own
        if (opened != null) {
          opened.close();
        }
      }
    }

    /** The source, opened and at its position; null where that failed, and is to be retried. */
    private @Nullable RecordSource source() throws InterruptedException {
      if (opened == null) {
        RecordSource source = null;
        try {
          source = opener.get();
          source.seek(from);
          opened = source;
        } catch (RuntimeException e) {
          if (source != null) {
            source.close();
          }
          fail(e);
        }
      }
      return opened;
    }

    private String description() {
      return opened == null ? "the stream" : opened.description();
    }

    private void say(Severity severity, String text) {
      if (!text.isEmpty()) {
        sink.notice(severity, text);
      }
    }

    private List<RawRecord> poll(RecordSource source) throws InterruptedException {
      try {
        Position learned = released.getAndSet(null);
        if (learned != null) {
          source.release(learned);
        }
        List<RawRecord> records = source.poll(POLL_RECORDS_MAX, POLL_WAIT_NANOS);
        if (failed) {
          failed = false;
          retryMillis = RETRY_MILLIS_MIN;
          say(Severity.INFO, source.description() + " can be read again");
        }
        return records;
      } catch (RuntimeException e) {
        if (closing) {
          return List.of();
        }
        fail(e);
        return List.of();
      }
    }

    private void fail(RuntimeException e) throws InterruptedException {
      if (!failed) {
        failed = true;
        String why = UserError.text(e);
        String text = why.contains(description()) ? why : description() + ": " + why;
        say(
            Severity.WARNING,
            text + "; training goes on with what is there, the stream is retried");
      }
      Thread.sleep(retryMillis);
      retryMillis = Math.min(RETRY_MILLIS_MAX, retryMillis * 2);
    }

    private void tellBacklog(RecordSource source, int polled) {
      long now = System.nanoTime();
      if (now - backlogNanos < BACKLOG_PERIOD_NANOS) {
        return;
      }
      backlogNanos = now;
      OptionalLong backlog = source.backlog();
      sink.backlog(backlog.isPresent() ? (backlog.getAsLong() + polled) / deal.shares() : -1);
    }

    private void take(RawRecord record, long polledNanos) throws InterruptedException {
      switch (record) {
        case RawRecord.Message m when deal.takes(m.dealKey()) -> take(m, polledNanos);
        case RawRecord.FileRecord f when deal.takes(f.contentHash()) -> take(f, polledNanos);
        case RawRecord.Ready r when deal.takes(r.nextOffset() - 1) ->
            offer(
                r.example(),
                r.partition(),
                r.nextOffset(),
                age(r.ageNanos(), polledNanos),
                RecordHash.of(r.example()));
        case RawRecord.Unfit u when deal.takes(u.dealKey()) ->
            reject(
                u.kind(),
                u.reason(),
                place(u.partition(), u.offset()),
                () -> rejected.keep(u.value(), u.partition(), u.offset(), u.reason()));
        case RawRecord.Remark(Severity severity, String text) -> say(severity, text);
        default -> {} // another worker's
      }
    }

    private void take(RawRecord.Message m, long polledNanos) throws InterruptedException {
      List<MemorySegment> examples;
      try {
        examples = decoder.message(m.value());
      } catch (RejectedRecordException | RuntimeException e) {
        long offset = m.nextOffset() - 1;
        reject(
            kind(e),
            reason(e),
            place(m.partition(), offset),
            () -> rejected.keep(m.value(), m.partition(), offset, reason(e)));
        return;
      }
      for (int i = 0; i < examples.size(); i++) {
        long behind = m.nextOffset() - (i + 1 < examples.size() ? 1 : 0);
        long hash =
            RecordHash.of(
                examples.size() == 1 ? MemorySegment.ofArray(m.value()) : examples.get(i));
        offer(examples.get(i), m.partition(), behind, age(m.ageNanos(), polledNanos), hash);
      }
    }

    private void take(RawRecord.FileRecord f, long polledNanos) throws InterruptedException {
      ExampleFile examples;
      try {
        examples = whole(f);
        if (examples.count() >= RawRecord.FileRecord.ROWS_LIMIT) {
          throw new RejectedRecordException(
              "expected at most 1048575 rows, found " + examples.count() + "; split the file",
              "rows");
        }
      } catch (RejectedRecordException | RuntimeException e) {
        reject(f, -1, e);
        return;
      }
      int rows = examples.count();
      for (int row = f.firstRow(); row < rows && !closing; row++) {
        MemorySegment example;
        try {
          example = examples.example(row);
        } catch (RejectedRecordException | RuntimeException e) {
          reject(f, row, e);
          continue;
        }
        offer(
            example,
            f.partition(),
            f.nextOffset(row, rows),
            age(f.ageNanos(), polledNanos),
            RecordHash.of(example));
      }
    }

    /** Waits a while for a file that another one must come to, as labels to images. */
    private ExampleFile whole(RawRecord.FileRecord f)
        throws RejectedRecordException, InterruptedException {
      long until = System.nanoTime() + INCOMPLETE_NANOS_MAX;
      while (true) {
        try {
          return decoder.file(f.root(), f.file());
        } catch (RejectedRecordException e) {
          if (!e.isIncomplete() || closing || System.nanoTime() > until) {
            throw e;
          }
          TimeUnit.MILLISECONDS.sleep(INCOMPLETE_RETRY_MILLIS);
        }
      }
    }

    private void offer(
        MemorySegment example, String partition, long nextOffset, long ageNanos, long hash)
        throws InterruptedException {
      sink.offer(new Incoming(example, partition, nextOffset, ageNanos, hash));
    }

    /** A record ages while those before it are decoded and offered. */
    private static long age(long ageNanos, long polledNanos) {
      return ageNanos + System.nanoTime() - polledNanos;
    }

    /** Rejects a row of a file, or the whole file where the row is -1. */
    private void reject(RawRecord.FileRecord f, int row, Exception e) {
      boolean vanished = !Files.exists(f.file());
      String reason = vanished ? "vanished before it was read" : reason(e);
      long offset = f.sequence() * RawRecord.FileRecord.ROWS_LIMIT + Math.max(0, row);
      reject(
          vanished ? "vanished" : kind(e),
          reason,
          "file " + f.name() + (row < 0 ? "" : ", row " + (row + 1)),
          () -> rejected.keep(f, offset, reason));
    }

    private interface Keeping {
      boolean keep() throws IOException;
    }

    private void reject(String kind, String reason, String place, Keeping keeping) {
      sink.rejected();
      boolean kept = false;
      try {
        kept = keeping.keep();
        if (!kept && !fullSaid) {
          fullSaid = true;
          say(
              Severity.WARNING,
              rejected.folder() + " is full: further rejected records are only counted");
        }
      } catch (IOException e) {
        if (!fullSaid) {
          fullSaid = true;
          say(Severity.WARNING, "cannot keep rejected records in " + rejected.folder() + ": " + e);
        }
      }
      if (notices.rejected(kind, reason)) {
        String where = kept ? "; kept in " + rejected.folder() : "";
        say(Severity.WARNING, place + " rejected: " + reason + where);
      }
    }

    private static String place(String partition, long offset) {
      return offset < 0
          ? "record of " + partition
          : "record " + offset + " of partition " + partition;
    }

    private static String kind(Exception e) {
      return e instanceof RejectedRecordException r ? r.kind() : e.getClass().getName();
    }

    private static String reason(Exception e) {
      return e instanceof RejectedRecordException r ? r.reason() : UserError.text(e);
    }
  }
}
