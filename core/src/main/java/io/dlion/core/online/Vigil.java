package io.dlion.core.online;

import io.dlion.core.WorkerId;
import io.dlion.core.learn.Score;
import io.dlion.core.report.StreamFigures.Prequential;
import io.dlion.core.stream.StreamRule;
import io.dlion.core.wire.StreamNews;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Watches how well records are predicted, at this site and over the cluster, and whether that
 * becomes worse. Confined to its node.
 */
final class Vigil {
  /** A rate of errors is known well enough from so many of a batch. */
  private static final int OUTCOMES_MAX = 512;

  private final PrequentialMeter site;
  private final Detector ofSite;
  private final Detector ofCluster;
  private final Map<WorkerId, Told> told = new HashMap<>();

  /** What a worker has told of all its predictions so far. */
  private record Told(long records, double right) {}

  /**
   * The error rate has risen.
   *
   * @param before share of errors before
   * @param after share of errors since
   */
  record Change(double before, double after) {}

  /**
   * Nothing was predicted.
   *
   * @param outputs values to predict of each record; 0 where accuracy is a share
   */
  Vigil(StreamRule rule, int outputs) {
    site = new PrequentialMeter(rule.windowRecords(), outputs);
    ofSite = new Detector(rule);
    ofCluster = new Detector(rule);
  }

  PrequentialMeter site() {
    return site;
  }

  /** Records were predicted here. */
  Optional<Change> predicted(Score score) {
    site.add(score);
    return ofSite.add(score.examples(), errorRate(score));
  }

  /** Of regressions, whose targets have variance 1: a loss of 1 is no skill, and counts as half. */
  private static double errorRate(Score score) {
    return Double.isNaN(score.accuracy())
        ? score.loss() / (1 + score.loss())
        : 1 - score.accuracy();
  }

  /** A worker, this one or a peer, has told of its predictions so far. */
  Optional<Change> heard(WorkerId worker, long records, double overall) {
    double right = overall * records;
    Told before = told.put(worker, new Told(records, right));
    long more = before == null ? 0 : records - before.records;
    if (more <= 0 || before == null) {
      return Optional.empty();
    }
    double accuracy = Math.clamp((right - before.right) / more, 0.0, 1.0);
    return ofCluster.add((int) Math.min(Integer.MAX_VALUE, more), 1 - accuracy);
  }

  /** The cluster's accuracy: this worker's, and what the peers that are there have told. */
  Prequential cluster(Iterable<StreamNews> peers) {
    Prequential own = site.read();
    Mean window = new Mean();
    Mean fading = new Mean();
    Mean overall = new Mean();
    window.add(own.window(), site.recentRecords());
    fading.add(own.fading(), site.recentRecords());
    overall.add(own.overall(), (double) site.records());
    for (StreamNews peer : peers) {
      window.add(peer.window(), peer.windowRecords());
      fading.add(peer.fading(), peer.windowRecords());
      overall.add(peer.overall(), (double) peer.records());
    }
    return new Prequential(window.value(), fading.value(), overall.value());
  }

  private static final class Mean {
    private double sum;
    private double weight;

    void add(double value, double by) {
      if (by > 0 && !Double.isNaN(value)) {
        sum += value * by;
        weight += by;
      }
    }

    double value() {
      return sum / weight;
    }
  }

  /** ADWIN that reports a change once. */
  private static final class Detector {
    private final StreamRule rule;
    private final Adwin window;
    private long sinceChange;

    Detector(StreamRule rule) {
      this.rule = rule;
      this.window = new Adwin(rule.drift().delta());
      this.sinceChange = 0;
    }

    Optional<Change> add(int records, double errorRate) {
      if (!rule.drift().detects() || records == 0) {
        return Optional.empty();
      }
      int outcomes = Math.min(records, OUTCOMES_MAX);
      boolean risen = window.add(outcomes, (int) Math.round(errorRate * outcomes));
      sinceChange += records;
      if (!risen || sinceChange < rule.windowRecords()) {
        return Optional.empty();
      }
      sinceChange = 0;
      return Optional.of(new Change(window.before(), window.after()));
    }
  }
}
