package io.dlion.cli.survey;

import io.dlion.cluster.desk.Contact;
import io.dlion.cluster.desk.DeskClient;
import io.dlion.cluster.desk.Reply;
import io.dlion.cluster.desk.Request;
import io.dlion.cluster.survey.SurveyQuestion;
import io.dlion.core.wire.MalformedMessageException;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Asks one worker at a time, and waits for its answer as long as that may take. Safe for several
 * threads.
 *
 * @param client the way to the workers
 */
record Surveyor(DeskClient client) {
  private static final int BODY_BYTES_MAX = 1024 * 1024;

  /** A worker answered, and will not. */
  static final class RefusedException extends IOException {
    private static final long serialVersionUID = 1;

    RefusedException(String why) {
      super(why);
    }
  }

  /** Reads facts, and checks that they can be. */
  @FunctionalInterface
  interface Facts<T> {
    T read(DataInputStream in) throws MalformedMessageException;
  }

  /**
   * Asks.
   *
   * @param patience the longest to wait for the whole answer
   * @throws RefusedException where the worker will not, with its reason
   * @throws IOException where no sound answer came
   */
  <T> T ask(Contact worker, SurveyQuestion question, Duration patience, Facts<T> facts)
      throws IOException, InterruptedException {
    AtomicReference<@Nullable InputStream> open = new AtomicReference<>();
    FutureTask<byte[]> asked = new FutureTask<>(() -> body(worker, question, open));
    var _ = Thread.startVirtualThread(asked);
    try {
      byte[] body = asked.get(patience.toMillis(), TimeUnit.MILLISECONDS);
      return facts.read(new DataInputStream(new ByteArrayInputStream(body)));
    } catch (TimeoutException e) {
      throw new IOException("did not answer within " + patience.toSeconds() + " s", e);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof IOException known
          ? known
          : new IOException("its answer cannot be read: " + e.getCause(), e);
    } catch (MalformedMessageException e) {
      throw new IOException("its answer cannot be read: " + e.getMessage(), e);
    } finally {
      InputStream in = open.get();
      if (in != null) {
        in.close();
      }
    }
  }

  private byte[] body(
      Contact worker, SurveyQuestion question, AtomicReference<@Nullable InputStream> open)
      throws IOException, MalformedMessageException {
    InputStream in = new BufferedInputStream(client.ask(worker, new Request(question).encode()));
    open.set(in);
    Reply reply = Reply.read(in);
    if (!reply.isDone()) {
      throw new RefusedException(reply.text());
    }
    byte[] body = in.readNBytes(BODY_BYTES_MAX + 1);
    if (body.length > BODY_BYTES_MAX) {
      throw new IOException("its answer is longer than " + BODY_BYTES_MAX + " bytes");
    }
    return body;
  }
}
