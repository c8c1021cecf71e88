package io.dlion.cluster.desk;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class InquiryTest {
  /** Desks in this process. */
  private static final class Nearby implements DeskClient {
    private final Map<Contact, Desk> desks = new LinkedHashMap<>();
    private final CountDownLatch closed = new CountDownLatch(1);

    void add(String name, Desk desk) {
      desks.put(new Contact(name, new UUID(0, desks.size())), desk);
    }

    @Override
    public List<Contact> contacts(Duration wait) {
      return new ArrayList<>(desks.keySet());
    }

    @Override
    public InputStream ask(Contact to, byte[] request) throws IOException {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      Objects.requireNonNull(desks.get(to)).answer(Optional.empty(), request, out);
      return new ByteArrayInputStream(out.toByteArray());
    }

    @Override
    public void close() {
      closed.countDown();
    }
  }

  private final Nearby nearby = new Nearby();

  private List<Inquiry.Said> ask(Duration patience) throws InterruptedException {
    return Inquiry.ofAll(nearby, Command.STATUS, patience);
  }

  @Test
  void allAnswerInTheOrderOfTheirNames() throws Exception {
    nearby.add("b", new WorkerDesk(new FakeWorker("rome"), false));
    nearby.add("a", new WorkerDesk(new FakeWorker("lyon"), false));
    List<Inquiry.Said> said = ask(Duration.ofSeconds(30));
    assertThat(said).extracting(Inquiry.Said::name).containsExactly("lyon", "rome");
    assertThat(said).allMatch(Inquiry.Said::reached);
    assertThat(said.getFirst().bytes()).containsExactly(1, 2, 3);
  }

  @Test
  void whoFailsOrTalksNonsenseIsNamedAndTheOthersAreHeard() throws Exception {
    nearby.add(
        "broken",
        (caller, request, out) -> {
          throw new IOException("no route");
        });
    nearby.add("mad", (caller, request, out) -> out.write(new byte[] {1, 2, 3}));
    nearby.add(
        "endless",
        (caller, request, out) -> {
          Reply.done("endless", "").write(out);
          out.write(new byte[5 * 1024 * 1024]);
        });
    nearby.add("good", new WorkerDesk(new FakeWorker("good"), false));
    List<Inquiry.Said> said = ask(Duration.ofSeconds(30));
    assertThat(said)
        .extracting(s -> s.name() + ": " + s.reached() + " " + s.reply().text())
        .containsExactly(
            "broken: false not reached: no route",
            "endless: false its answer is longer than 4194304 bytes",
            "good: true ",
            "mad: false its answer cannot be read: an answer that is cut off");
  }

  @Test
  void whoIsSilentIsNotWaitedFor() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    nearby.add(
        "asleep",
        (caller, request, out) -> {
          try {
            never.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
    nearby.add("good", new WorkerDesk(new FakeWorker("good"), false));
    List<Inquiry.Said> said = ask(Duration.ofMillis(500));
    never.countDown();
    assertThat(said.getFirst().reply().text()).isEqualTo("did not answer in time");
  }

  @Test
  void nobodyThereIsAnEmptyAnswer() throws Exception {
    assertThat(ask(Duration.ofMillis(1))).isEmpty();
  }
}
