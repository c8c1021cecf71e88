package io.dlion.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** A process on a host of a {@link TestNetwork}, and what it has said. */
final class HostProcess {
  private static final long DEADLINE_SECONDS = 60;

  private final Process process;
  private final BlockingQueue<String> said = new LinkedBlockingQueue<>();
  private final List<String> all = new ArrayList<>();

  HostProcess(List<String> command) throws IOException {
    process = new ProcessBuilder(command).redirectErrorStream(true).start();
    Thread.ofPlatform().daemon().start(this::read);
  }

  private void read() {
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        said.add(line);
      }
    } catch (IOException e) {
      said.add("output: " + e.getMessage());
    }
  }

  /** Waits until it says something like that, and answers it; what it said before is gone. */
  String awaitLine(Predicate<String> wanted, String what) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(DEADLINE_SECONDS);
    String line = "";
    while (!wanted.test(line)) {
      line = said.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
      assertThat(line).as("%s; it said %s", what, tail()).isNotNull();
      all.add(line);
    }
    return line;
  }

  /** Waits until it has said something like that, or answers at once where it has before. */
  String awaitAnyLine(Predicate<String> wanted, String what) throws InterruptedException {
    for (String line : all()) {
      if (wanted.test(line)) {
        return line;
      }
    }
    return awaitLine(wanted, what);
  }

  private List<String> tail() {
    return all.subList(Math.max(0, all.size() - 20), all.size());
  }

  /** Forgets what it has said, so that what comes is new. */
  void forget() {
    said.drainTo(all);
  }

  void awaitIterations(int count) throws InterruptedException {
    forget();
    for (int i = 0; i < count; i++) {
      awaitLine(line -> line.startsWith("iteration "), "trains on");
    }
  }

  /** Everything it has said. */
  List<String> all() {
    forget();
    return List.copyOf(all);
  }

  /** Asks it to stop, and waits until it has. */
  void stop() throws IOException, InterruptedException {
    process.getOutputStream().close();
    awaitLine(line -> line.startsWith("ended: "), "it stops when it is asked to");
    assertThat(process.waitFor(DEADLINE_SECONDS, TimeUnit.SECONDS)).isTrue();
  }

  /** As {@code kill -9} does. */
  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }
}
