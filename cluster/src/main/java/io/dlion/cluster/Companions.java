package io.dlion.cluster;

import io.dlion.cluster.group.Acquaintances;
import io.dlion.cluster.group.Encodings;
import io.dlion.cluster.group.Hello;
import io.dlion.cluster.group.RelayedPairs;
import io.dlion.cluster.link.Piece;
import io.dlion.cluster.tcp.Company;
import io.dlion.core.WorkerId;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Brings what the others do to the part of a worker that it is for. Safe for several threads.
 *
 * @param worker whose others they are
 */
record Companions(ClusterWorker worker) implements Company {
  @Override
  public void changed(List<Hello> now, boolean elder) {
    worker.assembly().changed(now, elder);
    worker
        .losses()
        .membersAre(now.stream().map(Hello::name).collect(Collectors.toSet()), System.nanoTime());
    worker.training().ifPresent(NetworkTraining::membersChanged);
    worker.training().ifPresent(t -> t.relayed(RelayedPairs.among(now)));
  }

  @Override
  public void refused(Acquaintances.Refusal r) {
    if (r.wasFirst() && !worker.entrance().hasBegun()) {
      worker.assembly().exclude(r);
    } else {
      worker.notice("refused " + r.who() + ": " + r.reason());
    }
  }

  @Override
  public void doubted(String why) {
    worker.notice(why);
  }

  @Override
  public void notUnderstood(String who, String why) {
    worker.notice("refused " + who + ": " + why);
  }

  @Override
  public Encodings encodings() {
    return worker.encodings();
  }

  @Override
  public long elapsedNanos() {
    return worker.elapsedNanos();
  }

  @Override
  public void model(WorkerId from, Piece piece, byte[] bytes, int offset, int length) {
    worker.training().ifPresent(t -> t.modelArrived(from, piece, bytes, offset, length));
  }

  @Override
  public void initialWeights(WorkerId from, Piece piece, byte[] bytes, int offset, int length) {
    worker.entrance().weightsArrived(from, piece, bytes, offset, length);
  }

  @Override
  public void initialWeightsWanted(WorkerId by) {
    worker.entrance().weightsWanted(by);
  }

  @Override
  public void modelTaken(WorkerId by) {
    worker.training().ifPresent(t -> t.modelTaken(by));
  }
}
