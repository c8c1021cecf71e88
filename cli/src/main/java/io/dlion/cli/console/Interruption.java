package io.dlion.cli.console;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Turns Ctrl-C (or a polite kill) into a request to stop, and holds the process until the run is
 * put away. After {@value #SECONDS_MAX} seconds it waits no longer. The process then ends with the
 * exit code of the signal, or with 0 where stopping is how the command is meant to end.
 */
public final class Interruption implements AutoCloseable {
  private static final int SECONDS_MAX = 120;

  private final CountDownLatch done = new CountDownLatch(1);
  private final Thread hook;
  private final boolean meant;
  private volatile boolean requested;
  private Runnable onRequest = () -> {};

  /** Waits for it from now on. */
  public Interruption() {
    this(false);
  }

  private Interruption(boolean meant) {
    this.meant = meant;
    hook = new Thread(this::interrupted, "dlion-interruption");
    Runtime.getRuntime().addShutdownHook(hook);
  }

  /** One after which the process ends with exit code 0. */
  public static Interruption thatIsMeant() {
    return new Interruption(true);
  }

  /** What to do when somebody asks to stop; at once if that has happened. */
  public synchronized void then(Runnable onRequest) {
    this.onRequest = onRequest;
    if (requested) {
      onRequest.run();
    }
  }

  private void interrupted() {
    synchronized (this) {
      requested = true;
      onRequest.run();
    }
    await();
  }

  private void await() {
    try {
      if (!done.await(SECONDS_MAX, TimeUnit.SECONDS)) {
        System.err.println("dlion: gave up waiting for the workers after " + SECONDS_MAX + " s");
      } else if (meant) {
        Runtime.getRuntime().halt(0); // the code of a shutdown cannot be changed otherwise
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Whether somebody asked to stop. */
  public boolean requested() {
    return requested;
  }

  /** The run is put away: the process may end. */
  @Override
  public void close() {
    done.countDown();
    if (!requested) {
      try {
        Runtime.getRuntime().removeShutdownHook(hook);
      } catch (IllegalStateException e) {
        // The process is ending just now: the hook finds the latch open.
      }
    }
  }
}
