package io.dlion.cluster.cap;

import java.time.LocalTime;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** What caps allow: a {@link Gate} in each direction. */
final class CappedAllowance implements Allowance {
  private final Caps caps;
  private final Supplier<LocalTime> clock;
  private final Gate upload;
  private final Gate download;

  /**
   * Nothing was sent or taken yet.
   *
   * @param clock tells the site's time of day
   * @param nanoTime as {@link System#nanoTime}
   */
  CappedAllowance(Caps caps, Supplier<LocalTime> clock, LongSupplier nanoTime) {
    this.caps = caps;
    this.clock = clock;
    upload = new Gate(() -> limits().uploadBytesPerSecond(), nanoTime);
    download = new Gate(() -> limits().downloadBytesPerSecond(), nanoTime);
  }

  @Override
  public void takeUpload(int bytes) throws InterruptedException {
    upload.await(bytes);
  }

  @Override
  public void takeDownload(int bytes) throws InterruptedException {
    download.await(bytes);
  }

  @Override
  public void afterDownload(Object from, int bytes, Runnable then) {
    download.pass(from, bytes, then);
  }

  @Override
  public void chargeUpload(int bytes) {
    upload.charge(bytes);
  }

  @Override
  public void chargeDownload(int bytes) {
    download.charge(bytes);
  }

  @Override
  public Limits limits() {
    return caps.at(clock.get());
  }
}
