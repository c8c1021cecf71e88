package io.dlion.cli.job;

import java.util.Map;
import java.util.TreeMap;

/**
 * What a job says about the stream of each worker.
 *
 * @param address where records come from, as {@link io.dlion.stream.StreamAddress} reads it;
 *     folders are absolute; {@value #WORKER} stands for the worker's name
 * @param schema what each record is, by the keys of {@link io.dlion.data.record.RecordSchema};
 *     empty where the data says it
 */
public record StreamJob(String address, Map<String, String> schema) {
  /** What stands for a worker's name. */
  public static final String WORKER = "{worker}";

  /** Copies the map. */
  public StreamJob {
    schema = java.util.Collections.unmodifiableMap(new TreeMap<>(schema));
  }

  /** An address with the name of a first worker in it, to find out what it is. */
  static String ofFirst(String address) {
    return address.replace(WORKER, "w1");
  }

  /** The address of the first worker. */
  public String first() {
    return ofFirst(address);
  }

  /** The address of a worker. */
  public String addressOf(String worker) {
    return address.replace(WORKER, worker);
  }

  /** Whether each worker has a stream of its own, so that nothing is to be shared out. */
  public boolean isOfEachWorker() {
    return address.contains(WORKER);
  }
}
