package io.dlion.core.server;

import io.dlion.core.wire.CommitPlan;

/** What a server says to the client in its own process: by reference, without a message. */
interface OwnClient {
  /**
   * Its commit is applied, and this is the model.
   *
   * @param samples that all clients have processed
   */
  void answered(GlobalModel model, long term, long samples, CommitPlan plan);

  /** When it is to commit next. */
  void planned(CommitPlan plan);
}
