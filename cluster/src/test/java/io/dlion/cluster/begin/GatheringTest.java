package io.dlion.cluster.begin;

import static org.assertj.core.api.Assertions.assertThat;

import io.dlion.cluster.group.Hello;
import io.dlion.cluster.group.HelloCodec;
import io.dlion.cluster.group.Letters;
import io.dlion.cluster.group.Start;
import io.dlion.core.WorkerId;
import io.dlion.core.wire.MalformedMessageException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;

class GatheringTest {
  private static Hello hello(int n, long iteration, Optional<Start> start) {
    return new Hello(
        Hello.Role.WORKER,
        new Hello.Identity(new WorkerId("w" + n), "site", new UUID(0, n), new UUID(1, n)),
        Map.of("model", "cnn", "run", "r"),
        new Hello.Data(Character.toString('a' + n), 100L * n),
        new Hello.State(iteration, 5, start, 7L * n),
        new Hello.Meeting(3, true));
  }

  private static Start start(long examples, long elapsed, int... workers) {
    Map<WorkerId, UUID> members = new java.util.TreeMap<>();
    for (int n : workers) {
      members.put(new WorkerId("w" + n), new UUID(0, n));
    }
    return new Start(members, examples, elapsed);
  }

  private static Gathering of(int n, int minWorkers) {
    return new Gathering(new UUID(0, n), minWorkers, new Letters(""));
  }

  private static final Hello ONE = hello(1, 0, Optional.empty());
  private static final Hello TWO = hello(2, 0, Optional.empty());

  @Test
  void waitsUntilEnoughAreThere() {
    assertThat(of(1, 3).beginning(List.of(ONE, TWO), false)).isEmpty();
    assertThat(of(1, 1).beginning(List.of(), false)).isEmpty();
  }

  @Test
  void theFirstDecides() {
    assertThat(of(2, 2).beginning(List.of(ONE, TWO), false)).isEmpty();
    assertThat(of(1, 2).beginning(List.of(ONE, TWO), false))
        .contains(new Beginning.Together(start(300, 14, 1, 2), "bc"));
  }

  @Test
  void whoHasNotMetAllThatWereThereBeforeDoesNotDecide() {
    assertThat(of(1, 1).beginning(List.of(ONE), true)).isEmpty();
    Start start = start(200, 14, 2);
    assertThat(of(1, 1).beginning(List.of(ONE, hello(2, 0, Optional.of(start))), true))
        .as("but joins a run")
        .containsInstanceOf(Beginning.Late.class);
  }

  @Test
  void whoTakesPartBeginsWhenItHearsSoFromAnybody() {
    Start start = start(300, 14, 1, 2);
    assertThat(of(2, 9).beginning(List.of(TWO, hello(3, 0, Optional.of(start))), false))
        .contains(new Beginning.Together(start, "d"));
  }

  @Test
  void whomItIsToBeginWithAndHasNotMetIsKnown() {
    Start start = start(600, 14, 1, 2, 3);
    Hello first = hello(1, 0, Optional.of(start));
    Hello third = hello(3, 0, Optional.empty());
    Hello restarted = // another incarnation: not the one that is to begin
        new Hello(
            third.role(),
            new Hello.Identity(
                third.name(), third.identity().site(), new UUID(0, 33), third.bulk()),
            third.job(),
            third.data(),
            third.state(),
            third.meeting());
    assertThat(unmet(2, ONE, TWO)).as("nobody has begun").isEmpty();
    assertThat(unmet(2, first, TWO)).containsExactly(third.name());
    assertThat(unmet(2, first, TWO, restarted)).containsExactly(third.name());
    assertThat(unmet(2, first, TWO, third)).isEmpty();
    assertThat(unmet(4, first, hello(4, 0, Optional.empty())))
        .as("who comes later meets everybody on the way")
        .isEmpty();
  }

  private static Set<WorkerId> unmet(int n, Hello... members) {
    List<Hello> all = List.of(members);
    return of(n, 3).beginning(all, false).map(how -> Gathering.unmet(how, all)).orElse(Set.of());
  }

