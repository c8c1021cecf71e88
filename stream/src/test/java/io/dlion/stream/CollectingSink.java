package io.dlion.stream;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.dlion.core.report.Report.Severity;
import io.dlion.core.stream.Incoming;
import io.dlion.core.stream.Position;
import io.dlion.core.stream.RecordSink;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** Keeps what it is offered. Safe for several threads. */
final class CollectingSink implements RecordSink {
  private static final long DEADLINE_SECONDS = 30;

  private final List<Incoming> arrived = new ArrayList<>();
  private final List<String> notices = new ArrayList<>();
  private long rejected;
  private long backlog = Long.MIN_VALUE;

  @Override
  public synchronized void offer(Incoming record) {
    arrived.add(record);
    notifyAll();
  }

  @Override
  public synchronized void rejected() {
    rejected++;
    notifyAll();
  }

  @Override
  public synchronized void backlog(long records) {
    backlog = records;
    notifyAll();
  }

  @Override
  public synchronized void notice(Severity severity, String text) {
    notices.add(severity + " " + text);
    notifyAll();
  }

  /** Waits for a state; fails after half a minute. */
  synchronized CollectingSink await(Predicate<CollectingSink> state) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(DEADLINE_SECONDS);
    while (!state.test(this)) {
      long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
      if (left <= 0) {
        throw new AssertionError(
            "not within 30 s; arrived " + size() + ", rejected " + rejected + ", " + notices);
      }
      wait(left);
    }
    return this;
  }

  CollectingSink awaitSize(int size) throws InterruptedException {
    return await(s -> s.size() >= size);
  }

  CollectingSink awaitNotice(String part) throws InterruptedException {
    return await(s -> s.notices().stream().anyMatch(n -> n.contains(part)));
  }

  synchronized int size() {
    return arrived.size();
  }

  synchronized List<Incoming> arrived() {
    return List.copyOf(arrived);
  }

  synchronized List<String> texts() {
    return arrived.stream()
        .map(i -> new String(i.example().toArray(ValueLayout.JAVA_BYTE), UTF_8))
        .toList();
  }

  synchronized List<String> notices() {
    return List.copyOf(notices);
  }

  synchronized long rejections() {
    return rejected;
  }

  synchronized long lastBacklog() {
    return backlog;
  }

  /** Behind the last record of each partition. */
  synchronized Position position() {
    Position position = Position.START;
    for (Incoming i : arrived) {
      position = position.after(i.partition(), i.nextOffset());
    }
    return position;
  }
}
