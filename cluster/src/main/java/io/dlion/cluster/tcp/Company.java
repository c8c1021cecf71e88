package io.dlion.cluster.tcp;

import io.dlion.cluster.begin.InitialWeights;
import io.dlion.cluster.group.Acquaintances;
import io.dlion.cluster.group.Encodings;
import io.dlion.cluster.group.Hello;
import io.dlion.cluster.link.Piece;
import io.dlion.cluster.settle.ModelMessage;
import io.dlion.core.WorkerId;
import java.util.List;

/** What the worker wants to know of the company it is in, and is asked about itself. */
public interface Company {
  /**
   * Members have come, gone, or said something new; called in order, must not wait.
   *
   * @param awaitsElder see {@link Acquaintances#awaitsElder}
   */
  void changed(List<Hello> members, boolean awaitsElder);

  /** There is somebody with whom this worker cannot train. */
  void refused(Acquaintances.Refusal refusal);

  /** It is doubtful that a member's data means the same: whose, and why. */
  void doubted(String why);

  /** Somebody speaks otherwise. */
  void notUnderstood(String who, String why);

  /** How this worker's data is encoded, and what is compared with that of others. */
  Encodings encodings();

  /** How long the run has taken. */
  long elapsedNanos();

  /** A part of a {@link ModelMessage}; the array is the company's from now on. */
  void model(WorkerId from, Piece piece, byte[] bytes, int offset, int length);

  /** A part of {@link InitialWeights}; the array is the company's from now on. */
  void initialWeights(WorkerId from, Piece piece, byte[] bytes, int offset, int length);

  /** A member asks for those of this worker. */
  void initialWeightsWanted(WorkerId by);

  /** A member has the model that this worker sent. */
  void modelTaken(WorkerId by);
}
