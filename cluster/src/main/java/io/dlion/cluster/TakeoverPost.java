package io.dlion.cluster;

import io.dlion.cluster.begin.InitialWeights;
import io.dlion.cluster.begin.Takeover;
import io.dlion.cluster.link.Piece;
import io.dlion.cluster.tcp.TcpChannels;
import io.dlion.core.WorkerId;
import io.dlion.core.wire.Payload;
import java.util.function.Consumer;

/**
 * Weights to begin with on their way between workers. Sends on threads of its own: the lock of the
 * channels must not be taken under that of the {@link Assembly}.
 *
 * @param toPeople tells people what happens before training
 * @param notice tells people what has gone wrong
 */
record TakeoverPost(TcpChannels channels, Consumer<String> toPeople, Consumer<String> notice)
    implements Takeover.Post {
  @Override
  public void ask(WorkerId member) {
    Thread.startVirtualThread(() -> channels.askForInitialWeights(member));
  }

  @Override
  public void send(WorkerId to, Payload weights) {
    Thread.startVirtualThread(() -> {
      try {
        channels.sendModel(to, Piece.Kind.INITIAL_WEIGHTS, weights, () -> {});
      } catch (Exception e) {
        notice.accept("the weights to begin with did not reach " + to + ": " + e.getMessage());
      }
    });
  }

  @Override
  public void took(InitialWeights weights, WorkerId from) {
    say("begins with the weights of " + from + ": the model was given other ones here");
    Thread.startVirtualThread(
        () -> channels.introduce(() -> channels.self().beginningWith(weights.hash())));
  }

  @Override
  public void say(String text) {
    toPeople.accept(text);
  }
}
