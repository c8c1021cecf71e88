package io.dlion.monitor.view;

import io.dlion.core.report.Report;
import io.dlion.monitor.statistics.RunStatistics;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A view on a terminal that is redrawn in place four times a second by a thread of its own; notices
 * and the program's own lines scroll away above it. A frame is written in one piece, from the
 * view's first line over the old one, so that nothing flickers. Thread safe.
 */
public final class LiveView implements Progress {
  private static final long FRAME_MILLIS = 250;
  private static final long CLOSE_MILLIS_MAX = 2000;
  private static final int FRAMES_PER_SIZE_CHECK = 20;
  private static final int SAID_MAX = 100;
  private static final String HIDE_CURSOR = "\u001b[?25l";
  private static final String SHOW_CURSOR = "\u001b[?25h";
  private static final String CLEAR_LINE_END = "\u001b[K\n";
  private static final String CLEAR_BELOW = "\u001b[J";

  private final PrintStream out;
  private final RunStatistics statistics;
  private final LongSupplier elapsedNanos;
  private final ViewRenderer renderer;
  private final Style style;
  private final Supplier<TerminalSize> measure;
  private final CountDownLatch closing = new CountDownLatch(1);
  private final Thread drawer = Thread.ofPlatform().daemon().name("live-view").unstarted(this::run);
  private final Thread restorer =
      Thread.ofPlatform().name("show-cursor").unstarted(this::showCursor);

  /** Guarded by itself: lines to print above the view. */
  private final List<String> said = new ArrayList<>();

  private final News news = new News();
  private int saidTooMuch;
  private boolean closed;

  /** The rest is guarded by this. */
  private @Nullable TerminalSize size;

  private int frames;
  private int drawnLines;

  LiveView(
      PrintStream out,
      RunStatistics statistics,
      String title,
      LongSupplier elapsedNanos,
      Style style,
      Supplier<TerminalSize> measure) {
    this.out = out;
    this.statistics = statistics;
    this.elapsedNanos = elapsedNanos;
    this.style = style;
    this.renderer = new ViewRenderer(title, style);
    this.measure = measure;
  }

  static LiveView on(
      PrintStream out,
      RunStatistics statistics,
      String title,
      LongSupplier elapsedNanos,
      Map<String, String> environment) {
    boolean plain = !environment.getOrDefault("NO_COLOR", "").isEmpty();
    return new LiveView(
        out,
        statistics,
        title,
        elapsedNanos,
        plain ? Style.PLAIN : Style.COLOUR,
        () -> TerminalSize.of(environment));
  }

  /** Begins to draw. The cursor comes back even if nobody closes the view. */
  void start() {
    Runtime.getRuntime().addShutdownHook(restorer);
    drawer.start();
  }

  @Override
  public void accept(Report report) {
    if (report instanceof Report.Notice notice && isNews(notice)) {
      String line = Text.notice(notice);
      put(notice.severity() == Report.Severity.INFO ? line : style.alarm(line));
    }
    if (report instanceof Report.Drifted drift && isNews(drift)) {
      put(style.alarm(StreamText.drift(drift)));
    }
  }

  private boolean isNews(Report.Drifted drift) {
    synchronized (said) {
      return news.is(drift);
    }
  }

  private boolean isNews(Report.Notice notice) {
    synchronized (said) {
      return news.is(notice);
    }
  }

  @Override
  public void say(String line) {
    put(Text.printable(line));
  }

  private void put(String line) {
    synchronized (said) {
      if (closed) {
        print(line + "\n");
      } else if (said.size() < SAID_MAX) {
        said.add(line);
      } else {
        saidTooMuch++;
      }
    }
  }

  private void run() {
    try {
      do {
        draw();
      } while (!closing.await(FRAME_MILLIS, TimeUnit.MILLISECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // Only ever ends the drawing.
    }
  }

  /** Draws a frame. */
  synchronized void draw() {
    TerminalSize now = size;
    if (now == null || frames % FRAMES_PER_SIZE_CHECK == 0) {
      now = measure.get();
      size = now;
    }
    frames++;
    StringBuilder frame = new StringBuilder(drawnLines == 0 ? HIDE_CURSOR : "");
    if (drawnLines > 0) {
      frame.append("\r\u001b[").append(drawnLines).append('A');
    }
    takeSaid().forEach(line -> frame.append(line).append(CLEAR_LINE_END));
    // One column stays free: terminals differ in what they do at the very edge. One row stays free
    // for the cursor.
    List<String> lines =
        renderer.render(
            statistics.snapshot(elapsedNanos.getAsLong()), now.columns() - 1, now.rows() - 1);
    lines.forEach(line -> frame.append(line).append(CLEAR_LINE_END));
    drawnLines = lines.size();
    print(frame.append(CLEAR_BELOW).toString());
  }

  private List<String> takeSaid() {
    synchronized (said) {
      List<String> taken = new ArrayList<>(said);
      if (saidTooMuch > 0) {
        taken.add("… and " + saidTooMuch + " more notices");
      }
      said.clear();
      saidTooMuch = 0;
      return taken;
    }
  }

  /** Draws the last frame and leaves it on the screen. */
  @Override
  public void close() {
    synchronized (said) {
      if (closing.getCount() == 0) {
        return;
      }
      closing.countDown();
    }
    joinDrawer();
    draw();
    synchronized (said) {
      closed = true;
      said.forEach(line -> print(line + "\n"));
    }
    showCursor();
    try {
      Runtime.getRuntime().removeShutdownHook(restorer);
    } catch (IllegalStateException e) {
      return; // The JVM is going down already; showing the cursor twice does no harm.
    }
  }

  private void joinDrawer() {
    try {
      drawer.join(CLOSE_MILLIS_MAX);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void showCursor() {
    print(SHOW_CURSOR);
  }

  private void print(String text) {
    out.print(ViewRenderer.shown(text, out.charset()));
    out.flush();
  }
}
