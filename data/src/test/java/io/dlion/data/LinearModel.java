package io.dlion.data;

import io.dlion.core.learn.Examples;
import io.dlion.data.partition.Shuffle;
import java.util.SplittableRandom;

/** Softmax regression by plain stochastic gradient descent, to judge how hard data are. */
final class LinearModel {
  private static final double LEARNING_RATE = 0.002;

  private final double[][] weights;

  private LinearModel(int classes, int inputs) {
    weights = new double[classes][inputs + 1];
  }

  static LinearModel train(Examples examples, int epochs) {
    LinearModel model =
        new LinearModel(examples.shape().outputs(), examples.shape().inputElements());
    SplittableRandom random = new SplittableRandom(1);
    for (int epoch = 0; epoch < epochs; epoch++) {
      for (int row : Shuffle.of(examples.count(), random)) {
        model.step(Copies.input(examples, row), examples.label(row));
      }
    }
    return model;
  }

  private void step(float[] x, int label) {
    double[] p = scores(x);
    double sum = 0;
    for (int c = 0; c < p.length; c++) {
      p[c] = StrictMath.exp(p[c]);
      sum += p[c];
    }
    for (int c = 0; c < p.length; c++) {
      double error = LEARNING_RATE * (p[c] / sum - (c == label ? 1 : 0));
      for (int i = 0; i < x.length; i++) {
        weights[c][i] -= error * x[i];
      }
      weights[c][x.length] -= error;
    }
  }

  private double[] scores(float[] x) {
    double[] scores = new double[weights.length];
    for (int c = 0; c < scores.length; c++) {
      double sum = weights[c][x.length];
      for (int i = 0; i < x.length; i++) {
        sum += weights[c][i] * x[i];
      }
      scores[c] = sum;
    }
    return scores;
  }

  double accuracy(Examples examples) {
    int right = 0;
    for (int row = 0; row < examples.count(); row++) {
      double[] scores = scores(Copies.input(examples, row));
      int best = 0;
      for (int c = 1; c < scores.length; c++) {
        best = scores[c] > scores[best] ? c : best;
      }
      right += best == examples.label(row) ? 1 : 0;
    }
    return right / (double) examples.count();
  }
}
