package io.dlion.cluster.group;

import static org.assertj.core.api.Assertions.assertThat;

import io.dlion.core.WorkerId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Worker w1 meets others; control addresses are (0, n), bulk addresses (1, n). */
class AcquaintancesTest {
  private static final WorkerId W1 = new WorkerId("w1");
  private static final WorkerId W2 = new WorkerId("w2");
  private static final WorkerId W3 = new WorkerId("w3");
  private static final Map<String, String> JOB = Map.of("model", "cnn");

  private final Acquaintances met = new Acquaintances(hello("w1", 1, JOB, false), Encodings.none());

  private static UUID control(int n) {
    return new UUID(0, n);
  }

  private static UUID bulk(int n) {
    return new UUID(1, n);
  }

  private static Hello hello(String name, int n, Map<String, String> job, boolean asks) {
    return new Hello(
        Hello.Role.WORKER,
        new Hello.Identity(new WorkerId(name), "site", control(n), bulk(n)),
        job,
        new Hello.Data("", 10),
        new Hello.State(0, 0, Optional.empty(), 0),
        new Hello.Meeting(1, asks));
  }

  private void bothInView() {
    met.bulkView(List.of(bulk(1), bulk(2)));
    met.controlView(List.of(control(1), control(2)));
  }

  private Hello greeting() {
    return java.util.Objects.requireNonNull(met.takeGreetings().get(control(2)));
  }

  /** Who is asked again to introduce itself. */
  private Map<UUID, Hello> strangers() {
    met.takeGreetings();
    met.askStrangers();
    return met.takeGreetings();
  }

  @Test
  void isAloneAtFirst() {
    met.bulkView(List.of(bulk(1)));
    assertThat(met.controlView(List.of(control(1)))).containsExactly(Set.of(W1));
    assertThat(strangers()).isEmpty();
  }

  @Test
  void aMemberHasIntroducedItselfAndKnowsThisWorker() {
    bothInView();
    assertThat(met.takeGreetings()).containsOnlyKeys(control(2));
    assertThat(strangers()).containsOnlyKeys(control(2));
    assertThat(met.greeted(control(2), hello("w2", 2, JOB, true))).isEmpty();
    assertThat(greeting().meeting().asks()).isFalse();
    assertThat(met.greeted(control(2), hello("w2", 2, JOB, false))).containsExactly(Set.of(W1, W2));
    assertThat(met.byControl(control(2))).isEqualTo(W2);
    assertThat(met.byBulk(bulk(2))).isEqualTo(W2);
  }

  @Test
  void whoeverWritesKnowsThisWorker() {
    bothInView();
    met.greeted(control(2), hello("w2", 2, JOB, true));
    assertThat(met.unconfirmed(bulk(2))).isEqualTo(control(2));
    assertThat(met.heard(control(2))).containsExactly(Set.of(W1, W2));
    assertThat(met.unconfirmed(bulk(2))).isNull();
    assertThat(met.unconfirmed(bulk(3))).isNull();
  }

  @Test
  void oneWhoIsOnlyOnOneChannelIsNoMember() {
    met.bulkView(List.of(bulk(1)));
    met.controlView(List.of(control(1), control(2)));
    assertThat(met.greeted(control(2), hello("w2", 2, JOB, false))).isEmpty();
    assertThat(met.bulkView(List.of(bulk(1), bulk(2)))).containsExactly(Set.of(W1, W2));
    assertThat(met.bulkView(List.of(bulk(1)))).containsExactly(Set.of(W1));
    assertThat(greeting().meeting().encounter())
        .as("it is told that it has been lost sight of")
        .isEqualTo(2);
  }

  @Test
  void oneThatComesAgainWasGoneInBetween() {
    bothInView();
    met.greeted(control(2), hello("w2", 2, JOB, false));
    met.bulkView(List.of(bulk(1), bulk(2), bulk(3)));
    met.controlView(List.of(control(1), control(2), control(3)));
    assertThat(met.greeted(control(3), hello("w2", 3, JOB, false)))
        .as("the old one is still in view")
        .isEmpty();
    assertThat(met.controlView(List.of(control(1), control(3))))
        .containsExactly(Set.of(W1), Set.of(W1, W2));
    assertThat(met.byControl(control(3))).isEqualTo(W2);
  }

  @Test
  void oneThatHasLostSightOfThisWorkerWasGone() {
    bothInView();
    met.greeted(control(2), hello("w2", 2, JOB, false));
    Hello again = hello("w2", 2, JOB, false).to(2, false);
    assertThat(met.greeted(control(2), again)).containsExactly(Set.of(W1), Set.of(W1, W2));
    assertThat(met.greeted(control(2), again)).isEmpty();
  }

  @Test
  void anotherJobIsRefusedOnce() {
    bothInView();
    assertThat(met.greeted(control(2), hello("w2", 2, Map.of("model", "mlp"), false))).isEmpty();
    assertThat(met.takeRefusals())
        .containsExactly(
            new Acquaintances.Refusal(W2, "site", "model is mlp there and cnn here", false));
    assertThat(met.takeRefusals()).isEmpty();
    assertThat(met.members()).containsExactly(W1);
  }

