package io.dlion.cluster.desk;

import io.dlion.cluster.survey.SurveyQuestion;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A worker that remembers what it was asked. */
final class FakeWorker implements Operated {
  final List<String> asked = new CopyOnWriteArrayList<>();
  private final String name;

  FakeWorker(String name) {
    this.name = name;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public byte[] status() {
    return new byte[] {1, 2, 3};
  }

  @Override
  public Reply carryOut(Command command, String by) {
    asked.add(command.word() + " by " + by);
    return Reply.done(name, command.word());
  }

  @Override
  public void sendModel(String by, boolean network, OutputStream out) throws IOException {
    asked.add("model by " + by);
    Reply.done(name, "").write(out);
  }

  @Override
  public void survey(SurveyQuestion question, String by, OutputStream out) throws IOException {
    asked.add("survey by " + by);
    Reply.done(name, "").write(out);
  }

  @Override
  public void refused(Command command, String by) {
    asked.add("refused " + command.word() + " by " + by);
  }
}
