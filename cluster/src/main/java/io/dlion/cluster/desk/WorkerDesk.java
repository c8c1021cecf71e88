package io.dlion.cluster.desk;

import io.dlion.cluster.security.Caller;
import io.dlion.core.wire.MalformedMessageException;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Optional;

/**
 * The desk of a worker: reads requests, and lets operators command. Without encryption everybody
 * may, as with everything there.
 *
 * @param worker who carries out what is asked
 * @param encrypted whether callers have certificates; one without is then refused
 */
public record WorkerDesk(Operated worker, boolean encrypted) implements Desk {
  @Override
  public void answer(Optional<Caller> caller, byte[] request, OutputStream out) throws IOException {
    Request asked;
    try {
      asked = Request.decode(request);
    } catch (MalformedMessageException e) {
      Reply.refused(worker.name(), "cannot be understood: " + e.getMessage()).write(out);
      return;
    }
    Command command = asked.command();
    if (encrypted && caller.isEmpty()) {
      Reply.refused(worker.name(), "whoever asks has no certificate").write(out);
      return;
    }
    String by = caller.map(Caller::toString).orElse("somebody (--insecure)");
    if (command.isPrivileged() && !caller.map(Caller::mayOperate).orElse(true)) {
      worker.refused(command, by);
      Reply.refused(
              worker.name(),
              "the certificate of "
                  + by
                  + " is not an operator's (dlion certs issue NAME --operator makes one)")
          .write(out);
      return;
    }
    switch (command) {
      case STATUS -> {
        Reply.done(worker.name(), "").write(out);
        out.write(worker.status());
      }
      case MODEL -> worker.sendModel(by, asked.network(), out);
      case SURVEY -> worker.survey(asked.survey().orElseThrow(), by, out);
      case STOP, PAUSE, RESUME -> worker.carryOut(command, by).write(out);
    }
    out.flush();
  }
}
