package io.dlion.cli.operate;

import io.dlion.cli.model.ClusterModel;
import io.dlion.cluster.desk.Command;
import io.dlion.cluster.desk.Contact;
import io.dlion.cluster.desk.DeskClient;
import io.dlion.cluster.desk.ModelAnswer;
import io.dlion.cluster.desk.Reply;
import io.dlion.cluster.desk.Request;
import io.dlion.core.UserError;
import io.dlion.core.wire.MalformedMessageException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Fetches the models of workers, some at a time: the first one alone, which says what model it is.
 *
 * @param say is told of each that has come, or why it has not
 */
record ModelFetch(DeskClient client, Path folder, Consumer<String> say) {
  /** Each takes memory for one model while it is under way. */
  private static final int AT_ONCE = 4;

  /**
   * Makes one model of all that can be had.
   *
   * @param workers whom to ask, by name
   * @throws IOException if none could be had, with the first reason
   */
  ClusterModel all(Map<String, Contact> workers) throws IOException, InterruptedException {
    List<String> left = new ArrayList<>(workers.keySet());
    @Nullable ClusterModel model = null;
    String why = "";
    while (model == null && !left.isEmpty()) {
      String name = left.removeFirst();
      try {
        model = first(name, workers.get(name));
      } catch (Refused e) {
        throw e;
      } catch (IOException | MalformedMessageException | UserError e) {
        why = why.isEmpty() ? name + ": " + e.getMessage() : why;
        say.accept(name + ": no model: " + e.getMessage());
      }
    }
    if (model == null) {
      throw new IOException("no worker could send its model (" + why + ")");
    }
    others(model, left, workers);
    return model;
  }

  private void others(ClusterModel model, List<String> names, Map<String, Contact> workers)
      throws InterruptedException {
    List<Future<?>> under = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE)) {
      for (String name : names) {
        under.add(threads.submit(() -> further(model, name, workers.get(name))));
      }
      for (Future<?> each : under) {
        each.get();
      }
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    }
  }

  private ClusterModel first(String name, @Nullable Contact contact)
      throws IOException, MalformedMessageException {
    try (InputStream in = ask(contact, true)) {
      ModelAnswer answer = ModelAnswer.read(in);
      ClusterModel model = ClusterModel.begin(folder, answer, in);
      try {
        add(model, name, answer, in);
        return model;
      } catch (IOException | MalformedMessageException | RuntimeException e) {
        model.close();
        throw e;
      }
    }
  }

  private void further(ClusterModel model, String name, @Nullable Contact contact) {
    try (InputStream in = ask(contact, false)) {
      add(model, name, ModelAnswer.read(in), in);
    } catch (IOException | MalformedMessageException e) {
      say.accept(name + ": no model: " + e.getMessage());
    }
  }

  private void add(ClusterModel model, String name, ModelAnswer answer, InputStream in)
      throws IOException, MalformedMessageException {
    boolean counts = model.add(answer, in);
    say.accept(name + (counts ? ": its model has come" : ": its model is older than another's"));
  }

  /** It would not help to ask others. */
  static final class Refused extends IOException {
    private static final long serialVersionUID = 1;

    Refused(String why) {
      super(why);
    }
  }

  /** The connection behind the worker's answer, if that is not a refusal. */
  private InputStream ask(@Nullable Contact contact, boolean network)
      throws IOException, MalformedMessageException {
    if (contact == null) {
      throw new IOException("not found");
    }
    InputStream in =
        new BufferedInputStream(
            new Watched(client.ask(contact, new Request(Command.MODEL, network).encode())));
    Optional<String> why = Optional.empty();
    try {
      Reply reply = Reply.read(in);
      why = reply.isDone() ? why : Optional.of(reply.text());
    } catch (IOException | MalformedMessageException e) {
      in.close();
      throw e;
    }
    if (why.isPresent()) {
      in.close();
      if (why.get().startsWith("the certificate of ")) {
        throw new Refused("refused: " + why.get());
      }
      throw new IOException(why.get());
    }
    return in;
  }
}
