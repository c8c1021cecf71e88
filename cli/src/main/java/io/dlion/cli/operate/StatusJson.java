package io.dlion.cli.operate;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dlion.cluster.ClusterObserver.Sight;
import io.dlion.cluster.WorkerStatus;
import io.dlion.core.WorkerId;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What was seen of a cluster, for programs: the workers that answered. */
final class StatusJson {
  private static final double BYTES_PER_MBIT = 125_000;

  private StatusJson() {}

  /** What is not known is null. */
  static String text(Sight sight) throws IOException {
    List<WorkerStatus> workers = sight.workers();
    ObjectMapper mapper = new ObjectMapper();
    ArrayNode all = mapper.createArrayNode();
    for (WorkerStatus w : workers) {
      ObjectNode node = all.addObject();
      node.put("worker", w.worker().name());
      node.put("site", w.site());
      node.put("run", w.job());
      node.put("phase", w.doing().phase());
      node.put("iteration", w.doing().iteration() < 0 ? null : (Long) w.doing().iteration());
      node.put("batchSize", w.doing().batchSize());
      node.put("globalBatchSize", w.doing().globalBatchSize());
      node.put("samples", w.doing().samples());
      node.put("loss", finite(w.doing().loss()));
      node.put("accuracy", finite(w.doing().accuracy()));
      w.service()
          .ifPresentOrElse(
              s ->
                  node.putObject("server")
                      .put("name", s.server().name())
                      .put("version", s.version())
                      .put("serves", w.serves()),
              () -> node.putNull("server"));
      w.streaming()
          .ifPresentOrElse(
              s ->
                  node.putObject("stream")
                      .put("recordsLearned", s.learned())
                      .put("recordsRejected", s.rejected())
                      .put("prequentialAccuracy", finite(s.accuracy())),
              () -> node.putNull("stream"));
      w.rest()
          .ifPresentOrElse(
              r -> node.putObject("rest").put("why", r.why()).put("seconds", r.agoMillis() / 1e3),
              () -> node.putNull("rest"));
      ArrayNode lost = node.putArray("lost");
      w.around()
          .lost()
          .forEach(l ->
              lost.addObject()
                  .put("worker", l.worker().name())
                  .put("secondsAgo", l.agoMillis() / 1e3));
      ArrayNode paths = node.putArray("notReachedDirectly");
      w.around()
          .paths()
          .forEach(p ->
              paths
                  .addObject()
                  .put("worker", p.peer().name())
                  .put("via", p.via().map(WorkerId::name).orElse(null))
                  .put("seconds", p.agoMillis() / 1e3));
      node.put("uploadMbitMax", finite(w.limits().uploadMbit()));
      node.put("downloadMbitMax", finite(w.limits().downloadMbit()));
      ArrayNode links = node.putArray("links");
      for (WorkerStatus.Link link : w.links()) {
        double rate = link.bytesPerSecond() / BYTES_PER_MBIT;
        ObjectNode entry = links.addObject();
        entry.put("to", link.peer().name());
        entry.put("mbit", rate == 0 ? null : (Double) rate);
        entry.put(
            "roundTripMillis",
            link.roundTripNanos() == 0 ? null : (Double) (link.roundTripNanos() / 1e6));
      }
    }
    return mapper.writerWithDefaultPrettyPrinter().writeValueAsString(all);
  }

  private static @Nullable Double finite(double value) {
    return Double.isFinite(value) ? value : null;
  }
}
