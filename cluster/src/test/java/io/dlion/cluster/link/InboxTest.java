package io.dlion.cluster.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.dlion.cluster.link.Piece.Kind;
import io.dlion.core.WorkerId;
import io.dlion.core.node.Priority;
import io.dlion.core.wire.Payload;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class InboxTest {
  private static final WorkerId PEER = new WorkerId("w2");
  private static final int MAX = 1000;

  private final BufferPool pool = new BufferPool();
  private final Inbox inbox = new Inbox(pool, MAX);

  @Test
  void aMessageInOnePartIsNotCopied() {
    byte[] bytes = {1, 2, 3, 4};
    Payload payload = add(piece(7, 3, 0), bytes, 0, 3).orElseThrow();
    assertThat(payload.bytes()).isSameAs(bytes);
    assertThat(payload.length()).isEqualTo(3);
    assertThat(inbox.consumed(payload)).contains(7L);
    assertThat(inbox.consumed(payload)).isEmpty();
    assertThat(pool.take(3)).isNotSameAs(bytes); // it is the sender's
  }

  @Test
  void partsBecomeTheMessageAndItsArrayIsUsedAgain() {
    byte[] bytes = {0, 1, 2, 3, 4, 5};
    assertThat(add(piece(7, 5, 0), bytes, 1, 2)).isEmpty();
    assertThat(add(piece(7, 5, 2), bytes, 3, 1)).isEmpty();
    Payload payload = add(piece(7, 5, 3), bytes, 4, 2).orElseThrow();
    assertThat(payload.bytes()).startsWith(1, 2, 3, 4, 5);
    assertThat(inbox.consumed(payload)).contains(7L);
    assertThat(pool.take(5)).isSameAs(payload.bytes());
  }

  @Test
  void prioritiesAndPeersDoNotMix() {
    byte[] bytes = {1, 2};
    Piece weights = new Piece(Kind.DATA, Priority.WEIGHTS, 1, 2, 0);
    assertThat(add(piece(0, 2, 0), bytes, 0, 1)).isEmpty();
    assertThat(add(weights, bytes, 1, 1)).isEmpty();
    assertThat(inbox.add(new WorkerId("w3"), piece(0, 2, 1), bytes, 1, 1)).isEmpty();
    assertThat(add(piece(0, 2, 1), bytes, 1, 1).orElseThrow().bytes()).startsWith(1, 2);
  }

  @Test
  void whatDoesNotFitIsDropped() {
    byte[] bytes = new byte[2 * MAX];
    assertThat(add(piece(0, MAX + 1, 0), bytes, 0, MAX + 1)).isEmpty();
    assertThat(add(piece(0, -1, 0), bytes, 0, 1)).isEmpty();
    assertThat(add(piece(0, 10, -1), bytes, 0, 1)).isEmpty();
    assertThat(add(piece(0, 10, 8), bytes, 0, 3)).isEmpty();
    assertThat(add(piece(0, 10, 0), bytes, 0, 11)).isEmpty();
    assertThat(add(piece(0, 10, Integer.MAX_VALUE), bytes, 0, 11)).isEmpty();
  }

  @Test
  void partsOutOfOrderOrOfAnotherMessageAreDropped() {
    byte[] bytes = new byte[10];
    assertThat(add(piece(0, 10, 5), bytes, 0, 5)).as("never begun").isEmpty();
    add(piece(1, 10, 0), bytes, 0, 3);
    assertThat(add(piece(1, 10, 5), bytes, 0, 5)).as("a gap").isEmpty();
    assertThat(add(piece(2, 10, 3), bytes, 0, 7)).as("another's").isEmpty();
    assertThat(add(piece(1, 9, 3), bytes, 0, 6)).as("another size").isEmpty();
    assertThat(add(piece(1, 10, 3), bytes, 0, 7)).as("the right one").isPresent();
  }

  @Test
  void aForgottenPeersMessagesAreNotFinished() {
    byte[] bytes = new byte[10];
    add(piece(1, 10, 0), bytes, 0, 3);
    inbox.forget(PEER);
    inbox.forget(PEER);
    assertThat(add(piece(1, 10, 3), bytes, 0, 7)).isEmpty();
  }

  @Test
  void aMessageThatAnotherReplacesGivesItsArrayBack() {
    byte[] own = pool.take(10);
    pool.give(own); // the first message takes it
    byte[] bytes = new byte[10];
    add(piece(1, 10, 0), bytes, 0, 3);
    add(piece(2, 10, 0), bytes, 0, 3); // takes the place of the first
    assertThat(pool.take(10)).isSameAs(own);
    Payload second = add(piece(2, 10, 3), bytes, 3, 7).orElseThrow();
    assertThat(second.bytes()).isNotSameAs(own);
  }

  @Test
  void survivesRandomPieces() {
    long seed = 42;
    SplittableRandom random = new SplittableRandom(seed);
    byte[] bytes = new byte[64];
    for (int i = 0; i < Integer.getInteger("dlion.fuzz.frames", 100_000); i++) {
      byte[] header = new byte[random.nextInt(8) == 0 ? random.nextInt(30) : Piece.BYTES];
      random.nextBytes(header);
      if (header.length == Piece.BYTES && random.nextBoolean()) {
        header[0] = 0;
        header[1] = (byte) random.nextInt(3);
        for (int b = 2; b < Piece.BYTES; b++) { // small numbers, so that some of them fit
          header[b] = (byte) (b == 9 || b == 13 || b == 17 ? random.nextInt(16) : 0);
        }
      }
      Piece piece = Piece.decode(header, 0, header.length);
      if (piece != null) {
        assertThat(piece.encode()).as("seed %d, round %d", seed, i).isEqualTo(header);
        int length = random.nextInt(16);
        add(piece, bytes, random.nextInt(16), length)
            .ifPresent(p -> {
              assertThat(p.length()).isEqualTo(piece.total());
              assertThat(inbox.consumed(p)).contains(piece.message());
            });
      }
    }
  }

  private static Piece piece(long message, int total, int offset) {
    return new Piece(Kind.DATA, Priority.GRADIENT, message, total, offset);
  }

  private Optional<Payload> add(Piece piece, byte[] bytes, int offset, int length) {
    return inbox.add(PEER, piece, bytes, offset, length);
  }
}
