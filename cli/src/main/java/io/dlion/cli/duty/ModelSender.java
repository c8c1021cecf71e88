package io.dlion.cli.duty;

import io.dlion.cli.job.SourceModel;
import io.dlion.cluster.desk.ModelAnswer;
import io.dlion.cluster.worker.ModelCopy;
import io.dlion.monitor.run.RunFolder;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * Sends the model of a run with all that is needed to use it.
 *
 * @param about what the model's file says of it
 * @param folder of the run
 */
public record ModelSender(Map<String, String> about, RunFolder folder) {
  /** Copies the map. */
  public ModelSender {
    about = Map.copyOf(about);
  }

  void send(ModelCopy model, boolean withNetwork, OutputStream out) throws IOException {
    Path network = SourceModel.in(folder);
    boolean sends = withNetwork && Files.exists(network);
    new ModelAnswer(
            about,
            Files.readString(folder.job()),
            model.precedence(),
            sends ? Files.size(network) : 0,
            model.weightCount(),
            model.bufferCount())
        .write(out);
    if (sends) {
      Files.copy(network, out);
    }
    ModelAnswer.writeFloats(out, model.weights());
    ModelAnswer.writeFloats(out, model.buffers());
    out.flush();
  }
}
