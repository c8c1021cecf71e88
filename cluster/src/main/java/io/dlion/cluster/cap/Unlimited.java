package io.dlion.cluster.cap;

/** No caps. */
final class Unlimited implements Allowance {
  @Override
  public void takeUpload(int bytes) {}

  @Override
  public void takeDownload(int bytes) {}

  @Override
  public void afterDownload(Object from, int bytes, Runnable then) {
    then.run();
  }

  @Override
  public void chargeUpload(int bytes) {}

  @Override
  public void chargeDownload(int bytes) {}

  @Override
  public Limits limits() {
    return Limits.NONE;
  }
}
