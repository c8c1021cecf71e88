package io.dlion.data.partition;

import io.dlion.core.Phrase;
import io.dlion.core.UserError;
import io.dlion.core.learn.Examples;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Every worker gets a class mixture of its own, drawn from a Dirichlet distribution: large alpha
 * makes workers alike, small alpha leaves each with few classes. After Hsu, Qi and Brown,
 * "Measuring the Effects of Non-Identical Data Distribution for Federated Visual Classification"
 * (2019), section 3: the concentration of a class is alpha times its frequency. Here frequencies
 * are relative to their mean, so that with equally frequent classes alpha is the concentration of
 * each, as in Li et al., "Federated Learning on Non-IID Data Silos" (ICDE 2022).
 *
 * <p>Departure: workers draw in random turns, not one after the other, so that the examples that
 * are left at the end, of classes nobody wanted, do not all fall to the last worker. Where a class
 * runs out, the others' weights of the mixture count; where those are all zero, what is left
 * counts.
 *
 * @param alpha concentration, positive
 */
record DirichletPartition(double alpha) implements Partition {
  DirichletPartition {
    if (!(alpha > 0) || Double.isInfinite(alpha)) {
      throw new UserError(
          Phrase.of("partition dirichlet(%s): expected a positive number, such as 0.5", alpha));
    }
  }

  @Override
  public List<int[]> divide(Examples examples, double[] shares, long seed) {
    int[] quotas = Quotas.atLeastOne(examples.count(), shares);
    SplittableRandom random = new SplittableRandom(seed);
    ClassQueues queues = new ClassQueues(this, examples, random);
    int classes = queues.classes();
    double[] concentration = new double[classes];
    for (int c = 0; c < classes; c++) {
      concentration[c] = alpha * classes * queues.left(c) / examples.count();
    }
    double[][] mixtures = new double[quotas.length][];
    Arrays.setAll(mixtures, w -> Dirichlet.draw(concentration, random));
    List<int[]> parts = new ArrayList<>();
    for (int quota : quotas) {
      parts.add(new int[quota]);
    }
    int[] filled = new int[quotas.length];
    for (int worker : turns(quotas, random)) {
      int label = choose(mixtures[worker], queues, random);
      parts.get(worker)[filled[worker]++] = queues.take(label);
    }
    return parts;
  }

  /** Each worker as often as its quota says, in random order. */
  private static int[] turns(int[] quotas, SplittableRandom random) {
    int[] turns = new int[Arrays.stream(quotas).sum()];
    int next = 0;
    for (int worker = 0; worker < quotas.length; worker++) {
      Arrays.fill(turns, next, next + quotas[worker], worker);
      next += quotas[worker];
    }
    Shuffle.inPlace(turns, random);
    return turns;
  }

  /** A class that has examples left, with a probability in proportion to the mixture. */
  private static int choose(double[] mixture, ClassQueues queues, SplittableRandom random) {
    double total = 0;
    for (int c = 0; c < mixture.length; c++) {
      total += queues.left(c) > 0 ? mixture[c] : 0;
    }
    boolean byWhatIsLeft = !(total > 0);
    if (byWhatIsLeft) {
      total = 0;
      for (int c = 0; c < mixture.length; c++) {
        total += queues.left(c);
      }
    }
    double point = random.nextDouble() * total;
    int chosen = -1;
    for (int c = 0; c < mixture.length && point >= 0; c++) {
      double weight = byWhatIsLeft ? queues.left(c) : mixture[c];
      if (queues.left(c) > 0 && weight > 0) {
        chosen = c;
        point -= weight;
      }
    }
    return chosen;
  }

  @Override
  public String toString() {
    return "dirichlet(" + alpha + ")";
  }
}
