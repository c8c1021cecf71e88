package io.dlion.cli.job;

import io.dlion.core.WorkerId;

/** The workers a job has, for checking names. */
record Workers(int count) {
  WorkerId find(String name, Place place) {
    for (int i = 1; i <= count; i++) {
      if (name.equals("w" + i)) {
        return new WorkerId(name);
      }
    }
    throw place.error("no worker is called " + Place.quoted(name) + "; there " + all());
  }

  private String all() {
    return switch (count) {
      case 1 -> "is only w1";
      case 2 -> "are w1 and w2";
      default -> "are w1 to w" + count;
    };
  }
}
