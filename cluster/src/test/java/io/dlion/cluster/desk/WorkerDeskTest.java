package io.dlion.cluster.desk;

import static org.assertj.core.api.Assertions.assertThat;

import io.dlion.cluster.security.Caller;
import io.dlion.cluster.survey.SurveyQuestion;
import io.dlion.core.WorkerId;
import io.dlion.core.wire.MalformedMessageException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class WorkerDeskTest {
  private static final Optional<Caller> ANNA = Optional.of(new Caller(new WorkerId("anna"), true));
  private static final Optional<Caller> ROME = Optional.of(new Caller(new WorkerId("rome"), false));

  private final FakeWorker lyon = new FakeWorker("lyon");

  private Reply ask(boolean encrypted, Optional<Caller> caller, byte[] request)
      throws IOException, MalformedMessageException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    new WorkerDesk(lyon, encrypted).answer(caller, request, out);
    return Reply.read(new ByteArrayInputStream(out.toByteArray()));
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "STATUS")
  void onlyAnOperatorCommands(Command command) throws Exception {
    byte[] request =
        (command == Command.SURVEY ? new Request(new SurveyQuestion.Host()) : new Request(command))
            .encode();
    assertThat(ask(true, ANNA, request).isDone()).isTrue();
    Reply refused = ask(true, ROME, request);
    assertThat(refused.isDone()).isFalse();
    assertThat(refused.text()).contains("worker rome is not an operator's");
    assertThat(lyon.asked)
        .containsExactly(
            command.word() + " by operator anna", "refused " + command.word() + " by worker rome");
  }

  @Test
  void everyCertificateMayLookOn() throws Exception {
    byte[] request = new Request(Command.STATUS).encode();
    assertThat(ask(true, ROME, request).isDone()).isTrue();
    assertThat(ask(true, ANNA, request).isDone()).isTrue();
    assertThat(ask(true, Optional.empty(), request).isDone()).isFalse();
  }

  @Test
  void withoutEncryptionEverybodyMayAndTheWorkerSaysSo() throws Exception {
    assertThat(ask(false, Optional.empty(), new Request(Command.STOP).encode()).isDone()).isTrue();
    assertThat(lyon.asked).containsExactly("stop by somebody (--insecure)");
  }

  @Test
  void whatCannotBeUnderstoodIsAnsweredAndDoesNothing() throws Exception {
    assertThat(ask(true, ANNA, new byte[] {7}).text()).contains("cannot be understood");
    assertThat(lyon.asked).isEmpty();
  }
}