  @Test
  void whoeverWouldBeginWithOtherWeightsTakesOverThoseOfTheFirst() {
    Hello three = hello(3, 0, Optional.empty()).beginningWith(6);
    List<Hello> all = List.of(ONE, TWO, three);
    assertThat(Takeover.source(three, all)).contains(ONE);
    assertThat(Takeover.source(TWO, all)).as("begins alike").isEmpty();
    assertThat(Takeover.source(ONE, all)).as("the first").isEmpty();
    assertThat(of(1, 3).beginning(all, false)).as("not before that").isEmpty();
    assertThat(of(1, 3).beginning(List.of(ONE, TWO, three.beginningWith(5)), false)).isPresent();
  }

  @Test
  void whoGoesOnFromACheckpointOrComesToARunTakesOverNothingAtTheBeginning() {
    Hello three = hello(3, 0, Optional.empty()).beginningWith(6);
    Hello far = hello(2, 50, Optional.empty()).beginningWith(0);
    assertThat(Takeover.source(three, List.of(ONE, far, three))).isEmpty();
    assertThat(of(1, 3).beginning(List.of(ONE, far, three), false)).isPresent();
    Hello training = hello(2, 0, Optional.of(start(300, 14, 1, 2)));
    assertThat(Takeover.source(three, List.of(training, three))).isEmpty();
  }

  @Test
  void anotherComesLater() {
    Start start = start(300, 14, 1, 2);
    Hello training = hello(2, 0, Optional.of(start));
    Hello late = hello(3, 0, Optional.empty());
    assertThat(of(3, 9).beginning(List.of(training, late), false))
        .contains(new Beginning.Late(start, "c", 14, Set.of(new WorkerId("w2"))));
  }

  @Test
  void thoseWithTheFurthestCheckpointBeginAndOthersCatchUp() {
    Hello far = hello(2, 50, Optional.empty());
    Hello alsoFar = hello(3, 50, Optional.empty());
    assertThat(of(2, 3).beginning(List.of(far, ONE, alsoFar), false))
        .contains(new Beginning.Together(start(600, 21, 2, 3), "c"));
    assertThat(of(1, 3).beginning(List.of(ONE, far, alsoFar), false))
        .contains(
            new Beginning.Late(
                start(600, 21, 2, 3), "c", 21, Set.of(new WorkerId("w2"), new WorkerId("w3"))));
  }

  @Test
  void aHelloSurvivesTheWire() throws Exception {
    for (Hello hello : List.of(ONE, hello(2, 50, Optional.of(start(300, 14, 1, 2))))) {
      byte[] bytes = HelloCodec.encode(hello);
      assertThat(HelloCodec.decode(bytes, 0, bytes.length)).isEqualTo(hello);
    }
  }

  @Test
  void damagedHellosAreRefusedAndNothingElseHappens() {
    byte[] bytes = HelloCodec.encode(hello(2, 50, Optional.of(start(300, 14, 1, 2))));
    SplittableRandom random = new SplittableRandom(1);
    for (int k = 0; k < 100_000; k++) {
      byte[] damaged = bytes.clone();
      for (int left = 1 + random.nextInt(4); left > 0; left--) {
        damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
      }
      int length = random.nextInt(10) == 0 ? random.nextInt(damaged.length) : damaged.length;
      try {
        assertThat(HelloCodec.decode(damaged, 0, length)).isNotNull();
      } catch (MalformedMessageException e) {
        assertThat(e).hasMessageNotContaining("null");
      }
    }
  }

  @Test
  void anotherVersionIsTold() {
    byte[] bytes = HelloCodec.encode(ONE);
    bytes[7]++;
    Assertions.assertThatThrownBy(() -> HelloCodec.decode(bytes, 0, bytes.length))
        .isInstanceOf(MalformedMessageException.class)
        .hasMessageContaining("version " + (HelloCodec.PROTOCOL + 1))
        .hasMessageContaining("version " + HelloCodec.PROTOCOL);
  }
}