  private static Hello offering(String name, int n, String letters, long iteration) {
    Hello hello = hello(name, n, JOB, false);
    return new Hello(
        hello.role(),
        hello.identity(),
        hello.job(),
        new Hello.Data(letters, hello.examples()),
        new Hello.State(iteration, hello.weights(), hello.start(), hello.elapsedNanos()),
        hello.meeting());
  }

  private static Acquaintances offering(String letters, long iteration) {
    Acquaintances met =
        new Acquaintances(offering("w1", 1, letters, iteration), new Letters(letters));
    met.bulkView(List.of(bulk(1), bulk(2)));
    met.controlView(List.of(control(1), control(2)));
    return met;
  }

  private static List<String> refused(Acquaintances met, Hello by) {
    met.greeted(control(2), by);
    List<String> refused = met.takeRefusals().stream().map(Acquaintances.Refusal::reason).toList();
    assertThat(met.members()).hasSize(refused.isEmpty() ? 2 : 1);
    return refused;
  }

  @Test
  void dataThatCannotBeEncodedAlikeIsRefused() {
    assertThat(refused(offering("abX", 0), offering("w2", 2, "abY", 0)))
        .containsExactly("'Y' there and 'X' here");
    assertThat(refused(offering("ab", 0), offering("w2", 2, "bc", 0))).isEmpty();
  }

  @Test
  void aRunThatIsUnderWayTakesNoNewWords() {
    assertThat(refused(offering("ab", 9), offering("w2", 2, "bc", 0)))
        .containsExactly("only there: c");
    assertThat(refused(offering("bc", 0), offering("w2", 2, "ab", 9)))
        .containsExactly("only here: c");
    assertThat(refused(offering("ab", 9), offering("w2", 2, "b", 9)))
        .containsExactly("only here: a");
    assertThat(refused(offering("ab", 9), offering("w2", 2, "b", 0))).isEmpty();
    Hello training = offering("w2", 2, "b", 0).training(new Start(Map.of(), 1, 1), "abc", 5);
    assertThat(training.offer()).isEqualTo(new Encodings.Offer("abc", true, 10));
    assertThat(refused(offering("bd", 0), training)).containsExactly("only here: d");
  }

  @Test
  void doubtsAreToldOnceOfEachSiteAndKeepNobodyOut() {
    Acquaintances met = offering("ab1", 0);
    met.bulkView(List.of(bulk(1), bulk(2), bulk(3)));
    met.controlView(List.of(control(1), control(2), control(3)));
    met.greeted(control(2), offering("w2", 2, "ab2", 0));
    assertThat(met.takeDoubts()).containsExactly("w2 at site: 1 here, 2 at site");
    met.greeted(control(3), offering("w3", 3, "ab3", 0));
    assertThat(met.takeDoubts()).as("of one data set").isEmpty();
    assertThat(met.takeRefusals()).isEmpty();
    assertThat(met.members()).containsExactly(W1, W2, W3);
  }

  @Test
  void whoIsRefusedIsNotDoubted() {
    Acquaintances met = offering("X1", 0);
    assertThat(refused(met, offering("w2", 2, "Y2", 0))).isNotEmpty();
    assertThat(met.takeDoubts()).isEmpty();
  }

  @Test
  void itsOwnNameIsRefusedToAnother() {
    met.bulkView(List.of(bulk(1), bulk(2)));
    met.controlView(List.of(control(2), control(1)));
    met.greeted(control(2), hello("w1", 2, JOB, false));
    assertThat(met.takeRefusals())
        .containsExactly(
            new Acquaintances.Refusal(W1, "site", "there are two workers called w1", true));
    assertThat(met.byControl(control(1))).isEqualTo(W1);
  }

  @Test
  void anObserverIsNoMember() {
    bothInView();
    Hello w = hello("w3", 2, JOB, false);
    Hello observer =
        new Hello(
            Hello.Role.OBSERVER,
            new Hello.Identity(W3, w.identity().site(), w.incarnation(), w.bulk()),
            Map.of(),
            new Hello.Data("", 0),
            new Hello.State(0, 0, Optional.empty(), 0),
            new Hello.Meeting(1, false));
    assertThat(met.greeted(control(2), observer)).isEmpty();
    assertThat(met.takeRefusals()).isEmpty();
  }

  @Test
  void aHelloThatSpeaksForAnotherAddressIsIgnored() {
    bothInView();
    assertThat(met.greeted(control(2), hello("w2", 3, JOB, false))).isEmpty();
    assertThat(strangers()).containsOnlyKeys(control(2));
  }

  @Test
  void anElderIsAwaitedUntilItIsAMemberOrRefused() {
    met.bulkView(List.of(bulk(1), bulk(2), bulk(3)));
    met.controlView(List.of(control(1), control(2)));
    assertThat(met.awaitsElder()).as("w1 was there first").isFalse();
    met.controlView(List.of(control(2), control(1), control(3)));
    assertThat(met.awaitsElder()).isTrue();
    met.greeted(control(2), hello("w2", 2, JOB, true));
    assertThat(met.awaitsElder()).as("it does not know this worker yet").isTrue();
    met.greeted(control(2), hello("w2", 2, JOB, false));
    assertThat(met.awaitsElder()).isFalse();
    met.controlView(List.of(control(4), control(2), control(1)));
    met.greeted(control(4), hello("w4", 4, Map.of("model", "lstm"), false));
    assertThat(met.awaitsElder()).as("trains something else").isFalse();
  }
}
