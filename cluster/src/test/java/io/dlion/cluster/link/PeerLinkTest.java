package io.dlion.cluster.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.dlion.cluster.local.ShapedFlow;
import io.dlion.cluster.local.Wire;
import io.dlion.core.WorkerId;
import io.dlion.core.node.Priority;
import io.dlion.core.wire.Payload;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A link whose network takes a part only when the test lets it. */
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class PeerLinkTest {
  private static final WorkerId PEER = new WorkerId("w2");
  private static final int PART = 16 * 1024;

  private final BufferPool pool = new BufferPool();
  private final Semaphore permits = new Semaphore(0);
  private final BlockingQueue<Piece> sent = new LinkedBlockingQueue<>();
  private final BlockingQueue<Priority> ready = new LinkedBlockingQueue<>();
  private final BlockingQueue<Throwable> failures = new LinkedBlockingQueue<>();
  private final Flow limited =
      new ShapedFlow(new Wire(1e12)); // in parts, and as good as without a delay
  private final PeerLink link =
      new PeerLink(
          new PeerLink.Ends(new WorkerId("w1"), PEER),
          this::transport,
          new Told(),
          limited,
          0.2,
          0);

  private void transport(WorkerId peer, Piece piece, byte[] bytes, int length) throws Exception {
    permits.acquire();
    if (length == 0) {
      throw new IOException("refused");
    }
    sent.add(piece);
  }

  private final class Told implements PeerLink.Listener {
    @Override
    public void ready(WorkerId peer, Priority priority) {
      ready.add(priority);
    }

    @Override
    public void measured(WorkerId peer, double bytesPerSecond) {
      assertThat(bytesPerSecond).isPositive();
    }

    @Override
    public void failed(WorkerId peer, Throwable reason) {
      failures.add(reason);
    }
  }

  @AfterEach
  void close() {
    link.close();
  }

  @Test
  void weightsGetTheirReservedShareWhileBothWait() throws Exception {
    link.enqueue(Priority.GRADIENT, payload(100 * PART));
    link.enqueue(Priority.WEIGHTS, payload(100 * PART));
    permits.release(101);
    List<Piece> first = take(101);
    long weights = first.stream().filter(p -> p.priority() == Priority.WEIGHTS).count();
    assertThat(weights).isBetween(19L, 22L);
  }

  @Test
  void aLaneAloneGetsTheWholeLink() throws Exception {
    link.enqueue(Priority.WEIGHTS, payload(10 * PART + 1));
    permits.release(11);
    List<Piece> parts = take(11);
    assertThat(parts).extracting(Piece::priority).containsOnly(Priority.WEIGHTS);
    assertThat(parts).extracting(Piece::total).containsOnly(10 * PART + 1);
    List<Integer> offsets = new ArrayList<>();
    for (int i = 0; i <= 10; i++) {
      offsets.add(i * PART);
    }
    assertThat(parts).extracting(Piece::offset).containsExactlyElementsOf(offsets);
  }

  @Test
  void isReadyOnceForEachMessageThatWasSent() throws Exception {
    link.enqueue(Priority.GRADIENT, payload(10));
    permits.release();
    assertThat(ready.take()).isEqualTo(Priority.GRADIENT);
    link.consumed(0);
    assertThat(ready).isEmpty();
  }

  @Test
  void isNotReadyWhileThePeerIsBehind() throws Exception {
    link.enqueue(Priority.GRADIENT, payload(10));
    permits.release();
    ready.take();
    link.enqueue(Priority.GRADIENT, payload(10));
    permits.release();
    take(2);
    assertThat(ready.poll(50, TimeUnit.MILLISECONDS)).isNull();
    link.consumed(0);
    assertThat(ready.take()).isEqualTo(Priority.GRADIENT);
  }

  @Test
  void anArrayGoesBackOnceBothSentAndConsumed() throws Exception {
    byte[] array = pool.take(10);
    link.enqueue(Priority.GRADIENT, new SharedPayload(new Payload(array, 10), 1, pool));
    link.consumed(0); // the answer is faster than the return of the call that sends
    assertThat(pool.take(10)).isNotSameAs(array);
    permits.release();
    ready.take();
    assertThat(pool.take(10)).isSameAs(array);
    link.consumed(0); // once more, and numbers never given
    link.consumed(17);
    link.consumed(-1);
    assertThat(pool.take(10)).isNotSameAs(array);
  }

  @Test
  void aFailureIsToldOnce() throws Exception {
    link.enqueue(Priority.GRADIENT, payload(0));
    permits.release();
    assertThat(failures.take()).hasMessage("refused");
  }

  @Test
  void afterCloseNothingIsSentToldOrKept() throws Exception {
    byte[] array = pool.take(10);
    link.enqueue(Priority.GRADIENT, payload(10));
    link.close();
    permits.release(5);
    link.enqueue(Priority.GRADIENT, new SharedPayload(new Payload(array, 10), 1, pool));
    link.consumed(0);
    assertThat(pool.take(10)).isSameAs(array);
    assertThat(ready.poll(50, TimeUnit.MILLISECONDS)).isNull();
    assertThat(failures).isEmpty();
  }

  private SharedPayload payload(int length) {
    return new SharedPayload(new Payload(pool.take(length), length), 1, pool);
  }

  private List<Piece> take(int count) throws InterruptedException {
    List<Piece> pieces = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      pieces.add(sent.take());
    }
    return pieces;
  }
}
