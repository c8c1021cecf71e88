package io.dlion.cli.job;

import io.dlion.cli.job.LinkSpeeds.Link;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads {@code links: {w1-w2: 5, w2>w3: 10}}: a dash is both directions, an arrow one, and an arrow
 * is the more particular of the two.
 */
record PairRates(Workers workers) {
  Map<Link, Double> read(List<Item> items) {
    Map<Link, Double> both = new HashMap<>();
    Map<Link, Double> single = new HashMap<>();
    for (Item item : items) {
      boolean arrow = item.name().contains(">");
      for (Link link : links(item, arrow ? ">" : "-", arrow)) {
        if ((arrow ? single : both).put(link, Resolver.mbit(item)) != null) {
          throw item.place().error("this pair is given twice");
        }
      }
    }
    both.putAll(single);
    return both;
  }

  private List<Link> links(Item item, String separator, boolean arrow) {
    String[] ends = item.name().split(separator, -1);
    if (ends.length != 2) {
      throw item.place().expected("a pair such as w1-w2 (both ways) or w1>w2", item.name());
    }
    var from = workers.find(ends[0].strip(), item.place());
    var to = workers.find(ends[1].strip(), item.place());
    if (from.equals(to)) {
      throw item.place().error("a worker has no link to itself");
    }
    List<Link> links = new ArrayList<>(List.of(new Link(from, to)));
    if (!arrow) {
      links.add(new Link(to, from));
    }
    return links;
  }
}
