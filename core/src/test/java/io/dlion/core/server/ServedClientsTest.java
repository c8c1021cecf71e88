package io.dlion.core.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.dlion.core.WorkerId;
import io.dlion.core.batching.BatchRule;
import io.dlion.core.batching.Cost;
import io.dlion.core.settings.Presets;
import io.dlion.core.settings.Settings;
import org.junit.jupiter.api.Test;

class ServedClientsTest {
  private static final WorkerId A = new WorkerId("a");
  private static final WorkerId B = new WorkerId("b");
  private static final WorkerId C = new WorkerId("c");

  private static ServedClients clients(String preset, int leastBatch) {
    Settings settings = Presets.find(preset).settings().with("batching.initial", "32");
    ServedClients clients = new ServedClients(BatchRule.of(settings), leastBatch);
    clients.add(A, 1, 0);
    clients.add(B, 1, 0);
    return clients;
  }

  private static ServedClient find(ServedClients clients, WorkerId id) {
    ServedClient found = clients.find(id);
    assertThat(found).isNotNull();
    return found;
  }

  @Test
  void fixedBatchesStayEqualWhateverStepsCost() {
    ServedClients clients = clients("ssp", 1);
    clients.costs(A, new Cost(0, 0.001));
    clients.costs(B, new Cost(0, 0.003));
    assertThat(find(clients, A).batch).isEqualTo(32);
    assertThat(find(clients, B).batch).isEqualTo(32);
    assertThat(clients.share(find(clients, A))).isEqualTo(0.5);
  }

  @Test
  void theGlobalBatchIsDividedOnceAllCostsAreKnown() {
    ServedClients clients = clients("batchtune-ssp", 1);
    clients.costs(A, new Cost(0, 0.001));
    assertThat(find(clients, A).batch).isEqualTo(32);
    clients.costs(B, new Cost(0, 0.003));
    assertThat(find(clients, A).batch).isEqualTo(48);
    assertThat(find(clients, B).batch).isEqualTo(16);
    assertThat(clients.share(find(clients, A))).isEqualTo(0.75);
    clients.add(C, 1, 0);
    assertThat(find(clients, A).batch).as("until C has told").isEqualTo(32);
    clients.costs(C, new Cost(0, 0.003));
    assertThat(find(clients, A).batch + find(clients, B).batch + find(clients, C).batch)
        .isEqualTo(96);
    assertThat(clients.remove(C)).isTrue();
    assertThat(find(clients, A).batch).isEqualTo(48);
    assertThat(clients.remove(C)).isFalse();
  }

  @Test
  void noBatchIsLessThanTheModelNeeds() {
    ServedClients clients = clients("batchtune-ssp", 8);
    clients.costs(A, new Cost(0, 0.001));
    clients.costs(B, new Cost(0, 1));
    assertThat(find(clients, B).batch).isEqualTo(8);
    assertThat(find(clients, A).batch).isEqualTo(56);
  }

  @Test
  void whoComesLateBeginsWithAsManyCommitsAsTheSlowest() {
    ServedClients clients = clients("ssp", 1);
    find(clients, A).clock = 9;
    find(clients, B).clock = 5;
    clients.add(C, 2, 77);
    assertThat(clients.commits(C)).isEqualTo(5);
    assertThat(find(clients, C).applied).isEqualTo(77);
    assertThat(clients.most()).isEqualTo(9);
    assertThat(clients.least()).isEqualTo(5);
    clients.startTogether();
    assertThat(clients.most()).isEqualTo(5);
  }

  @Test
  void buffersCountByTheSamplesOfNewestCommits() {
    ServedClients clients = clients("ssp", 1);
    find(clients, A).newestSamples = 30;
    assertThat(clients.newestShare(find(clients, A))).as("the first of all").isEqualTo(1);
    find(clients, B).newestSamples = 10;
    assertThat(clients.newestShare(find(clients, B))).isEqualTo(0.25);
  }

  @Test
  void theLossIsTheMeanOfNewestCommitsThatAreThere() {
    ServedClients clients = clients("ssp", 1);
    assertThat(clients.loss()).isNaN();
    find(clients, A).loss = 2;
    assertThat(clients.loss()).isEqualTo(2);
    find(clients, B).loss = 1;
    assertThat(clients.loss()).isCloseTo(1.5, within(1e-12));
  }

  @Test
  void ofWhoIsNoClientNothingIsKnown() {
    ServedClients clients = clients("ssp", 1);
    assertThat(clients.find(C)).isNull();
    assertThatThrownBy(() -> clients.commits(C)).hasMessageContaining("c is no client");
    clients.costs(C, new Cost(0, 1));
    assertThat(clients.ids()).containsExactly(A, B);
  }
}
