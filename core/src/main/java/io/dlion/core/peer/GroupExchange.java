package io.dlion.core.peer;

import io.dlion.core.exchange.Exchange;
import io.dlion.core.exchange.ExchangeRule;
import io.dlion.core.exchange.GatheringExchange;
import io.dlion.core.exchange.NoExchange;
import io.dlion.core.layout.Fragments;
import io.dlion.core.layout.ParameterLayout;
import io.dlion.core.learn.Seeds;
import io.dlion.core.node.NodeConfig;
import io.dlion.core.node.Replica;
import io.dlion.core.peer.gossip.PairExchange;
import io.dlion.core.peer.gossip.Partners;
import io.dlion.core.peer.links.Links;
import io.dlion.core.strategy.Strategy;
import io.dlion.core.wire.EncodedSize;
import io.dlion.core.wire.Selection;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Makes the exchange of each group of neighbours.
 *
 * @param config of the node
 * @param replica of the worker
 * @param partners who is sent contributions
 */
record GroupExchange(NodeConfig config, Replica replica, Partners partners)
    implements Function<String, Exchange> {
  @Override
  public Exchange apply(String group) {
    Strategy strategy = config.strategy();
    long own = Seeds.derive(config.seed(), config.self().name());
    ExchangeRule.Terms terms =
        new ExchangeRule.Terms(
            replica.layout(),
            replica.weights(),
            strategy.descent().optimizer().learningRate(),
            parts(),
            strategy.synchronization().needsEveryGradient(),
            // What an optimizer of the sender remembers must not be rounded again and again.
            !strategy.descent().atSender(),
            Seeds.derive(own, group));
    Exchange exchange = strategy.exchange().open(terms);
    if (strategy.isDecoupled()) {
      long seed = Seeds.derive(terms.seed(), "sums");
      return new GatheringExchange(replica.layout(), exchange, strategy.exchange().format(), seed);
    }
    return partners.arePairs()
        ? new PairExchange(exchange, new NoExchange(replica.layout(), terms.queued()), partners)
        : exchange;
  }

  /** What is exchanged by turns. */
  private List<Selection> parts() {
    ParameterLayout layout = replica.layout();
    int count = config.strategy().descent().local().map(l -> l.fragments(layout).count()).orElse(1);
    Fragments fragments = new Fragments(layout, count);
    List<Selection> parts = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Selection part = new Selection(layout);
      fragments.of(i).forEach(v -> part.selectWhole(layout.variables().indexOf(v)));
      parts.add(part);
    }
    return parts;
  }

  Links.Rules linkRules() {
    Strategy strategy = config.strategy();
    return new Links.Rules(
        strategy.links(),
        strategy.links().gathering(replica.layout(), strategy.exchange().format()),
        strategy.synchronization().barrier(),
        EncodedSize.whole(replica.layout(), strategy.exchange().format()));
  }
}
